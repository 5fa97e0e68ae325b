"""Sweeps: the file, the combinations, which are best, and the page."""

from pathlib import Path

import pytest

from qa.errors import BadSettings
from qa.evaluating.measure_tables import render_sweep
from qa.evaluating.metrics import Measure
from qa.evaluating.sweeping import (
    Swept,
    best_for_their_time,
    combination_names,
    idle_settings,
    read_sweep,
)


def sweep_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sweep.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_combination_in_the_order_of_the_file(tmp_path: Path) -> None:
    sweep = read_sweep(
        sweep_file(
            tmp_path,
            'questions = "set.jsonl"\nsample = 40\ntags = ["figures"]\n'
            "[grid]\npassages = [3, 6]\nrefuse_below = [0.1, 0.2]\n",
        )
    )
    assert sweep.questions == tmp_path / "set.jsonl"
    assert (sweep.sample, sweep.limit, sweep.seed) == (40, None, 0)
    assert (sweep.tags, sweep.retrieval_only) == (("figures",), False)
    assert sweep.combinations == (
        {"passages": 3, "refuse_below": 0.1},
        {"passages": 3, "refuse_below": 0.2},
        {"passages": 6, "refuse_below": 0.1},
        {"passages": 6, "refuse_below": 0.2},
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("questions = ", "is not valid TOML"),
        ('questions = "q"\n', "a \\[grid\\] of settings are needed"),
        ("[grid]\npassages = [3]\n", "`questions` and a"),
        ('questions = "q"\nsamples = 3\n[grid]\n', "there is no key 'samples'"),
        ('questions = "q"\nsample = "3"\n[grid]\n', "sample must be a int, not '3'"),
        ('questions = "q"\nlimit = true\n[grid]\n', "limit must be a int, not True"),
        (
            'questions = "q"\nlimit = -1\n[grid]\npassages = [3]\n',
            "limit must be at least 1, not -1",
        ),
        (
            'questions = "q"\nsample = 0\n[grid]\npassages = [3]\n',
            "sample must be at least 1, not 0",
        ),
        ('questions = "q"\n[grid]\nport = [1]\n', "'port' cannot be swept"),
        ('questions = "q"\n[grid]\npassages = 3\n', "passages must be a list of values"),
        ('questions = "q"\n[grid]\npassages = []\n', "passages must be a list of values"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadSettings, match=says):
        read_sweep(sweep_file(tmp_path, text))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="cannot be read"):
        read_sweep(tmp_path / "none.toml")


def test_what_retrieval_does_not_heed_is_told(tmp_path: Path) -> None:
    grid = '[grid]\npassages = [3]\nfusion = ["both"]\npassage_tokens = [96]\nrefuse_below = [0]\n'
    asked = read_sweep(sweep_file(tmp_path, f'questions = "q"\n{grid}'))
    looked_up = read_sweep(sweep_file(tmp_path, f'questions = "q"\nretrieval_only = true\n{grid}'))
    assert idle_settings(asked) == ()
    assert idle_settings(looked_up) == ("passages", "refuse_below")


def test_a_combination_has_a_name_that_a_folder_can_have() -> None:
    named = combination_names([{"model": "/models/other one.gguf", "passages": 3}])
    assert named == ("model=other-one.gguf,passages=3",)


def test_combinations_that_differ_have_names_that_do_and_the_rest_stay_short() -> None:
    two = [{"embedder": f"{one}/minilm", "passages": n} for one in "ab" for n in (3, 6)]
    # sha256("a/minilm"), sha256("b/minilm")
    assert combination_names(two) == (
        "embedder=minilm-c2b71399,passages=3",
        "embedder=minilm-c2b71399,passages=6",
        "embedder=minilm-a82c6d11,passages=3",
        "embedder=minilm-a82c6d11,passages=6",
    )
    # one is made of the other by what a folder cannot have
    odd = combination_names([{"model": "one b.gguf"}, {"model": "one-b.gguf"}, {"model": "c.gguf"}])
    assert len(set(odd)) == 3
    assert odd[2] == "model=c.gguf"
    # what is the same is made once
    same = {"embedder": "a/minilm", "passage_tokens": 96}
    assert set(combination_names([same, dict(same)])) == {"embedder=minilm,passage_tokens=96"}


def swept(right: float, seconds: float | None, passages: int = 3) -> Swept:
    measures = {"right": Measure("right", right, right - 0.1, right + 0.1, 40)}
    if seconds is not None:
        measures["total_s_p50"] = Measure("total_s_p50", seconds, seconds, seconds + 1, 40)
    return Swept({"passages": passages}, Path("run"), measures)


def test_the_best_are_those_that_none_beats_in_both() -> None:
    quick, middling, good = swept(0.5, 4), swept(0.6, 9), swept(0.8, 8)
    assert best_for_their_time([quick, middling, good]) == (quick, good)
    slower_twin = swept(0.5, 5)
    assert best_for_their_time([quick, slower_twin]) == (quick,)
    assert best_for_their_time([swept(0.5, None)]) == ()


def test_a_combination_is_judged_by_the_first_measure_there_is() -> None:
    found = Measure("recall@5", 0.9, 0.8, 1.0, 40)
    assert Swept({}, Path("run"), {"recall@5": found}).quality == found
    assert Swept({}, Path("run"), {}).quality is None
    right = swept(0.5, 4).quality
    assert right is not None
    assert right.name == "right"


def test_the_page_shows_every_combination_and_the_plot() -> None:
    page = render_sweep("<b>grid</b>", [swept(0.5, 4, 3), swept(0.4, 8, 6)])
    assert "Sweep &lt;b&gt;grid&lt;/b&gt;" in page
    assert page.count("<svg") == 1
    assert '<th scope="row">1 ★</th><td data-name="passages">3</td>' in page
    assert '<th scope="row">2</th><td data-name="passages">6</td>' in page
    assert "50.0%" in page
    assert "of 40 questions, with 95% intervals" in page
    assert "<script" not in page
    assert "<svg" not in render_sweep("search", [swept(0.5, None)])
