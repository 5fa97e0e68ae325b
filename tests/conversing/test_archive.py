"""Conversations in a real file."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.conversing.archive import FILE_NAME, Archive
from qa.conversing.feedback import Verdict
from qa.conversing.records import (
    KeptExchange,
    Standing,
    digest_of,
    from_json,
    standing,
    title_of,
    to_json,
)
from qa.errors import ConversationError
from qa.types import Answer, Citation, Outcome
from tests.ui.harbour import (
    ARTICLES,
    EVIDENCE,
    FERRY,
    FERRY_ANSWER,
    FERRY_QUESTION,
    FIRE,
    HITS,
    close,
    conflicting,
    refused,
)
from tests.without_rights import run_without_rights

ASKED = datetime(2024, 3, 16, 12, 30, tzinfo=UTC)


def kept(number: int = 1, answer: Answer = FERRY_ANSWER) -> KeptExchange:
    return KeptExchange(number, answer.question, ASKED, answer, answer.hits)


@pytest.mark.parametrize(
    "exchange",
    [
        kept(),
        kept(2, conflicting("How many?")),
        kept(3, refused("Who sang Tosca?")),
        kept(4, close("Was anybody punished?")),
        KeptExchange(5, "Stopped?", ASKED, hits=HITS, written="half", evidence=EVIDENCE),
        KeptExchange(6, "\x00 <b> \u2028", ASKED, error="It failed."),
    ],
    ids=["answer", "conflict", "refusal", "close", "stopped", "failed"],
)
def test_an_exchange_is_read_back_as_it_was_kept(exchange: KeptExchange) -> None:
    assert from_json(to_json(exchange)) == exchange


BEFORE_EVIDENCE = """{
  "number": 3, "question": "When?", "asked": "2024-03-16T12:30:00Z", "hits": [], "written": "",
  "error": null,
  "answer": {
    "question": "When?", "text": "On Thursday [1].",
    "sentences": [{"text": "On Thursday [1].", "start": 0, "end": 16, "supported": true,
      "citations": [{"number": 1, "passage_id": "a#0", "start": 4, "end": 12}]}],
    "hits": [{"passage": {"id": "a#0", "article_id": "a", "title": "A", "published": "2024-03-14",
      "start": 0, "end": 13, "text": "On, Thursday.", "source": null, "page": null,
      "page_turns": []}, "score": 0.9, "found_by": "both", "cosine": 0.6, "also_in": []}],
    "refusal": null, "conflict": null, "model": "m",
    "timings": {"retrieve_s": 0.1, "first_token_s": 1.0, "total_s": 2.0},
    "usage": {"prompt_tokens": 1, "reused_tokens": 0, "completion_tokens": 1, "drafted_tokens": 0,
      "accepted_tokens": 0},
    "findings": [{"number": 1, "text": "Thursday", "signals": {"p_answer": 0.9}, "trust": 0.8}],
    "standing": 0.8
  }
}"""
"""An exchange as versions up to 0.1 kept it: findings, one trust for all of them, no evidence."""


def test_what_was_kept_before_there_was_evidence_is_read() -> None:
    answer = from_json(BEFORE_EVIDENCE).answer
    assert answer is not None
    assert (answer.text, answer.evidence, answer.confidence) == ("On Thursday [1].", (), None)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.sentences[0].citations == (Citation(1, "a#0", 4, 12),)


def test_a_refusal_that_was_kept_before_there_was_evidence_is_that_nothing_was_found() -> None:
    line = json.loads(BEFORE_EVIDENCE)
    line["answer"]["sentences"] = []
    line["answer"]["refusal"] = {"reason": "not_in_sources", "message": "The articles don't say."}
    answer = from_json(json.dumps(line)).answer
    assert answer is not None
    assert answer.outcome is Outcome.NOTHING


def test_what_was_kept_before_there_was_evidence_can_be_judged(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        id_ = archive.begin("ann", "When?")
        archive.keep("ann", id_, from_json(BEFORE_EVIDENCE))
        with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
            connection.execute(
                "UPDATE exchanges SET words = '', kept = ?, digest = ?",
                (BEFORE_EVIDENCE, digest_of(3, "", BEFORE_EVIDENCE)),
            )
        assert archive.judge("ann", id_, 3, Verdict.WRONG)
        assert archive.verdicts("ann", id_) == {3: Verdict.WRONG}


def test_a_conversation_outlives_the_process(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        id_ = archive.begin("ann", FERRY_QUESTION, "ferries")
        archive.keep("ann", id_, kept())
        archive.keep("ann", id_, kept(2, refused("Who sang Tosca?")))
    with Archive.open(tmp_path) as archive:
        found = archive.conversation("ann", id_)
        assert found is not None
        assert (found.title, found.collection) == (FERRY_QUESTION, "ferries")
        assert found.exchanges == (kept(), kept(2, refused("Who sang Tosca?")))


def test_nobody_sees_or_changes_what_is_anothers(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        id_ = archive.begin("ann", FERRY_QUESTION)
        archive.keep("bob", id_, kept())
        archive.rename("bob", id_, "Mine")
        archive.delete("bob", id_)
        assert archive.conversation("bob", id_) is None
        assert archive.conversations("bob") == ()
        (line,) = archive.conversations("ann")
        assert (line.title, line.questions) == (FERRY_QUESTION, 0)


def test_an_exchange_takes_the_place_of_all_from_its_number_on(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        id_ = archive.begin("ann", FERRY_QUESTION)
        for number in (1, 2, 3):
            archive.keep("ann", id_, kept(number))
        archive.keep("ann", id_, kept(2, refused("Again?")))
        found = archive.conversation("ann", id_)
        assert found is not None
        assert [one.question for one in found.exchanges] == [FERRY_QUESTION, "Again?"]


def test_a_list_is_searched_by_words_of_questions_answers_and_titles(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        first = archive.begin("ann", FERRY_QUESTION)
        archive.keep("ann", first, kept())
        second = archive.begin("ann", "Who sang Tosca in ÅLESUND?")
        archive.keep("ann", second, kept(1, refused("Who sang Tosca?")))

        def found(search: str) -> list[str]:
            return [line.id for line in archive.conversations("ann", search)]

        assert found("") == [second, first]
        assert found("PASSENGERS thursday") == [first]
        assert found("ålesund") == [second]
        assert found("passengers tosca") == []
        archive.rename("ann", first, "  The   ferry  ")
        archive.rename("ann", second, "  ")
        assert [line.title for line in archive.conversations("ann")] == [
            "Who sang Tosca in ÅLESUND?",
            "The ferry",
        ]
        archive.delete("ann", second)
        assert found("") == [first]


def test_what_is_deleted_leaves_the_disk(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        id_ = archive.begin("ann", FERRY_QUESTION)
        archive.keep("ann", id_, kept())
        archive.delete("ann", id_)
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"Aldona" not in written


def test_a_file_that_is_no_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("not a database at all, but long enough to be read as one")
    with pytest.raises(ConversationError, match=r"conversations\.db .*move it away"):
        Archive.open(tmp_path)


def test_an_archive_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ConversationError, match="newer version"):
        Archive.open(tmp_path)


def test_a_damaged_conversation_is_named_and_the_others_stay(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        id_ = archive.begin("ann", FERRY_QUESTION)
        archive.keep("ann", id_, kept())
        connection = sqlite3.connect(tmp_path / FILE_NAME)
        with connection:
            connection.execute("UPDATE exchanges SET kept = '{}'")
        connection.close()
        with pytest.raises(ConversationError, match="is damaged"):
            archive.conversation("ann", id_)
        assert len(archive.conversations("ann")) == 1


IN_MEMORY = """
import sys
from pathlib import Path
from qa.conversing.archive import Archive

with Archive.open(Path(sys.argv[1])) as archive:
    assert not archive.lasts
    archive.begin("ann", "And the new one?")
    print(*sorted(line.title for line in archive.conversations("ann")), sep="\\n")
"""


@pytest.mark.slow
def test_in_a_home_that_cannot_be_written_conversations_end_with_the_page(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Archive.open(home) as archive:
        assert archive.lasts
        archive.begin("ann", "When did it sail?")
    home.chmod(0o555)
    try:
        said = run_without_rights(IN_MEMORY, home)
    finally:
        home.chmod(0o755)
    assert said.splitlines() == ["And the new one?", "When did it sail?"]
    with Archive.open(home) as archive:
        assert [line.title for line in archive.conversations("ann")] == ["When did it sail?"]


def test_what_becomes_of_a_passage() -> None:
    ferry, fire, *_ = ARTICLES
    assert standing(FERRY, ferry) is Standing.STANDS
    assert standing(FIRE, ferry) is Standing.CHANGED
    assert standing(FIRE, fire) is Standing.STANDS
    assert standing(FERRY, None) is Standing.GONE


def test_a_title_is_one_line_of_a_question() -> None:
    assert title_of("When\n  did   it sail?") == "When did it sail?"
    assert title_of("x" * 100) == "x" * 79 + "…"
