"""Vectors ahead of a run of indexing: read on this machine, embedded on all, kept by each.

Ray Data passes texts on from the one to the others. A text whose vector the shared library has is
not embedded, and to keep one twice changes nothing: so whatever a dead worker had under way is
simply done again, by another.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.cluster.connecting import Carried, Cluster, cause_of, connected, settings_of
from qa.errors import ClusterError, ModelError
from qa.library.ahead import Ahead, texts_in_article, texts_in_file
from qa.library.batches import Workshop
from qa.library.comparing import FoundFile
from qa.library.embedding import text_digest
from qa.library.places import open_library
from qa.library.postgres.address import Address
from qa.library.postgres.store import PostgresStore
from qa.library.records import Recipe
from qa.library.summary import IndexProgress, Phase
from qa.service.opening import open_embedder, open_ocr
from qa.settings import Settings

BATCH_TEXTS = 256
"""Texts that a worker embeds and keeps at a time, as a run of indexing does."""

READ_AT_ONCE = 16
"""Files that are read before their texts are passed on."""

EmbedAhead = Callable[[Ahead, Callable[[IndexProgress], None]], None]
Row = dict[str, Any]
Columns = dict[str, NDArray[Any]]


def check_embedder(digest: str, carried: Carried) -> None:
    """Raise ModelError where a machine lacks the embedder, LibraryError where the library."""
    settings = settings_of(carried)
    if open_embedder(settings).digest != digest:
        raise ModelError(
            f"Its embedder {settings.embedder!r} is another one than here. Pull the same there:"
            f" qa models pull {settings.embedder}"
        )
    open_library(settings).close()


@contextmanager
def embedding_ahead(
    settings: Settings, address: str | None, digest: str, *, ocr: bool
) -> Iterator[EmbedAhead]:
    """Embeds ahead of runs of indexing, on the cluster at an address or on one of this machine.

    `digest` is that of this machine's embedder; pages of scans are read when `ocr` says so.
    """
    with connected(settings, address, partial(check_embedder, digest)) as cluster:
        yield partial(_embed_ahead, cluster, ocr)


def _embed_ahead(
    cluster: Cluster, ocr: bool, ahead: Ahead, report: Callable[[IndexProgress], None]
) -> None:
    """Keep a vector for every text that is about to be embedded.

    Raises ClusterError; what was kept until then is found the next time.
    """
    rows = [_row(file) for file in ahead.files]
    rows += [_row(None) | {"article": article_id} for article_id in ahead.article_ids]
    if not rows:
        return
    import ray
    from ray.data import ActorPoolStrategy, DataContext, from_items

    _quiet(DataContext.get_current())
    here = {"ray.io/node-id": ray.get_runtime_context().get_node_id()}
    try:
        kept = (
            from_items(rows, override_num_blocks=-(-len(rows) // READ_AT_ONCE))
            .flat_map(
                Reading,
                fn_constructor_args=(cluster.carried, ahead.recipe, ocr),
                compute=ActorPoolStrategy(size=1),
                num_cpus=0,  # beside the worker of this machine, which waits for it
                label_selector=here,
            )
            .map_batches(
                Embedding,
                fn_constructor_args=(cluster.carried, ahead.recipe),
                batch_size=BATCH_TEXTS,
                compute=ActorPoolStrategy(min_size=1, max_size=cluster.workers),
                num_cpus=cluster.threads,
            )
        )
        done = 0
        for row in kept.iter_rows():
            done += int(row["done"])
            report(IndexProgress(Phase.EMBEDDING_AHEAD, done, len(rows), done, ""))
    except ray.exceptions.RayError as error:
        raise ClusterError(
            f"The cluster could not embed everything: {cause_of(error)} What is done is kept: run"
            " qa index again."
        ) from error


class Reading:
    """Reads files and stored articles into the texts of their passages."""

    def __init__(self, carried: Carried, recipe: Recipe, ocr: bool) -> None:
        settings = settings_of(carried)
        self._workshop = Workshop(open_library(settings), open_embedder(settings), recipe)
        self._ocr = open_ocr(settings) if ocr else None

    def __call__(self, row: Row) -> list[Row]:
        """A row for each text, and a last one that says that this one is done."""
        if row["article"]:
            texts = texts_in_article(row["article"], self._workshop)
        else:
            path, root = Path(os.fsdecode(row["path"])), Path(os.fsdecode(row["root"]))
            found = FoundFile(path, root, row["size"], 0)
            texts = texts_in_file(found, self._workshop, self._ocr)
        return [*({"text": text, "done": 0} for text in texts), {"text": "", "done": 1}]


class Embedding:
    """A worker with an embedder of its own, and its own connection to the shared library."""

    def __init__(self, carried: Carried, recipe: Recipe) -> None:
        settings = settings_of(carried)
        address = Address.of(settings.shared_index, settings.collection)
        self._store = PostgresStore.open(address, settings.library_dir)
        self._embedder = open_embedder(settings)
        self._recipe = recipe

    def __call__(self, batch: Columns) -> Columns:
        """Keep the vectors of the texts that have none yet; says how many rows are done."""
        texts = {text_digest(text): text for text in batch["text"].tolist() if text}
        kept = self._store.vectors_of(texts, self._recipe)
        new = {digest: text for digest, text in texts.items() if digest not in kept}
        if new:
            vectors = self._embedder.embed(list(new.values()))
            self._store.keep_vectors(list(new), vectors, self._recipe)
        return {"done": np.array([batch["done"].sum()])}


def _row(file: FoundFile | None) -> Row:
    """Every row has the same columns; paths are bytes, for a name need not be text."""
    return {
        "path": os.fsencode(file.path) if file else b"",
        "root": os.fsencode(file.root) if file else b"",
        "size": file.size if file else 0,
        "article": "",
    }


def _quiet(context: Any) -> None:
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # it would print whole tracebacks
    context.enable_progress_bars = False
    context.print_on_execution_start = False
