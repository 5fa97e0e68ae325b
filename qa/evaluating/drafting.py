"""Drafting questions: a sentence of an article becomes a question about it, and near misses. Pure.

The model is given one sentence and writes a question with its answer; what it writes is taken only
if the answer stands in that sentence word for word, so the evidence of a draft is the article's own
by construction. A near miss is a draft's question with its year, a name or a figure changed to one
that the article does not have: a careful reader refuses it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.answering import wording
from qa.engine.generation import Message, Role
from qa.evaluating.questions import Question
from qa.reading.passages import header
from qa.reading.sentences import sentence_spans
from qa.reading.stop_words import STOP_WORDS
from qa.types import Article

SENTENCE_CHARS = range(50, 350)
"""A shorter sentence seldom says who and what; a longer one says too many things at once."""

WORD = r"[A-Z][\w’'-]*[\w]"
NAME = re.compile(rf"{WORD}(?:\s+(?:(?:of|the|de|van|von|al)\s+)?{WORD})*")
YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
FIGURE = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w-]|[.,]\d)")
REPLY = re.compile(r"Question:\s*(?P<question>[^\n?]+\?).*?Answer:\s*(?P<answer>[^\n]+)", re.DOTALL)

YEARS_AWAY = (-1, 1, -2, 2, 3, -3, 5, -5, 10)
"""Tried in this order: the nearest year is the hardest to tell from the true one."""

SYSTEM = (
    "You write questions for a quiz about newspaper articles. From the sentence you are given, "
    "write one short question that can be understood without seeing the sentence: name the people, "
    "places and things it is about. Then write its answer, a few words copied from the sentence."
)
EXAMPLE = (
    "Article: Bridge over the Aldera opens (4 May 2021)\n"
    "Sentence: Mayor Inês Duarte said that the bridge had cost 42 million euros.",
    "Question: How much did the bridge over the Aldera cost?\nAnswer: 42 million euros",
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as a sentence writes it, and the word before it, in small letters: "in" of a place."""

    text: str
    before: str


def sentences_to_ask(article: Article, count: int) -> tuple[tuple[int, int], ...]:
    """Up to `count` sentences that name or number something, spread over the article."""
    spans = [
        (start, end)
        for start, end in sentence_spans(article.text)
        if end - start in SENTENCE_CHARS
        and "\n" not in article.text[start:end]
        and (_names(article.text[start:end]) or FIGURE.search(article.text, start, end))
    ]
    if len(spans) <= count:
        return tuple(spans)
    return tuple(spans[i * len(spans) // count] for i in range(count))


def ask_for_question(article: Article, start: int, end: int) -> list[Message]:
    """The prompt: a question, please, about this sentence."""
    sentence = article.text[start:end]
    head = header(article.title, article.published)
    return [
        Message(Role.SYSTEM, (SYSTEM,)),
        Message(Role.USER, (EXAMPLE[0],)),
        Message(Role.ASSISTANT, (EXAMPLE[1],)),
        Message(Role.USER, (f"Article: {head}\nSentence: {sentence}",)),
    ]


def read_draft(reply: str, article: Article, start: int, end: int, number: int) -> Question | None:
    """The draft that the model wrote; None if its answer does not stand in the sentence.

    Nor is it one if the question gives the answer away, or says nothing of what it is about.
    """
    found = REPLY.search(reply)
    if found is None:
        return None
    evidence = article.text[start:end]
    question = " ".join(found["question"].split())
    answer = _standing(found["answer"].strip().strip("\"“”.'"), evidence)
    if answer is None or answer.lower() in question.lower() or not _says_of_what(question):
        return None
    return Question(
        f"{article.id}-q{number}",
        question,
        (answer,),
        (article.id,),
        (evidence,),
        tags=("drafted",),
    )


def near_misses(draft: Question, article: Article, names: Sequence[Name]) -> Iterator[Question]:
    """Up to three questions like a draft's that the article does not answer.

    `names` are those of other articles. The figures of the article, its years and its names are
    never taken, so that nothing in it answers the question by accident.
    """
    said = f"{article.title}\n{article.text}\n{article.published}"
    for kind, pattern, others in (
        ("year", YEAR, _other_years),
        ("figure", FIGURE, _other_figures),
    ):
        match = next((m for m in pattern.finditer(draft.question) if _may_change(kind, m)), None)
        if match:
            other = next((one for one in others(match[0]) if one not in said), None)
            if other:
                yield _changed(draft, match, other, kind)
    named = next(iter(_names(draft.question)), None)
    free = [name for name in names if name.text.lower() not in said.lower()]
    if named and free:
        yield _changed(draft, named, _alike(draft.question, named, free), "name")


def names_in(article: Article) -> tuple[Name, ...]:
    """The names of an article, each once, as they are written inside its sentences."""
    sentences = (article.text[start:end] for start, end in sentence_spans(article.text))
    found = (
        Name(match[0], _word_before(sentence, match))
        for sentence in sentences
        for match in _names(sentence)
    )
    return tuple({name.text: name for name in found}.values())


def _alike(question: str, named: re.Match[str], names: Sequence[Name]) -> str:
    """A name to stand in the place of one: behind the same word, of as many words, if there is one.

    Which of several: by the question's length, so that a set does not ask after one name alone.
    """
    before, length = _word_before(question, named), len(named[0].split())
    for wanted in (
        [one for one in names if one.before == before and len(one.text.split()) == length],
        [one for one in names if one.before == before],
        [one for one in names if len(one.text.split()) == length],
        names,
    ):
        if wanted:
            return wanted[len(question) % len(wanted)].text
    raise AssertionError("there is a name")


def _word_before(sentence: str, match: re.Match[str]) -> str:
    words = re.findall(r"\w+", sentence[: match.start()])
    return words[-1].lower() if words else ""


def _names(sentence: str) -> list[re.Match[str]]:
    """Names in a sentence but for days and months; a first word alone may be any, so it is none."""
    first = re.match(r"\w+", sentence)
    begins = first.end() if first and first[0].lower() in STOP_WORDS else 0
    return [
        match
        for match in NAME.finditer(sentence, begins)
        if (match.start() > 0 or " " in match[0])
        and wording.CALENDAR.isdisjoint(wording.name_forms(match[0]))
    ]


def _standing(answer: str, evidence: str) -> str | None:
    """The answer as the sentence writes it, if it does."""
    words = r"\s+".join(re.escape(word) for word in answer.split())
    found = re.search(rf"(?<!\w){words}(?!\w)", evidence, re.IGNORECASE) if answer else None
    return found[0] if found else None


def _says_of_what(question: str) -> bool:
    """Whether a question can be understood alone: it names or numbers something."""
    return bool(_names(question) or FIGURE.search(question) or YEAR.search(question))


def _may_change(kind: str, match: re.Match[str]) -> bool:
    return kind == "year" or not YEAR.fullmatch(match[0])


def _other_years(year: str) -> Iterator[str]:
    return (str(int(year) + away) for away in YEARS_AWAY)


def _other_figures(figure: str) -> Iterator[str]:
    """Figures of the same size: one digit changed, the first if there is but one."""
    at = 1 if len(figure) > 1 and figure[1].isdigit() else 0
    return (
        figure[:at] + digit + figure[at + 1 :]
        for digit in "4738291650"
        if digit != figure[at] and (digit != "0" or at)
    )


def _changed(draft: Question, match: re.Match[str], other: str, kind: str) -> Question:
    question = draft.question[: match.start()] + other + draft.question[match.end() :]
    return replace(
        draft,
        id=f"{draft.id}-{kind}",
        question=question,
        answers=(),
        evidence=(),
        tags=("drafted", "near-miss", f"changed-{kind}"),
    )
