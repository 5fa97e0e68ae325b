"""The sources panel: the passages that the evidence stands in, numbered as the answer cites them.

Pure, and escaped like everything in `rendering`. The words that a citation rests on, or that are
quoted, are in a `<mark>` that names, in `data-cites`, the links which open it.
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlencode

from markupsafe import Markup

from qa.conversing.records import Standing
from qa.types import Citation, Evidence, Hit, Passage

from .exchange import Exchange
from .looks import passage_looks
from .markdown import drawn
from .marks import Mark, Quote, find_marks, find_quotes, quoted_span, source_id

LONGEST_SHOWN_QUESTION = 120  # characters of a question above its sources


NOTES = {
    Standing.CHANGED: "This article has changed since; these are the words as they were read.",
    Standing.GONE: "This article is in the library no more; these are the words as they were read.",
}
"""What is said of a passage that stands no longer."""

Standings = Mapping[Passage, Standing]
"""What has become of passages since; one that is not named stands."""


def sources(
    exchanges: tuple[Exchange, ...],
    standings: Standings | None = None,
    pictured: Collection[str] = (),
) -> Markup:
    """The sources of every exchange that has any; the last one's are shown, the others hidden.

    `pictured` are the ids of articles whose pages can be seen.
    """
    with_hits = [exchange for exchange in exchanges if exchange.hits]
    sections = Markup("").join(
        sources_of(exchange, standings or {}, pictured, hidden=exchange is not with_hits[-1])
        for exchange in with_hits
    )
    return Markup(
        '<div class="panel-head"><h2 tabindex="-1">Sources</h2>'
        '<button type="button" class="close-sources">Close</button></div>{}'
    ).format(
        sections
        or Markup(
            '<p class="none">The passages that an answer rests on appear here, with the '
            "supporting words marked.</p>"
        )
    )


def date(hit: Hit) -> Markup:
    """The day on which a passage was published, like 18 February 2023; empty if unknown."""
    return day_of(hit.passage.published)


def day_of(day: dt.date | None) -> Markup:
    """A day like 18 February 2023; empty if unknown."""
    if day is None:
        return Markup("")
    return Markup('<time datetime="{}">{} {:%B %Y}</time>').format(day.isoformat(), day.day, day)


def clip(text: str, length: int) -> str:
    """The text, or its beginning and an ellipsis if it has more than so many characters."""
    return text if len(text) <= length else text[:length].rstrip() + "…"


def words_digest(text: str) -> str:
    """Tells the words of a passage from others that may stand in its place later."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def sources_of(
    exchange: Exchange,
    standings: Standings,
    pictured: Collection[str] = (),
    *,
    hidden: bool = False,
) -> Markup:
    """The numbered sources of one exchange, under its question."""
    refused = exchange.answer is not None and exchange.answer.refusal is not None
    marks, quotes = find_marks(exchange), find_quotes(exchange)
    items = Markup("").join(
        _source(
            exchange,
            number,
            hit,
            _Opened.of(hit.passage, number, marks, quotes),
            NOTES.get(standings.get(hit.passage, Standing.STANDS), ""),
            can_be_seen=hit.passage.article_id in pictured,
        )
        for number, hit in enumerate(exchange.hits, 1)
    )
    return Markup(
        '<section class="sources-of" id="sources-{}"{}><p class="for">For <q>{}</q>{}</p>'
        "<ol>{}</ol></section>"
    ).format(
        exchange.number,
        Markup(" hidden") if hidden else "",
        clip(exchange.question, LONGEST_SHOWN_QUESTION),
        ": the closest passages" if refused else "",
        items,
    )


@dataclass(frozen=True, slots=True)
class _Opened:
    """What is opened of a passage: spans in its text, each with its link's id.

    `back` is the id of the first link that is seen, empty where none is.
    """

    spans: tuple[tuple[int, int, str], ...]
    back: str

    @classmethod
    def of(
        cls, passage: Passage, number: int, marks: Iterable[Mark], quotes: Iterable[Quote]
    ) -> "_Opened":
        """What the citations of source `number`, then the quotes from it, open."""
        marks = [mark for mark in marks if mark.number == number]
        quotes = [quote for quote in quotes if quote.evidence.number == number]
        words: list[tuple[str, Citation | Evidence]] = [
            (mark.id, citation) for mark in marks for citation in mark.citations
        ]
        words += [(quote.id, quote.evidence) for quote in quotes]
        seen = [mark.id for mark in marks] + [quote.id for quote in quotes if quote.listed]
        return cls(
            tuple((*quoted_span(passage, quoted), id_) for id_, quoted in words),
            seen[0] if seen else "",
        )


def _source(
    exchange: Exchange, number: int, hit: Hit, opened: _Opened, note: str, *, can_be_seen: bool
) -> Markup:
    passage = hit.passage
    where = (date(hit), passage.source, passage.pages, passage.article_id)
    return Markup(
        '<li class="source" id="{id}" tabindex="-1" aria-labelledby="{id}-title">'
        '<h3 id="{id}-title"><span class="number">{n}</span> {title}</h3>'
        '<p class="where">{where}</p>{note}<blockquote>{text}</blockquote>'
        '<p class="ways">{article}{page}{back}</p>{also}</li>'
    ).format(
        id=source_id(exchange.number, number),
        n=number,
        title=passage.title,
        where=Markup(" · ").join(part for part in where if part),
        note=Markup('<p class="doubt" role="note">{}</p>').format(note) if note else "",
        text=_passage(passage, passage_looks(exchange, passage), opened.spans),
        article=_open_article(passage),
        page=_see_page(passage, opened) if can_be_seen and passage.page else "",
        also=_also_in(hit.also_in),
        back=_back(opened.back),
    )


def _passage(passage: Passage, looks: bytes, spans: tuple[tuple[int, int, str], ...]) -> Markup:
    """The passage, cut where quoted words begin or end."""
    cuts = sorted({0, len(passage.text), *(at for span in spans for at in span[:2])})
    pieces = []
    for start, end in pairwise(cuts):
        cites = dict.fromkeys(id_ for first, last, id_ in spans if first <= start and end <= last)
        piece = drawn(passage.text[start:end], looks[start:end])
        if cites:
            piece = Markup('<mark data-cites="{}">{}</mark>').format(" ".join(cites), piece)
        pieces.append(piece)
    return Markup("").join(pieces)


def _open_article(passage: Passage) -> Markup:
    """A way to the whole article, which names what is to be highlighted there."""
    asked = {
        "id": passage.article_id,
        "start": passage.start,
        "end": passage.end,
        "words": words_digest(passage.text),
    }
    return Markup(
        '<button type="button" class="plain open-article" data-sheet="{}">Open article</button>'
    ).format(f"article?{urlencode(asked)}")


def _see_page(passage: Passage, opened: _Opened) -> Markup:
    """A way to the picture of the page on which the first opened words stand."""
    start, end, _ = opened.spans[0] if opened.spans else (0, len(passage.text), "")
    asked = {
        "id": passage.article_id,
        "start": passage.start + start,
        "end": passage.start + end,
    }
    return Markup(
        '<button type="button" class="plain see-page" data-sheet="{}">See the page</button>'
    ).format(f"page?{urlencode(asked)}")


def _also_in(articles: tuple[str, ...]) -> Markup:
    if not articles:
        return Markup("")
    more = f"Also in {len(articles)} more article{'s' if len(articles) > 1 else ''}"
    ids = Markup("").join(
        Markup('<li><button type="button" class="plain" data-sheet="{}">{}</button></li>').format(
            f"article?{urlencode({'id': id_})}", id_
        )
        for id_ in articles
    )
    return Markup('<details class="also"><summary>{}</summary><ul>{}</ul></details>').format(
        more, ids
    )


def _back(link: str) -> Markup:
    """A way back to the first sentence or quote that opens this source.

    The script keeps it up to date.
    """
    if not link:
        return Markup("")
    return Markup('<a class="back" role="doc-backlink" href="#{}">Back to the answer</a>').format(
        link
    )
