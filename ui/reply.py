"""An answer becomes HTML: its checked sentences, the sides that disagree, or why there is none.

Pure, and escaped like everything in `rendering`.
"""

from markupsafe import Markup, escape

from qa.conversing.showing import UNSUPPORTED, behind_day, first_is_newer, opening, told_by
from qa.types import Answer, Hit, Outcome, Refusal, Sentence, Side

from .exchange import Exchange
from .looks import answer_looks, passage_looks, text_looks
from .markdown import drawn, shown
from .marks import MARKER, Mark, find_marks, quoted_span, source_id, stretches
from .panel import clip, date, day_of

LONGEST_SHOWN_QUOTE = 280  # characters of a quote in a tooltip

# A refusal's message ends with the article that comes nearest; here a list of links says it.
CLOSEST = " Closest: "


def reply(exchange: Exchange, answer: Answer) -> Markup:
    """What the page shows of an exchange's answer."""
    if answer.refusal:
        close = answer.outcome is Outcome.CLOSE
        return (_close if close else _nothing)(exchange, answer.refusal)
    if answer.conflict:
        return _conflict(exchange, answer, answer.conflict)
    return _answer(exchange, answer)


def linked(exchange: Exchange, text: str) -> Markup:
    """Sentences of an answer that is still being written: their `[n]` lead to the sources.

    Which words there they rest on is told with the answer.
    """
    looks = text_looks(exchange, text, exchange.evidence)
    pieces, at = [], 0
    for found in MARKER.finditer(text):
        if 1 <= int(found[1]) <= len(exchange.hits):
            link = Markup('<a class="cite" href="#{}">{}</a>').format(
                source_id(exchange.number, int(found[1])), found[0]
            )
            before = slice(at, found.start())
            pieces += [drawn(text[before], looks[before]), link]
            at = found.end()
    return Markup("").join([*pieces, drawn(text[at:], looks[at:])])


def unlinked(text: str) -> Markup:
    """Text of an answer that never came: its `[n]` look like links, and lead nowhere."""
    return Markup(MARKER.sub(r'<span class="cite">\g<0></span>', str(escape(text))))


def _answer(exchange: Exchange, answer: Answer) -> Markup:
    """The checked text, with all that stands between its sentences."""
    marks = find_marks(exchange)
    first = answer.sentences[0].start if answer.sentences else len(answer.text)
    pieces = [escape(answer.text[:first])]
    for index, (sentence, stretch_end) in enumerate(stretches(answer)):
        own = [mark for mark in marks if mark.sentence == index]
        behind = [mark for mark in own if mark.end > sentence.end]
        pieces.append(_said(exchange, answer, sentence, own, sentence.start))
        pieces.append(_linked(exchange, answer, (sentence.end, stretch_end), behind))
    return Markup('<p class="text">{}</p>').format(Markup("").join(pieces))


def _said(
    exchange: Exchange, answer: Answer, sentence: Sentence, marks: list[Mark], start: int
) -> Markup:
    """A sentence from `start` on: its citations are links; it says if no source says it."""
    within = [mark for mark in marks if mark.end <= sentence.end]
    said = _linked(exchange, answer, (start, sentence.end), within)
    if sentence.supported:
        return said
    return Markup(
        '<span class="unsupported"><span class="said">{}</span> '
        '<span class="verdict">{}</span></span>'
    ).format(said, UNSUPPORTED)


def _linked(exchange: Exchange, answer: Answer, span: tuple[int, int], marks: list[Mark]) -> Markup:
    """Part of an answer's text, with links in the places of its marks."""
    looks = answer_looks(exchange, answer)
    pieces, at = [], span[0]
    for mark in marks:
        link = _reference(exchange, answer.hits[mark.number - 1], mark)
        pieces += [drawn(answer.text[at : mark.at], looks[at : mark.at]), link]
        at = mark.end
    rest = slice(at, span[1])
    return Markup("").join([*pieces, drawn(answer.text[rest], looks[rest])])


def _reference(exchange: Exchange, hit: Hit, mark: Mark) -> Markup:
    """The link of a citation; hovering or focusing it shows the quote, by CSS."""
    spans = [quoted_span(hit.passage, citation) for citation in mark.citations]
    text, looks = hit.passage.text, passage_looks(exchange, hit.passage)
    quote = " … ".join(shown(text[start:end], looks[start:end]) for start, end in spans)
    return Markup(
        '<a class="cite" id="{id}" href="#{source}" role="doc-noteref" '
        'aria-label="Source {n}, {title}" aria-description="{quote}">[{n}]</a>'
    ).format(
        id=mark.id,
        source=source_id(exchange.number, mark.number),
        n=mark.number,
        title=hit.passage.title,
        quote=f"“{clip(quote, LONGEST_SHOWN_QUOTE)}”"
        if quote
        else "Named by the model, but these words do not stand there.",
    )


def _conflict(exchange: Exchange, answer: Answer, sides: tuple[Side, ...]) -> Markup:
    """What each side says, under its days and sources; each is one sentence of the answer."""
    is_newer = first_is_newer(sides, answer.hits)
    newer = Markup(' <span class="newer">newer</span>') if is_newer else ""
    rows = [
        Markup('<li><p class="told">{}{}</p><p class="text">{}</p></li>').format(
            _told_by(side, answer.hits), "" if index else newer, _side(exchange, answer, index)
        )
        for index, side in enumerate(sides)
    ]
    return Markup(
        '<section class="conflict" aria-labelledby="conflict-{n}">'
        '<h3 id="conflict-{n}">{heading}</h3><ul>{rows}</ul></section>'
    ).format(
        n=exchange.number,
        heading=opening(answer).rstrip(".") or "The articles disagree",
        rows=Markup("").join(rows),
    )


def _side(exchange: Exchange, answer: Answer, index: int) -> Markup:
    """What one side says, without the day that stands above it."""
    marks = [mark for mark in find_marks(exchange) if mark.sentence == index]
    sentence = answer.sentences[index]
    return _said(exchange, answer, sentence, marks, behind_day(sentence, answer.hits))


def _told_by(side: Side, hits: tuple[Hit, ...]) -> Markup:
    """The dates and sources of one side, each once, the newest first."""
    labels = [
        Markup("{} · {}").format(day_of(one.published) or "undated", one.source or one.title)
        for one in told_by(side, hits)
    ]
    return Markup("; ").join(dict.fromkeys(labels))


def _close(exchange: Exchange, refusal: Refusal) -> Markup:
    """That the articles do not say it outright; the quotes that come close follow below."""
    return Markup('<div class="refusal close"><p id="close-{}">{}</p></div>').format(
        exchange.number, _why(refusal)
    )


def _nothing(exchange: Exchange, refusal: Refusal) -> Markup:
    """Why there is no answer and what would be needed for one; then the articles that are near."""
    numbers: dict[str, int] = {}
    for number, hit in enumerate(exchange.hits, 1):
        numbers.setdefault(hit.passage.article_id, number)
    near = [(number, exchange.hits[number - 1]) for number in numbers.values()]
    closest = Markup("").join(
        Markup('<li><a href="#{}">{}</a> {}</li>').format(
            source_id(exchange.number, number), hit.passage.title, date(hit)
        )
        for number, hit in near
    )
    if closest:
        closest = Markup('<p class="closest">Closest in your articles:</p><ul>{}</ul>').format(
            closest
        )
    return Markup('<div class="refusal"><p>{}</p>{}</div>').format(_why(refusal), closest)


def _why(refusal: Refusal) -> Markup:
    """The message of a refusal, its first sentence in bold."""
    message, _, _ = refusal.message.partition(CLOSEST)
    why, stop, needed = message.partition(". ")
    return Markup("<strong>{}</strong> {}").format(why + stop.strip(), needed)
