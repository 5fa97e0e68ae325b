from pathlib import Path

from arms import ARMS, cases_of, digest, files_digest, missing_folders
from cases import Case

from qa.evaluating.questions import Question


class TestDigest:
    arm, other = ARMS[0], ARMS[1]
    case = Case("seeds", Question("1", "Who?", ("Ann",)), "seeds")

    def test_the_same_question_has_the_same_digest(self) -> None:
        again = Case("seeds", Question("1", "Who?", ("Ann",)), "seeds")
        assert digest(self.arm, self.case, {"a": 1}) == digest(self.arm, again, {"a": 1})

    def test_what_decides_a_reply_changes_it(self) -> None:
        changed = Case("seeds", Question("1", "Who?", ("Ann", "Bob")), "seeds")
        digests = {
            digest(self.arm, self.case, {"a": 1}),
            digest(self.other, self.case, {"a": 1}),
            digest(self.arm, changed, {"a": 1}),
            digest(self.arm, self.case, {"a": 2}),
        }
        assert len(digests) == 4

    def test_files_count_by_name_and_content_and_caches_do_not(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_text("1")
        before = files_digest([tmp_path])
        (tmp_path / "__pycache__").mkdir()
        (tmp_path / "__pycache__" / "a.pyc").write_text("2")
        assert files_digest([tmp_path]) == before
        (tmp_path / "a.py").write_text("2")
        assert files_digest([tmp_path]) != before


def test_a_whole_run_is_planned_below_an_hour_and_a_quick_one_below_ten_minutes() -> None:
    def minutes(*, quick: bool) -> float:
        return sum(a.count(quick=quick) * len(a.kinds) * a.seconds for a in ARMS) / 60

    assert minutes(quick=False) < 57
    assert minutes(quick=True) < 9


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "rgb").mkdir()
    (tmp_path / "rgb" / "conflict.jsonl").touch()
    assert missing_folders(tmp_path) == {
        "squad2": f"is not whole: there is no {tmp_path / 'squad2' / 'sample100.jsonl'}"
    }
    assert set(missing_folders(None)) == {"rgb", "squad2"}


def test_seeds_questions_are_parted_by_their_history() -> None:
    assert not any(case.question.history for case in cases_of("seeds", None))
    assert all(case.question.history for case in cases_of("followups", None))
