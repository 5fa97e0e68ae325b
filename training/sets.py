"""The rows of the data sets as questions over one text, each with the part that it falls into."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from splits import Part, own_part, passage_id, passage_part, repliqa_part

from qa.reading.sentences import sentence_spans
from qa.reading.stop_words import STOP_WORDS
from qa.reading.words import stem, words

EVERYDAY = Path(__file__).with_name("everyday.jsonl")
ARTICLES, STORIES = (Path(__file__).with_name(name) for name in ("articles", "stories"))
"""Folders of articles of our own; a headline opens each."""

EVIDENCE = 0.5
"""Share of a reference answer's words that its evidence must have; what has less of them than
NO_EVIDENCE beside the evidence itself does not answer."""
NO_EVIDENCE = 0.3

_MENDED = (
    (re.compile(r"\s*``\s*"), ' "'),
    (re.compile(r"\s*''"), '"'),
    (re.compile(r"\s+([,.;:?!)\]%]|'s\b|n't\b)"), r"\1"),
    (re.compile(r"([(\[$])\s+"), r"\1"),
    (re.compile(r"(?<=\w) - (?=\w)"), "-"),
    (re.compile(r" -- "), " – "),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A question over a text, the passage of that id.

    `answers` stand in it; with `evidence` alone only a span is known that the answer lies in; with
    neither it is unanswerable there.
    """

    kind: str
    question: str
    text: str
    answers: tuple[str, ...]
    evidence: tuple[int, int] | None
    passage: str
    part: Part

    @property
    def answerable(self) -> bool:
        """Whether the text answers."""
        return bool(self.answers) or self.evidence is not None


@dataclass(frozen=True, slots=True)
class Asked:
    """A RepLiQA question of an article; without a reference the article does not answer it."""

    question: str
    article: str
    reference: str | None
    part: Part


@dataclass(frozen=True, slots=True)
class Everyday:
    """A question as people ask them, in characters of the text that it is asked of.

    That is the article of `set`, "repliqa", "squad2", or "own" and "stories", which are ours, whose
    id is `text`; or, of "answerability", the passage of that id as `Row` has it. `sentence` is what
    answers it, or, where the text does not, what comes nearest; `answer` the fewest words that do,
    None where none do. `asks` says what is asked for: why, how, who …; `lesson` counts the lessons
    of the reader: those of the last one are new to it.
    """

    lesson: int
    question: str
    asks: str
    set: str
    text: str
    sentence: tuple[int, int]
    answer: tuple[int, int] | None

    @property
    def part(self) -> Part:
        """What it is used for."""
        if self.set in ("squad2", "stories"):
            return Part.REPORT
        if self.set == "own":
            return own_part(self.text)
        return passage_part(self.text) if self.set == "answerability" else repliqa_part(self.text)


def everyday_questions(file: Path = EVERYDAY) -> Iterator[Everyday]:
    """Every question of ours; of the texts only our own are part of the project."""
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        answer = tuple(row["answer"]) if row["answer"] else None
        sentence = tuple(row["sentence"])
        asked = row["lesson"], row["question"], row["asks"], row["set"], row["text"]
        yield Everyday(*asked, sentence, answer)


def last_lesson(file: Path = EVERYDAY) -> int:
    """The number of the lesson that was written last."""
    return max(asked.lesson for asked in everyday_questions(file))


def own_articles() -> dict[str, str]:
    """The text of every article of our own by its id."""
    return _texts_in(ARTICLES) | _texts_in(STORIES)


def answerability_rows(data: Path) -> Iterator[Row]:
    """The rows of SQuAD 2.0 and Natural Questions; "yes" and "no" have the whole text as evidence.

    Natural Questions are printed token by token; here they are set as people write.
    """
    file = data / "answerability" / "train.jsonl"
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        mend = mended if row["set"] == "nq" else str.strip
        text, question = mend(row["passage"]), mend(row["question"])
        accepted = [mend(answer) for answer in _accepted(row["answer"])]
        answers = tuple(dict.fromkeys(one for one in accepted if one and one in text))
        evidence = None if answers or row["answer"] is None else (0, len(text))
        named = passage_id(row["passage"])
        yield Row(row["set"], question, text, answers, evidence, named, passage_part(named))


def repliqa_articles(data: Path) -> dict[str, str]:
    """The text of every RepLiQA article by its id."""
    return _texts_in(data / "repliqa" / "articles")


def repliqa_questions(data: Path) -> Iterator[Asked]:
    """Every RepLiQA question."""
    for line in (data / "repliqa" / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        article = row["articles"][0]
        reference = row["answers"][0] if row["answers"] else None
        yield Asked(row["question"], article, reference, repliqa_part(article))


def repliqa_nulls(data: Path, part: Part) -> list[Everyday]:
    """RepLiQA's own questions of a part that its articles do not answer."""
    return [
        Everyday(0, one.question, "", "repliqa", one.article, (0, 0), None)
        for one in repliqa_questions(data)
        if one.part is part and one.reference is None
    ]


def evidence_of(reference: str, article: str) -> tuple[int, int] | None:
    """The sentence, or two neighbours, with most of a reference answer's words; None if too few."""
    spans = sentence_spans(article)
    pairs = [(first[0], second[1]) for first, second in pairwise(spans)]
    best = max(spans, key=lambda span: shared(reference, article[slice(*span)]), default=None)
    two = max(pairs, key=lambda span: shared(reference, article[slice(*span)]), default=best)
    if best is None or two is None:
        return None
    of_best = shared(reference, article[slice(*best)])
    of_two = shared(reference, article[slice(*two)])
    if max(of_best, of_two) < EVIDENCE:
        return None
    return best if of_best >= of_two - 0.2 else two


def shared(reference: str, text: str) -> float:
    """The share of a reference's telling words, by stem, that a text has."""
    asked = {stem(word) for word in words(reference) if word not in STOP_WORDS}
    return len(asked & {stem(word) for word in words(text)}) / len(asked) if asked else 0.0


def mended(text: str) -> str:
    """Tokens with spaces between them as people write them."""
    for pattern, instead in _MENDED:
        text = pattern.sub(instead, text)
    return " ".join(text.split())


def _texts_in(folder: Path) -> dict[str, str]:
    files = sorted(folder.glob("*.txt"))
    return {file.stem: file.read_text(encoding="utf-8").strip() for file in files}


def _accepted(answer: str | None) -> list[str]:
    """The accepted answers of a cell, which may be a list in JSON; "YES" and "NO" are no words."""
    if answer is None:
        return []
    listed = json.loads(answer) if answer.startswith('["') else [answer]
    return [str(one) for one in listed if one not in ("YES", "NO")]
