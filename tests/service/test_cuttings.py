"""Cuttings as a library: the page of its documentation, run as it stands."""

import doctest
import shutil
from pathlib import Path

import pytest

from qa import Cuttings
from qa.errors import BadQuestion, BadSettings, IndexMissing, LibraryError
from tests.conftest import ROOT, SEEDS

pytestmark = pytest.mark.model


def test_the_page_shows_what_comes_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SEEDS / "balloon", tmp_path / "articles")
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(ROOT / "docs" / "library.md"), module_relative=False)
    assert not failed
    assert tried > 10


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
