"""What a person sees in a terminal while an answer comes, and when it is there."""

import pytest

from qa.cli.terminal import AnswerStream, print_answer
from qa.types import Answered, Event, Reading, Retrieved, Waiting, Writing
from tests.ui.scripted import FERRY_ANSWER, HITS, conflicting, refused

Captured = pytest.CaptureFixture[str]


def shown(*events: Event) -> str:
    """What the last of these events leaves on the screen."""
    with AnswerStream() as stream:
        for event in events:
            stream.show(event)
        return stream.line


def test_reading_goes_on_behind_what_is_shown() -> None:
    events: list[Event] = [Retrieved(HITS), Reading(240, 600)]
    assert shown() == "Looking for passages…"
    assert shown(*events) == "Reading 3 passages… 40%"
    assert shown(*events, Waiting(1)) == "1 ahead of you…"
    assert shown(*events, Waiting(1), Waiting(0)) == "Reading 3 passages… 40%"
    events += [Writing("Argentina"), Reading(360, 600)]
    checking = "Argentina (not checked yet; checking the other passages… 60%)"
    assert shown(*events) == checking
    assert shown(*events, Reading(300, 600)) == checking
    assert shown(*events, Waiting(1)) == "Argentina (not checked yet; 1 ahead of you…)"


def test_a_single_passage_has_no_others() -> None:
    events = (Retrieved(HITS[:1]), Reading(600, 600))
    assert shown(*events) == "Reading 1 passage… 100%"
    assert shown(*events, Writing("A")) == "A (not checked yet; checking… 100%)"


def test_the_answer_is_there_at_the_end() -> None:
    with AnswerStream() as stream:
        stream.show(Answered(FERRY_ANSWER))
    assert stream.answer == FERRY_ANSWER


def test_what_no_source_says_is_marked(capsys: Captured) -> None:
    print_answer(FERRY_ANSWER)
    assert (
        "On board were 212 passengers [1]. The captain called it a good day. "
        "(not found in the sources)\n\nSources\n[1] Ferry back in service after eleven days\n"
    ) in capsys.readouterr().out


def test_sides_that_disagree_stand_apart(capsys: Captured) -> None:
    print_answer(conflicting("How many?"))
    assert capsys.readouterr().out.startswith(
        "The articles disagree\n"
        "  2024-03-15 · Island Gazette (newer)\n"
        "    198 passengers were on board [4].\n"
        "  2024-03-14 · Harbour Courier\n"
        "    212 passengers were on board [1].\n"
        "\n"
        "Sources\n"
    )


def test_a_refusal_says_what_would_be_needed_and_what_was_looked_at(capsys: Captured) -> None:
    print_answer(refused("Who sang Tosca?"))
    assert capsys.readouterr().out.startswith(
        "The articles don't say. None of those found speaks of Tosca. "
        "Closest: Ferry back in service after eleven days (14 March 2024).\n"
        "\n"
        "Looked at\n"
        "[1] Ferry back in service after eleven days\n"
    )
