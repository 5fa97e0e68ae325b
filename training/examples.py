"""What the reader learns from: questions over texts as our retrieval cuts them, made anew an epoch.

Beside each question with its own text stand negatives: the same question over a near text of the
set, over its own text without the sentence that answers, and changed in one place. Clozes are made
of the texts themselves, each with a negative of its own.
"""

import json
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random

import numpy as np
from changes import changed, names_in
from clozes import cloze
from questions_over_texts import Example, Span
from sets import (
    EVERYDAY,
    NO_EVIDENCE,
    Everyday,
    Row,
    answerability_rows,
    everyday_questions,
    evidence_of,
    own_articles,
    repliqa_articles,
    repliqa_questions,
    shared,
)
from splits import Part, repliqa_part

from qa.answering.contexts import adds_to
from qa.reading.outlines import heading_words, headings, is_heading
from qa.reading.passages import LONGEST_HEADER_TITLE_CHARS
from qa.reading.sentences import sentence_spans

FEWEST_CHARS, MOST_CHARS = 160, 640
"""Of a text that is cut: some 40 to 130 tokens, as a passage of our retrieval has."""
WHOLE = 0.4
"""Share of the questions that are read over the whole text of the set."""
TITLED, HEADED = 0.35, 0.85
"""Shares of the texts with a title line above them, as passages are read: of those that have none,
which get a name of theirs, and of cuts of an article that has one."""
BESIDE = 0.25
"""Share of our own questions that get a negative of each kind beside their own text."""
CUTS_A_NEGATIVE = 12
"""For every so many other cuts of its text a question is set against one more of the nearest: of a
long article, most of what a search brings does not answer."""
OPENING = 20
"""Characters before an answer that tell it from the same words elsewhere."""
NEAR = 6
"""So many near texts a question may be set against."""
ELSEWHERE, REMOVED, CHANGED = 0.35, 0.5, 0.75
"""Shares of the questions that get a negative of a kind; the last two, of those with an answer."""
CLOZES = 0.7
"""Share of the texts that an epoch has a cloze of; of an article it has one each."""
CLOZE_CHANGED = 0.75
"""Share of the clozes whose negative is changed in one place, where that can be done; the others'
text lacks the sentence."""


def write_examples(data: Path, folder: Path, epochs: int, seed: int) -> None:
    """Write `epoch-N.jsonl` for training and `held-out.jsonl` for choosing, where they lack."""
    folder.mkdir(parents=True, exist_ok=True)
    maker: Maker | None = None
    for name in [*(f"epoch-{epoch}" for epoch in range(epochs)), "held-out"]:
        file = folder / f"{name}.jsonl"
        if file.is_file():
            continue
        maker = maker or Maker(data)
        chance = Random(f"{seed} {name}")
        made = maker.held_out(chance) if name == "held-out" else maker.epoch(chance)
        lines = [json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in made]
        chance.shuffle(lines)
        part = file.with_suffix(".part")
        part.write_text("".join(lines), encoding="utf-8")
        part.replace(file)
        print(f"{name}: {len(lines)} examples", flush=True)


class Maker:
    """Makes examples of the data; what near texts there are is found out once."""

    def __init__(self, data: Path, everyday: Path = EVERYDAY) -> None:
        self._everyday = list(everyday_questions(everyday))
        rows = list(answerability_rows(data))
        self._rows = [row for row in rows if row.part is Part.TRAINING]
        self._kept = [row for row in rows if row.part is Part.CALIBRATION]
        self._near = near_texts([row.question for row in self._rows], self._texts(self._rows))
        self._articles = repliqa_articles(data)
        self._titled_texts = self._articles | own_articles()
        self._by_id = self._titled_texts | {row.passage: row.text for row in rows}
        self._asked = list(repliqa_questions(data))
        self._sentences: dict[str, tuple[Span, ...]] = {}
        self._evidence = {
            one: evidence_of(one.reference, self._articles[one.article])
            for one in self._asked
            if one.reference and one.part is not Part.REPORT
        }

    @staticmethod
    def _texts(rows: Sequence[Row]) -> list[str]:
        return list(dict.fromkeys(row.text for row in rows))

    def epoch(self, chance: Random) -> Iterator[Example]:
        """The examples of one epoch, in no order."""
        texts = self._texts(self._rows)
        for row, near in zip(self._rows, self._near, strict=True):
            yield self._titled(self._passage(row, chance), chance)
            others = [texts[one] for one in near]
            for negative in self._negatives(row, others, chance):
                yield self._titled(negative, chance)
        yield from self._repliqa(Part.TRAINING, chance)
        yield from self.everyday(Part.TRAINING, chance)
        for text in texts:
            if chance.random() < CLOZES:
                yield from self._clozes(text, chance)
        for article_id, article in self._articles.items():
            if repliqa_part(article_id) is Part.TRAINING:
                yield from self._clozes(self._window(article, None, chance), chance)

    def held_out(self, chance: Random) -> Iterator[Example]:
        """The examples of the calibration part: each question over its own text and a cut of it."""
        for row in self._kept:
            yield Example(row.kind, row.question, row.text, _spans(row.text, row), row.evidence)
        yield from self._repliqa(Part.CALIBRATION, chance)
        yield from self.everyday(Part.CALIBRATION, chance)

    def asked(self, part: Part, lessons: Container[int] | None = None) -> list[Everyday]:
        """The everyday questions of a part, and of these lessons where some are named."""
        return [
            asked
            for asked in self._everyday
            if asked.part is part and (lessons is None or asked.lesson in lessons)
        ]

    def everyday(
        self, part: Part, chance: Random, lessons: Container[int] | None = None
    ) -> Iterator[Example]:
        """What people ask, over what answers it or comes nearest, and over texts that do not.

        Those are what stands around the sentence that answers, the cuts of the same text that have
        most of the question's words, and one of another article of ours that has many; the first
        two alone, one for each, where nothing is learnt from it.
        """
        often = BESIDE if part is Part.TRAINING else 1.0
        every = self.asked(part, lessons)
        near_by = self._near_by(every, chance) if part is Part.TRAINING else {}
        for asked in every:
            text = self._by_id[asked.text]
            made = [self._asked_of(asked, text, chance)]
            answer = text[slice(*asked.answer)] if asked.answer else ""
            others = [one for one in self._cut(text, chance) if not answer or answer not in one]
            others.sort(key=lambda one: -shared(asked.question, one))
            count = len(others) // CUTS_A_NEGATIVE + (chance.random() < often)
            nearest = others[: count if part is Part.TRAINING else 1]
            near = [one for one in near_by.get(asked, ()) if not answer or answer not in one]
            made += [Example("everyday-elsewhere", asked.question, one) for one in nearest]
            made += [Example("everyday-near", asked.question, one) for one in near]
            if answer and part is Part.TRAINING and chance.random() < often:
                left = self._around(text, asked.sentence)
                if left and answer not in left:
                    made.append(Example("everyday-removed", asked.question, left))
            article = self._titled_texts.get(asked.text, "")
            yield from (self._titled(_headed(one, article), chance, article) for one in made)

    def _near_by(self, every: Sequence[Everyday], chance: Random) -> dict[Everyday, list[str]]:
        """For some questions on our own articles a near cut of another article to learn from."""
        own = {asked.text for asked in every if asked.set == "own"}
        cuts = [(name, cut) for name in sorted(own) for cut in self._cut(self._by_id[name], chance)]
        some = [asked for asked in every if asked.text in own and chance.random() < ELSEWHERE]
        if len(cuts) <= NEAR + 1 or not some:
            return {}
        near = near_texts([asked.question for asked in some], [cut for _, cut in cuts])
        return {
            asked: [cuts[place][1] for place in places if cuts[place][0] != asked.text][:1]
            for asked, places in zip(some, near, strict=True)
        }

    def _asked_of(self, asked: Everyday, text: str, chance: Random) -> Example:
        """A question over a cut of its text with what answers in it, or what comes nearest."""
        cut = self._window(text, asked.answer or asked.sentence, chance)
        if asked.answer is None:
            return Example("everyday-null", asked.question, cut)
        start, end = asked.answer
        opening = text[max(asked.sentence[0], start - OPENING) : start]  # tells which, of several
        at = cut.find(opening + text[start:end]) + len(opening)
        if at < len(opening):
            at = cut.index(text[start:end])
        return Example("everyday", asked.question, cut, ((at, at + end - start),))

    def _around(self, article: str, without: Span) -> str:
        """The sentences before and behind a place, without those in it."""
        spans = self._sentences_of(article)
        before = [span for span in spans if span[1] <= without[0]][-2:]
        behind = [span for span in spans if span[0] >= without[1]][:2]
        return " ".join(article[slice(*span)] for span in [*before, *behind])

    def _passage(self, row: Row, chance: Random) -> Example:
        """A question over its own text, whole or cut to sentences around what answers.

        It stays whole where all of it is the evidence.
        """
        if chance.random() < WHOLE:
            return Example(row.kind, row.question, row.text, _spans(row.text, row), row.evidence)
        if row.answers:
            start, end = chance.choice(_spans(row.text, row))
            text = self._window(row.text, (start, end), chance)
            return Example(row.kind, row.question, text, _spans(text, row))
        if row.evidence:
            return Example(row.kind, row.question, row.text, (), row.evidence)
        return Example(row.kind, row.question, self._window(row.text, None, chance))

    def _negatives(self, row: Row, others: Sequence[str], chance: Random) -> Iterator[Example]:
        free = [one for one in others if not any(answer in one for answer in row.answers)]
        if free and chance.random() < ELSEWHERE:
            text = self._window(chance.choice(free), None, chance)
            yield Example("elsewhere", row.question, text)
        if not row.answers:
            return
        if chance.random() < REMOVED:
            left = self._without(row.text, _spans(row.text, row))
            if len(left) > FEWEST_CHARS // 2 and not any(answer in left for answer in row.answers):
                yield Example("removed", row.question, self._window(left, None, chance))
        if chance.random() < CHANGED:
            own = self._passage(row, chance)
            question = changed(row.question, own.text, row.answers, others, chance)
            if question:
                yield Example("changed", question, own.text)

    def _clozes(self, text: str, chance: Random) -> Iterator[Example]:
        """A cloze, and a negative of it: changed in one place, or without its sentence."""
        text = self._window(text, None, chance)
        made = cloze(text, chance)
        if not made:
            return
        yield self._titled(Example("cloze", made.question, text, (made.answer,)), chance)
        answer = text[slice(*made.answer)]
        other = changed(made.question, text, [answer], [text], chance)
        if other and chance.random() < CLOZE_CHANGED:
            yield self._titled(Example("cloze-changed", other, text), chance)
        else:
            left = self._without(text, [made.sentence])
            if len(left) > FEWEST_CHARS // 2:
                yield self._titled(Example("cloze-removed", made.question, left), chance)

    def _repliqa(self, part: Part, chance: Random) -> Iterator[Example]:
        """The evidence among its neighbours, and other passages of the same article."""
        for asked in self._asked:
            if asked.part is not part:
                continue
            article = self._articles[asked.article]
            evidence = self._evidence.get(asked)
            others = self._cut(article, chance)
            if asked.reference and not evidence:
                continue
            if evidence and asked.reference:
                quote = article[slice(*evidence)]
                for _ in range(2 if part is Part.TRAINING else 1):
                    text = self._window(article, evidence, chance)
                    start = text.find(quote)
                    if start >= 0:
                        region = start, start + len(quote)
                        found = Example("repliqa", asked.question, text, (), region)
                        yield self._titled(found, chance, article)
                reference = asked.reference
                others = [
                    one
                    for one in others
                    if quote not in one and shared(reference, one) < NO_EVIDENCE
                ]
            others.sort(key=lambda one: -shared(asked.question, one))
            for text in others[:2]:
                kind = "repliqa-elsewhere" if evidence else "repliqa-null"
                yield self._titled(Example(kind, asked.question, text), chance, article)

    def _window(self, text: str, around: Span | None, chance: Random) -> str:
        """Neighbouring sentences of a text up to a length drawn by chance, with a span in them."""
        spans = self._sentences_of(text)
        most = chance.randint(FEWEST_CHARS, MOST_CHARS)
        if len(text) <= most or not spans:
            return text
        if around is None:
            first = chance.randrange(len(spans))
            last = first
        else:
            first = max((n for n, span in enumerate(spans) if span[0] <= around[0]), default=0)
            last = min(
                (n for n, span in enumerate(spans) if span[1] >= around[1]), default=len(spans) - 1
            )
            last = max(first, last)
        while True:
            ways = [first > 0, last + 1 < len(spans)]
            if not any(ways):
                break
            back = ways[0] and (not ways[1] or chance.random() < 0.5)
            wider = (first - 1, last) if back else (first, last + 1)
            if spans[wider[1]][1] - spans[wider[0]][0] > most:
                break
            first, last = wider
        return text[spans[first][0] : spans[last][1]]

    def _cut(self, text: str, chance: Random) -> list[str]:
        """A text as passages, one behind the other."""
        passages: list[str] = []
        start = end = 0
        most = chance.randint(FEWEST_CHARS * 2, MOST_CHARS)
        for sentence_start, sentence_end in self._sentences_of(text):
            if sentence_end - start > most and end > start:
                passages.append(text[start:end])
                start = sentence_start
            end = sentence_end
        return [*passages, text[start:end]]

    def _without(self, text: str, spans: Sequence[Span]) -> str:
        """A text without the sentences that have any of the spans in them."""
        return " ".join(
            text[start:end]
            for start, end in self._sentences_of(text)
            if not any(start < other_end and other < end for other, other_end in spans)
        )

    def _sentences_of(self, text: str) -> tuple[Span, ...]:
        if text not in self._sentences:
            self._sentences[text] = sentence_spans(text)
        return self._sentences[text]

    @staticmethod
    def _titled(example: Example, chance: Random, article: str = "") -> Example:
        """Some examples with a title line above the text: the article's, or a name that it has."""
        if chance.random() > (HEADED if article else TITLED):
            return example
        names = names_in(example.text)
        title = _headline(article) if article else chance.choice(names or [""])
        if not title or example.text.startswith(title):
            return example
        if not article and chance.random() < 0.3:
            title += (
                f" ({chance.randint(1, 28)} {chance.choice(_MONTHS)} {chance.randint(1998, 2024)})"
            )
        return _below(title, example)


def _headed(example: Example, article: str) -> Example:
    """The example below the heading that its text goes on from, where the program reads that."""
    before = article[: max(0, article.find(example.text))]
    above = headings(before)
    heading = heading_words(before[slice(*above[-1])]) if above else ""
    own = f"{_headline(article)} {example.text}"
    if is_heading(example.text) or not adds_to(own, heading, example.question):
        return example
    return _below(heading, example)


def _below(line: str, example: Example) -> Example:
    """The example with a line above its text."""
    above, region = len(line) + 1, example.region
    return Example(
        example.kind,
        example.question,
        f"{line}\n{example.text}",
        tuple((start + above, end + above) for start, end in example.spans),
        (region[0] + above, region[1] + above) if region else None,
    )


def _headline(article: str) -> str:
    """The first line of an article, or how it begins where that is no headline."""
    line = article.partition("\n")[0].strip()
    return line if len(line) <= LONGEST_HEADER_TITLE_CHARS else article[: article.find(" ", 40)]


_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def near_texts(questions: Sequence[str], texts: Sequence[str]) -> list[list[int]]:
    """For each question the texts with most of its words, by TF-IDF, the best left out.

    The best is its own, or one that may well answer.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    weigh = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    rows = weigh.fit_transform(texts)
    asked = weigh.transform(questions)
    near = []
    for start in range(0, len(questions), 500):
        alike = (asked[start : start + 500] @ rows.T).toarray()
        best = np.argpartition(-alike, NEAR + 1, axis=1)[:, : NEAR + 1]
        for scores, places in zip(alike, best, strict=True):
            order = places[np.argsort(-scores[places])]
            near.append([int(place) for place in order[1:]])
    return near


def _spans(text: str, row: Row) -> tuple[Span, ...]:
    """Where the answers stand in a text, each as a word of its own, four places at most."""
    spans = [
        (match.start(), match.end())
        for answer in row.answers
        for match in re.finditer(rf"(?<!\w){re.escape(answer)}(?!\w)", text)
    ]
    if not spans:
        spans = [
            (start, start + len(answer))
            for answer in row.answers
            if (start := text.find(answer)) >= 0
        ]
    return tuple(spans[:4])
