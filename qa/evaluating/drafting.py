"""Drafting questions: a sentence of an article becomes a question about it. Pure.

The model is given one sentence and writes a question with its answer; what it writes is taken only
if the answer stands in that sentence word for word, so the evidence of a draft is the article's own
by construction.
"""

import re

from qa.engine.generation import Message, Role
from qa.evaluating.questions import Question
from qa.reading import wording
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
PRONOUN = re.compile(r"\b(?:he|she|they|it|his|her|their|its)\b", re.IGNORECASE)
REPLY = re.compile(r"Question:\s*(?P<question>[^\n?]+\?).*?Answer:\s*(?P<answer>[^\n]+)", re.DOTALL)

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


def sentences_to_ask(article: Article, count: int) -> tuple[tuple[int, int], ...]:
    """The sentences that name or number something: `count` spread over the article, then the rest.

    One that says "he" or "it" before any name is about something that it does not say itself.
    """
    spans = [
        (start, end)
        for start, end in sentence_spans(article.text)
        if end - start in SENTENCE_CHARS
        and "\n" not in article.text[start:end]
        and _tells(article.text[start:end])
    ]
    if len(spans) <= count:
        return tuple(spans)
    spread = [spans[i * len(spans) // count] for i in range(count)]
    return (*spread, *(span for span in spans if span not in spread))


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
    if answer is None or _gives_away(question, answer) or not _says_of_what(question):
        return None
    return Question(
        f"{article.id}-q{number}",
        question,
        (answer,),
        (article.id,),
        (evidence,),
        tags=("drafted",),
    )


def names_of(sentence: str) -> list[re.Match[str]]:
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


def _tells(sentence: str) -> bool:
    """Whether a sentence names or numbers something, and says of whom."""
    names = names_of(sentence)
    pronoun = PRONOUN.search(sentence)
    if pronoun:
        return any(name.start() < pronoun.start() for name in names)
    return bool(names or FIGURE.search(sentence))


def _gives_away(question: str, answer: str) -> bool:
    """Whether a question says its own answer, in whatever order."""
    told = set(wording.content_words(answer))
    return answer.lower() in question.lower() or (
        bool(told) and told <= set(wording.content_words(question))
    )


def _says_of_what(question: str) -> bool:
    """Whether a question can be understood alone: it names or numbers something."""
    return bool(names_of(question) or FIGURE.search(question) or YEAR.search(question))
