"""Summaries in the articles' own sentences; nothing is written by a model.

A summary takes whole sentences by what they are worth, as far as they repeat no other (maximal
marginal relevance: Carbonell and Goldstein, 1998). What they are worth was fitted on the facts that
summaries of 60 articles must tell (`bench/summaries.py`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from qa.library.duplicates import same_text
from qa.library.embedder import Embedder, Vectors
from qa.library.mentioning import Quote, sentences
from qa.reading import wording
from qa.reading.dates import spelled
from qa.surveying.about_library import (
    Shelf,
    counted,
    described,
    label,
    named_topic,
    narrowed,
    none_of,
)
from qa.surveying.requests import Request
from qa.surveying.telling import Line, Told, tell
from qa.surveying.topics import chosen, oldest_first
from qa.types import Scope

ARTICLE_QUOTES, STORY_QUOTES = 5, 8
"""The most sentences that a summary of one article and one of several bring."""

READ_SENTENCES = 40
"""Of one article; news says first what matters, and each costs some 5 ms to embed."""

PLACE, LEAD, MEAN, FIGURE, WORD, QUOTED = 0.46, 0.12, 0.16, 0.07, 0.005, -0.25
"""What a sentence is worth for standing at the front, falling to nothing at the end; for being the
lead; for its cosine with the article's mean; for each figure; for each word; and for opening with
what somebody says."""

TOPIC = 1.0
"""What its cosine with the topic adds where several articles tell of that."""

MOST_FIGURES, MOST_WORDS = 3, 40
"""So many of a sentence count."""

NEWS = 0.85
"""The weight of what a sentence is worth, against its likeness to what is chosen already."""

LEADS = 5
"""Sentences among which the lead is: more of "Sign up for our newsletter" is seldom before it."""

SAME = 0.88
"""Cosine from which a sentence only repeats another."""

FEW_WORDS = 5
"""A shorter sentence is read with the one before it."""

_OPENING_MARKS = ('"', "“", "‘", "'", "„", "«")
_POINTS_BACK = re.compile(
    r"(?:He|She|It|They|His|Her|Its|Their|This|That|These|Those|Such|But|And|Er|Sie|Es|Il|Elle|Ils)\b"
    r"|(?:\w+\W+){1,6}(?:those|these)\b"
)


def summary(
    request: Request, shelf: Shelf, embedder: Embedder, scope: Scope, near: Mapping[str, float]
) -> Told | None:
    """The article, the story, the period or all that was asked for, in a few sentences of theirs.

    `near` is how near articles are to the topic. None where no article is about it: then it is
    asked for in some other way.
    """
    lines = chosen(request, shelf, narrowed(scope, request), near)
    if not lines:
        in_general = request.topic or request.happened
        return None if in_general else none_of(request, shelf, scope)
    shown = lines[:STORY_QUOTES]
    units = [units_of(shelf, line.id) for line in oldest_first(shown)]
    found = gists(units, embedder, request.topic if len(shown) > 1 else "")
    if len(lines) == 1:
        return tell([Line(f"{label(lines[0])}:"), *(Line("- ", one, True) for one in found)])
    head = f"{counted(len(lines))}{described(request)}"
    named = request.topic and not request.at_large
    head += f" on “{named_topic(request)}”" if named else ""
    head += f", of them the newest {len(shown)}" if len(shown) < len(lines) else ""
    days = {line.id: line.published for line in shown}
    dated = any(days.values())
    told = [Line(f"{head}{', the oldest first' if dated else ''}:")]
    for quote in found:
        day = days[quote.passage.article_id]
        told.append(Line(f"- {spelled(day, day)}: " if day else "- ", quote, True))
    return tell(told)


def units_of(shelf: Shelf, article_id: str) -> list[Quote]:
    """The sentences of an article, each with the few words behind it: "Norwater denies it.".

    What was said is told with the whole of its quotation, and not at all where that is too long.
    """
    units: list[Quote] = []
    for sentence in sentences(shelf.passages(article_id)):
        quote = sentence.whole() or sentence
        while units and units[-1].passage.id == quote.passage.id and units[-1].end > quote.start:
            last = units.pop()
            quote = replace(quote, start=min(quote.start, last.start), end=max(quote.end, last.end))
        if units and not quote.whole():
            continue
        few = len(quote.text.split()) < FEW_WORDS
        if units and few and one_paragraph(units[-1], quote):
            units[-1] = replace(units[-1], end=quote.end)
        else:
            units.append(quote)
    return units


def lead_of(units: Sequence[Quote]) -> int:
    """The place of the first sentence that is of the article's matter: not "Sign up for …".

    It has a word of the title, or a name or a figure that comes up again; else it is the first.
    """
    for place, unit in enumerate(units[:LEADS]):
        behind = " ".join(other.text for other in units[place + 1 :])
        figures = {one for one in wording.sure_figures(unit.text) if len(one) > 1}  # 2 is anywhere
        again = wording.names(unit.text) & wording.name_forms(behind)
        titled = {*wording.content_words(unit.passage.title)} & {*wording.content_words(unit.text)}
        if titled or again or figures & wording.sure_figures(behind):
            return place
    return 0


def one_paragraph(one: Quote, behind: Quote) -> bool:
    """Whether a sentence stands right behind another, in the same paragraph and passage."""
    passage = one.passage
    between = passage.text[one.end - passage.start : behind.start - passage.start]
    return passage.id == behind.passage.id and between.isspace() and "\n\n" not in between


def gists(articles: Sequence[Sequence[Quote]], embedder: Embedder, topic: str = "") -> list[Quote]:
    """The best sentences of each article, in order; a copy in another article is noted.

    With a topic, those are better that are near it: an article may tell of other things as well.
    """
    asked = embedder.embed_questions([topic])[0] if topic else None
    found: list[Quote] = []
    vectors: list[Vectors] = []
    for units in articles:
        some = units[: max(STORY_QUOTES, READ_SENTENCES // len(articles))]
        if len(articles) > 1:
            wanted = max(1, STORY_QUOTES // len(articles))
        else:
            wanted = ARTICLE_QUOTES if len(some) > 2 * ARTICLE_QUOTES else ARTICLE_QUOTES - 1
        embedded = embedder.embed([unit.text for unit in some])
        worth = _worth(some, embedded)
        if asked is not None:
            worth += TOPIC * (embedded @ asked)
        picked = _picked(embedded, worth, wanted, vectors)
        vectors += [embedded[place] for place in picked]
        found += [_with_its_subject(some, place, picked) for place in picked]
    copies = [
        [other for units in articles for other in units if _copied(one, other)] for one in found
    ]
    return [
        replace(one, also_in=tuple(sorted({other.passage.article_id for other in others})))
        for one, others in zip(found, copies, strict=True)
    ]


def _copied(one: Quote, other: Quote) -> bool:
    return one.passage.article_id != other.passage.article_id and same_text(one.text, other.text)


def _worth(units: Sequence[Quote], vectors: Vectors) -> Vectors:
    """What each sentence of an article is worth in its summary, shape (sentences,)."""
    mean = vectors.mean(axis=0)
    worth: Vectors = MEAN * (vectors @ (mean / (np.linalg.norm(mean) or 1.0)))
    worth += PLACE * (1 - np.arange(len(units)) / max(1, len(units)))
    for place, unit in enumerate(units):
        worth[place] += FIGURE * min(MOST_FIGURES, len(wording.sure_figures(unit.text)))
        worth[place] += WORD * min(MOST_WORDS, len(unit.text.split()))
        worth[place] += QUOTED * unit.text.lstrip().startswith(_OPENING_MARKS)
    lead = lead_of(units)
    worth[lead : lead + 1] += LEAD
    return worth


def _picked(vectors: Vectors, worth: Vectors, wanted: int, before: Sequence[Vectors]) -> list[int]:
    """The places of the sentences to take, ascending; none that repeats one of `before`."""
    if before:
        worth = np.where(np.max(vectors @ np.array(before).T, axis=1) > SAME, -np.inf, worth)
    picked: list[int] = []
    while len(picked) < wanted:
        likeness = np.zeros(len(vectors))
        if picked:
            likeness = np.max(vectors @ vectors[picked].T, axis=1)
        value = NEWS * worth - (1 - NEWS) * likeness
        value[likeness > SAME] = -np.inf
        value[picked] = -np.inf
        if np.isneginf(value.max(initial=-np.inf)):
            break
        picked.append(int(value.argmax()))
    return sorted(picked)


def _with_its_subject(units: Sequence[Quote], place: int, picked: Sequence[int]) -> Quote:
    """The sentence; with the one before it, where it opens with what that one names."""
    quote = units[place]
    if place == 0 or place - 1 in picked or not _POINTS_BACK.match(quote.text):
        return quote
    before = units[place - 1]
    return replace(quote, start=before.start) if one_paragraph(before, quote) else quote
