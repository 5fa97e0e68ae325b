import json
from pathlib import Path

from arms import ARMS, articles_of, cases_of, digest, files_digest, missing_sets
from cases import Case
from everyday import stands
from splits import Part, repliqa_part

from qa.evaluating.questions import Question


class TestDigest:
    arm, other = ARMS[0], ARMS[1]
    case = Case("seeds", Question("1", "Who?", ("Ann",)), "seeds")

    def test_the_same_question_has_the_same_digest(self) -> None:
        again = Case("seeds", Question("1", "Who?", ("Ann",)), "seeds")
        assert digest(self.arm, self.case, {"a": 1}) == digest(self.arm, again, {"a": 1})

    def test_what_decides_a_reply_changes_it(self) -> None:
        changed = Case("seeds", Question("1", "Who was it?", ("Ann",)), "seeds")
        digests = {
            digest(self.arm, self.case, {"a": 1}),
            digest(self.other, self.case, {"a": 1}),
            digest(self.arm, changed, {"a": 1}),
            digest(self.arm, self.case, {"a": 2}),
        }
        assert len(digests) == 4

    def test_what_is_known_of_the_answer_does_not(self) -> None:
        judged = Case("seeds", Question("1", "Who?", ("Ann", "Bob")), "seeds", forbidden=("Eve",))
        assert digest(self.arm, self.case, {"a": 1}) == digest(self.arm, judged, {"a": 1})

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


def test_a_set_that_is_missing_is_named(tmp_path: Path) -> None:
    for folder in ("data/rgb", "seeds", "cases/desk", "data/repliqa/articles"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "data" / "rgb" / "conflict.jsonl").touch()
    assert missing_sets(tmp_path) == {
        "squad2": f"is not whole: there is no {tmp_path / 'data/squad2/sample100.jsonl'}",
        "repliqa": f"is not whole: there is no {tmp_path / 'data/repliqa/questions.jsonl'}",
        "lang": f"is not whole: there is no {tmp_path / 'cases/lang'}",
    }
    assert set(missing_sets(None)) == {"rgb", "squad2", "repliqa", "news", "desk", "lang"}


def test_a_library_is_made_of_its_folder_of_articles(tmp_path: Path) -> None:
    assert articles_of("desk", tmp_path) == tmp_path / "cases" / "desk"
    assert articles_of("repliqa", tmp_path) == tmp_path / "data" / "repliqa" / "articles"
    assert articles_of("seeds", tmp_path) == articles_of("desk", None)
    assert articles_of("strangers-b", tmp_path).name == "b"
    assert articles_of("stories", None).is_dir()


def test_a_limit_takes_the_first_of_each_kind() -> None:
    arm = ARMS[0]
    assert [arm.count(quick=False, limit=limit) for limit in (None, 3, 9999)] == [
        arm.whole,
        3,
        arm.whole,
    ]


def test_any_beginning_of_the_everyday_questions_has_all_kinds() -> None:
    cases = cases_of("everyday", None)
    kinds = {case.wanted.kind for case in cases if case.wanted}
    assert len(cases) == ARMS[0].whole
    assert {case.wanted.kind for case in cases[: len(kinds)] if case.wanted} == kinds


def test_what_strangers_expect_stands_in_their_articles() -> None:
    cases = cases_of("strangers", None)
    assert len(cases) == 360
    for case in cases:
        files = articles_of(case.library, None).glob("*.md")
        texts = "\n".join(file.read_text(encoding="utf-8") for file in files)
        assert case.wanted
        assert all(stands(one, texts) for group in case.wanted.expected for one in group)


def test_stories_are_asked_with_the_words_that_answer() -> None:
    cases = cases_of("stories", None)
    assert {bool(case.question.answers) for case in cases[:2]} == {True, False}
    for case in cases:
        (story,) = case.question.articles
        file = articles_of("stories", None) / f"{story}.txt"
        assert all(answer in file.read_text(encoding="utf-8") for answer in case.question.answers)


def test_only_articles_that_nothing_was_fitted_on_are_reported(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "repliqa"
    folder.mkdir(parents=True)
    rows = [
        {"id": str(n), "question": "Who?", "answers": ["Ann"], "articles": [f"article-{n}"]}
        for n in range(40)
    ]
    (folder / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    taken = cases_of("repliqa", tmp_path)
    assert 5 <= len(taken) <= 23  # some 35 of 100
    parts = {repliqa_part(case.question.articles[0]) for case in taken}
    assert parts == {Part.REPORT}


def test_seeds_questions_are_parted_by_their_history() -> None:
    assert not any(case.question.history for case in cases_of("seeds", None))
    assert all(case.question.history for case in cases_of("followups", None))
