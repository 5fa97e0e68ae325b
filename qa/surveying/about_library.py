"""Counts, lists and the newest of the articles: exact, from the library itself, without a model."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from qa.library.mentioning import Mentions, Quote, mentions, sentences, telling_words
from qa.library.records import ArticleLine
from qa.reading.dates import spelled
from qa.surveying.requests import Asks, Request
from qa.surveying.telling import Line, Told, tell
from qa.types import Passage, Scope

MOST_LINES = 20
"""Articles that a list shows; the count is of all."""

FEW = 5
"""The newest articles, where nobody says how many."""


class Shelf(Protocol):
    """What is asked of the library; `qa.library.storage.Storage` is one."""

    def listing(self, scope: Scope) -> tuple[ArticleLine, ...]:
        """A line for every article in a scope, by id."""

    def passages(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of an article, in order."""

    def passages_with(self, words: Sequence[str], scope: Scope) -> tuple[Passage, ...]:
        """Every passage that, with its title, has all these words; by article, newest first."""


def answer_about_library(request: Request, shelf: Shelf, scope: Scope) -> Told:
    """Answer a COUNT, LISTING, NEWEST, OLDEST, HELP or THANKS from the articles in a scope."""
    if request.asks is Asks.THANKS:
        return tell([Line("You are welcome.")])
    asked, scope = scope, narrowed(scope, request)
    lines = newest_first(shelf.listing(scope))
    if request.asks is Asks.HELP:
        return _help(lines)
    found = mentions(request.topic, shelf, scope) if request.topic else Mentions(())
    named = {quote.passage.article_id: quote for quote in found.quotes}
    chosen = [line for line in lines if line.id in named] if request.topic else lines
    if not chosen:
        return none_of(request, shelf, asked)
    if request.asks in {Asks.NEWEST, Asks.OLDEST}:
        return _at_an_end(request, chosen, shelf, found)
    shown = chosen[: request.most or MOST_LINES]
    if request.asks is Asks.COUNT and not (request.topic or described(request)):
        return tell([Line(f"There {_are(len(chosen))}{_from_to(chosen)}.")])
    head = f"{counted(len(chosen))}{described(request)}{_mentioning(request, found, len(chosen))}"
    if len(shown) < len(chosen):
        head += f"; the newest {len(shown)} of them"
    quotes = [named.get(line.id) or lead(shelf, line.id) for line in shown]
    return tell([Line(head + ":"), *map(_listed, shown, quotes)])


def narrowed(scope: Scope, request: Request) -> Scope:
    """The scope, and in it only the period and the source that a request names."""
    since = max(filter(None, (scope.since, request.since)), default=None)
    until = min(filter(None, (scope.until, request.until)), default=None)
    if request.source and scope.sources and request.source not in scope.sources:
        return replace(scope, since=date.max, until=date.min)
    sources = (request.source,) if request.source else scope.sources
    return Scope(since, until, sources)


def newest_first(lines: Iterable[ArticleLine]) -> list[ArticleLine]:
    """The lines by date, the undated last; of one day, by id."""
    by_id = sorted(lines, key=lambda line: line.id)
    return sorted(by_id, key=lambda line: line.published or date.min, reverse=True)


def lead(shelf: Shelf, article_id: str) -> Quote | None:
    """The first sentence of an article that says something; None for an article without words."""
    passages = shelf.passages(article_id)
    return sentences(passages)[0] if passages else None


def none_of(request: Request, shelf: Shelf, scope: Scope) -> Told:
    """That no article of a scope is such a one, which is an answer."""
    within = len(shelf.listing(narrowed(scope, request)))
    if request.topic and within:
        of = f"None of the {within} articles" if within > 1 else "The one article"
        verb = "mentions" if within > 1 else "does not mention"
        return tell([Line(f"{of}{described(request)} {verb} “{named_topic(request)}”.")])
    every = len(shelf.listing(scope))
    if not every:
        return tell([Line("There is no article.")])
    none = f"None of the {every} articles was" if every > 1 else "The one article was not"
    return tell([Line(f"{none}{described(request)}.")])


def named_topic(request: Request) -> str:
    """The topic without the small words before it."""
    words = telling_words(request.topic)
    return request.topic[words[0].start :] if words else request.topic


def described(request: Request) -> str:
    """The period and source that were asked for: ` from the Valley Post, published in May 2024`."""
    source = f" from {request.source}" if request.source else ""
    since, until = request.since, request.until
    if since and until:
        days = spelled(since, until)
        on = "on" if since == until else "from" if " to " in days else "in"
        return f"{source} published {on} {days}"
    if since or until:
        day = since or until or date.min
        return f"{source} published {'since' if since else 'up to'} {spelled(day, day)}"
    return source


def counted(articles: int) -> str:
    """`1 article`, `4 articles`."""
    return f"{articles:,} article{'' if articles == 1 else 's'}"


def label(line: ArticleLine) -> str:
    """An article by its title: `Gas leak in Tolland (10 April 2024, Valley Post)`."""
    known = [spelled(line.published, line.published) if line.published else "", line.source or ""]
    known = [one for one in known if one]
    return f"{line.title} ({', '.join(known)})" if known else line.title


def _at_an_end(
    request: Request, chosen: Sequence[ArticleLine], shelf: Shelf, found: Mentions
) -> Told:
    """The newest or the oldest, with their first sentences."""
    which = "newest" if request.asks is Asks.NEWEST else "oldest"
    about = described(request) + _that_mention(request, found, 1 if request.most == 1 else 2)
    dated = [line for line in chosen if line.published]
    if not dated:
        head = (
            f"Which is the {which} cannot be told: of {counted(len(chosen))}{about} none has a date"
        )
        return tell([Line(head + ":"), *(_quoted(line, shelf) for line in chosen[:MOST_LINES])])
    if request.asks is Asks.OLDEST:
        dated.reverse()
    shown = dated[: request.most or FEW]
    if request.most == 1:  # of one day, none is the newest
        shown = [line for line in dated if line.published == dated[0].published]
    if len(shown) == 1:
        lines = [Line(f"The {which} article{about}:")]
    else:
        lines = [Line(f"The {which} {len(shown)} articles{about}:")]
    lines += [_quoted(line, shelf) for line in shown]
    undated = len(chosen) - len(dated)
    if undated:
        lines.append(Line(f"({counted(undated)} more without a date.)"))
    return tell(lines)


def _quoted(line: ArticleLine, shelf: Shelf) -> Line:
    return Line(f"{label(line)}: ", lead(shelf, line.id), shown=True)


def _listed(line: ArticleLine, quote: Quote | None) -> Line:
    day = spelled(line.published, line.published) if line.published else "Undated"
    source = f" ({line.source})" if line.source else ""
    return Line(f"- {day}: {line.title}{source}", quote)


def _mentioning(request: Request, found: Mentions, articles: int) -> str:
    if not request.topic:
        return ""
    s = "s" if articles == 1 else ""
    if found.loose:
        has = "has" if articles == 1 else "have"
        return f" {has} the words of “{named_topic(request)}” close together"
    return f" mention{s} “{named_topic(request)}”"


def _that_mention(request: Request, found: Mentions, articles: int) -> str:
    return f" that{_mentioning(request, found, articles)}" if request.topic else ""


def _are(articles: int) -> str:
    return f"{'is' if articles == 1 else 'are'} {counted(articles)}"


def _from_to(lines: Sequence[ArticleLine]) -> str:
    days = sorted(line.published for line in lines if line.published)
    if not days:
        return ""
    return f", from {spelled(days[0], days[0])} to {spelled(days[-1], days[-1])}"


def _help(lines: Sequence[ArticleLine]) -> Told:
    """What can be asked, with an example from the newest article."""
    if not lines:
        return tell([Line("There is no article yet. Add some, then ask me about them.")])
    about = (
        f"I answer questions from {counted(len(lines))}, in their own words, and show where each"
    )
    return tell(
        [
            Line(f"{about} stands: facts, reasons, summaries, timelines, lists of articles."),
            Line(f"For example: What is the article “{lines[0].title}” about?"),
        ]
    )
