"""Which articles a summary or a timeline is about: those that a request names or means. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from qa.library.mentioning import mentions, telling_words
from qa.library.records import ArticleLine
from qa.reading.words import stem
from qa.surveying.about_library import Shelf, newest_first
from qa.surveying.requests import Asks, Request
from qa.types import Hit, Scope

MOST_WORDS = 0.5
"""Share of a topic's words beyond which a title names it."""

NEAR_MEANING = 0.35
"""Cosine of question and passage from which the best may be meant though it has no word of it."""

OF_ONE_STORY = 0.6
"""Share of the best article's cosine from which another belongs to the story that is asked for."""


def chosen(request: Request, shelf: Shelf, scope: Scope, hits: Sequence[Hit]) -> list[ArticleLine]:
    """The articles that are meant, the newest first."""
    lines = newest_first(shelf.listing(scope))
    by_id = {line.id: line for line in lines}
    if request.at_large:
        near = [one for one in _near(hits) if one in by_id]
        return newest_first(by_id[one] for one in near[: request.most])
    if request.topic:
        named = [
            by_id[one.passage.article_id] for one in mentions(request.topic, shelf, scope).quotes
        ]
        if request.most == 1 and not request.end:
            lines = _titled(request.topic, lines) or named or _alike(request, hits, by_id)
        elif not named or _has_names(request.topic):  # "the Suez blockage": "the Suez is closed"
            lines = newest_first({*named, *_alike(request, hits, by_id)})
        else:
            lines = named
    if request.end is Asks.OLDEST:
        lines = [line for line in reversed(lines) if line.published]
    return lines[: request.most] if request.most else lines


def oldest_first(lines: Sequence[ArticleLine]) -> list[ArticleLine]:
    """By date, the undated last; of one day, by id."""
    return sorted(lines, key=lambda line: (line.published or date.max, line.id))


def stems(text: str) -> set[str]:
    """The stems of its telling words."""
    return {stem(word.plain) for word in telling_words(text)}


def _titled(topic: str, lines: Sequence[ArticleLine]) -> list[ArticleLine]:
    """The articles with the most of a topic's words in their titles, if that is most of them."""
    asked = {stem(word.plain) for word in telling_words(topic)}
    shares = [len(asked & stems(line.title)) / max(1, len(asked)) for line in lines]
    best = max(shares, default=0.0)
    if best <= MOST_WORDS:
        return []
    return [line for line, share in zip(lines, shares, strict=True) if share == best]


def _alike(
    request: Request, hits: Sequence[Hit], by_id: Mapping[str, ArticleLine]
) -> list[ArticleLine]:
    """The articles of hits with all names of a topic and half of its words; else what is nearest.

    The nearest stands for the rest only where one article is meant.
    """
    words = telling_words(request.topic)
    names = {stem(word.plain) for word in words if word.capital}
    asked = {stem(word.plain) for word in words}
    there = [hit for hit in hits if hit.passage.article_id in by_id]
    near = []
    for hit in there:
        shared = asked & stems(f"{hit.passage.title} {hit.passage.text}")
        if names <= shared and 2 * len(shared) >= len(asked):
            near.append(hit)
    if not near and request.most == 1:
        near = [hit for hit in there[:1] if hit.cosine >= NEAR_MEANING]
    return [by_id[one] for one in {hit.passage.article_id for hit in near}]


def _near(hits: Sequence[Hit]) -> list[str]:
    """The articles that mean nearly as much of what is asked as the one that means most of it.

    That one comes first.
    """
    cosines: dict[str, float] = {}
    for hit in hits:
        article = hit.passage.article_id
        cosines[article] = max(hit.cosine, cosines.get(article, 0.0))
    best = max(cosines.values(), default=0.0)
    if best < NEAR_MEANING:
        return []
    near = [article for article, cosine in cosines.items() if cosine >= OF_ONE_STORY * best]
    return sorted(near, key=lambda article: -cosines[article])


def _has_names(topic: str) -> bool:
    return any(word.capital for word in telling_words(topic))
