"""Exchanges become HTML. Pure, and the only place where the page's HTML is made.

Everything that comes from an article, a file name, a person or a model goes through markupsafe
before it meets a tag; markup of our own is only ever a literal in this file. The page's script
finds its way by `href`, `id` and `data-cites`.
"""

from markupsafe import Markup, escape

from qa.types import Answer, Hit, Refusal, Side

from .exchange import Exchange, Stage
from .marks import MARKER, Mark, find_marks, quoted_span, source_id, stretches
from .panel import clip, date

# A question is repeated above its answer, and a quote in a tooltip, up to so many characters.
LONGEST_SHOWN_QUESTION = 300
LONGEST_SHOWN_QUOTE = 280


def conversation(exchanges: tuple[Exchange, ...]) -> Markup:
    """Exchanges one after another."""
    return Markup("").join(render_exchange(exchange) for exchange in exchanges)


def render_exchange(exchange: Exchange) -> Markup:
    """A question, the line that says how far it is, and its answer."""
    return Markup(
        '<article class="exchange {stage}" id="exchange-{n}" aria-labelledby="question-{n}">'
        '<h2 class="question" id="question-{n}">{question}</h2>'
        '<div class="status">{status}</div>'
        '<div class="answer" aria-live="polite" aria-busy="{busy}">{body}</div>'
        "</article>"
    ).format(
        stage=exchange.stage.value,
        n=exchange.number,
        question=clip(exchange.question, LONGEST_SHOWN_QUESTION),
        status=_status(exchange),
        busy="false" if exchange.stage.final else "true",
        body=_body(exchange),
    )


def banner(describe: str) -> Markup:
    """The page's heading: its name, and what it stands on."""
    return Markup(
        '<h1>Cuttings</h1><p class="describe">{}</p>'
        '<a class="afresh" href="./">New conversation</a>'
    ).format(describe)


def welcome() -> Markup:
    """What stands there before the first question."""
    return Markup(
        '<p class="welcome">Ask your own articles a question: every sentence of the answer opens '
        "the very words it rests on, and where the articles do not say, it says so.</p>"
    )


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
            return _progress(f"Reading {_count(exchange.hits, 'passage')}…", exchange.read_share)
        case Stage.WRITING:
            return _progress("Writing…", None)
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
    parts = [_sources_button(exchange)]
    if exchange.answer:
        usage, timings = exchange.answer.usage, exchange.answer.timings
        parts.append(Markup("<span>{:.1f} s</span>").format(timings.total_s))
        if usage.dropped_passages:
            left_out = f"{usage.dropped_passages} more did not fit the model’s context"
            parts.append(Markup("<span>{}</span>").format(left_out))
    return Markup("").join(parts)


def _sources_button(exchange: Exchange) -> Markup:
    """The way to the sources, which lie over the chat in a narrow window."""
    if not exchange.hits:
        return Markup("")
    return Markup(
        '<button type="button" class="open-sources" data-sources="{}">{}</button>'
    ).format(f"sources-{exchange.number}", _count(exchange.hits, "source"))


def _body(exchange: Exchange) -> Markup:
    answer = exchange.answer
    if exchange.error is not None:
        return Markup('<p class="error">{}</p>').format(exchange.error)
    if answer is not None and answer.refusal is not None:
        return _refusal(exchange, answer.refusal)
    if answer is not None:
        return _answer(exchange, answer) + _conflict(exchange, answer.conflict or ())
    if exchange.stage is Stage.STOPPED and not exchange.written:
        return Markup('<p class="unchecked">Stopped before the answer began.</p>')
    caveat = Markup("")
    if exchange.stage is Stage.STOPPED:
        caveat = Markup(
            '<p class="unchecked">Stopped: unfinished, and not checked against the sources.</p>'
        )
    return Markup('<p class="text">{}</p>').format(_unlinked(exchange.written)) + caveat


def _answer(exchange: Exchange, answer: Answer) -> Markup:
    """The checked text: citations are links, and what no source says is marked as such."""
    marks = find_marks(exchange)
    first = answer.sentences[0].start if answer.sentences else len(answer.text)
    pieces = [escape(answer.text[:first])]
    for index, (sentence, stretch_end) in enumerate(stretches(answer)):
        own = [mark for mark in marks if mark.sentence == index]
        within = [mark for mark in own if mark.end <= sentence.end]
        behind = [mark for mark in own if mark.end > sentence.end]
        said = _linked(exchange, answer, (sentence.start, sentence.end), within)
        if not sentence.supported:
            said = Markup(
                '<span class="unsupported"><span class="said">{}</span> '
                '<span class="verdict">not found in the sources</span></span>'
            ).format(said)
        pieces += [said, _linked(exchange, answer, (sentence.end, stretch_end), behind)]
    return Markup('<p class="text">{}</p>').format(Markup("").join(pieces))


def _linked(exchange: Exchange, answer: Answer, span: tuple[int, int], marks: list[Mark]) -> Markup:
    """Part of an answer's text, with links in the places of its marks."""
    pieces, at = [], span[0]
    for mark in marks:
        link = _reference(exchange.number, answer.hits[mark.number - 1], mark)
        pieces += [escape(answer.text[at : mark.at]), link]
        at = mark.end
    return Markup("").join([*pieces, escape(answer.text[at : span[1]])])


def _reference(exchange_number: int, hit: Hit, mark: Mark) -> Markup:
    """The link of a citation; hovering or focusing it shows the quote, by CSS."""
    spans = [quoted_span(hit.passage, citation) for citation in mark.citations]
    quote = " … ".join(hit.passage.text[start:end] for start, end in spans)
    return Markup(
        '<a class="cite" id="{id}" href="#{source}" role="doc-noteref" '
        'aria-label="Source {n}, {title}" data-quote="{quote}">[{n}]</a>'
    ).format(
        id=mark.id,
        source=source_id(exchange_number, mark.number),
        n=mark.number,
        title=hit.passage.title,
        quote=f"“{clip(quote, LONGEST_SHOWN_QUOTE)}”"
        if quote
        else "Named by the model, but these words do not stand there.",
    )


def _unlinked(text: str) -> Markup:
    """Text that is still being written: its `[n]` already look like links, and lead nowhere."""
    return Markup(MARKER.sub(r'<span class="cite">\g<0></span>', str(escape(text))))


def _refusal(exchange: Exchange, refusal: Refusal) -> Markup:
    closest = Markup("").join(
        Markup("<li>{} {}</li>").format(_link(exchange, number, hit.passage.title), date(hit))
        for number, hit in enumerate(exchange.hits, 1)
    )
    if closest:
        closest = Markup('<p class="closest">Closest in your articles:</p><ol>{}</ol>').format(
            closest
        )
    return Markup('<div class="refusal"><p>{}</p>{}</div>').format(refusal.message, closest)


def _conflict(exchange: Exchange, sides: tuple[Side, ...]) -> Markup:
    if not sides:
        return Markup("")
    rows = Markup("").join(
        Markup("<li>{} {}</li>").format(
            side.claim, Markup(" ").join(_link(exchange, n, f"[{n}]") for n in side.numbers)
        )
        for side in sides
    )
    return Markup('<div class="conflict"><p>The articles disagree:</p><ul>{}</ul></div>').format(
        rows
    )


def _link(exchange: Exchange, number: int, said: str) -> Markup:
    return Markup('<a href="#{}">{}</a>').format(source_id(exchange.number, number), said)


def _count(hits: tuple[Hit, ...], noun: str) -> str:
    return f"{len(hits)} {noun}{'' if len(hits) == 1 else 's'}"
