"""A question finds its evidence: looked up, each sentence read, the best chosen. No model writes.

A question that holds several, compares things by name, or hides another inside, is looked up part
by part besides.
"""

import functools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from qa.answering import parts
from qa.answering.confidence import Signals, Weighing, days_met, matter_met, shipped, signals_of
from qa.answering.contexts import Context, context
from qa.answering.differing import LATER_REPORT, answering_days
from qa.answering.evidence import NEAR, choose, merged, renumbered
from qa.answering.meaning import Meaning, is_foreign, likely_by
from qa.answering.recency import NEWER_AMONG, newer_first, prefers_newer
from qa.answering.scoring import ScoredSentence, score_sentences
from qa.answering.span_readings import read_spans
from qa.library.cross_encoder import CrossEncoder
from qa.library.span_reader import PassageReader, SpanReading
from qa.reading import wording
from qa.reading.partial_days import fullness, same_day
from qa.types import EVERYTHING, Evidence, Hit, Passage, Scope

READ = 2
"""So many times the passages that are wanted are looked up and read for spans: roughly, as to rank
them takes longer than to read them (`bench/answers.md`). The few for a part are ranked as well."""

UNASKED = 2
"""The first passages of the search are kept whatever the reader says of them: one alone does worse
where they are looked up roughly (`bench/answers.md`)."""

REST = 4
"""Passages of the article with the best span that are read as well, those next to what was found
first: what a story goes on to tell of a matter often has no word of the question any more."""

EVERY_STATE = 2
"""So many times the passages are read where it is asked how something changed, or for several
things: an earlier state seldom has the question's words."""

STEPS = 0.5
"""Two steps are taken from this share of the confidence of the direct look on: that finds what the
question inside asks for, whose words it has, and is sure of it."""

AROUND = 2
"""Pieces may score so many times lower where a topic is looked up, a change, or a yes or no: what
goes on about it in the next sentence names it no more, and what denies it elsewhere seldom has the
question's words."""

TOLD_ABOUT = 0.9
"""Asked to tell of something and no more than that, whatever the articles say of it answers."""

BESIDE = 2
"""Passages that are read for a part of a question, and pieces of evidence taken from them."""

FRONT = 50
"""Passages of an article in which names are looked for: most articles whole, a book's beginning."""

LEADS = 0.5
"""How likely the evidence for a part must answer it to stand before that for the whole question: a
reader that was taught single questions ranks for these better."""


UNREADABLE = SpanReading(answerable=0.0, spans=())
"""What the reader makes of a language that it was not taught."""


class PassageSearch(Protocol):
    """Where an assistant looks passages up; `qa.library.retrieval.Retriever` is one."""

    def retrieve(
        self, question: str, k: int, scope: Scope = EVERYTHING, *, rough: bool = False
    ) -> tuple[Hit, ...]:
        """The k best passages, best first; `rough` is sooner, and less sure of their order."""


class Articles(Protocol):
    """Where the rest of an article is read; `qa.library.storage.Storage` is one."""

    def passages(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of an article, in order."""


@dataclass(frozen=True, slots=True)
class Found:
    """The evidence for a question and the hits that it stands in; both may be empty.

    `looked_at` are all hits, also where nothing in them bears on the question; `confidence` is the
    probability that the evidence answers it, `signals` what that was calculated from, where it was
    not by likeness alone. `through` is
    what a question inside the question was found to be about, empty where there is none.
    """

    evidence: tuple[Evidence, ...]
    hits: tuple[Hit, ...]
    looked_at: tuple[Hit, ...]
    confidence: float
    signals: Signals | None = None
    through: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds evidence with a search, a cross-encoder and, where there is one, a reader of spans.

    With `articles` the reader looks at more of an article than the search brought up. `weighing`
    are the numbers that confidence is calculated with, but for what is in other languages and with
    `meaning` ranked by that.
    """

    search: PassageSearch
    cross_encoder: CrossEncoder
    reader: PassageReader | None = None
    articles: Articles | None = None
    weighing: Weighing = field(default_factory=shipped)
    meaning: Meaning | None = None

    def find(self, question: str, passages: int, scope: Scope = EVERYTHING) -> Found:
        """The evidence for a question that stands alone, with that for its parts behind it."""
        question = parts.as_question(question)
        topic = parts.topic_of(question)
        found = self._look(topic or question, passages, scope, asked=not topic)
        if topic and prefers_newer(question):
            found = replace(found, evidence=_newest_first(found.evidence, found.hits))
        if len(parts.several(question)) > 1:
            found = self._with_parts(question, found, scope)
        for name in _uncovered(question, found):
            beside = self._look(parts.about_one(question, name), BESIDE, scope)
            found = _together(found, _speaking_of(name, beside), everything=False)
        for thing in parts.compared(question):
            if thing not in parts.named(question) and not _speaks_of_all([thing], found):
                beside = self._look(thing, BESIDE, scope)
                telling = [one for one in beside.evidence if _tells_of(thing, one, beside)]
                found = _together(found, _only(beside, telling), everything=False)
        if _speaks_of_all(parts.told_about(question), found):
            found = replace(found, confidence=max(found.confidence, TOLD_ABOUT))
        return self._through(question, found, passages, scope)

    def _with_parts(self, question: str, found: Found, scope: Scope) -> Found:
        """What was found with what each question in it finds, led by what these are sure of.

        A part is read as it stands, which the models learnt from, and looked up, where it has no
        name, as the whole that says who "he" or "it" is.
        """
        asked = parts.several(question)
        queries = [part if parts.named(part) else f"{question} {part}" for part in asked]
        beside = [
            self._look(part, BESIDE, scope, looked_up_as=query)
            for part, query in zip(asked, queries, strict=True)
        ]
        leading = (_only(one, one.evidence[:1]) for one in beside if one.confidence >= LEADS)
        together = functools.reduce(_together, (*leading, found, *beside))
        return replace(together, looked_at=found.looked_at, signals=found.signals)

    def retrieve(self, question: str, k: int, scope: Scope = EVERYTHING) -> tuple[Hit, ...]:
        """The k best passages; where the present is asked for, the newer of more."""
        question = parts.as_question(question)
        if not prefers_newer(question):
            return self.search.retrieve(question, k, scope)
        return newer_first(self.search.retrieve(question, NEWER_AMONG * k, scope))[:k]

    def candidates(self, question: str, k: int, scope: Scope = EVERYTHING) -> tuple[Hit, ...]:
        """The k best passages; as they are fused where a reader finds the best among them."""
        question = parts.as_question(question)
        if self.meaning or (self.reader and parts.taught(question)):
            return self._as_fused(question, k, scope)
        return self.retrieve(question, k, scope)

    def _look(
        self, question: str, k: int, scope: Scope, *, asked: bool = True, looked_up_as: str = ""
    ) -> Found:
        """The evidence for a question; where it is only a topic, the reader is not asked."""
        changing = parts.asks_change(question)
        k *= EVERY_STATE if changing or parts.asks_several(question) else 1
        hits, readings, contexts = self._read(
            question, looked_up_as or question, k, scope, asked=asked
        )
        scored = score_sentences(
            question, hits, self.cross_encoder, readings, self.meaning, contexts
        )
        around = changing or not asked or parts.asks_whether(question)
        speaking = self._speaking_first(question, scored, hits)
        chosen = choose(speaking, hits, near=(AROUND if around else 1) * NEAR)
        if prefers_newer(question):
            chosen = _newest_first(chosen, hits)
        if parts.asks_when(question):
            chosen = _fullest_day_first(chosen, hits)
        evidence, own = renumbered(chosen, hits)
        if not evidence:
            return Found((), (), hits, 0.0)
        if scored[0].likeness is None:
            signals = signals_of(question, scored, readings, hits, contexts)
            likely = self.weighing.of(signals, parts.how_taught(question))
            return Found(evidence, own, hits, likely * matter_met(question, evidence, own), signals)
        likely = likely_by([one.likeness for one in scored if one.likeness is not None])
        return Found(evidence, own, hits, likely * days_met(question, own))

    def _read(
        self, question: str, query: str, k: int, scope: Scope, *, asked: bool
    ) -> tuple[tuple[Hit, ...], tuple[SpanReading, ...], tuple[Context, ...]]:
        """The k passages to take evidence from, in the search's order, their readings and contexts.

        Beside the first ones these are those in which it finds the best spans. It looks at the
        rest of the likeliest article, too.
        """
        reader = self.reader if asked and parts.taught(question) else None
        if reader is None and self.meaning is None:
            hits = self.retrieve(query, k, scope)
            return hits, (), self._contexts(question, hits)
        if k <= BESIDE:
            hits = self.retrieve(query, READ * k, scope)
        else:
            hits = self._as_fused(query, READ * k, scope)
        contexts = self._contexts(question, hits)
        if reader is None:
            return hits, (), contexts
        readings = self._readings(question, hits, contexts, reader)
        if hits:
            likeliest = max(range(len(hits)), key=lambda place: _best_span(readings[place]))
            rest = self._rest(hits[likeliest], hits)
            about = self._contexts(question, rest)
            readings += self._readings(question, rest, about, reader)
            hits, contexts = hits + rest, contexts + about
        apart = [
            n for n, hit in enumerate(hits) if self.meaning and is_foreign(question, hit.passage)
        ]
        own = [place for place in range(len(hits)) if place not in apart]
        others = sorted(own[UNASKED:], key=lambda place: -_best_span(readings[place]))
        kept = sorted([*apart, *[*own[:UNASKED], *others][:k]])
        return (
            tuple(hits[place] for place in kept),
            tuple(readings[place] for place in kept),
            tuple(contexts[place] for place in kept),
        )

    def _as_fused(self, query: str, k: int, scope: Scope) -> tuple[Hit, ...]:
        """The k best passages, not ranked again; where the present is asked for, the newer."""
        if prefers_newer(query):
            return self.retrieve(query, k, scope)
        return self.search.retrieve(query, k, scope, rough=True)

    def _readings(
        self, question: str, hits: Sequence[Hit], contexts: Sequence[Context], reader: PassageReader
    ) -> tuple[SpanReading, ...]:
        """What the reader makes of each hit; nothing of those that are ranked by their meaning."""
        apart = [self._is_apart(question, hit) for hit in hits]
        own = [place for place, is_apart in enumerate(apart) if not is_apart]
        above = [contexts[place] for place in own]
        read = iter(read_spans(question, [hits[place] for place in own], reader, above))
        return tuple(UNREADABLE if is_apart else next(read) for is_apart in apart)

    def _is_apart(self, question: str, hit: Hit) -> bool:
        """Whether a hit is ranked by its meaning: the other models were not taught to read it."""
        return self.meaning is not None and is_foreign(question, hit.passage)

    def _rest(self, leader: Hit, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """What is not among the hits of an article, as hits by the one of them that led to it."""
        own = self.articles.passages(leader.passage.article_id) if self.articles else ()
        known = {hit.passage.id for hit in hits}
        found = [place for place, passage in enumerate(own) if passage.id in known]
        rest = [place for place, passage in enumerate(own) if passage.id not in known]
        nearest = sorted(rest, key=lambda at: min((abs(at - one) for one in found), default=0))
        return tuple(replace(leader, passage=own[place], also_in=()) for place in nearest[:REST])

    def _speaking_first(
        self, question: str, scored: tuple[ScoredSentence, ...], hits: Sequence[Hit]
    ) -> tuple[ScoredSentence, ...]:
        """The sentences, those of articles that speak of no name in the question behind the others.

        "She is 83" in one article is no answer to how old somebody is whom another one names. How
        likely an answer is, is told by what meets the question best, whatever it speaks of.
        """
        asked = wording.names(question) - wording.CALENDAR - {wording.opening_word(question)}
        if not asked:
            return scored
        texts: dict[str, str] = {}
        for hit in hits:
            id_ = hit.passage.article_id
            texts[id_] = f"{texts.get(id_, hit.passage.title)} {hit.passage.text}"
        speaking = {
            id_
            for id_, text in texts.items()
            if asked & wording.name_forms(text) or asked & wording.name_forms(self._front(id_))
        }
        silent = {n for n, hit in enumerate(hits, 1) if hit.passage.article_id not in speaking}
        return tuple(sorted(scored, key=lambda one: one.number in silent))

    def fronts(self, hits: Sequence[Hit]) -> str:
        """What the articles of some hits say, as far as names are looked for in them."""
        return " ".join(map(self._front, dict.fromkeys(hit.passage.article_id for hit in hits)))

    def _contexts(self, question: str, hits: Sequence[Hit]) -> tuple[Context, ...]:
        """What is read above each hit: whom the question names and its article opens with, too."""
        own = self.articles
        articles = {
            id_: own.passages(id_) if own else () for id_ in {h.passage.article_id for h in hits}
        }
        return tuple(
            context(question, hit.passage, articles[hit.passage.article_id]) for hit in hits
        )

    def _front(self, article_id: str) -> str:
        """The front of an article, where it names whom it is about."""
        own = self.articles.passages(article_id) if self.articles else ()
        return " ".join(one.text for one in own[:FRONT])

    def _through(self, question: str, found: Found, passages: int, scope: Scope) -> Found:
        """Two steps: what the question inside finds stands in its place in a second look."""
        inside = parts.inner(question)
        if inside is None:
            return found
        first = self._look(inside.asked, passages, scope)
        bridge = _bridge(question, first)
        if not bridge:
            return found
        second = self._look(question.replace(inside.clause, bridge), passages, scope)
        likely = min(first.confidence, second.confidence)
        if likely < STEPS * found.confidence:
            return found
        both = _together(_only(second, second.evidence[:BESIDE]), _only(first, first.evidence[:1]))
        return Found(
            both.evidence, both.hits, second.looked_at, likely, second.signals, through=bridge
        )


def _best_span(reading: SpanReading) -> float:
    return reading.spans[0].score if reading.spans else -math.inf


def _fullest_day_first(evidence: Sequence[Evidence], hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """The evidence, led by what tells the best one's day most fully: with its year, say.

    What scores far below the best may tell the day of something else.
    """
    if not evidence:
        return ()
    first = evidence[0]
    best = answering_days(first, hits)
    alike = [
        one
        for one in evidence
        if one is first
        or (
            (one.outright or one.score >= first.score - LATER_REPORT)
            and same_day(answering_days(one, hits), best)
        )
    ]
    fullest = max(alike, key=lambda one: fullness(answering_days(one, hits)))
    return tuple(sorted(evidence, key=lambda one: one is not fullest))


def _newest_first(evidence: Sequence[Evidence], hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """The evidence by its day, the undated last; what is of one day stays in its order."""

    def age(one: Evidence) -> int:
        published = hits[one.number - 1].passage.published
        return -published.toordinal() if published else 0

    return tuple(sorted(evidence, key=age))


def _uncovered(question: str, found: Found) -> tuple[str, ...]:
    """The names of a question with several that no piece of evidence speaks of."""
    names = parts.named(question)
    if len(names) < 2:
        return ()
    texts = " ".join(
        f"{found.hits[one.number - 1].passage.title} {one.quote}" for one in found.evidence
    )
    known = wording.name_forms(texts)
    return tuple(name for name in names if not wording.name_forms(name) <= known)


def _speaks_of_all(topics: Sequence[str], found: Found) -> bool:
    """Whether of each of these, if there are any, some piece has all the telling words."""
    return bool(topics) and all(
        any(_tells_of(topic, one, found) for one in found.evidence) for topic in topics
    )


def _tells_of(topic: str, one: Evidence, found: Found) -> bool:
    """Whether a piece has all the telling words of a topic, itself or in its title."""
    told = wording.words(f"{found.hits[one.number - 1].passage.title} {one.quote}")
    return set(wording.content_words(topic)) <= set(told)


def _speaking_of(name: str, found: Found) -> Found:
    """What of it speaks of this name."""
    wanted = wording.name_forms(name)
    speaking = [
        one
        for one in found.evidence
        if wanted <= wording.name_forms(f"{found.hits[one.number - 1].passage.title} {one.quote}")
    ]
    return _only(found, speaking[:BESIDE])


def _bridge(question: str, first: Found) -> str:
    """What the inner question found: its few words, else the only new name of the best quote."""
    if not first.evidence:
        return ""
    best = first.evidence[0]
    if best.short:
        return best.short
    asked = wording.name_forms(question)
    new = [name for name in parts.named(f"- {best.quote}") if not wording.name_forms(name) & asked]
    return new[0] if len(new) == 1 else ""


def _only(found: Found, evidence: Iterable[Evidence]) -> Found:
    kept, hits = renumbered(tuple(evidence), found.hits)
    return Found(kept, hits, found.looked_at, found.confidence, found.signals)


def _together(found: Found, other: Found, *, everything: bool = True) -> Found:
    """Two finds as one, the second's evidence behind the first's; hits are numbered anew.

    With `everything` it is as likely as its likelier half, else as the first.
    """
    hits = list(found.hits)
    places = {hit.passage.id: place for place, hit in enumerate(hits, 1)}
    moved = []
    for one in other.evidence:
        hit = other.hits[one.number - 1]
        if hit.passage.id not in places:
            hits.append(hit)
            places[hit.passage.id] = len(hits)
        moved.append(replace(one, number=places[hit.passage.id]))
    both = merged([*found.evidence, *moved])
    evidence, own = renumbered(both, hits)
    likely = max(found.confidence, other.confidence) if everything else found.confidence
    return Found(evidence, own, found.looked_at, likely, found.signals, found.through)
