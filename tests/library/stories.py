"""Small collections of articles on disk, and a library made of them, for the tests here."""

from collections.abc import Callable, Mapping
from pathlib import Path

from qa.library.comparing import FoundFile
from qa.library.indexing import index_folders
from qa.library.storage import Storage
from qa.library.summary import IndexSummary
from tests.fakes import FakeEmbedder

PASSAGE_TOKENS = 10
"""Words a passage: two or three of the sentences below."""

STORIES = {
    "port.txt": "Port reopens\n\nThe port of Ostrava reopened on Friday. Ships had waited a week.",
    "bridge.md": "# Bridge closed\n\nThe old bridge was closed. Its pillars had cracked in spring.",
    "mayor.txt": "---\nid: mayor\npublished: 2023-02-18\n---\nThe mayor resigned.\n\n"
    "Nobody knows who will follow her. An election was called for autumn by the council.",
}


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Make the folder hold exactly these files; returns it."""
    folder.mkdir(exist_ok=True)
    for stale in folder.iterdir():
        stale.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def index(
    store: Storage,
    *roots: Path,
    embedder: FakeEmbedder | None = None,
    passage_tokens: int = PASSAGE_TOKENS,
    keep_missing: bool = False,
    is_whole: Callable[[FoundFile], bool] = lambda _: True,
    waiting: Callable[[str], None] | None = None,
) -> IndexSummary:
    """Index with a fake embedder and nobody watching."""
    return index_folders(
        roots,
        store,
        embedder or FakeEmbedder(),
        passage_tokens,
        lambda _: None,
        keep_missing=keep_missing,
        is_whole=is_whole,
        waiting=waiting,
    )


def content(store: Storage) -> list[object]:
    """All that readers can see of a library, in an order of its own."""
    vectors = store.vectors()
    by_row = dict(zip(vectors.rows.tolist(), vectors.matrix.round(5).tolist(), strict=True))
    passages = store.passages_in(by_row)
    return [
        store.articles(),
        sorted((passages[row].id, passages[row].text, vector) for row, vector in by_row.items()),
        store.recipes(),
    ]
