"""The real embedder: its vectors, its tokens, and what it says when it is broken."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from qa.errors import ModelError
from qa.library.bert import is_plain_bert
from qa.library.embedder import ReferenceEncoder, SentenceEmbedder
from qa.library.indexing import index_folders
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.models.catalogue import ModelKind, resolve_model
from qa.settings import Settings
from tests.library.stories import STORIES, write

FOLDER = Path(__file__).parents[2] / "models" / "all-minilm-l6-v2"


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder(FOLDER, threads=0)


@pytest.mark.model
def test_vectors_are_unit_rows_and_meaning_is_near(embedder: SentenceEmbedder) -> None:
    assert (embedder.dimension, embedder.max_tokens) == (384, 254)
    texts = ["The vessel entered the harbour.", "A ship arrived in port.", "Bread needs yeast."]
    vectors = embedder.embed(texts)
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    ship, port, bread = vectors
    assert ship @ port > 0.5 > 0.2 > ship @ bread
    assert embedder.embed([]).shape[0] == 0


@pytest.mark.model
def test_a_text_has_one_vector_however_it_is_batched(embedder: SentenceEmbedder) -> None:
    texts = [f"Sentence number {n} " + "goes on " * n for n in range(40)]
    alone = np.vstack([embedder.embed([text]) for text in texts])
    # In bfloat16 the order in which a processor adds depends on how many rows it is given.
    assert ((embedder.embed(texts) * alone).sum(axis=1) > 0.9999).all()


TEXTS = [
    "",
    "?",
    "Who won?",
    *(
        "The port of Ostrava reopened on Friday, naïve façades and all — 100 %. " * n
        for n in (1, 9)
    ),
    "long " * 400,  # twice as many tokens as are read
    *(f"Sentence number {n} " + "goes on " * n for n in range(0, 120, 3)),
]


@pytest.mark.model
def test_vectors_are_those_of_sentence_transformers(embedder: SentenceEmbedder) -> None:
    assert is_plain_bert(FOLDER)
    reference = ReferenceEncoder(FOLDER)
    cosines = (embedder.embed(TEXTS) * reference.embed(TEXTS)).sum(axis=1)
    assert cosines.min() > 0.9999
    tokens, expected = embedder.embed_tokens(TEXTS), reference.embed_tokens(TEXTS)
    assert [len(rows) for rows in tokens[:3]] == [0, 1, 3]
    for rows, others in zip(tokens, expected, strict=True):
        assert rows.shape == others.shape
        assert ((rows * others).sum(axis=1) > 0.999).all()


@pytest.mark.model
def test_any_other_embedder_is_read_by_sentence_transformers(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "first token")
    pooling = folder / "1_Pooling" / "config.json"
    modes = json.loads(pooling.read_text())
    modes |= {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    pooling.write_text(json.dumps(modes))
    assert not is_plain_bert(folder)
    text = "A ship arrived in port."
    first_token = SentenceEmbedder(folder, 0).embed([text])[0]
    assert np.linalg.norm(first_token) == pytest.approx(1, abs=1e-5)
    assert first_token == pytest.approx(ReferenceEncoder(folder).embed([text])[0], abs=1e-5)
    assert first_token @ ReferenceEncoder(FOLDER).embed([text])[0] < 0.9


@pytest.mark.model
def test_tokens_are_counted_without_special_ones(embedder: SentenceEmbedder) -> None:
    assert embedder.count_tokens("") == 0
    # The vocabulary has "meeting" and "held", and cuts "unhurriedly" into un ##hur ##ried ##ly.
    assert embedder.count_tokens("Meeting held.") == 3
    assert embedder.count_tokens("unhurriedly") == 4
    assert embedder.count_tokens("word " * 5000) == 5000


@pytest.mark.model
def test_threads_may_share_it(embedder: SentenceEmbedder) -> None:
    expected = embedder.embed(["A ship arrived."])
    seen: list[bool] = []

    def embed() -> None:
        seen.append(bool(np.allclose(embedder.embed(["A ship arrived."]), expected, atol=1e-6)))
        embedder.count_tokens("A ship arrived.")

    threads = [threading.Thread(target=embed) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 6


NO_NETWORK = """
import sys
from pathlib import Path

def tell(event, details):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        print(event, details)

sys.addaudithook(tell)
from qa.library.embedder import SentenceEmbedder
from qa.library.embedder import ReferenceEncoder
for encoder in SentenceEmbedder(Path(sys.argv[1]), threads=1), ReferenceEncoder(Path(sys.argv[1])):
    encoder.embed(["A ship arrived."])
"""


@pytest.mark.model
def test_loading_and_embedding_ask_no_network(defaults: Settings) -> None:
    folder = resolve_model(defaults.embedder, defaults.models_dir, ModelKind.EMBEDDER)
    online = {name: text for name, text in os.environ.items() if "OFFLINE" not in name}
    told = subprocess.run(
        [sys.executable, "-c", NO_NETWORK, folder],
        capture_output=True,
        text=True,
        check=True,
        env=online,
    )
    assert told.stdout == ""


@pytest.mark.model
def test_a_question_in_other_words_finds_its_passage(
    embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    with Store.create(tmp_path) as store:
        index_folders([write(tmp_path / "in", STORIES)], store, embedder, 64, lambda _: None)
        retriever = Retriever(store, embedder)
        best = retriever.retrieve("Which harbour is open to vessels once more?", 1)[0]
        assert best.passage.article_id == "port"
        assert best.cosine > 0.4
        off_topic = retriever.retrieve("How is sourdough bread baked?", 1)[0]
        assert off_topic.cosine < 0.2


@pytest.mark.model
def test_damaged_weights_are_named(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "cut", ignore=shutil.ignore_patterns("*.safet*"))
    (folder / "model.safetensors").write_bytes(b"\xff" * 1000)
    with pytest.raises(ModelError, match=r"cut cannot be loaded: .* qa models verify") as caught:
        SentenceEmbedder(folder, 1).embed(["a"])
    assert "\n" not in str(caught.value)


def test_a_folder_that_holds_no_embedder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.safetensors is missing\. Pull it with: qa mod"):
        SentenceEmbedder(tmp_path, 1)
