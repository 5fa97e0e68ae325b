import json
from dataclasses import replace
from datetime import UTC, datetime

from qa.answering.answer_json import answer_object
from qa.conversing.exporting import as_json, as_markdown, as_text
from qa.conversing.records import Conversation, KeptExchange
from qa.types import Answer
from tests.ui.harbour import (
    FERRY,
    FERRY_ANSWER,
    FERRY_QUESTION,
    HITS,
    SAILED,
    answer,
    cite,
    close,
    hit,
    refused,
)

ASKED = datetime(2024, 3, 16, 12, 30, tzinfo=UTC)

WHOLE = Conversation(
    "id",
    "The [ferry]",
    "main",
    (
        KeptExchange(1, FERRY_QUESTION, ASKED, FERRY_ANSWER, HITS),
        KeptExchange(
            2, "And\nthe <b>cook</b>?", ASKED, hits=HITS[:1], written="Half of", evidence=(SAILED,)
        ),
        KeptExchange(3, "Who won?", ASKED, error="It failed."),
    ),
)


def test_markdown_says_what_a_follow_up_was_understood_as() -> None:
    told = replace(FERRY_ANSWER, understood="Who cooks on the [Aldona]?")
    kept = KeptExchange(1, "And who cooks?", ASKED, told, HITS)
    lines = as_markdown(replace(WHOLE, exchanges=(kept,))).splitlines()
    assert lines[2:5] == [
        "## And who cooks?",
        "",
        "*Understood as: Who cooks on the \\[Aldona\\]?*",
    ]


def test_markdown_has_each_answer_with_the_quotes_beside_it_and_its_sources() -> None:
    assert as_markdown(WHOLE) == (
        "# The \\[ferry\\]\n\n"
        f"## {FERRY_QUESTION}\n\n"
        "The Aldona sailed again on Thursday \\[1\\], eleven days after the fire in her engine "
        "room \\[1\\]\\[2\\]. On board were 212 passengers \\[1\\]. The captain called it a good "
        "day. *(not found in the sources)*\n\n"
        "What the articles say:\n\n"
        "- “The ferry Aldona sailed again on Thursday morning, eleven days after a fire in her "
        "engine room.” \\[1\\]\n"
        "- “A fire broke out in the engine room of the ferry Aldona on Sunday evening.” \\[2\\]\n"
        "- “The harbour office said that 212 passengers were on board.” \\[1\\]\n"
        "- “Nobody was hurt.” \\[2\\]\n\n"
        "1. Ferry back in service after eleven days · 2024-03-14 · Harbour Courier · "
        "harbour/ferry\n"
        "   > The ferry Aldona sailed again on Thursday morning, eleven days after a fire in her "
        "engine room.\n"
        "   > 212 passengers were on board\n"
        "2. Fire on the Aldona put out within an hour · 2024-03-03 · Harbour Courier · "
        "harbour/fire\n"
        "   > A fire broke out in the engine room of the ferry Aldona\n"
        "3. Council votes for a smaller harbour budget · undated · council/budget\n\n"
        "## And the \\<b\\>cook\\</b\\>?\n\n"
        "Half of Stopped before there was an answer.\n\n"
        "- “The ferry Aldona sailed again on Thursday morning, eleven days after a fire in her "
        "engine room.” \\[1\\]\n\n"
        "## Who won?\n\n"
        "It failed.\n"
    )


def test_json_has_the_object_of_the_command_line() -> None:
    exported = json.loads(as_json(WHOLE))
    assert exported["title"] == "The [ferry]"
    first, stopped, failed = exported["exchanges"]
    assert first.pop("asked") == "2024-03-16T12:30:00+00:00"
    assert first == json.loads(json.dumps(answer_object(FERRY_ANSWER)))
    assert (stopped["answer"], stopped["written"], len(stopped["sources"])) == (None, "Half of", 1)
    assert [one["answer"] for one in stopped["evidence"]] == ["Thursday morning"]
    assert failed["error"] == "It failed."


def exported(given: Answer) -> str:
    kept = KeptExchange(1, given.question, ASKED, given, given.hits)
    return as_markdown(replace(WHOLE, exchanges=(kept,)))


def test_a_refusal_is_its_message() -> None:
    told = exported(refused("Who sang Tosca?"))
    assert "\n\nNothing in the articles bears on this question. Ask with words that" in told
    assert "What the articles say" not in told


def test_quotes_that_come_close_stand_behind_the_message_and_are_copied_with_it() -> None:
    given = close("Was anybody punished?")
    assert (
        "The articles do not say this outright. The closest they come:\n\n"
        "- “A fire broke out in the engine room of the ferry Aldona on Sunday evening.” \\[2\\]\n"
        "- “Nobody was hurt.” \\[2\\]\n"
        "- “The harbour office said that 212 passengers were on board.” \\[1\\]\n\n"
        "1. Ferry back"
    ) in exported(given)
    assert as_text(given) == (
        "The articles do not say this outright. The closest they come:\n\n"
        "“A fire broke out in the engine room of the ferry Aldona on Sunday evening.”\n"
        "    [2] Fire on the Aldona put out within an hour · 2024-03-03 · Harbour Courier · "
        "harbour/fire\n\n"
        "“Nobody was hurt.”\n"
        "    [2] Fire on the Aldona put out within an hour · 2024-03-03 · Harbour Courier · "
        "harbour/fire\n\n"
        "“The harbour office said that 212 passengers were on board.”\n"
        "    [1] Ferry back in service after eleven days · 2024-03-14 · Harbour Courier · "
        "harbour/ferry"
    )


def test_a_quote_that_is_the_answer_is_told_once() -> None:
    said = f"{SAILED.quote.rstrip('.')} [1]."
    given = answer(
        FERRY_QUESTION, ((said, (cite(FERRY, 1, SAILED.quote),)),), (hit(FERRY),), None, (SAILED,)
    )
    assert "What the articles say" not in exported(given)
