"""Which kind of answer a question asks for, and whether it was given."""

import pytest

from qa.answering.kinds import kind_fits


@pytest.mark.parametrize(
    ("question", "fitting", "other"),
    [
        ("Who met Wang Yi?", "Antony Blinken", "the secretary of state"),
        ("And who chartered it?", "Evergreen", "an operator"),
        ("Who was awarded the prize?", "Olga Tokarczuk", "Austrian author"),
        ("When was the ship refloated?", "on Monday", "at the southern end"),
        ("In what year was it built?", "2018", "after the war"),
        ("What is the date of the vote?", "14 January", "before the run-off"),
        ("How many tugs were there?", "eight", "several tugs"),
        ("How long is the ship?", "400 metres", "very long"),
        ("By how many votes did he win?", "958,655", "58.32%"),
        ("How many per cent did he win?", "58.32%", "most"),
        ("Who had Wang Yi to dinner?", "Viktor Orbán", "Wang Yi"),
        ("When was the 2019 prize awarded?", "in October 2019", "2019"),
    ],
)
def test_an_answer_of_the_kind_asked_for(question: str, fitting: str, other: str) -> None:
    assert kind_fits(question, fitting) == 1.0
    assert kind_fits(question, other) == 0.0


@pytest.mark.parametrize(
    "question",
    [
        "Where did they meet?",
        "What does he do when he is tired?",
        "How did it end?",
        "Wer traf Wang Yi?",
        "What happened to those who left?",
    ],
)
def test_other_questions_take_any_answer(question: str) -> None:
    assert kind_fits(question, "the end of the pier") == 1.0


def test_nothing_is_no_name() -> None:
    assert kind_fits("Who?", "") == 0.0
