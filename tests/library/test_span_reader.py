"""The reader that comes with the program: what it finds, where, and what it says when broken."""

import itertools
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import ModelError
from qa.library.span_reader import (
    ENCODER,
    MOST_SPANS,
    OnnxReader,
    best_spans,
    span_scores,
    whole_words,
    words_digest,
)
from tests.examples import at_most

FOLDER = Path(__file__).parents[2] / "models" / "all-minilm-l6-v2"

# A question, a text that answers it in the words behind it, and one about the same that does not.
JUDGED = (
    (
        "Where did Blinken and Wang Yi meet?",
        "Wang Yi and Antony Blinken sat down together in Munich on Saturday evening.",
        "Munich",
        "Blinken and Wang Yi did not say when they would meet again.",
    ),
    (
        "How many passengers were injured?",
        "Fourteen passengers were injured when the ferry struck the pier in 2019.",
        "Fourteen",
        "The passengers had waited for the ferry for two hours.",
    ),
    (
        "Who won the election in 1998?",
        "In 1998 the election was won by Gerhard Schröder, who governed until 2005.",
        "Gerhard Schröder",
        "The next election will be held in autumn.",
    ),
)


@pytest.fixture(scope="module")
def reader() -> OnnxReader:
    return OnnxReader(FOLDER, threads=2)


@pytest.mark.model
@pytest.mark.parametrize(("question", "answering", "answer", "other"), JUDGED)
def test_it_finds_the_words_that_answer(
    reader: OnnxReader, question: str, answering: str, answer: str, other: str
) -> None:
    found, missing = reader.read(question, [answering, other])
    best = found.spans[0]
    assert answering[best.start : best.end] == answer
    assert best.score > missing.spans[0].score
    assert found.answerable > missing.answerable


@pytest.mark.model
def test_a_text_has_one_reading_whatever_is_read_beside_it(reader: OnnxReader) -> None:
    question = JUDGED[0][0]
    texts = [one[1] for one in JUDGED] + ["It went on. " * n for n in range(1, 9)]
    together = reader.read(question, texts)
    assert together == tuple(one for text in texts for one in reader.read(question, [text]))
    assert OnnxReader(FOLDER, threads=1).read(question, texts[::-1])[::-1] == together


@pytest.mark.model
@settings(deadline=None, max_examples=at_most(60))
@given(st.text(max_size=80), st.text(max_size=30))
def test_spans_lie_in_the_text_and_never_in_one_another(
    reader: OnnxReader, text: str, question: str
) -> None:
    (reading,) = reader.read(question, [text])
    assert len(reading.spans) <= MOST_SPANS
    assert [one.score for one in reading.spans] == sorted(
        (one.score for one in reading.spans), reverse=True
    )
    places = sorted((one.start, one.end) for one in reading.spans)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(places))


@pytest.mark.model
def test_offsets_count_characters_whatever_stands_before(reader: OnnxReader) -> None:
    question, answering, answer, _ = JUDGED[0]
    for before in (
        "",
        "“Ça va?” – “Žižkov!” ",
        "🚢🚢 ",
        "東京で。 ",
        "cafe\u0301 \u200b",
        "ﬁve İ ",
    ):
        text = before + answering
        best = reader.read(question, [text])[0].spans[0]
        assert text[best.start : best.end] == answer


@pytest.mark.model
def test_any_length_is_read(reader: OnnxReader) -> None:
    question, answering, _, _ = JUDGED[0]
    assert reader.read(question, []) == ()
    (nothing,) = reader.read(question, [""])
    assert nothing.spans == ()
    long, longer = reader.read(question, [answering + " More was said." * n for n in (400, 800)])
    assert long == longer  # what is not read changes nothing
    assert np.isfinite(reader.read("Where? " * 1000, [answering])[0].answerable)


def test_the_best_spans_by_hand() -> None:
    text = "In Munich, on 1,200 Saturdays"
    offsets = [(0, 2), (3, 9), (9, 10), (11, 13), (14, 15), (15, 16), (16, 19), (20, 29)]
    start = np.array([0, 5, 0, 0, 4, 0, 0, 0], np.float32)
    end = np.array([0, 6, 0, 0, 3, 0, 0, 1], np.float32)
    best, second, *_ = best_spans(span_scores(start, end), offsets, text)
    # "Munich" has 5 + 6. The token "1" is a whole word only as "1,200", with 4 + 3; "Munich … 1",
    # with 5 + 3, would have been better but lies over the first.
    assert (text[best.start : best.end], best.score) == ("Munich", 11)
    assert (text[second.start : second.end], second.score) == ("1,200", 7)


def test_a_span_never_ends_before_it_starts_or_goes_on_for_long() -> None:
    scores = span_scores(np.zeros(40, np.float32), np.zeros(40, np.float32))
    assert scores[5, 4] == -np.inf
    assert scores[5, 34] == 0
    assert scores[5, 35] == -np.inf


def test_whole_words() -> None:
    words = [(0, 4), (5, 10)]
    assert whole_words((1, 2), words) == (0, 4)
    assert whole_words((3, 6), words) == (0, 10)
    assert whole_words((4, 5), words) is None
    assert whole_words((0, 10), words) == (0, 10)


def test_the_weights_are_small_enough_to_come_with_the_program() -> None:
    assert ENCODER.stat().st_size < 25e6


def test_words_are_told_by_their_names_and_their_vectors() -> None:
    vectors = np.eye(128, dtype=np.float32)
    known = words_digest({"a": 0, "b": 1}, vectors)
    assert known == words_digest({"b": 1, "a": 0}, vectors.copy())
    assert known != words_digest({"b": 0, "a": 1}, vectors)
    assert known != words_digest({"a": 0, "b": 1}, 2 * vectors)


@pytest.mark.model
def test_another_embedder_is_refused(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    shutil.copy(FOLDER / "tokenizer.json", tmp_path)
    vectors = np.zeros((30522, 384), np.float32)
    save_file({"embeddings.word_embeddings.weight": vectors}, tmp_path / "model.safetensors")
    with pytest.raises(ModelError, match=r"other word vectors .* qa models pull all-minilm"):
        OnnxReader(tmp_path, 1).read("a", ["b"])


@pytest.mark.model
@pytest.mark.parametrize("damaged", ["model.safetensors", "tokenizer.json"])
def test_damaged_files_are_told(tmp_path: Path, damaged: str) -> None:
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / name).symlink_to(FOLDER / name)
    (tmp_path / damaged).unlink()
    (tmp_path / damaged).write_bytes(b"\xff" * 1000)
    with pytest.raises(ModelError, match=r"cannot be loaded: .* qa models verify") as caught:
        OnnxReader(tmp_path, 1).read("a", ["b"])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("missing", ["model.safetensors", "tokenizer.json"])
def test_a_folder_without_the_words(tmp_path: Path, missing: str) -> None:
    for name in {"model.safetensors", "tokenizer.json"} - {missing}:
        (tmp_path / name).touch()
    with pytest.raises(ModelError, match=rf"has no {missing}\. Pull it with: qa models pull"):
        OnnxReader(tmp_path, 1)
