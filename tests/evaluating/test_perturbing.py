"""Questions so changed that nothing answers them, and the drop that they show, by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from qa.evaluating.perturbing import CHANGED_FROM, drops, negated, perturbed
from qa.evaluating.questions import Question, parse_question, question_line
from qa.types import Article, Turn
from tests.evaluating.fake_assistant import QUESTIONS, REFUSES, RIGHT_REPLIES, FakeAssistant
from tests.evaluating.running import run


def article(id_: str, title: str, text: str) -> Article:
    return Article(id_, title, text, None, None, "")


HALL = article(
    "hall",
    "A hall for Aldera",
    "The hall in Aldera was opened in 2021 by Ana Lima. It cost 42 million euros.",
)
FERRY = article("ferry", "The ferry is late", "The ferry in Ostrava was late. It rained in 2019.")
OTHERS = {one.id: one for one in (HALL, FERRY)}

OPENED = Question(
    "opened",
    "Who opened the hall in Aldera in 2021?",
    ("Ana Lima",),
    ("hall",),
    ("opened in 2021 by Ana Lima",),
)
PRICE = Question("price", "What did it cost?", ("42 million",), ("hall",), ("It cost 42 million",))


def made(*questions: Question, per_article: int = 20, **more: Article) -> dict[str, str]:
    return {one.id: one.question for one in perturbed(questions, OTHERS | more, per_article)}


def test_each_kind_of_change_is_made_and_nothing_answers_it() -> None:
    changed = made(OPENED)
    assert {id_: text for id_, text in changed.items() if id_.endswith("-1")} == {
        "opened-year-1": "Who opened the hall in Aldera in 2020?",
        "opened-name-1": "Who opened the hall in Ostrava in 2021?",
        "opened-false-premise-1": (
            "Why is it that the hall in Aldera was opened in 2020 by Ana Lima?"
        ),
        "opened-another-article-1": (
            "According to “The ferry is late”, who opened the hall in Aldera in 2021?"
        ),
    }
    assert made(PRICE)["price-negation-1"] == "What didn't it cost?"
    assert made(PRICE)["price-false-premise-1"] == "Why is it that it cost 44 million euros?"
    for one in perturbed([OPENED, PRICE], OTHERS, 20):
        assert not one.answerable
        assert one.extra[CHANGED_FROM] in ("opened", "price")
        assert one.tags == ("changed", f"changed-{one.extra['change'].replace(' ', '-')}")


def test_what_an_article_does_answer_is_not_asked() -> None:
    # this one says what it did not cost, and that one tells the same of Ostrava
    denied = article("denied", "No", "It did not cost 50 million euros, said Lima.")
    assert "price-negation-1" not in made(PRICE, denied=denied)
    same = article("same", "Ostrava", "Somebody opened the hall in Ostrava in 2020.")
    changed = made(OPENED, same=same)
    assert "Who opened the hall in Ostrava in 2021?" not in changed.values()
    assert "Who opened the hall in Aldera in 2020?" not in changed.values()
    # an article that has the answer too is not one that does not say
    told = replace(FERRY, text="Ana Lima opened the hall in Aldera.")
    assert not [id_ for id_ in made(OPENED, ferry=told) if "another" in id_]


def test_an_article_gets_so_many_of_every_question_and_kind_in_turn() -> None:
    assert list(made(OPENED, PRICE, per_article=4)) == [
        "opened-year-1",
        "opened-name-1",  # a year and a figure: the price has none
        "price-negation-1",
        "price-false-premise-1",
    ]
    assert len(made(OPENED, PRICE, per_article=20)) >= 10


@pytest.mark.parametrize(
    "left_out",
    [
        replace(OPENED, answers=()),
        replace(OPENED, articles=("gone",)),
        replace(OPENED, history=(Turn("Where?", "There."),)),
    ],
)
def test_a_question_without_an_answer_here_is_left_as_it_is(left_out: Question) -> None:
    assert made(left_out) == {}


def test_a_not_goes_behind_the_helping_verb() -> None:
    assert negated("When will it open?") == "When won't it open?"
    assert negated("What does it cost?") == "What doesn't it cost?"
    assert negated("What does it cost?", never=True) == "What does never it cost?"
    assert negated("Who said so?") is None
    assert negated("What did it not cost?") is None


def test_a_changed_question_is_read_again_as_it_was_written() -> None:
    changed = list(perturbed([OPENED], OTHERS, 20))
    assert [parse_question(question_line(one)) for one in changed] == changed
    followed = replace(OPENED, history=(Turn("Where?", "There."),), answers_known=False, answers=())
    assert parse_question(question_line(followed)) == followed


def test_the_drop_is_that_of_the_pairs(tmp_path: Path) -> None:
    cost, mayor, *_ = QUESTIONS
    changed = [
        Question(f"{one.id}-{n}", f"{one.question} ({n})", (),
                 extra={CHANGED_FROM: one.id, "change": "year"})
        for one in (cost, mayor) for n in (1, 2)
    ]  # fmt: skip
    told = RIGHT_REPLIES[cost.question]
    replies = {
        **RIGHT_REPLIES,
        mayor.question: REFUSES,
        changed[0].question: told,
        changed[1].question: REFUSES,
        changed[2].question: REFUSES,
        changed[3].question: REFUSES,
    }
    result = run(tmp_path / "run", FakeAssistant(replies), [cost, mayor, *changed])
    (drop,) = drops(result.judged)
    # asked: right for the cost twice; changed: three of four refused; lost: 1, 0, -1, -1
    assert (drop.change, drop.count, drop.asked, drop.changed) == ("year", 4, 0.5, 0.75)
    assert drop.lost == -0.25
    assert drop.low < drop.lost < drop.high
    page = (tmp_path / "run" / "report.html").read_text()
    assert "Under stress" in page
    assert drops(result.judged[:2]) == ()
    # a run that tells all of them is worse there by the three
    everything = {**replies, **{one.question: told for one in changed}}
    worse = run(tmp_path / "worse", FakeAssistant(everything, fed=6), [cost, mayor, *changed])
    (fallen,) = drops(worse.judged)
    assert (fallen.asked, fallen.changed, fallen.lost) == (0.5, 0.0, 0.5)
