"""A library of very many small articles, indexed as always, but for vectors that no model made.

They lie as those of real passages lie (`synthetic_vectors.py`); embedding 100,000 articles takes
ten minutes on two idle cores, and what is measured here does not depend on which vectors they are.
Kept in a cache and used again.
"""

import shutil
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from many_articles import notices
from measuring import cut
from synthetic_vectors import Matrix, blocks, learn

from qa.library.embedder import SentenceEmbedder
from qa.library.indexing import index_folders
from qa.library.store import Store
from qa.library.summary import IndexProgress
from qa.models.catalogue import ModelKind, resolve_model
from qa.settings import Settings, load_settings

SEEDS = Path(__file__).parent.parent / "seeds"
EMBEDDED = 500
"""Of the articles, as many are really embedded; the other vectors are made from these."""

TELL_EVERY = 10_000


class MadeUp(SentenceEmbedder):
    """An embedder that gives the next of many made-up vectors to each text."""

    def __init__(self, folder: Path, vectors: Iterator[Matrix]) -> None:
        super().__init__(folder, threads=0)
        self._vectors = (row for block in vectors for row in block)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """One row a text, whatever it says."""
        return np.array(list(islice(self._vectors, len(texts))), dtype=np.float32)


def large_library(count: int, cache: Path, models_dir: Path) -> Path:
    """A home with so many articles in its library, made first where the cache has none."""
    home = cache / f"large-{count}"
    if (home / "whole").exists():
        return home
    shutil.rmtree(home, ignore_errors=True)
    for one in notices(count):
        file = home / "articles" / one.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(one.file, encoding="utf-8")
    settings = load_settings(home=home, models_dir=models_dir)
    with Store.create(settings.library_dir) as store:
        index_folders(
            [home / "articles"],
            store,
            _embedder(count, settings),
            settings.passage_tokens,
            _told,
            embedder_name=settings.embedder,
        )
    (home / "whole").touch()
    return home


def _embedder(count: int, settings: Settings) -> MadeUp:
    """What gives so many articles their vectors: one passage each."""
    folder = resolve_model(settings.embedder, settings.models_dir, ModelKind.EMBEDDER)
    texts = [passage.text for passage in cut([SEEDS], folder, settings.passage_tokens)]
    texts += [one.text for one in notices(min(count, EMBEDDED))]
    real = SentenceEmbedder(folder, settings.threads).embed(texts)
    return MadeUp(folder, blocks(learn(real), count))


def _told(progress: IndexProgress) -> None:
    if progress.articles % TELL_EVERY == 0:
        print(f"{progress.articles:,} articles", file=sys.stderr, flush=True)
