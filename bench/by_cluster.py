"""A library made by a cluster beside one made by one process: whether they are the same.

    python bench/by_cluster.py --articles FOLDER --questions FILE.jsonl [--most 200]

Indexes the folder into a file, and by `qa index --engine ray` on two nodes into PostgreSQL (both on
this machine), where one worker is killed once a quarter of the vectors is kept. Told is whether
articles, texts, offsets and vectors are the same and kept once; and of so many questions that an
article answers, how many find the same ten passages in the same order in both, and how many find
their article first and among the first five. Questions need no evidence, only their articles.
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
import psycopg
from cluster import cluster_of, quiet
from measuring import Row, read_questions

from index import table
from qa.library.embedder import SentenceEmbedder
from qa.library.indexing import index_folders
from qa.library.places import open_library
from qa.library.postgres.store import PostgresStore
from qa.library.retrieval import Retriever
from qa.library.storage import Storage
from qa.library.store import Store
from qa.settings import load_settings
from qa.types import Hit
from tests.postgres_server import running_server

QA = [sys.executable, "-c", "from qa.cli import main; main()"]
ASKED_FOR = 10
KILLED_AT = 0.25
LOOK_S = 0.05


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--most", type=int, default=200, help="so many questions, evenly spread")
    options = parser.parse_args()
    quiet(options.models)
    answered = [row for row in read_questions(options.questions) if row["answers"]]
    rows = answered[:: -(-len(answered) // options.most)]
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = load_settings(home=home)
        embedder = SentenceEmbedder(settings.models_dir / settings.embedder, threads=0)
        local = stack.enter_context(Store.create(home / "file"))
        index_folders([options.articles], local, embedder, settings.passage_tokens, lambda _: None)
        server = stack.enter_context(running_server())
        os.environ.update(QA_INDEX=server.address(), QA_HOME=str(home))
        address = stack.enter_context(cluster_of((1, 1)))
        killed_at = _index_and_kill(
            options.articles, str(address), server.address(), local.passage_count()
        )
        shared = stack.enter_context(_opened())
        print(table([_same(local, shared) | {"a worker killed at vectors": killed_at}]))
        print(table([_asked(local, shared, embedder, rows)]))


@contextmanager
def _opened() -> Iterator[PostgresStore]:
    with open_library(load_settings()) as store:
        assert isinstance(store, PostgresStore)
        yield store


def _index_and_kill(articles: Path, cluster: str, server: str, passages: int) -> int:
    """Index by Ray and kill a worker on the way; the number of vectors kept by then."""
    command = [*QA, "index", str(articles), "--engine", "ray", "--address", cluster]
    with subprocess.Popen(command) as process, psycopg.connect(server, autocommit=True) as asking:
        killed_at = 0
        while process.poll() is None and not killed_at:
            time.sleep(LOOK_S)
            kept, workers = _vectors(asking), _workers(asking, process.pid)
            if kept >= passages * KILLED_AT and workers:
                os.kill(workers[0], signal.SIGKILL)
                killed_at = kept
        if process.wait() or not killed_at:
            sys.exit("The run by Ray failed, or ended before a worker could be killed.")
    return killed_at


def _vectors(asking: "psycopg.Connection[tuple[object, ...]]") -> int:
    schema = f"cuttings_{load_settings().collection}"
    there = asking.execute("SELECT to_regclass(%s)", (f"{schema}.vectors",)).fetchone()
    if not there or there[0] is None:
        return 0
    counted = asking.execute(f"SELECT count(*) FROM {schema}.vectors".encode()).fetchone()
    assert counted
    return int(str(counted[0]))


def _workers(asking: "psycopg.Connection[tuple[object, ...]]", driver: int) -> list[int]:
    """The processes that are connected beside the one that hands out the work."""
    rows = asking.execute(
        "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'qa %'"
    ).fetchall()
    return [pid for (name,) in rows if (pid := int(str(name).split()[-1])) != driver]


def _same(local: Store, shared: PostgresStore) -> Row:
    ours, theirs = _passages(local), _passages(shared)
    ((kept, distinct),) = shared._rows("SELECT count(*), count(DISTINCT digest) FROM vectors")
    return {
        "articles": local.article_count(),
        "the same": local.articles() == shared.articles(),
        "passages": len(ours),
        "texts and offsets the same": [one[:4] for one in ours] == [one[:4] for one in theirs],
        "vectors the same to the last bit": ours == theirs,
        "vectors kept twice": kept - distinct,
    }


def _passages(store: Storage) -> list[tuple[str, int, int, str, bytes]]:
    """Id, offsets, text and vector of every passage, by id."""
    vectors = store.vectors()
    by_row = dict(zip(vectors.rows.tolist(), vectors.matrix, strict=True))
    return sorted(
        (one.id, one.start, one.end, one.text, np.asarray(by_row[row]).tobytes())
        for row, one in store.passages_in(by_row).items()
    )


def _asked(local: Storage, shared: Storage, embedder: SentenceEmbedder, rows: Sequence[Row]) -> Row:
    found = [
        [Retriever(store, embedder).retrieve(row["question"], ASKED_FOR) for row in rows]
        for store in (local, shared)
    ]
    row: Row = {
        "questions": len(rows),
        "the same ten passages in the same order": statistics.fmean(
            [hit.passage.id for hit in a] == [hit.passage.id for hit in b]
            for a, b in zip(*found, strict=True)
        ),
    }
    for name, some in zip(("file", "PostgreSQL"), found, strict=True):
        for first in (1, 5):
            row[f"recall@{first}, {name}"] = statistics.fmean(
                _holds(hits[:first], set(asked["articles"]))
                for asked, hits in zip(rows, some, strict=True)
            )
    return row


def _holds(hits: Sequence[Hit], articles: set[str]) -> bool:
    return any(hit.passage.article_id in articles for hit in hits)


if __name__ == "__main__":
    main()
