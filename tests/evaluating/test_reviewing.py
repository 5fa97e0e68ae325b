"""Drafts and feedback become questions, by one path for the page and the terminal."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.conversing.archive import Archive
from qa.conversing.feedback import Verdict, question_set
from qa.conversing.records import KeptExchange
from qa.errors import BadQuestionSet
from qa.evaluating.questions import load_questions
from qa.evaluating.reviewing import FEEDBACK, QUESTIONS, Draft, Reviewer, made_of
from tests.cli.typed import qa
from tests.ui.harbour import FERRY_ANSWER, FERRY_QUESTION

RAIN = "On Monday it rained.\nIn the end\n  the sun shone."
TEXTS = {"rain": RAIN}
LINE = {"id": "q1", "question": "What did it do?", "answers": ["rained"], "articles": ["rain"],
        "evidence": ["On Monday it rained."], "tags": ["drafted"], "draft": True}  # fmt: skip


def file_of_drafts(home: Path, *lines: object) -> Path:
    folder = home / QUESTIONS
    folder.mkdir(parents=True)
    path = folder / "rain.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def judged(archive: Archive, owner: str) -> str:
    """A conversation in which an answer was found right."""
    id_ = archive.begin(owner, FERRY_QUESTION)
    asked = datetime(2024, 3, 16, tzinfo=UTC)
    archive.keep(owner, id_, KeptExchange(1, FERRY_QUESTION, asked, FERRY_ANSWER))
    assert archive.judge(owner, id_, 1, Verdict.RIGHT)
    return id_


def test_what_a_person_makes_of_a_draft() -> None:
    draft = Draft("rain.jsonl", LINE)
    made = made_of(draft, " And then? ", ["the sun"], ["In the end the sun shone."], TEXTS)
    assert made == {
        "id": "q1", "question": "And then?", "answers": ["the sun"], "articles": ["rain"],
        "evidence": ["In the end\n  the sun shone."], "tags": ["drafted"],
    }  # fmt: skip
    assert made_of(draft, "Did it snow?", [], [], TEXTS)["answers"] == []
    assert made_of(draft, "Did it snow?", None, [], TEXTS)["answers"] is None
    with pytest.raises(BadQuestionSet, match=r"“It snowed\.” stands in none of the articles"):
        made_of(draft, "Did it snow?", ["yes"], ["It snowed."], TEXTS)
    with pytest.raises(BadQuestionSet, match='"question" must be a text that is not empty'):
        made_of(draft, "  ", [], [], TEXTS)


def test_that_nothing_answers_a_draft_is_known_and_that_nobody_wrote_it_down_is_not() -> None:
    assert Draft("rain.jsonl", LINE).answers_known
    assert Draft("rain.jsonl", LINE | {"answers": []}).answers_known
    assert not Draft("rain.jsonl", LINE | {"answers": None}).answers_known


def test_drafts_of_files_are_decided_at_once_and_by_id(tmp_path: Path) -> None:
    path = file_of_drafts(tmp_path, LINE, LINE | {"id": "q2"}, LINE | {"id": "q3"})
    with Archive.open(tmp_path) as archive:
        reviewer = Reviewer(archive, "ann", tmp_path / QUESTIONS)
        first, second, third = reviewer.drafts()
        assert [one.source for one in reviewer.drafts()] == ["rain.jsonl"] * 3
        reviewer.decide(second, made_of(second, "When did it rain?", ["Monday"], [], TEXTS))
        reviewer.decide(first, None)
        reviewer.decide(first, None)  # twice is once
        assert reviewer.drafts() == (third,)
        assert Reviewer(archive, "ann", None).drafts() == ()
    (question,) = load_questions(path)
    assert (question.id, question.question, question.answers) == ("q2", "When did it rain?",
                                                                  ("Monday",))  # fmt: skip
    left = qa("questions", "review", path, typed="a\n")
    assert left.stdout.endswith(f"1 accepted; drafts left in {path}: 0\n")
    assert [one.id for one in load_questions(path)] == ["q2", "q3"]


def test_feedback_is_each_persons_own_and_what_it_became_is_exported(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Archive.open(home) as archive:
        judged(archive, "ann")
        ben_s = judged(archive, "ben")
        ann, ben = Reviewer(archive, "ann", None), Reviewer(archive, "ben", None)
        (hers,), (his,) = ann.drafts(), ben.drafts()
        assert (hers.source, hers.id, his.id) == (FEEDBACK, "feedback-1", "feedback-2")
        ann.decide(his, None)  # not hers to decide
        assert ben.drafts() == (his,)
        ann.decide(hers, dict(hers.line) | {"answers": ["on Thursday"]})
        assert ann.drafts() == ()
        lines = question_set(archive.judgements(), archive.reviewed())
        assert [line["answers"] for line in lines] == [["on Thursday"], his.line["answers"]]
        ben.decide(his, None)
    exported = qa("feedback", "export", QA_HOME=str(home))
    assert [json.loads(line)["answers"] for line in exported.stdout.splitlines()] == (
        [["on Thursday"]]
    )
    assert "1 rejected in a review" in exported.stderr
    with Archive.open(home) as archive:
        # judged anew it is to be reviewed anew; deleted, nothing of it is left
        assert archive.judge("ben", ben_s, 1, Verdict.SHOULD_REFUSE)
        (again,) = Reviewer(archive, "ben", None).drafts()
        assert again.line["answers"] == []
        Reviewer(archive, "ben", None).decide(again, None)
        archive.delete("ben", ben_s)
        assert list(archive.reviewed()) == [1]


def test_a_file_of_conversations_from_before_reviews_is_opened(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        judged(archive, "ann")
    with closing(sqlite3.connect(tmp_path / "conversations.db")) as connection:
        connection.execute("DROP TABLE reviewed")
    with Archive.open(tmp_path) as archive:
        reviewer = Reviewer(archive, "ann", None)
        (draft,) = reviewer.drafts()
        reviewer.decide(draft, None)
        assert reviewer.drafts() == ()
