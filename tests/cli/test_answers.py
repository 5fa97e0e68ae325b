"""What a person sees in a terminal while an answer comes, and when it is there."""

from dataclasses import replace

import pytest

from qa.cli.answers import AnswerStream, print_answer
from qa.types import Answered, Event, Reading, Retrieved, Waiting, Writing
from tests.ui.harbour import (
    EVIDENCE,
    FERRY,
    FERRY_ANSWER,
    FERRY_QUESTION,
    HITS,
    SAILED,
    answer,
    cite,
    close,
    conflicting,
    hit,
    quote,
    refused,
)

Captured = pytest.CaptureFixture[str]

QUOTE = [
    "[1] “The ferry Aldona sailed again on Thursday morning, eleven days after a fire in her "
    "engine room.”",
    "    Ferry back in service after eleven days · 2024-03-14 · also in 2 articles: wire/ferry-1, "
    "wire/ferry-2",
]


def shown(*events: Event) -> list[str]:
    """What the last of these events leaves on the screen."""
    with AnswerStream() as stream:
        for event in events:
            stream.show(event)
        return [line.plain for line in stream.lines]


def test_the_quotes_are_there_before_the_model_reads_them() -> None:
    found = Retrieved(HITS, (SAILED,))
    assert shown() == ["Looking through the articles…"]
    assert shown(found) == ["Reading 1 quote… 0%", *QUOTE]
    assert shown(found, Reading(240, 600)) == ["Reading 1 quote… 40%", *QUOTE]
    assert shown(found, Waiting(1)) == ["1 ahead of you…", *QUOTE]
    assert shown(found, Waiting(1), Waiting(0), Reading(240, 600), Reading(60, 600)) == [
        "Reading 1 quote… 40%",
        *QUOTE,
    ]
    assert shown(Retrieved(HITS, EVIDENCE))[0] == "Reading 4 quotes… 0%"
    assert shown(Retrieved(HITS)) == ["Reading 3 passages… 0%"]


def test_each_sentence_comes_above_the_quotes() -> None:
    events = (Retrieved(HITS, (SAILED,)), Reading(600, 600), Writing("On Thursday [1]."))
    writing = "Writing, and checking each sentence…"
    assert shown(*events) == ["On Thursday [1].", writing, *QUOTE]
    assert shown(*events, Writing("It burned [2].")) == [
        "On Thursday [1]. It burned [2].",
        writing,
        *QUOTE,
    ]


def test_while_an_answer_comes_nothing_goes_to_stdout(capsys: Captured) -> None:
    shown(Retrieved(HITS, EVIDENCE), Writing("On Thursday [1]."), Answered(FERRY_ANSWER))
    assert capsys.readouterr().out == ""


def test_the_answer_is_there_at_the_end() -> None:
    with AnswerStream() as stream:
        stream.show(Answered(FERRY_ANSWER))
    assert stream.answer == FERRY_ANSWER


def test_an_answer_then_what_the_articles_say_then_its_sources(capsys: Captured) -> None:
    print_answer(FERRY_ANSWER)
    assert capsys.readouterr().out.startswith(
        "The Aldona sailed again on Thursday [1], eleven days after the fire in her engine room "
        "[1][2]. On board were 212 passengers [1]. The captain called it a good day. "
        "(not found in the sources)\n"
        "\n"
        "The articles say\n"
        f"{QUOTE[0]}\n"
        f"{QUOTE[1]}\n"
        "[2] “A fire broke out in the engine room of the ferry Aldona on Sunday evening.”\n"
        "    Fire on the Aldona put out within an hour · 2024-03-03\n"
        "[1] “The harbour office said that 212 passengers were on board.”\n"
        "    Ferry back in service after eleven days · 2024-03-14\n"
        "[2] “Nobody was hurt.”\n"
        "    Fire on the Aldona put out within an hour · 2024-03-03\n"
        "\n"
        "Sources\n"
        "[1] Ferry back in service after eleven days\n"
    )


def test_a_quote_that_is_the_answer_is_told_once(capsys: Captured) -> None:
    said = f"{SAILED.quote[:-1]} [1]."
    cited = (cite(FERRY, 1, SAILED.quote),)
    print_answer(answer(FERRY_QUESTION, ((said, cited),), (hit(FERRY),), None, (SAILED,)))
    assert capsys.readouterr().out.startswith(f"{said}\n\nSources\n[1] Ferry back")


def test_a_quote_over_two_paragraphs_is_one_line(capsys: Captured) -> None:
    text = "She sailed.\n\nOn\nThursday, they say."
    passage = replace(FERRY, text=text)
    found = quote(passage, 1, text, 9.0, "On\nThursday")
    cited = (cite(passage, 1, "She sailed.\n\nOn"),)
    print_answer(answer("When?", (("Later [1].", cited),), (hit(passage),), None, (found,)))
    told = capsys.readouterr().out
    assert "\n[1] “She sailed. On Thursday, they say.”\n    Ferry back" in told
    assert told.endswith("    “She sailed. On”\n")


def test_lines_of_an_answer_stay_lines(capsys: Captured) -> None:
    given = answer("List them?", (("- Aldona [1]", ()),), ())
    print_answer(given)
    assert capsys.readouterr().out == "- Aldona [1] (not found in the sources)\n"


def test_sides_that_disagree_stand_apart(capsys: Captured) -> None:
    print_answer(conflicting("How many?"))
    assert capsys.readouterr().out.startswith(
        "The articles differ; the newest comes first\n"
        "  2024-03-15 · Island Gazette (newer)\n"
        "    “The company has counted again: 198 passengers were on board when the ferry sailed on "
        "Thursday.” [4]\n"
        "  2024-03-14 · Harbour Courier\n"
        "    “The harbour office said that 212 passengers were on board.” [1]\n"
        "\n"
        "Sources\n"
    )


def test_what_comes_close_is_a_message_with_quotes_and_their_sources(capsys: Captured) -> None:
    print_answer(close("Was anybody punished?"))
    assert capsys.readouterr().out.startswith(
        "The articles do not say this outright. The closest they come:\n"
        "\n"
        "[2] “A fire broke out in the engine room of the ferry Aldona on Sunday evening.”\n"
        "    Fire on the Aldona put out within an hour · 2024-03-03\n"
        "[2] “Nobody was hurt.”\n"
        "    Fire on the Aldona put out within an hour · 2024-03-03\n"
        "[1] “The harbour office said that 212 passengers were on board.”\n"
        "    Ferry back in service after eleven days · 2024-03-14\n"
        "\n"
        "Sources\n"
        "[1] Ferry back in service after eleven days\n"
    )


def test_where_nothing_bears_on_it_what_was_looked_at_is_told(capsys: Captured) -> None:
    print_answer(refused("Who sang Tosca?"))
    assert capsys.readouterr().out.startswith(
        "Nothing in the articles bears on this question. Ask with words that the articles "
        "themselves would use, in their language. "
        "Closest: Ferry back in service after eleven days (14 March 2024).\n"
        "\n"
        "Looked at\n"
        "[1] Ferry back in service after eleven days\n"
    )
    print_answer(refused("Who sang Tosca?", ()))
    assert "Looked at" not in capsys.readouterr().out
