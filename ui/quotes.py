"""The evidence of an exchange becomes HTML: the articles' own words, each opening its source.

Pure, and escaped like everything in `rendering`.
"""

from urllib.parse import urlencode

from markupsafe import Markup

from qa.types import Evidence, Outcome

from .exchange import Exchange
from .looks import quote_looks
from .markdown import drawn
from .marks import Quote, find_quotes, source_id
from .panel import date

OPEN_BESIDE_AN_ANSWER = 2
"""So many quotes stand open below an answer; the others unfold."""

NAMED_COPIES = 3
"""So many articles that say the same are named; the source in the panel may name more."""


def evidence(exchange: Exchange) -> Markup:
    """The quotes that no sentence repeats; all of them open while there is no answer yet.

    Where nothing is claimed, the refusal's message introduces them in the place of a heading.
    """
    listed = [quote for quote in find_quotes(exchange) if quote.listed]
    if not listed:
        return Markup("")
    outcome = exchange.answer.outcome if exchange.answer else None
    first = OPEN_BESIDE_AN_ANSWER if outcome is Outcome.ANSWERED else len(listed)
    heading = Markup('<h3 id="said-{}">What the articles say</h3>').format(exchange.number)
    close = outcome is Outcome.CLOSE
    return Markup('<section class="evidence{}" aria-labelledby="{}-{}">{}{}{}</section>').format(
        " close" if close else "",
        "close" if close else "said",
        exchange.number,
        "" if close else heading,
        _items(exchange, listed[:first]),
        _folded(exchange, listed[first:]),
    )


def _items(exchange: Exchange, quotes: list[Quote]) -> Markup:
    return Markup("<ol>{}</ol>").format(Markup("").join(_item(exchange, quote) for quote in quotes))


def _folded(exchange: Exchange, quotes: list[Quote]) -> Markup:
    if not quotes:
        return Markup("")
    more = f"{len(quotes)} more quote{'' if len(quotes) == 1 else 's'}"
    return Markup("<details><summary>{}</summary>{}</details>").format(
        more, _items(exchange, quotes)
    )


def _item(exchange: Exchange, quote: Quote) -> Markup:
    """The words, then whose they are: a link that opens them in their source."""
    number = quote.evidence.number
    hit = exchange.hits[number - 1]
    day = date(hit)
    return Markup(
        '<li><blockquote>{words}</blockquote><p class="where">'
        '<a class="from" id="{id}" href="#{source}">[{n}] {title}</a>{day}{also}</p></li>'
    ).format(
        words=_words(quote.evidence, quote_looks(exchange, quote.evidence)),
        id=quote.id,
        source=source_id(exchange.number, number),
        n=number,
        title=hit.passage.title,
        day=Markup(" · {}").format(day) if day else "",
        also=_also_in(quote.evidence.also_in),
    )


def _words(quoted: Evidence, looks: bytes) -> Markup:
    """The quote, the words that answer by themselves in bold."""
    short = quoted.short
    if not short or quoted.answer is None:
        return drawn(quoted.quote, looks)
    at = quoted.answer[0] - quoted.start
    end = at + len(short)
    return Markup("{}<strong>{}</strong>{}").format(
        drawn(quoted.quote[:at], looks[:at]),
        drawn(short, looks[at:end]),
        drawn(quoted.quote[end:], looks[end:]),
    )


def _also_in(articles: tuple[str, ...]) -> Markup:
    """` · also in a, b and 2 more`, each a way to the article."""
    if not articles:
        return Markup("")
    named = Markup(", ").join(
        Markup('<button type="button" class="plain" data-sheet="{}">{}</button>').format(
            f"article?{urlencode({'id': id_})}", id_
        )
        for id_ in articles[:NAMED_COPIES]
    )
    more = len(articles) - NAMED_COPIES
    return Markup('<span class="also"> · also in {}{}</span>').format(
        named, f" and {more} more" if more > 0 else ""
    )
