"""Comparisons of runs, worked out by hand."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from qa.errors import RunError
from qa.evaluating.comparing import (
    Condition,
    Difference,
    compare,
    parse_condition,
    settings_that_differ,
)
from qa.evaluating.finished_runs import FinishedRun, ScoreLine, read_run
from qa.evaluating.metrics import Share
from qa.evaluating.runs import evaluate
from tests.evaluating.fake_assistant import ARTICLES, QUESTIONS, FakeAssistant


def finished(*lines: Mapping[str, Share], digest: str = "d", **settings: object) -> FinishedRun:
    """A run over questions q0, q1, …, with these scores."""
    scored = [ScoreLine(f"q{n}", "?", (), "right", scores) for n, scores in enumerate(lines)]
    return FinishedRun(Path("run"), settings, digest, {line.id: line for line in scored})


def scored(name: str, *values: float) -> list[dict[str, Share]]:
    return [{name: Share(value)} for value in values]


def only(first: FinishedRun, other: FinishedRun) -> Difference:
    (difference,) = compare(first, other)
    return difference


def test_differences_wins_and_losses() -> None:
    first = finished(*scored("answer_f1", 0.5, 1, 0, 0.25))
    other = finished(*scored("answer_f1", 1, 0.75, 0, 0.5))
    one = only(first, other)
    assert (one.first, one.other, one.difference) == (0.4375, 0.5625, 0.125)
    assert (one.won, one.lost, one.count) == (("q0", "q3"), ("q1",), 4)
    assert one.low <= 0.125 <= one.high
    # of the 8 ways to give the three differences .5, -.25, .25 their signs, 2 sums are above .5
    # (1.0, and .5 itself twice over) and as many below -.5: 6 of 8
    assert one.p == pytest.approx(6 / 8)
    assert one.verdict == 0


def test_the_other_way_round_everything_is_turned_round() -> None:
    first, other = finished(*scored("mrr", 1, 0.5, 1)), finished(*scored("mrr", 0.5, 0.5, 0.25))
    there, back = only(first, other), only(other, first)
    assert back.difference == -there.difference
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
    assert (back.won, back.lost, back.p) == (there.lost, there.won, there.p)


def test_a_run_that_is_better_on_every_one_of_six_questions() -> None:
    one = only(finished(*scored("right", *[0] * 6)), finished(*scored("right", *[1] * 6)))
    # all six the same way, either way: 2 of 64
    assert (one.difference, one.low, one.high) == (1, 1, 1)
    assert one.p == pytest.approx(2 / 64)
    assert one.verdict == 1


def test_each_measure_counts_in_view_of_those_that_are_tested_with_it() -> None:
    """Six of six questions, so every p is 2 of 64; `right` and `recall@5` are main measures."""
    names = ("mrr", "right", "recall@5")
    first = finished(*[dict.fromkeys(names, Share(0)) for _ in range(6)])
    other = finished(*[dict.fromkeys(names, Share(1)) for _ in range(6)])
    found = {one.definition.name: one for one in compare(first, other)}
    assert list(found) == ["right", "recall@5", "mrr"]
    assert {name: one.p for name, one in found.items()} == dict.fromkeys(found, 2 / 64)
    # the two main ones count double, the third is alone in its group
    assert {name: one.corrected for name, one in found.items()} == {
        "right": 4 / 64, "recall@5": 4 / 64, "mrr": 2 / 64
    }  # fmt: skip
    assert {name: one.verdict for name, one in found.items()} == {
        "right": 0, "recall@5": 0, "mrr": 1
    }  # fmt: skip


def test_what_is_the_same_on_every_question_does_not_count_among_the_tested() -> None:
    first = finished(*[{"right": Share(0), "recall@5": Share(1)} for _ in range(6)])
    other = finished(*[{"right": Share(1), "recall@5": Share(1)} for _ in range(6)])
    right, recall = compare(first, other)
    assert (right.corrected, right.verdict, right.main) == (2 / 64, 1, True)
    assert (recall.p, recall.corrected, recall.differs) == (1, 1, False)


def test_less_is_better_for_some() -> None:
    first = finished(*scored("refusal_false", *[0] * 6))
    other = finished(*scored("refusal_false", *[1] * 6))
    one = only(first, other)
    assert (one.difference, one.verdict, len(one.lost)) == (1, -1, 6)


def test_two_runs_that_say_the_same_do_not_differ() -> None:
    run = finished(*scored("total_s", 1.5, 2.5))
    for one in compare(run, run):
        assert (one.difference, one.low, one.high, one.p) == (0, 0, 0, 1)
        assert (one.won, one.lost, one.verdict) == ((), (), 0)


def test_one_question_has_an_interval_without_width_and_proves_nothing() -> None:
    one = only(finished(*scored("right", 0)), finished(*scored("right", 1)))
    assert (one.difference, one.low, one.high, one.p) == (1, 1, 1, 1)


def test_only_questions_with_the_score_in_both_runs_are_compared() -> None:
    first = finished({"citation_recall": Share(1, 2)}, {"citation_recall": Share(1, 1)}, {})
    other = finished({"citation_recall": Share(2, 2)}, {}, {"citation_recall": Share(0, 5)})
    one = only(first, other)
    assert (one.first, one.other, one.count) == (0.5, 1, 1)


def test_percentiles_are_compared_as_such() -> None:
    first, other = scored("total_s", 1, 2, 9), scored("total_s", 1, 4, 5)
    median, high = compare(finished(*first), finished(*other))
    assert (median.definition.name, median.difference) == ("total_s_p50", 2)
    assert high.first == pytest.approx(8.3)
    # which questions took longer is the same for both: q1 did, q2 took less
    assert (median.won, median.lost) == (high.won, high.lost) == (("q2",), ("q1",))


def test_few_questions_that_differ_among_many_are_dealt_in_every_way() -> None:
    first = finished(*scored("right", *[0] * 9, *[1] * 40))
    other = finished(*scored("right", *[1] * 9, *[1] * 40))
    one = only(first, other)
    assert one.p == 2 / 2**9
    assert one.difference == pytest.approx(9 / 49)


def test_a_real_difference_is_told_from_chance() -> None:
    first = finished(*scored("right", *[0, 1] * 50))
    better = finished(*scored("right", *[1, 1] * 25, *[0, 1] * 25))
    one = only(first, better)
    # 25 wins, no loss of 100: .25 ± 1.96 * sqrt(.25 * .75 / 100)
    assert (one.low, one.high) == pytest.approx((0.165, 0.335), abs=0.02)
    assert one.p < 0.01
    assert one == only(first, better)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("answer_f1 < -0.02", Condition("answer_f1", "<", -0.02)),
        ("recall@5<=0", Condition("recall@5", "<=", 0)),
        (" total_s_p50 > +1.5 ", Condition("total_s_p50", ">", 1.5)),
        (
            "refusal_false:not_in_sources >= .1",
            Condition("refusal_false:not_in_sources", ">=", 0.1),
        ),
    ],
)
def test_conditions_are_read(text: str, condition: Condition) -> None:
    assert parse_condition(text) == condition


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("answer_f1", "is no condition"),
        ("answer_f1 = 0", "is no condition"),
        ("answer_f1 < -0.02 and more", "is no condition"),
        ("answer_f2 < 0", "did you mean answer_f1"),
    ],
)
def test_what_is_no_condition_is_named(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_condition(text)


def test_conditions_hold_on_their_side_of_the_bound() -> None:
    held = {sign: [Condition("mrr", sign, 0.5).holds(x) for x in (0.4, 0.5, 0.6)]
            for sign in ("<", "<=", ">", ">=")}  # fmt: skip
    assert held == {
        "<": [True, False, False],
        "<=": [True, True, False],
        ">": [False, False, True],
        ">=": [False, True, True],
    }


def run(folder: Path, *, count: int = 5, passages: int = 4) -> Path:
    evaluate(
        QUESTIONS[:count],
        FakeAssistant(),
        ARTICLES.get,
        folder,
        retrieval_only=False,
        resume=False,
        config={"passages": passages},
        report=lambda _: None,
    )
    return folder


def test_a_run_folder_is_read_as_it_was_written(tmp_path: Path) -> None:
    read = read_run(run(tmp_path / "a"))
    assert list(read.lines) == ["cost", "mayor", "demand", "tunnel", "captain"]
    cost = read.lines["cost"]
    assert (cost.question, cost.tags, cost.outcome) == (
        "What did the bridge cost?",
        ("figures",),
        "right",
    )
    assert cost.scores["quotes_verbatim"] == Share(1, 1)
    other = read_run(run(tmp_path / "b", passages=6))
    assert settings_that_differ(read, other) == {"passages": (4, 6)}
    assert all(one.difference == 0 for one in compare(read, other))


def test_runs_over_different_questions_are_not_compared(tmp_path: Path) -> None:
    five, three = read_run(run(tmp_path / "a")), read_run(run(tmp_path / "b", count=3))
    with pytest.raises(RunError, match="asked different questions"):
        compare(five, three)


def test_what_is_no_finished_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="holds no run"):
        read_run(tmp_path / "none")
    folder = run(tmp_path / "a")
    scores = (folder / "scores.jsonl").read_bytes()
    (folder / "scores.jsonl").write_bytes(b"".join(scores.splitlines(keepends=True)[:4]))
    with pytest.raises(RunError, match="is not finished"):
        read_run(folder)
    (folder / "scores.jsonl").unlink()
    with pytest.raises(RunError, match="is not finished"):
        read_run(folder)
    for damage in (b"nonsense\n", b"{}\n", b"[1]\n"):
        (folder / "scores.jsonl").write_bytes(scores + damage)
        with pytest.raises(RunError, match="is damaged"):
            read_run(folder)
    (folder / "config.json").write_text(json.dumps({"questions": {}}))
    with pytest.raises(RunError, match="is damaged"):
        read_run(folder)
