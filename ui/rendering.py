"""A conversation as HTML, with the page's heading and all that is said around answers. Pure.

`reply` draws an answer, `quotes` its evidence, `panel` the sources, `sheets` and the others of that
name what opens over the page. In all of them, whatever comes from an article, a file name, a person
or a model goes through markupsafe before it meets a tag; markup of our own is only ever a literal.
The page's script finds its way by `href`, `id` and `data-cites`.
"""

from collections.abc import Mapping, Sized
from urllib.parse import urlencode

from markupsafe import Markup

from qa.conversing.exporting import as_text
from qa.conversing.feedback import Verdict
from qa.conversing.suggesting import suggestions

from .exchange import Exchange, Stage
from .panel import clip
from .quotes import evidence
from .reply import linked, reply, unlinked

# A question is repeated above its answer up to so many characters.
LONGEST_SHOWN_QUESTION = 300


Verdicts = Mapping[int, Verdict]
"""What was said of exchanges, by their numbers."""

VERDICTS = {
    Verdict.RIGHT: "Right",
    Verdict.WRONG: "Wrong",
    Verdict.CITATION_WRONG: "Citation wrong",
    Verdict.SHOULD_REFUSE: "Should have refused",
}


def conversation(exchanges: tuple[Exchange, ...], verdicts: Verdicts | None = None) -> Markup:
    """Exchanges one after another, with what was said of each."""
    return Markup("").join(
        render_exchange(exchange, judging(exchange, (verdicts or {}).get(exchange.number)))
        for exchange in exchanges
    )


def judging(exchange: Exchange, verdict: Verdict | None) -> Markup:
    """Where one says what an answer is worth, with what was said of it."""
    if exchange.answer is None:
        return Markup("")
    return Markup('<div class="judging" id="judging-{0}">{1}</div>').format(
        exchange.number, judgement_form(exchange.number, verdict)
    )


def judgement_form(number: int, verdict: Verdict | None) -> Markup:
    """The verdicts to choose from; and, behind one that finds fault, a box for what is right."""
    buttons = Markup("").join(
        Markup(
            '<button class="plain" name="verdict" value="{}" aria-pressed="{}">{}</button>'
        ).format(one.value, "true" if one is verdict else "false", name)
        for one, name in VERDICTS.items()
    )
    form = Markup(
        '<form data-into="judging-{0}" data-conversation="yes" method="post" '
        'action="cuttings/feedback" aria-label="{1} answer {0}">'
        '<input type="hidden" name="number" value="{0}">'
    )
    said = form.format(number, "What is the worth of") + Markup("<span>This answer is:</span>")
    said += buttons + Markup("</form>")
    if verdict in (Verdict.WRONG, Verdict.CITATION_WRONG):
        said += form.format(number, "Correct") + Markup(
            '<input type="hidden" name="verdict" value="{}"><input name="correction" '
            'aria-label="What would be right" placeholder="What would be right, if you know">'
            "<button>Keep</button></form>"
        ).format(verdict.value)
    return said


def live(
    id_: str,
    exchange: Exchange,
    unkept: str = "",
    verdict: Verdict | None = None,
    *,
    editing: bool = False,
) -> Markup:
    """The exchange at hand, in the conversation of this id, and what can be done with it.

    `unkept` says why it could not be kept; `editing` that its question stands in the box.
    """
    below = judging(exchange, verdict)
    if unkept:
        below += Markup('<p class="error" role="alert">{}</p>').format(unkept)
    if editing:
        below += EDITING
    elif exchange.stage.final:
        below += _next_steps(exchange)
    return Markup('<div data-conversation="{}">{}</div>').format(
        id_, render_exchange(exchange, below)
    )


EDITING = Markup(
    '<p class="notice" role="status">What you ask now takes the place of this question. '
    '<button type="button" class="plain" data-press="keep">Leave it as it is</button></p>'
)


def _next_steps(exchange: Exchange) -> Markup:
    """Ask again, edit, copy; and what the sources could be asked next."""
    answer = exchange.answer
    copy = (
        Markup('<button type="button" class="plain" data-copy="{}">Copy</button>').format(
            as_text(answer)
        )
        if answer
        else ""
    )
    asked = Markup("").join(
        Markup(
            '<li><button type="button" class="suggestion" data-ask="{0}">{0}</button></li>'
        ).format(question)
        for question in (suggestions(exchange.question, answer) if answer else ())
    )
    return Markup(
        '<p class="tools">{}'
        '<button type="button" class="plain" data-press="again">Ask again</button>'
        '<button type="button" class="plain" data-press="edit">Edit the question</button></p>{}'
    ).format(
        copy,
        Markup('<ul class="suggestions" aria-label="Ask next">{}</ul>').format(asked)
        if asked
        else "",
    )


def no_such() -> Markup:
    """What is said in place of a conversation that is not there."""
    return Markup(
        '<p class="notice" role="alert">There is no such conversation here, or no more. '
        "Ask a question to begin a new one.</p>"
    )


def unreadable(error: str) -> Markup:
    """Why a conversation cannot be shown, in its place."""
    return Markup('<p class="error" role="alert">{}</p>').format(error)


def lost(error: str, collection: str) -> Markup:
    """What is said where the conversation that is shown cannot be gone on with."""
    return Markup(
        '<p class="error" role="alert">{} Sent again, your question begins a '
        '<a href="./?{}">new conversation</a>. Those that are kept stand under '
        '<button type="button" class="plain" data-sheet="conversations">Conversations</button>.</p>'
    ).format(error, urlencode({"collection": collection}))


def render_exchange(exchange: Exchange, below: Markup | str = "") -> Markup:
    """A question, how far it is, its answer, the articles' words, and what stands below that."""
    return Markup(
        '<article class="exchange {stage}" id="exchange-{n}" aria-labelledby="question-{n}">'
        '<h2 class="question" id="question-{n}">{question}</h2>{understood}'
        '<div class="status">{status}</div>'
        '<div class="answer" aria-live="polite" aria-busy="{busy}">{body}</div>{evidence}{below}'
        "</article>"
    ).format(
        stage=exchange.stage.value,
        n=exchange.number,
        question=clip(exchange.question, LONGEST_SHOWN_QUESTION),
        understood=_understood(exchange.understood),
        status=_status(exchange),
        busy="false" if exchange.stage.final else "true",
        body=_body(exchange),
        evidence="" if exchange.error is not None else evidence(exchange),
        below=below,
    )


def _understood(question: str) -> Markup:
    """What a follow-up was taken for: whoever sees a wrong one can ask it in full."""
    if not question:
        return Markup("")
    return Markup('<p class="understood">Understood as: {}</p>').format(
        clip(question, LONGEST_SHOWN_QUESTION)
    )


def banner(describe: str, collection: str) -> Markup:
    """The page's heading: its name, what it stands on, and the ways to all the rest."""
    here = urlencode({"collection": collection})
    return Markup(
        '<h1>Cuttings</h1><p class="describe">{}</p>'
        '<nav aria-label="Cuttings" data-collection="{}">'
        '<button type="button" data-sheet="library?{}">Library</button>'
        '<button type="button" data-sheet="conversations">Conversations</button>'
        '<button type="button" data-sheet="review?{}">Review</button>'
        '<button type="button" data-sheet="settings">Settings</button>'
        '<a class="afresh" href="./?{}">New conversation</a></nav>'
        '<dialog id="sheet" aria-labelledby="sheet-title"><div class="sheet-head">'
        '<button type="button" class="close-sheet">Close</button></div>'
        '<div id="sheet-body"></div></dialog>'
    ).format(describe, collection, here, here, here)


def welcome(collection: str, *, empty: bool) -> Markup:
    """What stands there before the first question, or before the first article."""
    said = Markup(
        '<p class="welcome">Ask your own articles a question: every sentence of the answer opens '
        "the very words it rests on, and where the articles do not say, it says so.</p>"
    )
    if not empty:
        return said
    return said + Markup(
        '<p>There is no article here yet. <button type="button" class="plain" '
        'data-sheet="library?{}">Add some</button>, or run <code>qa index FOLDER</code>.</p>'
    ).format(urlencode({"collection": collection}))


def broken() -> Markup:
    """What stands in place of an exchange that ended in a fault of the program."""
    return Markup(
        '<article class="exchange failed"><div class="answer" role="alert"><p class="error">'
        "Something in Cuttings itself went wrong; the terminal it runs in says what. "
        "You can ask again.</p></div></article>"
    )


def _status(exchange: Exchange) -> Markup:
    match exchange.stage:
        case Stage.WAITING:
            waiting = _progress(f"Waiting: {exchange.ahead} ahead of you", None)
            return _sources_button(exchange) + waiting
        case Stage.SEARCHING:
            return _progress("Looking through the articles…", None)
        case Stage.READING:
            return _progress(f"Reading {_found(exchange)}…", exchange.read_share)
        case Stage.WRITING:
            return _progress("Writing, and checking each sentence…", None)
        case _:
            return _outcome(exchange)


def _progress(said: str, share: float | None) -> Markup:
    """The line is announced once a stage; the percentage beside it is for the eye alone."""
    if share is None:
        return Markup('<span role="status">{}</span>').format(said)
    percent = round(100 * share)
    return Markup(
        '<span role="status">{}</span> <span class="percent" aria-hidden="true">{}%</span>'
        '<progress max="100" value="{}" aria-label="Read"></progress>'
    ).format(said, percent, percent)


def _outcome(exchange: Exchange) -> Markup:
    """What stands in the status line at the end: the way to the sources, and what it took."""
    if exchange.answer is None:
        return _sources_button(exchange)
    took = Markup("<span>{:.1f} s</span>").format(exchange.answer.timings.total_s)
    return _sources_button(exchange) + took


def _sources_button(exchange: Exchange) -> Markup:
    """The way to the sources, which lie over the chat in a narrow window."""
    if not exchange.hits:
        return Markup("")
    return Markup(
        '<button type="button" class="open-sources" data-sources="{}">{}</button>'
    ).format(f"sources-{exchange.number}", _count(exchange.hits, "source"))


def _body(exchange: Exchange) -> Markup:
    if exchange.error is not None:
        return Markup('<p class="error">{}</p>').format(exchange.error)
    if exchange.answer is not None:
        return reply(exchange, exchange.answer)
    if exchange.stage is Stage.STOPPED:
        return _stopped(exchange.written)
    if not exchange.written:
        return Markup("")
    return Markup('<p class="text">{}</p>').format(linked(exchange, exchange.written))


def _stopped(written: str) -> Markup:
    """What was shown of an answer that was stopped, and what that is worth."""
    if not written:
        return Markup('<p class="unchecked">Stopped before the answer began.</p>')
    return Markup(
        '<p class="text">{}</p><p class="unchecked">Stopped: this is not the whole answer.</p>'
    ).format(unlinked(written))


def _found(exchange: Exchange) -> str:
    """What the model is given to read, counted."""
    if exchange.evidence:
        return _count(exchange.evidence, "quote")
    return _count(exchange.hits, "passage")


def _count(things: Sized, noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"
