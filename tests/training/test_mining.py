"""Hard negatives: what the reader believes and does not answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from further import articles_asked_of
from mining import mined
from questions_over_texts import Example
from sets import everyday_questions, own_articles
from splits import Part, own_part

from qa.library.span_reader import ScoredSpan, SpanReading
from qa.types import EVERYTHING, Hit, Scope
from tests.answering.builders import hit

ANSWERING = hit("The sea was calm. Veld left because his eyes had grown weak.", title="A new mate")
LOUDER = hit("Veld left Holme at nine on Monday.", title="A wreck", article_id="wreck")
QUIET = hit("The owner wants to sell the ferry.", title="A sale", article_id="sale")
COPY = hit("Veld said that his eyes had grown weak.", title="Farewell", article_id="farewell")
SCORES = {"A new mate": 2.0, "A wreck": 5.0, "A sale": -3.0, "Farewell": 9.0}
QUESTION = "why did the captain of the ferry quit"
SENTENCE = "Veld left because his eyes had grown weak."


@dataclass(frozen=True)
class Search:
    hits: tuple[Hit, ...]

    def retrieve(
        self, question: str, k: int, scope: Scope = EVERYTHING, *, rough: bool = False
    ) -> tuple[Hit, ...]:
        return self.hits[:k]


@dataclass(frozen=True)
class Believing:
    """Believes the last word of a text, as far as its title's score says."""

    scores: Mapping[str, float]

    def read(self, question: str, texts: Sequence[str]) -> tuple[SpanReading, ...]:
        return tuple(
            SpanReading(0.0, (ScoredSpan(len(text) - 5, len(text), self.scores[title]),))
            for text in texts
            for title in [text.partition("\n")[0]]
        )


def mine_over(*hits: Hit, answer: str, sentence: str = SENTENCE) -> list[Example]:
    return list(mined(QUESTION, answer, sentence, Search(hits), Believing(SCORES)))


def test_the_answer_comes_with_what_is_believed_most_and_does_not_have_it() -> None:
    found = mine_over(QUIET, ANSWERING, COPY, LOUDER, answer="his eyes had grown weak")
    right = "A new mate\nThe sea was calm. Veld left because his eyes had grown weak."
    start = right.index("his eyes")
    assert found == [
        Example("everyday", QUESTION, right, ((start, start + len("his eyes had grown weak")),)),
        Example("everyday-mined", QUESTION, "A wreck\nVeld left Holme at nine on Monday."),
    ]


def test_of_what_nothing_answers_all_is_negative() -> None:
    found = mine_over(QUIET, COPY, LOUDER, answer="")
    assert found == [
        Example("everyday-mined", QUESTION, "Farewell\nVeld said that his eyes had grown weak.")
    ]


def test_what_may_answer_elsewhere_is_neither() -> None:
    assert mine_over(COPY, answer="his eyes had grown weak") == []


def test_what_is_looked_up_has_no_article_that_is_kept_for_the_fit_or_the_report() -> None:
    asked = [one for one in everyday_questions() if one.part is Part.TRAINING and one.set == "own"]
    texts = articles_asked_of(asked, own_articles())
    assert {own_part(name) for name in texts} == {Part.TRAINING}
    stories = {one.text for one in everyday_questions() if one.set == "stories"}
    assert stories
    assert not stories & set(texts)
    assert not stories - set(own_articles())
