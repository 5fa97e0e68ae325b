"""A library where nothing can be written is read all the same."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qa.library.read_only import read_only_address
from qa.library.store import Store
from tests.library.stories import index, write
from tests.without_rights import run_without_rights

pytestmark = pytest.mark.slow

READER = """
import json, os, sqlite3, sys
from contextlib import closing
from pathlib import Path
from qa.doctor.library import check_index
from qa.errors import LibraryError
from qa.library.checking import check_library
from qa.library.indexing import remove_articles
from qa.library.salvage import rescued_articles
from qa.library.store import Store

index_dir = Path(sys.argv[1])
file = index_dir / "library.db"

def failure(run):
    try:
        return repr(run())
    except LibraryError as error:
        return str(error)

told = {"rescued": [article.id for article in rescued_articles(file)]}
told["doctor"] = check_index("Index", index_dir).state.value
told["check"] = check_library(file)
with Store.create(index_dir) as store:
    told["ids"] = [line.id for line in store.listing()]
    told["found"] = len(store.matching(["ferry"], 5))
    told["remove"] = failure(lambda: remove_articles(["one"], store))
    os.chmod(index_dir, 0o755)
    with closing(sqlite3.connect(file)) as writer, writer:
        writer.execute("DELETE FROM articles WHERE id = 'one'")
    told["changed"] = failure(store.article_count)
print(json.dumps(told))
"""

WITH_A_LOG = """
import sys
from pathlib import Path
from qa.library.store import Store
with Store.open(Path(sys.argv[1])) as store:
    print(store.article_count())
"""


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    articles = {
        "one.txt": "One\n\nThe ferry sails at noon.",
        "two.txt": "Two\n\nThe ferry lies still.",
    }
    with Store.create(tmp_path / "index") as store:
        index(store, write(tmp_path / "in", articles))
    return tmp_path / "index"


def test_a_library_in_a_folder_without_rights_is_read_until_somebody_changes_it(
    index_dir: Path,
) -> None:
    index_dir.chmod(0o555)
    told = json.loads(run_without_rights(READER, index_dir))
    assert told["rescued"] == told["ids"] == ["one", "two"]
    assert told["doctor"] == "ok"
    assert told["check"] == [
        "The index of words can be checked only where the library can be written."
    ]
    assert told["found"] == 2
    assert "cannot be written" in told["remove"]
    assert "was changed by another program meanwhile" in told["changed"]


def test_what_another_program_has_just_written_is_read_too(index_dir: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with closing(sqlite3.connect(index_dir / "library.db")) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        with writer:
            writer.execute("DELETE FROM articles WHERE id = 'one'")
        shutil.copytree(index_dir, copy)  # with its log, as a kill leaves it
    copy.chmod(0o555)
    try:
        assert run_without_rights(WITH_A_LOG, copy) == "1\n"
    finally:
        copy.chmod(0o755)


def test_a_folder_that_can_be_written_is_nothing_special(index_dir: Path) -> None:
    address = read_only_address(index_dir / "library.db")
    assert address == f"{(index_dir / 'library.db').as_uri()}?mode=ro"
