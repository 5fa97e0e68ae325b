"""The real cross-encoder: what it ranks first, and what it says when it is broken; and its fake."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from qa.errors import ModelError
from qa.library.cross_encoder import CrossEncoder, OnnxCrossEncoder
from tests.fakes import FakeCrossEncoder

FOLDER = Path(__file__).parents[2] / "models" / "ms-marco-minilm-l12"

# A question, the sentence that answers it, and one that shares more of its words and does not.
JUDGED = (
    (
        "Where did Blinken and Wang Yi meet?",
        "The two ministers, Wang Yi and Antony Blinken, sat down together in Munich on Saturday.",
        "Blinken and Wang Yi did not say when they would meet again.",
    ),
    (
        "How many people were hurt in the ferry accident?",
        "Fourteen passengers were injured when the ferry struck the pier.",
        "Many people had taken the ferry in the weeks before the accident.",
    ),
    (
        "Why was the bridge closed?",
        "The bridge was shut after engineers had found cracks in two of its pillars.",
        "The mayor asked in the council why the bridge was closed.",
    ),
)


@pytest.fixture(scope="module")
def cross_encoder() -> OnnxCrossEncoder:
    return OnnxCrossEncoder(FOLDER, threads=0)


@pytest.mark.model
@pytest.mark.parametrize(("question", "answering", "near"), JUDGED)
def test_a_sentence_that_answers_outranks_one_that_is_near(
    cross_encoder: OnnxCrossEncoder, question: str, answering: str, near: str
) -> None:
    off_topic = "Bread needs yeast, water and an hour to rise."
    best, second, last = cross_encoder.score(
        [(question, answering), (question, near), (question, off_topic)]
    )
    assert best > second > last
    assert best > 0 > -8 > last


@pytest.mark.model
def test_a_sentence_that_names_nothing_needs_its_title(cross_encoder: OnnxCrossEncoder) -> None:
    question, near = "Why was the bridge closed?", "The bridge was opened in 1964 by the mayor."
    sentence = "Engineers had found cracks in two of its pillars, so traffic was stopped."
    title = "Old bridge shut for a month. "
    alone, other, titled = cross_encoder.score(
        [(question, sentence), (question, near), (question, title + sentence)]
    )
    assert alone < other < 0 < titled


@pytest.mark.model
def test_a_pair_has_one_score_whatever_is_scored_beside_it(
    cross_encoder: OnnxCrossEncoder,
) -> None:
    question = "How long does it go on?"
    pairs = [(question, f"Sentence number {n} " + "goes on " * n) for n in range(24)]
    alone = np.concatenate([cross_encoder.score([pair]) for pair in pairs])
    together = cross_encoder.score(pairs)
    assert together.shape == (24,)
    assert together.dtype == np.float32
    assert together.tolist() == alone.tolist()
    one_thread = OnnxCrossEncoder(FOLDER, threads=1)
    assert one_thread.score(pairs[::-1])[::-1].tolist() == alone.tolist()


@pytest.mark.model
def test_any_length_is_scored(cross_encoder: OnnxCrossEncoder) -> None:
    question, answering, _ = JUDGED[0]
    assert cross_encoder.score([]).shape == (0,)
    assert np.isfinite(cross_encoder.score([("", ""), (question, ""), ("", answering)])).all()
    scores = cross_encoder.score(
        [
            (question, answering + " More was said." * 1000),
            (question, answering + " More was said." * 2000),
            (question + " Where was it?" * 1000, answering),
            (question, "More was said. " * 1000 + answering),
        ]
    )
    assert scores[0] == scores[1]  # what is not read changes nothing
    assert scores[0] > 0  # the question is read whole and the text from its beginning
    assert np.isfinite(scores[2])
    assert scores[3] < -4  # the end of so long a text is not read


@pytest.mark.model
def test_threads_may_share_it() -> None:
    shared = OnnxCrossEncoder(FOLDER, threads=2)
    pairs = [(question, text) for question, *texts in JUDGED for text in texts]
    seen: list[list[float]] = []
    threads = [
        threading.Thread(target=lambda: seen.append(shared.score(pairs).tolist())) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [shared.score(pairs).tolist()] * 4


NO_NETWORK = """
import sys
from pathlib import Path

def tell(event, details):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        print(event, details)

sys.addaudithook(tell)
from qa.library.cross_encoder import OnnxCrossEncoder
OnnxCrossEncoder(Path(sys.argv[1]), threads=2).score([("Who won?", "She won.")])
"""


@pytest.mark.model
def test_loading_and_scoring_ask_no_network() -> None:
    online = {name: text for name, text in os.environ.items() if "OFFLINE" not in name}
    told = subprocess.run(
        [sys.executable, "-c", NO_NETWORK, FOLDER],
        capture_output=True,
        text=True,
        check=True,
        env=online,
        cwd=FOLDER.parents[1],
    )
    assert told.stdout == ""


@pytest.mark.model
@pytest.mark.parametrize("damaged", ["model.onnx", "tokenizer.json"])
def test_damaged_files_are_named(tmp_path: Path, damaged: str) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "cut")
    (folder / damaged).write_bytes(b"\xff" * 1000)
    with pytest.raises(ModelError, match=r"cut cannot be loaded: .* qa models verify") as caught:
        OnnxCrossEncoder(folder, 1).score([("a", "b")])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json"])
def test_a_folder_that_holds_no_cross_encoder(tmp_path: Path, missing: str) -> None:
    for name in {"model.onnx", "tokenizer.json"} - {missing}:
        (tmp_path / name).touch()
    with pytest.raises(
        ModelError, match=f"{missing} is missing. Pull it with: qa models pull ms-marco-minilm-l12"
    ):
        OnnxCrossEncoder(tmp_path, 1)


def test_the_fake_by_hand() -> None:
    fake: CrossEncoder = FakeCrossEncoder()
    # Of closed, bridge and mayor the first text has two by their stems, the second none.
    question = "Why has the mayor closed the bridge?"
    pairs: Sequence[tuple[str, str]] = [
        (question, "He is closing bridges."),
        (question, "It is the reason why."),
        ("Why is it?", "It is."),
    ]
    assert fake.score(pairs).tolist() == pytest.approx([20 * 2 / 3 - 10, -10, -10])
    assert fake.score([]).shape == (0,)
