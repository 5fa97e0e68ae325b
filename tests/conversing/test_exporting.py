import json
from dataclasses import replace
from datetime import UTC, datetime

from qa.answering.answer_json import answer_object
from qa.conversing.exporting import as_json, as_markdown
from qa.conversing.records import Conversation, KeptExchange
from tests.ui.scripted import FERRY_ANSWER, FERRY_QUESTION, HITS, refused

ASKED = datetime(2024, 3, 16, 12, 30, tzinfo=UTC)

WHOLE = Conversation(
    "id",
    "The [ferry]",
    "main",
    (
        KeptExchange(1, FERRY_QUESTION, ASKED, FERRY_ANSWER, HITS),
        KeptExchange(2, "And\nthe <b>cook</b>?", ASKED, hits=HITS[:1], written="Half of"),
        KeptExchange(3, "Who won?", ASKED, error="It failed."),
    ),
)


def test_markdown_has_each_answer_with_its_sources_and_their_words() -> None:
    assert as_markdown(WHOLE) == (
        "# The \\[ferry\\]\n\n"
        f"## {FERRY_QUESTION}\n\n"
        "The Aldona sailed again on Thursday \\[1\\], eleven days after the fire in her engine "
        "room \\[1\\]\\[2\\]. On board were 212 passengers \\[1\\]. The captain called it a good "
        "day. *(not found in the sources)*\n\n"
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
    assert failed["error"] == "It failed."


def test_a_refusal_is_its_message() -> None:
    answer = refused("Who sang Tosca?")
    told = replace(WHOLE, exchanges=(KeptExchange(1, "Who sang Tosca?", ASKED, answer, HITS),))
    assert "The articles don't say. None of those found speaks of Tosca." in as_markdown(told)
