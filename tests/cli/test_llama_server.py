"""The command line with the real server of llama-cpp-python in the model's place."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.typed import fails, printed, qa
from tests.conftest import ROOT, SEEDS
from tests.llama_server import MODEL, LlamaServer, running

pytestmark = [pytest.mark.model, pytest.mark.slow]

PHRASED = (
    "How many ships were waiting at the Suez Canal on 25 March 2021?",
    "How long had the queue of ships become by the time the Suez Canal opened again?",
)
"""Questions that the model phrases the answers of, and no quote alone answers."""

LONG = (
    f"{PHRASED[1][:-1]}, after the tugs and dredgers of the canal authority and of a Dutch company "
    "had worked for six days and six nights at the bow and at the stern of the ship, and after the "
    "tide of a full moon had come to help them at last?"
)
"""Another one, whose prompt has 293 tokens."""


@pytest.fixture(scope="module")
def server() -> Iterator[LlamaServer]:
    """One that takes a whole prompt."""
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def indexed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the articles on the canal, once for all tests."""
    home = tmp_path_factory.mktemp("indexed") / "home"
    here = {"QA_HOME": str(home), "QA_MODELS_DIR": str(ROOT / "models")}
    assert qa("index", SEEDS / "suez", **here).returncode == 0
    return home


@pytest.fixture(autouse=True)
def _library(indexed_home: Path, tmp_path: Path) -> None:
    """These articles in the test's own home."""
    shutil.copytree(indexed_home, tmp_path / "home")


def test_the_doctor_finds_it_and_lets_it_write(server: LlamaServer) -> None:
    checks = {
        one["name"]: one
        for one in json.loads(qa("doctor", "--json", QA_GENERATOR=server.url).stdout)
    }
    assert checks["Language model"]["finding"] == f"{MODEL} at {server.url}"
    assert checks["Trial"]["finding"] == f"{MODEL} writes"
    assert {checks[name]["state"] for name in ("Language model", "Trial")} == {"ok"}


def test_it_phrases_an_answer(server: LlamaServer) -> None:
    answer = printed(qa("ask", PHRASED[0], "--json", QA_GENERATOR=server.url))
    assert answer["model"] == MODEL
    assert answer["usage"]["completion_tokens"] > 0, "a question that the model phrases is wanted"
    assert answer["answer"]


def test_an_evaluation_asks_it_one_by_one_and_loses_no_question(
    server: LlamaServer, tmp_path: Path
) -> None:
    """Two questions are under way at a time; the server would leave the first for the second."""
    asked = tmp_path / "asked.jsonl"
    rows = [
        {"id": str(number), "question": PHRASED[number % 2], "answers": None} for number in range(4)
    ]
    asked.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    ended = qa("eval", asked, "--out", tmp_path / "run", QA_GENERATOR=server.url)
    assert ended.returncode == 0, ended.stderr
    lines = (tmp_path / "run" / "predictions.jsonl").read_text(encoding="utf-8").splitlines()
    predictions = [json.loads(line) for line in lines]
    assert [one["id"] for one in predictions] == ["0", "1", "2", "3"]
    assert [one for one in predictions if "error" in one] == []
    assert all(one["usage"]["completion_tokens"] for one in predictions)


def test_what_goes_wrong_is_one_line_with_the_next_step(server: LlamaServer) -> None:
    lacks = qa("ask", PHRASED[0], QA_GENERATOR=server.url, QA_MODEL="big")
    fails(lacks, f"{server.url} has {MODEL}, and no big.", "Name one that it has by model")
    with running("--n_ctx", "256") as small:
        refused = qa("ask", LONG, QA_GENERATOR=small.url)
    fails(refused, "refused the prompt", "maximum context length is 256 tokens", "lower passages")
    gone = qa("ask", LONG, QA_GENERATOR=small.url)
    fails(gone, f"The server at {small.url} cannot be reached (Connection refused). Start it")
