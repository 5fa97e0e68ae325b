"""Which articles a summary or a timeline is about: those that a request names or means."""

from collections.abc import Container, Mapping, Sequence
from datetime import date

from qa.library.cross_encoder import CrossEncoder
from qa.library.mentioning import mentions, telling_words
from qa.library.records import ArticleLine
from qa.reading import wording
from qa.reading.words import stem
from qa.surveying.about_library import Shelf, newest_first
from qa.surveying.requests import Asks, Request
from qa.types import Hit, Scope

MET = 0.05
"""What a logit of the cross-encoder adds to the cosine of request and passage (figures of this and
of what follows in `bench/answers.md`)."""

LEAST_LOGIT, UNREAD = -12.0, -8.0
"""A logit counts from the first on: below it one passage is as far from a request as another. The
second stands for that of a language which the cross-encoder was not taught."""

ABOUT_IT = -0.05
"""What an article must score to be meant: 92 of 100 requests reach it over their own articles, 5
over the articles of others."""

AS_NEAR = 0.15
"""How far below the best article another may score that is meant as well."""

OF_ONE_STORY, SHARED_NAMES = 0.5, 0.4
"""How far it may where it belongs to the story of the best: with so large a share of names in
common, of those of the article that has fewer."""


def nearness(
    asked: str, hits: Sequence[Hit], cross_encoder: CrossEncoder | None
) -> dict[str, float]:
    """How near each article of the hits is to what is asked, by the best of its passages.

    Without the cross-encoder, by meaning alone.
    """
    pairs = [(asked, f"{hit.passage.title}. {hit.passage.text}") for hit in hits]
    logits = cross_encoder.score(pairs) if pairs and cross_encoder else [UNREAD] * len(hits)
    cosines: dict[str, float] = {}
    best: dict[str, float] = {}
    for hit, logit in zip(hits, logits, strict=True):
        article = hit.passage.article_id
        cosines[article] = max(hit.cosine, cosines.get(article, -1.0))
        best[article] = max(float(logit), best.get(article, LEAST_LOGIT))
    return {article: cosine + MET * best[article] for article, cosine in cosines.items()}


def chosen(
    request: Request, shelf: Shelf, scope: Scope, near: Mapping[str, float]
) -> list[ArticleLine]:
    """The articles that are meant, the newest first.

    All that mention a name, where the topic is one; else those that are `near` what is asked, and
    one alone where one is asked for; else, where none is near, those that have its words.
    """
    lines = newest_first(shelf.listing(scope))
    if request.topic:
        by_id = {line.id: line for line in lines}
        one = request.most == 1 and not request.end
        ids = _titled(request.topic, lines) if one else []
        if not ids and not request.at_large and _is_name(request.topic):
            ids = _mentioning(request.topic, shelf, scope)
        ids = ids or _near(near, by_id, shelf, one=one)
        if not ids and not request.at_large:
            ids = _mentioning(request.topic, shelf, scope)
        lines = newest_first(by_id[article] for article in ids)
    if request.end is Asks.OLDEST:
        lines = [line for line in reversed(lines) if line.published]
    return lines[: request.most] if request.most else lines


def oldest_first(lines: Sequence[ArticleLine]) -> list[ArticleLine]:
    """By date, the undated last; of one day, by id."""
    return sorted(lines, key=lambda line: (line.published or date.max, line.id))


def stems(text: str) -> set[str]:
    """The stems of its telling words."""
    return {stem(word.plain) for word in telling_words(text)}


def _mentioning(topic: str, shelf: Shelf, scope: Scope) -> list[str]:
    return [quote.passage.article_id for quote in mentions(topic, shelf, scope).quotes]


def _titled(topic: str, lines: Sequence[ArticleLine]) -> list[str]:
    """The articles that have all words of a topic in their titles, and few others."""
    asked = stems(topic)
    titles = [stems(line.title) for line in lines]
    return [
        line.id
        for line, title in zip(lines, titles, strict=True)
        if asked and asked <= title and 2 * len(asked) >= len(title)
    ]


def _near(
    near: Mapping[str, float], lines: Container[str], shelf: Shelf, *, one: bool
) -> list[str]:
    """The nearest article, and those as near or of its story; none where even that is far."""
    there = [article for article in near if article in lines]
    best = max(there, key=lambda article: near[article], default=None)
    if best is None or near[best] < ABOUT_IT:
        return []
    if one:
        return [best]
    names = _names_in(best, shelf)

    def belongs(article: str) -> bool:
        below = near[best] - near[article]
        if below > AS_NEAR and below <= OF_ONE_STORY:
            own = _names_in(article, shelf)
            return len(names & own) >= SHARED_NAMES * max(1, min(len(names), len(own)))
        return below <= AS_NEAR

    return [article for article in there if belongs(article)]


def _names_in(article: str, shelf: Shelf) -> set[str]:
    text = " ".join(passage.text for passage in shelf.passages(article))
    return wording.names(text) - wording.CALENDAR


def _is_name(topic: str) -> bool:
    """Whether all its telling words have capitals."""
    words = telling_words(topic)
    return bool(words) and all(word.capital for word in words)
