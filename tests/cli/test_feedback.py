"""`qa feedback`, as a person types it."""

from datetime import UTC, datetime
from pathlib import Path

from qa.conversing.archive import Archive
from qa.conversing.feedback import Verdict
from qa.conversing.records import KeptExchange
from qa.evaluating.questions import load_questions
from qa.settings import load_settings
from tests.cli.typed import qa
from tests.ui.harbour import FERRY_ANSWER, FERRY_QUESTION, refused


def test_judged_answers_become_a_question_set(tmp_path: Path) -> None:
    with Archive.open(load_settings().home) as archive:
        id_ = archive.begin("ann", FERRY_QUESTION)
        for number, answer, verdict in (
            (1, FERRY_ANSWER, Verdict.RIGHT),
            (2, refused("Who sang Tosca?"), Verdict.WRONG),
        ):
            now = datetime.now(UTC)
            archive.keep("ann", id_, KeptExchange(number, answer.question, now, answer))
            archive.judge("ann", id_, number, verdict)
    exported = qa("feedback", "export", tmp_path / "set.jsonl")
    assert exported.returncode == 0
    assert "1 questions; 1 left out, for nobody said what would be right." in exported.stderr
    (question,) = load_questions(tmp_path / "set.jsonl")
    assert question.question == FERRY_QUESTION
    assert qa("feedback", "export").stdout == (tmp_path / "set.jsonl").read_text(encoding="utf-8")
