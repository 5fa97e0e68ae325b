"""The library that tests of the assistant share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.library.indexing import index_folders
from qa.library.store import Store
from tests.answering.lamp_and_ferry import ARTICLES
from tests.fakes import FakeEmbedder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Store.create(tmp_path / "index") as store:
        index_folders([folder], store, FakeEmbedder(), 60, lambda _: None)
        yield store
