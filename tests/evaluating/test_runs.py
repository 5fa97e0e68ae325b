"""Runs of a small newsroom: what is written, measured, resumed and refused."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from qa.errors import ModelError, RunError
from qa.evaluating.attributing import Outcome
from qa.evaluating.questions import Question
from qa.evaluating.runs import RunProgress, by_article
from qa.types import Answer, Hit, Turn
from tests.evaluating.fake_assistant import (
    QUESTIONS,
    REFUSES,
    FakeAssistant,
    Reply,
)
from tests.evaluating.running import CONFIG, lines, outcomes, replies, run, values


def test_a_run_that_is_right_throughout(tmp_path: Path) -> None:
    result = run(tmp_path / "run", FakeAssistant())
    found = values(result.measures)
    assert outcomes(result) == [Outcome.RIGHT] * 5
    expected = {
        "recall@10": 1, "contains_answer": 1, "refusal_right": 1, "refusal_false": 0,
        "citation_holds_evidence": 1, "quotes_verbatim": 1, "sentences_supported": 1,
        "first_token_s_p50": 1, "total_s_p95": 2, "prompt_tokens": 100, "failed": 0,
    }  # fmt: skip
    assert expected.items() <= found.items()
    # "it cost 42 million euros", p 3/5, r 3/3 = .75; "inês duarte did" .8; "union asks for
    # 6 per cent" p 3/6, r 3/3 = 2/3
    assert found["answer_f1"] == pytest.approx((0.75 + 0.8 + 2 / 3) / 3)
    assert {tag: values(some)["contains_answer"] for tag, some in result.by_tag.items()
            if "contains_answer" in values(some)} == {"figures": 1, "names": 1}  # fmt: skip
    assert list(result.by_tag) == ["figures", "names", "near miss"]


def test_the_folder_holds_what_it_should(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "run"
    result = run(folder, FakeAssistant())
    assert sorted(path.name for path in folder.iterdir()) == [
        "config.json", "metrics.json", "predictions.jsonl", "report.html", "scores.jsonl"
    ]  # fmt: skip
    config = json.loads((folder / "config.json").read_text())
    assert config["questions"]["count"] == 5
    assert config["model"] == "fake"
    assert config["settings"] == CONFIG
    first, _, third, fourth, _ = lines(folder)
    assert first["id"] == "cost"
    assert first["answer"] == "It cost 42 million euros [1]."
    assert first["sentences"][0]["citations"][0]["quote"] == "It cost 42 million euros."
    assert len(first["sources"]) == 4
    assert len(first["retrieved"]) == 6
    assert third["extra"] == {"author": "desk"}
    assert fourth["refused"] is True
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["refusal_right"] == {"value": 1.0, "interval": [1.0, 1.0], "count": 2}
    assert metrics["by_tag"]["near miss"]["refusal_right"]["count"] == 1
    assert set(metrics) - {"by_tag"} == {one.name for one in result.measures}
    score = json.loads((folder / "scores.jsonl").read_text().splitlines()[0])
    assert (score["id"], score["outcome"]) == ("cost", "right")
    assert score["scores"]["quotes_verbatim"] == [1, 1]


def test_outcomes_name_the_first_step_that_went_wrong(tmp_path: Path) -> None:
    bad = replies(
        cost=Reply("It cost 42 million euros [1].", (("bridge", "The Aldera bridge opened"),)),
        mayor=Reply("Nobody did [1].", (("bridge", "Mayor Inês Duarte"),)),
        demand=replace(REFUSES, found=(("strike", "The union asks for 6 per cent.", 9.0),)),
        tunnel=Reply("42 million euros [1].", (("bridge", "It cost 42 million euros."),)),
        captain=ModelError("The model stopped. Start it again."),
    )
    assert outcomes(run(tmp_path / "run", FakeAssistant(bad))) == [
        Outcome.BADLY_CITED,
        Outcome.MISREAD,
        Outcome.LOST_BY_BAR,
        Outcome.WRONGLY_ANSWERED,
        Outcome.FAILED,
    ]


def test_a_question_that_fails_is_recorded_and_the_rest_go_on(tmp_path: Path) -> None:
    seen: list[RunProgress] = []
    error = ModelError("The model stopped. Start it again.")
    result = run(tmp_path / "run", FakeAssistant(replies(mayor=error)), seen=seen)
    assert lines(tmp_path / "run")[1] == {
        "id": "mayor",
        "error": "The model stopped. Start it again.",
    }
    assert result.failed == 1
    assert values(result.measures)["failed"] == 0.2
    counts = {one.name: one.count for one in result.measures}
    assert counts["contains_answer"] == 2
    assert [one.errors for one in seen] == [0, 1, 1, 1, 1]


def test_progress_counts_and_scores_as_it_goes(tmp_path: Path) -> None:
    seen: list[RunProgress] = []
    run(tmp_path / "run", FakeAssistant(replies(mayor=REFUSES)), seen=seen)
    assert [(one.done, one.total) for one in seen] == [(n, 5) for n in range(1, 6)]
    assert [one.score for one in seen] == [1, 0.5, pytest.approx(2 / 3), 0.75, 0.8]
    assert seen[0].score_name == "right"
    assert seen[-1].seconds_left == 0


@pytest.mark.slow
def test_a_run_cut_off_in_the_middle_of_a_line_goes_on_to_the_same_predictions(
    tmp_path: Path,
) -> None:
    run(tmp_path / "whole", FakeAssistant())
    run(tmp_path / "cut", FakeAssistant())
    whole = (tmp_path / "whole" / "predictions.jsonl").read_bytes()
    third = sum(len(line) for line in whole.splitlines(keepends=True)[:2])
    for kept in (0, 1, third - 1, third, third + 40, len(whole) - 1, len(whole)):
        (tmp_path / "cut" / "predictions.jsonl").write_bytes(whole[:kept])
        assistant = FakeAssistant()
        run(tmp_path / "cut", assistant, resume=True)
        assert (tmp_path / "cut" / "predictions.jsonl").read_bytes() == whole
        assert len(assistant.asked) == 5 - whole[:kept].count(b"\n")
    for name in ("metrics.json", "scores.jsonl"):
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_run_goes_on_over_more_questions_and_not_over_fewer(tmp_path: Path) -> None:
    run(tmp_path / "whole", FakeAssistant())
    run(tmp_path / "grown", FakeAssistant(), QUESTIONS[:2])
    assistant = FakeAssistant()
    result = run(tmp_path / "grown", assistant, resume=True)
    assert len(assistant.asked) == 3
    assert len(result.judged) == 5
    for name in ("predictions.jsonl", "metrics.json", "scores.jsonl"):
        assert (tmp_path / "grown" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    grown, whole = (json.loads((tmp_path / name / "config.json").read_text())
                    for name in ("grown", "whole"))  # fmt: skip
    assert grown["questions"] == whole["questions"]
    with pytest.raises(RunError, match="these differ: questions"):
        run(tmp_path / "grown", FakeAssistant(), QUESTIONS[:2], resume=True)
    with pytest.raises(RunError, match="these differ: questions"):
        run(tmp_path / "grown", FakeAssistant(), [*QUESTIONS[1:], QUESTIONS[0]], resume=True)


def test_several_workers_write_the_same_lines_in_the_same_order(tmp_path: Path) -> None:
    run(tmp_path / "one", FakeAssistant())
    error = ModelError("The model stopped. Start it again.")
    for workers in (2, 8):
        folder = tmp_path / str(workers)
        run(folder, FakeAssistant(), workers=workers)
        whole = (tmp_path / "one" / "predictions.jsonl").read_bytes()
        assert (folder / "predictions.jsonl").read_bytes() == whole
        failing = run(tmp_path / f"fails-{workers}", FakeAssistant(replies(mayor=error)),
                      workers=workers)  # fmt: skip
        assert failing.failed == 1


def test_questions_on_one_article_are_asked_in_a_row_and_written_in_their_own_order(
    tmp_path: Path,
) -> None:
    cost, mayor, demand, tunnel, captain = QUESTIONS
    mixed = [demand, cost, tunnel, mayor, captain]
    together = [demand, cost, mayor, tunnel, captain]
    assert by_article(mixed) == together
    assistant = FakeAssistant()
    result = run(tmp_path / "run", assistant, mixed)
    assert [asked for asked, _ in assistant.asked] == [one.question for one in together]
    assert [one.question for one in result.judged] == mixed
    assert [line["id"] for line in lines(tmp_path / "run")] == [one.id for one in mixed]
    # each line is the one that is written where the questions stand in that order anyway
    run(tmp_path / "together", FakeAssistant(), together)
    whole = {line["id"]: line for line in lines(tmp_path / "together")}
    assert {line["id"]: line for line in lines(tmp_path / "run")} == whole


def test_a_mixed_run_goes_on_to_the_same_predictions(tmp_path: Path) -> None:
    cost, mayor, demand, tunnel, captain = QUESTIONS
    mixed = [demand, cost, tunnel, mayor, captain]
    run(tmp_path / "whole", FakeAssistant(), mixed)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "cut", FakeAssistant(interrupt_at=3), mixed)
    assert [line["id"] for line in lines(tmp_path / "cut")] == ["demand", "cost", "mayor"]
    run(tmp_path / "cut", FakeAssistant(), mixed, resume=True)
    for name in ("predictions.jsonl", "metrics.json", "scores.jsonl"):
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_while_one_question_waits_for_the_model_the_next_one_is_looked_up(tmp_path: Path) -> None:
    begun = Event()

    class Waiting(FakeAssistant):
        """Answers its first question only when the second one has been begun."""

        def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
            if question == QUESTIONS[1].question:
                begun.set()
            assert begun.wait(30)
            return super().answer(question, history)

    run(tmp_path / "two", Waiting(), workers=2)
    run(tmp_path / "one", FakeAssistant())
    assert lines(tmp_path / "two") == lines(tmp_path / "one")


def test_a_line_waits_for_no_slower_question_before_it(tmp_path: Path) -> None:
    kept = tmp_path / "run" / "predictions.jsonl"

    class Slow(FakeAssistant):
        """Answers its first question only when the line of another one is on the disk."""

        def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
            if question == QUESTIONS[0].question:
                until_s = time.monotonic() + 30
                while not (kept.exists() and kept.read_bytes().endswith(b"\n")):
                    assert time.monotonic() < until_s
                    time.sleep(0.01)
            return super().answer(question, history)

    seen: list[RunProgress] = []
    result = run(tmp_path / "run", Slow(), workers=2, seen=seen)
    assert [one.done for one in seen] == [1, 2, 3, 4, 5]
    assert [one.question for one in result.judged] == list(QUESTIONS)
    run(tmp_path / "one", FakeAssistant())
    for name in ("predictions.jsonl", "metrics.json", "scores.jsonl"):
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "one" / name).read_bytes()


def test_lines_that_others_were_quicker_than_are_gone_on_with(tmp_path: Path) -> None:
    run(tmp_path / "whole", FakeAssistant())
    run(tmp_path / "cut", FakeAssistant())
    whole = (tmp_path / "whole" / "predictions.jsonl").read_bytes().splitlines(keepends=True)
    # the third and the second were answered when the run was killed, the first was not
    (tmp_path / "cut" / "predictions.jsonl").write_bytes(whole[2] + whole[1])
    assistant = FakeAssistant()
    run(tmp_path / "cut", assistant, resume=True, workers=2)
    assert {asked for asked, _ in assistant.asked} == {
        QUESTIONS[number].question for number in (0, 3, 4)
    }
    assert (tmp_path / "cut" / "predictions.jsonl").read_bytes() == b"".join(whole)


def test_an_interrupted_worker_leaves_the_finished_lines(tmp_path: Path) -> None:
    assistant = FakeAssistant(interrupt_at=2)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "run", assistant, workers=2)
    # also those that were answered together with what ended the run
    assert len(lines(tmp_path / "run")) == len(assistant.asked) <= 3
    run(tmp_path / "run", FakeAssistant(), resume=True, workers=2)
    run(tmp_path / "whole", FakeAssistant())
    whole = (tmp_path / "whole" / "predictions.jsonl").read_bytes()
    assert (tmp_path / "run" / "predictions.jsonl").read_bytes() == whole


def test_where_nobody_wrote_down_the_answer_the_search_is_judged_alone(tmp_path: Path) -> None:
    unknown = [Question("q", "What did the bridge cost?", (), ("bridge",), answers_known=False)]
    result = run(tmp_path / "run", FakeAssistant(), unknown)
    found = values(result.measures)
    assert found["article_recall@1"] == 1
    assert not {"right", "answer_f1", "refusal_right", "refusal_false", "recall@5"} & set(found)
    assert outcomes(result) == [Outcome.NOT_JUDGED]
    looked = run(tmp_path / "search", WithoutModel(), unknown, retrieval_only=True)
    assert outcomes(looked) == [Outcome.RIGHT]


def test_an_interruption_leaves_the_finished_lines(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "run", FakeAssistant(interrupt_at=2))
    assert [line["id"] for line in lines(tmp_path / "run")] == ["cost", "mayor"]
    assert not (tmp_path / "run" / "metrics.json").exists()
    assistant = FakeAssistant()
    seen: list[RunProgress] = []
    result = run(tmp_path / "run", assistant, resume=True, seen=seen)
    assert [question for question, _ in assistant.asked] == [
        question.question for question in QUESTIONS[2:]
    ]
    assert outcomes(result) == [Outcome.RIGHT] * 5
    assert [one.questions_per_s is None for one in seen] == [True, True, False, False, False]


def test_a_failed_question_is_not_asked_again_when_resuming(tmp_path: Path) -> None:
    error = ModelError("The model stopped. Start it again.")
    run(tmp_path / "run", FakeAssistant(replies(mayor=error)))
    assert run(tmp_path / "run", FakeAssistant(), resume=True).failed == 1


def test_resuming_begins_where_there_is_no_run_yet(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "config.json.part").write_text("{")
    assert outcomes(run(tmp_path / "run", FakeAssistant(), resume=True)) == [Outcome.RIGHT] * 5


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(RunError, match="is not empty"):
        run(tmp_path, FakeAssistant())
    with pytest.raises(RunError, match="holds no run to resume"):
        run(tmp_path, FakeAssistant(), resume=True)
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_another_run_is_not_resumed(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run(folder, FakeAssistant())
    before = (folder / "predictions.jsonl").read_bytes()
    with pytest.raises(RunError, match="these differ: questions"):
        run(folder, FakeAssistant(), QUESTIONS[:3], resume=True)
    with pytest.raises(RunError, match="these differ: questions"):
        run(folder, FakeAssistant(), QUESTIONS[::-1], resume=True)
    with pytest.raises(RunError, match="these differ: passages"):
        run(folder, FakeAssistant(), config={"passages": 6}, resume=True)
    with pytest.raises(RunError, match="these differ: model, embedder"):
        run(folder, FakeAssistant(model_name="other"), config=CONFIG | {"embedder": "x"},
            resume=True)  # fmt: skip
    with pytest.raises(RunError, match="these differ: retrieval_only, model"):
        run(folder, FakeAssistant(), retrieval_only=True, resume=True)
    assert (folder / "predictions.jsonl").read_bytes() == before


def test_a_line_that_is_no_prediction_is_named(tmp_path: Path) -> None:
    run(tmp_path / "run", FakeAssistant())
    for bad in (b"{}\n", b"nonsense\n", b"[1]\n", b'{"id": "x", "answer": "y"}\n'):
        path = tmp_path / "run" / "predictions.jsonl"
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:1]) + bad)
        with pytest.raises(RunError, match="line 2, is not a prediction"):
            run(tmp_path / "run", FakeAssistant(), resume=True)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot be used"):
        run(tmp_path / "file" / "run", FakeAssistant())


class WithoutModel(FakeAssistant):
    """Fails the test when it is asked for a model's answer."""

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Any:
        raise AssertionError("the model was asked")


def test_retrieval_only_never_asks_the_model(tmp_path: Path) -> None:
    result = run(tmp_path / "run", WithoutModel(), retrieval_only=True)
    first = lines(tmp_path / "run")[0]
    assert set(first) == {"id", "question", "sources"}
    # "the" and "bridge", then "cost", "the" or "did" alone
    assert [source["text"] for source in first["sources"]][:2] == [
        "The Aldera bridge opened on 3 May 2021.",
        "It cost 42 million euros.",
    ]
    ranking = {"recall@1", "recall@3", "recall@5", "recall@10", "mrr", "ndcg@5", "ndcg@10"}
    expected = ranking | {f"article_{name}" for name in ranking} | {"failed"}
    assert set(values(result.measures)) == expected
    assert outcomes(result) == [Outcome.RIGHT] * 3 + [Outcome.NOT_JUDGED] * 2
    assert json.loads((tmp_path / "run" / "config.json").read_text())["model"] is None


def test_retrieval_only_resumes_too(tmp_path: Path) -> None:
    run(tmp_path / "run", WithoutModel(), retrieval_only=True)
    path = tmp_path / "run" / "predictions.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-50])
    run(tmp_path / "run", WithoutModel(), retrieval_only=True, resume=True)
    assert path.read_bytes() == whole


def test_a_follow_up_is_asked_and_looked_up_with_its_history(tmp_path: Path) -> None:
    history = (Turn("What did the bridge cost?", "It cost 42 million euros [1]."),)
    question = Question("who", "And its ribbon?", ("Inês Duarte",), ("bridge",),
                        ("It cost 42 million euros.",), history)  # fmt: skip
    assistant = FakeAssistant({"And its ribbon?": Reply("Inês Duarte.")})
    result = run(tmp_path / "run", assistant, [question])
    assert assistant.asked == [("And its ribbon?", history)]
    # "cost" and "bridge" stand in the history alone
    assert values(result.measures)["recall@3"] == 1


def test_evidence_that_stands_nowhere_is_reported(tmp_path: Path) -> None:
    question = Question("q", "What did the bridge cost?", ("42",), ("bridge",), ("No such words.",))
    result = run(tmp_path / "run", FakeAssistant(), [question])
    assert result.unlocated == ("q",)
    assert "was left out: q." in (tmp_path / "run" / "report.html").read_text()


def test_two_runs_do_not_write_to_one_folder(tmp_path: Path) -> None:
    class Meanwhile(FakeAssistant):
        def candidates(self, question: str, history: Sequence[Turn], k: int) -> tuple[Hit, ...]:
            with pytest.raises(RunError, match=r"Another qa eval is at work on .* --resume when"):
                run(tmp_path, FakeAssistant(), resume=True)
            return super().candidates(question, history, k)

    run(tmp_path, Meanwhile())
    assert len(lines(tmp_path)) == len(QUESTIONS)
