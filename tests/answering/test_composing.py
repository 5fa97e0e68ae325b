"""Findings become sentences that their sources support, and sentences an answer."""

from dataclasses import replace
from datetime import date

import pytest

from qa.answering.composing import compose, say_checked
from qa.types import Sentence, Side
from tests.answering.builders import hit
from tests.answering.findings import finding, signals

OLDER = hit(
    "At least 150 ships were waiting on Thursday.",
    title="Weeks",
    published=date(2021, 3, 25),
    article_id="old",
)
NEWER = hit(
    "At least 237 ships were waiting on Friday.",
    title="Hopes",
    published=date(2021, 3, 26),
    article_id="new",
)
AGAIN = hit(
    "By Friday 237 ships were waiting.",
    title="Queue",
    published=date(2021, 3, 27),
    article_id="again",
)
HITS = [OLDER, NEWER, AGAIN]
ASKED = "How many ships were waiting?"


def checked(number: int, text: str, said: str) -> Sentence:
    sentence = say_checked(ASKED, [finding(number, text, 0.9)], said, HITS, None)
    assert sentence is not None
    return sentence


def test_a_sentence_that_says_what_was_found_cites_every_source_that_does() -> None:
    group = [finding(2, "237 ships", 0.9), finding(3, "237", 0.8)]
    sentence = say_checked(ASKED, group, "237 ships were waiting.", HITS, None)
    assert sentence is not None
    assert sentence.text == "237 ships were waiting [2][3]."
    assert [citation.number for citation in sentence.citations] == [2, 3]
    assert (sentence.start, sentence.end) == (0, len(sentence.text))


def test_numbers_that_the_model_wrote_are_not_taken() -> None:
    assert checked(2, "237", "237 ships were waiting [9] [Source 1].").text == (
        "237 ships were waiting [2]."
    )


def test_brackets_that_are_no_numbers_stay() -> None:
    assert checked(2, "237", "237 [ships] were waiting.").text == "237 [ships] were waiting [2]."


RAMBLING = "237 ships were waiting, some loaded with cattle, grain, furniture, oil and cars."


@pytest.mark.parametrize("said", ["Many ships were waiting.", "", "150.", RAMBLING])
def test_what_was_found_stands_in_for_a_sentence_that_does_not(said: str) -> None:
    assert checked(2, "237 ships", said).text == "237 ships [2]."


def test_a_sentence_that_adds_what_no_source_says_gives_way_to_what_was_found() -> None:
    assert checked(2, "237 ships", "237 ships were burning in the canal.").text == "237 ships [2]."


def test_a_bare_finding_is_not_told_where_the_article_knows_nobody_asked_about() -> None:
    unknown = replace(finding(2, "237", 0.49), signals=signals(names_there=0.7))
    assert say_checked(ASKED, [unknown], "237 ships were burning.", HITS, None) is None
    trusted = replace(unknown, trust=0.5)
    sentence = say_checked(ASKED, [trusted], "237 ships were burning.", HITS, None)
    assert sentence is not None
    assert sentence.text == "237 [2]."


def test_a_bare_finding_of_the_first_round_is_none_of_the_second() -> None:
    vote = hit("A second round follows. In the first round Pavel won 35.40 percent.")

    def told(question: str) -> Sentence | None:
        return say_checked(question, [finding(1, "35.40 percent", 0.9)], "", [vote], None)

    assert told("How much did Pavel win in the second round?") is None
    first = told("How much did Pavel win in the first round?")
    assert first is not None
    assert first.text == "35.40 percent [1]."


def test_nothing_is_said_that_no_source_supports() -> None:
    assert (
        say_checked(ASKED, [finding(2, "999 ships", 0.9)], "999 ships waited.", HITS, None) is None
    )


def test_one_sentence_is_the_answer() -> None:
    lone = hit("The Ever Given is 400 metres long.", published=None)
    question = "How long is the Ever Given?"
    sentence = say_checked(
        question, [finding(1, "400 metres", 1)], "It is 400 metres.", [lone], None
    )
    assert sentence is not None
    composed = compose(question, [sentence], [lone])
    assert composed.checked.text == "It is 400 metres [1]."
    assert composed.checked.sentences == (sentence,)
    assert composed.conflict is None


def test_the_day_is_named_where_another_day_has_another_figure() -> None:
    composed = compose(ASKED, [checked(2, "237 ships", "237 ships were waiting.")], HITS)
    (sentence,) = composed.checked.sentences
    assert composed.checked.text == sentence.text
    assert sentence.text == "237 ships were waiting (as of 26 March 2021) [2]."
    assert sentence.end == len(sentence.text)


def test_sides_stand_beside_each_other_with_their_days() -> None:
    sentences = [
        checked(2, "237 ships", "237 ships were waiting."),
        checked(1, "150 ships", "At least 150 ships were waiting."),
    ]
    composed = compose(ASKED, sentences, HITS)
    text = composed.checked.text
    assert text == (
        "The articles disagree. 26 March 2021: 237 ships were waiting [2]. "
        "25 March 2021: At least 150 ships were waiting [1]."
    )
    assert [text[one.start : one.end] for one in composed.checked.sentences] == [
        "237 ships were waiting [2].",
        "At least 150 ships were waiting [1].",
    ]
    assert composed.conflict == (
        Side("237 ships were waiting.", (2,)),
        Side("At least 150 ships were waiting.", (1,)),
    )


def test_a_side_without_a_date() -> None:
    undated = hit("In all 99 ships were waiting.", published=None, article_id="undated")
    hits = [NEWER, undated]
    sentences = [
        one
        for number, text in ((1, "237 ships"), (2, "99 ships"))
        if (one := say_checked(ASKED, [finding(number, text, 1)], "", hits, None))
    ]
    assert compose(ASKED, sentences, hits).checked.text == (
        "The articles disagree. 26 March 2021: 237 ships [1]. 99 ships [2]."
    )
