from dataclasses import replace

import pytest

from qa.conversing.showing import behind_day, opening, quotes_beside, with_sentence
from qa.types import Evidence
from tests.ui.harbour import (
    BROKE_OUT,
    EVIDENCE,
    FERRY,
    FERRY_ANSWER,
    NOBODY,
    ON_BOARD,
    SAILED,
    answer,
    cite,
    close,
    conflicting,
    quote,
)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Nobody was hurt [2].", (SAILED, BROKE_OUT, ON_BOARD)),
        ("“Nobody was hurt.” [2]", (SAILED, BROKE_OUT, ON_BOARD)),
        ("Then nobody was\nhurt, they say [2].", (SAILED, BROKE_OUT, ON_BOARD)),
        ("Nobody was badly hurt [2].", EVIDENCE),
        ("Nobody [2] was hurt.", (SAILED, BROKE_OUT, ON_BOARD)),
    ],
)
def test_what_a_sentence_repeats_is_not_told_beside_it(
    said: str, left: tuple[Evidence, ...]
) -> None:
    assert quotes_beside(answer("When?", ((said, ()),), evidence=EVIDENCE)) == left


def test_a_quote_of_several_sentences_is_repeated_only_as_a_whole() -> None:
    both = quote(FERRY, 1, f"{SAILED.quote} {ON_BOARD.quote}", 9.0)
    cited = (cite(FERRY, 1, SAILED.quote),)
    first = (f"{SAILED.quote[:-1]} [1].", cited)
    second = (f"{ON_BOARD.quote[:-1]} [1].", cited)
    assert quotes_beside(answer("When?", (first,), evidence=(both,))) == (both,)
    assert quotes_beside(answer("When?", (first, second), evidence=(both,))) == ()


def test_other_words_and_a_message_repeat_nothing() -> None:
    assert quotes_beside(FERRY_ANSWER) == EVIDENCE
    assert quotes_beside(close("Was anybody punished?")) == (BROKE_OUT, NOBODY, ON_BOARD)
    assert quotes_beside(conflicting("How many?")) == ()
    assert quotes_beside(replace(FERRY_ANSWER, evidence=())) == ()


def test_sentences_are_joined_by_one_space_or_by_their_own_line_break() -> None:
    assert with_sentence("", "One [1].") == "One [1]."
    assert with_sentence("One [1].", "Two [2].") == "One [1]. Two [2]."
    assert with_sentence("One [1].", "\n- Two [2].") == "One [1].\n- Two [2]."
    assert with_sentence("One [1]. ", "Two [2].") == "One [1]. Two [2]."


def test_a_side_goes_on_behind_its_day_and_any_other_sentence_at_its_start() -> None:
    told = conflicting("How many?")
    assert opening(told) == "The articles differ; the newest comes first."
    first, second = told.sentences
    assert told.text[behind_day(first, told.hits) :].startswith("“The company has counted again")
    assert told.text[behind_day(second, told.hits) :] == (
        "“The harbour office said that 212 passengers were on board.” [1]"
    )
    other = answer("When?", (("13 March 2024: no [1].", (cite(FERRY, 1, "212"),)),))
    assert behind_day(other.sentences[0], other.hits) == 0
    assert opening(FERRY_ANSWER) == ""
    assert behind_day(FERRY_ANSWER.sentences[2], FERRY_ANSWER.hits) == (
        FERRY_ANSWER.sentences[2].start
    )
