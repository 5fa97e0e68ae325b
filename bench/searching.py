"""Libraries of very many vectors: made, published, opened, searched, and held against the truth."""

import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from measuring import Row, cut, peak_mb, read_questions, timed
from synthetic_vectors import Matrix, blocks, learn

from qa.library.embedder import SentenceEmbedder
from qa.library.embedding import embedding_text
from qa.library.records import EmbeddedPassage, Recipe
from qa.library.store import Store
from qa.library.vectors import load_snapshot, publish_snapshot
from qa.types import Article, Passage

LENGTHS = (32, 64, 128)
"""Tokens of the passages that the synthetic vectors are made from."""

QUESTIONS = 500
NEAREST = 50
PER_ARTICLE = 20


def library(size: int, articles: Sequence[Path], questions: Path, model: Path, cache: Path) -> Path:
    """A folder with a library of so many synthetic vectors, the questions and their neighbours."""
    folder = cache / f"library-{size}"
    if folder.is_dir():
        return folder
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    embedder = SentenceEmbedder(model, threads=0)
    texts = {
        embedding_text(passage) for tokens in LENGTHS for passage in cut(articles, model, tokens)
    }
    rows = read_questions(questions)
    asked = embedder.embed_questions(
        [row["question"] for row in rows[:: -(-len(rows) // QUESTIONS)]]
    )
    recipe = Recipe(embedder.digest, embedder.dimension, max(LENGTHS), splitter=0)
    near = np.empty((len(asked), 0), dtype=np.float32)
    near_rows = np.empty((len(asked), 0), dtype=np.int64)
    first = 1
    with Store.create(part) as store:
        for block in blocks(learn(embedder.embed(sorted(texts))), size):
            put(store, block, recipe, first)
            near = np.hstack([near, asked @ block.T])
            these = np.arange(first, first + len(block))
            near_rows = np.hstack([near_rows, np.broadcast_to(these, (len(asked), len(block)))])
            best = np.argpartition(-near, NEAREST, axis=1)[:, :NEAREST]
            near = np.take_along_axis(near, best, axis=1)
            near_rows = np.take_along_axis(near_rows, best, axis=1)
            first += len(block)
    truth = np.take_along_axis(near_rows, np.argsort(-near, axis=1), axis=1)
    np.savez(part / "questions.npz", asked=asked, truth=truth)
    part.rename(folder)
    return folder


def put(store: Store, block: Matrix, recipe: Recipe, first_row: int) -> None:
    """Store a passage for each vector, in an empty library in rows from `first_row` on."""
    with store.changing() as changes:
        for first in range(0, len(block), PER_ARTICLE):
            one = f"a-{(first_row + first) // PER_ARTICLE}"
            changes.put(Article(one, "t", "t", None, None, one), Path(f"/{one}"))
            passages = (
                Passage(f"{one}#{n}", one, "t", None, 0, 1, "t") for n in range(PER_ARTICLE)
            )
            vectors = block[first : first + PER_ARTICLE]
            changes.put_passages(
                [
                    EmbeddedPassage(passage, digest=os.urandom(16), vector=vector, bands=())
                    for passage, vector in zip(passages, vectors, strict=False)
                ],
                recipe,
            )


def publish(folder: Path) -> Row:
    """What making the base takes, and what is on disk for a thousand passages."""
    with Store.open(folder) as store:
        for file in folder.glob("vectors-*"):
            file.unlink()
        started = time.perf_counter()
        publish_snapshot(store, folder)
        seconds = time.perf_counter() - started
        count = store.passage_count()
    base = sum(file.stat().st_size for file in folder.glob("vectors-*"))
    vectors = store.file.stat().st_size
    return {
        "base made in s": seconds,
        "with peak MB": peak_mb(),
        "base KB / 1,000": base / count,
        "library KB / 1,000 (vectors alone)": vectors / count,
    }


def search(folder: Path) -> Row:
    """Latency and recall of the questions, one after another, and of a tenth of the rows."""
    saved = np.load(folder / "questions.npz")
    asked, truth = saved["asked"], saved["truth"]
    with Store.open(folder) as store:
        started = time.perf_counter()
        snapshot = load_snapshot(store, folder)
        opened = time.perf_counter() - started
        tenth = store.live_rows()[::10]
        with store.reading():
            snapshot.nearest(asked[0], NEAREST)
            found = [timed(snapshot.nearest, vector, NEAREST) for vector in asked]
            scoped = [timed(snapshot.nearest, vector, NEAREST, tenth)[0] for vector in asked[:100]]
        peak = peak_mb()
        flat = flat_index(store)
        exact = [timed(flat.search, vector.reshape(1, -1), NEAREST)[0] for vector in asked[:100]]
    seconds = [one for one, _ in found]
    ours = [list(rows) for _, rows in found]
    p95 = np.quantile(seconds, 0.95)
    return {
        "opened in s": opened,
        "peak MB": peak,
        "p50 ms": np.quantile(seconds, 0.5) * 1000,
        "p95 ms": p95 * 1000,
        "p95 ms among a tenth": np.quantile(scoped, 0.95) * 1000,
        "flat's p95 / p95": np.quantile(exact, 0.95) / p95,
        "recall@10": recall(ours, truth, 10),
        f"recall@{NEAREST}": recall(ours, truth, NEAREST),
    }


def flat_index(store: Store) -> Any:
    """FAISS's exact index of all vectors."""
    import faiss

    faiss.omp_set_num_threads(1)
    vectors = store.vectors().matrix
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    return flat


def recall(found: Sequence[Sequence[int]], truth: Any, k: int) -> float:
    """Share of the true k nearest that are among the first k found."""
    shares = [
        len({*rows[:k]} & {*true[:k].tolist()}) / k for rows, true in zip(found, truth, strict=True)
    ]
    return float(np.mean(shares))
