"""Cuttings as a library: the page of its documentation, run as it stands; closing meanwhile."""

import doctest
import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qa import Cuttings
from qa.errors import BadQuestion, BadSettings, IndexMissing, LibraryError
from qa.library.indexing import index_folders
from qa.library.places import create_library
from qa.models.catalogue import find_model
from qa.settings import Settings, load_settings
from tests.conftest import ROOT, SEEDS
from tests.fakes import FakeEmbedder


@pytest.mark.model
def test_the_page_shows_what_comes_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SEEDS / "balloon", tmp_path / "articles")
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(ROOT / "docs" / "library.md"), module_relative=False)
    assert not failed
    assert tried > 10


@pytest.mark.model
def test_what_cannot_be_done_is_told_by_the_programs_own_errors(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="pasages"):
        Cuttings.open(tmp_path, pasages=3)
    with Cuttings.open(tmp_path) as cuttings:
        with pytest.raises(BadQuestion):
            cuttings.ask("?")
        with pytest.raises(IndexMissing):
            cuttings.ask("Where did they meet?")
        with pytest.raises(LibraryError, match="No folder of articles is known"):
            cuttings.index()
        with pytest.raises(LibraryError, match=r"no file or folder .*articles"):
            cuttings.index(tmp_path / "articles")


@pytest.fixture
def hollow(tmp_path: Path) -> Settings:
    """A home with an article, and models that can be opened but not used: nothing is in them."""
    folder = tmp_path / "models"
    for name in ("all-minilm-l6-v2", "ms-marco-minilm-l12"):
        model = find_model(name)
        beside = zip(model.files_beside(folder), model.beside, strict=True)
        sizes = {file: noted.size_bytes for file, noted in beside}
        for file, size_bytes in (sizes | {model.weights(folder): model.size_bytes}).items():
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("wb") as opened:
                opened.truncate(size_bytes)
    settings = load_settings(models_dir=folder)
    article = tmp_path / "in" / "lamp.txt"
    article.parent.mkdir()
    article.write_text("The lamp\n\nThe lamp of Skagen was lit in 1858.\n")
    with find_model("all-minilm-l6-v2").weights(folder).open("rb") as weights:
        embedder = FakeEmbedder(digest=hashlib.file_digest(weights, "sha256").hexdigest())
    with create_library(settings) as store:
        index_folders([article.parent], store, embedder, 60, lambda _: None)
    return settings


@pytest.mark.slow
def test_what_is_closed_while_another_thread_searches_is_open_until_that_is_done(
    hollow: Settings,
) -> None:
    """The search is at its embedder's 90 MB meanwhile, and needs the library before and after."""
    with Cuttings(hollow) as cuttings, ThreadPoolExecutor(1) as thread:
        searching = thread.submit(cuttings.search, "When was the lamp lit?", 0)
        while not searching.done():
            cuttings.close()
        assert searching.result() == ()
