"""A damaged library is recognised, and what can be saved of it is named and saved."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import unicodedata
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import CuttingsError, IndexMissing, LibraryError
from qa.library.checking import check_library
from qa.library.database import PAGE_BYTES
from qa.library.exporting import Exported, export_file
from qa.library.salvage import rescued_articles
from qa.library.store import Store
from qa.types import Article
from tests.library.stories import STORIES, content, index, write

pytestmark = pytest.mark.slow

ARTICLES = 60


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a library that is not open, all of it in `library.db`."""
    tmp_path = tmp_path_factory.mktemp("whole")
    stories = {
        f"s{n:02}.txt": f"Title {n}\n\n" + " ".join(f"Word{n}x{i} stands here." for i in range(50))
        for n in range(ARTICLES)
    }
    with Store.create(tmp_path / "index") as store:
        index(store, write(tmp_path / "in", stories))
    assert sorted(path.name for path in (tmp_path / "index").glob("library*")) == ["library.db"]
    return tmp_path / "index" / "library.db"


@pytest.fixture
def file(whole: Path, tmp_path: Path) -> Path:
    """A copy of it to be harmed."""
    return Path(shutil.copy(whole, tmp_path / "library.db"))


def pages(file: Path, table: str) -> list[tuple[int, int]]:
    """The leaf pages of a table: offset in the file, and number of rows."""
    with closing(sqlite3.connect(file)) as connection:
        return [
            ((page - 1) * PAGE_BYTES, rows)
            for page, rows in connection.execute(
                "SELECT pageno, ncell FROM dbstat WHERE name = ? AND pagetype = 'leaf'", (table,)
            )
        ]


def overwrite(file: Path, offset: int, junk: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(offset)
        opened.write(junk)


def test_a_whole_library_passes(file: Path) -> None:
    assert check_library(file) == ()
    assert sum(article is not None for article in rescued_articles(file)) == ARTICLES


def test_a_broken_page_of_articles(file: Path, tmp_path: Path) -> None:
    offset, rows = pages(file, "articles")[3]
    overwrite(file, offset, b"\xff" * PAGE_BYTES)
    with Store.open(tmp_path) as store, pytest.raises(LibraryError) as failure:
        store.articles()
    message = str(failure.value)
    assert message.startswith(f"The library {file} is damaged (integrity check: ")
    assert message.endswith(
        f"{ARTICLES - rows} of its {ARTICLES} articles can still be read: save them with qa "
        "articles export FOLDER, move library.db away, then run: qa index"
    )
    assert check_library(file)[0].startswith(f"The library {file} is damaged")
    assert export_file(file, tmp_path / "saved") == Exported(ARTICLES - rows, rows)
    with Store.create(tmp_path / "anew") as anew:
        assert len(index(anew, tmp_path / "saved").added) == ARTICLES - rows


def test_a_broken_index_of_articles_costs_no_article(file: Path, tmp_path: Path) -> None:
    for offset, _ in pages(file, "sqlite_autoindex_articles_1"):
        overwrite(file, offset, b"\xff" * PAGE_BYTES)
    with Store.open(tmp_path) as store, pytest.raises(LibraryError, match="60 of its 60 articles"):
        store.article("s07")


def test_a_broken_page_of_passages_costs_no_article(file: Path, tmp_path: Path) -> None:
    overwrite(file, pages(file, "passages")[0][0], b"\xff" * PAGE_BYTES)
    with Store.open(tmp_path) as store, pytest.raises(LibraryError, match="60 of its 60 articles"):
        store.passages_in(store.vectors().rows.tolist())


def test_broken_words(file: Path, tmp_path: Path) -> None:
    for offset, _ in pages(file, "passage_words_data"):
        overwrite(file, offset + PAGE_BYTES // 2, b"\xff" * (PAGE_BYTES // 2))
    with Store.open(tmp_path) as store, pytest.raises(LibraryError, match="60 of its 60 articles"):
        store.matching(["stands"], 5)
    assert check_library(file)


def test_a_file_cut_short(file: Path, tmp_path: Path) -> None:
    size = file.stat().st_size
    os.truncate(file, size - size // 4)
    saved = sum(article is not None for article in rescued_articles(file))
    with pytest.raises(LibraryError, match=f"{saved} of its .* articles can still be read"):
        Store.open(tmp_path)
    assert saved > 0
    assert export_file(file, tmp_path / "saved").written == saved


def test_a_destroyed_beginning(file: Path, tmp_path: Path) -> None:
    overwrite(file, 0, b"\xff" * 100)
    for opening in (Store.open, Store.create):
        with pytest.raises(LibraryError, match=r"its beginning is destroyed.*files are untouched"):
            opening(tmp_path)
    with pytest.raises(LibraryError, match="No article can be read"):
        export_file(file, tmp_path / "saved")
    assert not (tmp_path / "saved").exists()


def test_an_empty_file_is_no_index_yet(tmp_path: Path) -> None:
    (tmp_path / "library.db").touch()
    with pytest.raises(IndexMissing):
        Store.open(tmp_path)
    with Store.create(tmp_path) as store:
        index(store, write(tmp_path / "in", STORIES))
    assert check_library(tmp_path / "library.db") == ()


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "library.db").mkdir()
    for opening in (Store.open, Store.create):
        with pytest.raises(LibraryError, match="is not a library but a folder"):
            opening(tmp_path)
    with pytest.raises(LibraryError, match="is not a library but a folder"):
        export_file(tmp_path / "library.db", tmp_path / "saved")


KILLED_WITH_A_LOG = """
import os, signal, sys
from pathlib import Path
from qa.library.store import Store
from tests.library.stories import index

with Store.create(Path(sys.argv[1])) as store:
    index(store, Path(sys.argv[2]))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_lost_write_ahead_log_is_an_older_library_and_a_whole_one(tmp_path: Path) -> None:
    folder, index_dir = write(tmp_path / "in", STORIES), tmp_path / "index"
    Store.create(index_dir).close()
    command = [sys.executable, "-c", KILLED_WITH_A_LOG, str(index_dir), str(folder)]
    child = subprocess.run(command, cwd=Path(__file__).parents[2], check=False)
    assert child.returncode == -signal.SIGKILL
    (index_dir / "library.db-wal").unlink()
    assert check_library(index_dir / "library.db") == ()
    with Store.create(index_dir) as store, Store.create(tmp_path / "fresh") as fresh:
        assert store.article_count() == 0
        index(store, folder)
        index(fresh, folder)
        assert content(store) == content(fresh)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("UPDATE articles SET text = replace(text, 'Word7x3 ', 'Word7x4 ')", "s07#1 is not what"),
        ("UPDATE articles SET title = 'Other' WHERE id = 's07'", "s07#0 is not what stands"),
        ("UPDATE articles SET published = '2023-02-18' WHERE id = 's07'", "not what was embedded"),
        ("UPDATE articles SET published = 'no day' WHERE id = 's07'", "not what was embedded"),
        ("UPDATE vectors SET vector = x'00' WHERE passage = 1", "vector of s00#0 is broken"),
        ("UPDATE vectors SET vector = zeroblob(2048) WHERE passage = 1", "s00#0 is broken"),
        ("DELETE FROM vectors WHERE passage = 1", "s00#0 has no vector"),
        ("DELETE FROM bands WHERE passage = 1 AND key > 0", "s00#0 has not all its bands"),
        ("DELETE FROM passages WHERE article_id = 's07'", "s07 has no passage"),
        ("INSERT INTO bands VALUES (1, 99999)", "A row of bands belongs to none of passages"),
        ("INSERT INTO passage_words (passage_words) VALUES ('delete-all')", "index of words"),
    ],
)
def test_the_check_finds_what_sqlite_cannot_know(file: Path, change: str, finding: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(change)
        connection.commit()
    assert finding in "\n".join(check_library(file))


def test_a_value_that_cannot_be_is_damage_too(file: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE articles SET published = '2023-02-31' WHERE id = 's07'")
        connection.execute("UPDATE vectors SET vector = x'00' WHERE passage = 1")
        connection.commit()
    with Store.open(tmp_path) as store:
        for read in (store.articles, store.listing, store.vectors):
            with pytest.raises(LibraryError, match=r"is damaged .* 59 of its 60 articles"):
                read()


def test_a_passage_without_its_vector_is_damage(file: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DELETE FROM vectors WHERE passage = 1")
        connection.commit()
    with Store.open(tmp_path) as store:
        assert len(store.vectors_in([2, 3])) == 2
        with pytest.raises(LibraryError, match=r"is damaged .* 60 of its 60 articles"):
            store.vectors_in([1, 2])


def broken_somewhere(sound: bytes, harm: random.Random) -> bytearray:
    """A file with a bit, sixteen bytes or a page of it spoilt, or its end cut off."""
    broken = bytearray(sound)
    at = harm.randrange(len(broken))
    match harm.randrange(4):
        case 0:
            broken[at] ^= 1 << harm.randrange(8)
        case 1:
            broken[at : at + 16] = harm.randbytes(16)
        case 2:
            at -= at % PAGE_BYTES
            broken[at : at + PAGE_BYTES] = bytes(PAGE_BYTES)
        case _:
            del broken[at:]
    return broken


def test_whatever_breaks_is_told_or_harms_no_text(whole: Path, tmp_path: Path) -> None:
    with Store.open(whole.parent) as store:
        articles = store.articles()
        passages = [store.passages(article.id) for article in articles]
    harm = random.Random(20230218)
    sound = whole.read_bytes()
    file = tmp_path / "library.db"
    errors: list[str] = []
    findings = 0
    for _ in range(30):
        file.write_bytes(broken_somewhere(sound, harm))
        try:
            told = check_library(file)
            with Store.open(tmp_path) as store:
                read = store.articles()
                read_passages = [store.passages(article.id) for article in articles]
                content(store)
                store.files()
                store.matching(["stands"], 5)
                store.copies_of(1)
        except CuttingsError as error:
            errors.append(str(error))
            continue
        findings += bool(told)
        assert told or (read, read_passages) == (articles, passages)
    assert all(str(file) in error and "\n" not in error for error in errors)
    assert len(errors) + findings >= 20  # the others spoilt free space, or bits that count little


# A title or an id as reading makes it: one line, accents composed, no control characters.
lines = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=60)
    .map(lambda one: " ".join(unicodedata.normalize("NFC", one).split()))
    .filter(bool)
)


@settings(max_examples=40, deadline=None)
@given(
    stated=st.lists(
        st.tuples(
            lines,
            lines,
            st.none() | st.dates(date(1900, 1, 1), date(2024, 12, 31)),
        ),
        max_size=4,
        unique_by=lambda one: one[0],
    )
)
def test_what_is_exported_is_read_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, stated: list[tuple[str, str, date | None]]
) -> None:
    tmp_path = tmp_path_factory.mktemp("export")
    articles = [
        Article(one, title, f"{title} is told.\n\n---\n# Here.", title, published, "d")
        for one, title, published in [("stays", "It: “stays”", None), *stated]
        if one != "stays" or title == "It: “stays”"
    ]
    with Store.create(tmp_path / "old") as store, store.changing() as changes:
        for article in articles:
            changes.put(article, Path("/x.txt"))
    assert export_file(store.file, tmp_path / "out").written == len(articles)
    with Store.create(tmp_path / "new") as anew:
        assert index(anew, tmp_path / "out").skipped == ()
        assert {
            (one.id, one.title, one.text, one.source, one.published) for one in anew.articles()
        } == {(one.id, one.title, one.text, one.source, one.published) for one in articles}


def test_exported_names_are_plain_and_never_overwrite(tmp_path: Path) -> None:
    ids = ["2023/wang-visit", "a", "a.md/b", "A", "../../up", "/root", ".hidden", "?", "x" * 300]
    with Store.create(tmp_path / "old") as store, store.changing() as changes:
        for one in ids:
            changes.put(Article(one, one, "Text.", None, None, "d"), Path("/x.txt"))
    out = tmp_path / "out"
    assert export_file(store.file, out) == Exported(len(ids), 0)
    assert sorted(str(file.relative_to(out)) for file in out.rglob("*.md")) == sorted(
        [
            "2023/wang-visit.md",
            "a.md",
            "a-md/b.md",
            "a-2.md",
            "up.md",
            "root.md",
            "hidden.md",
            "-.md",
            "x" * 80 + ".md",
        ]
    )
    before = {file: file.read_text() for file in out.rglob("*.md")}
    with pytest.raises(LibraryError, match="is not an empty folder"):
        export_file(store.file, out)
    assert {file: file.read_text() for file in out.rglob("*.md")} == before
    with pytest.raises(IndexMissing):
        export_file(tmp_path / "none" / "library.db", tmp_path / "other")


def test_an_older_version_s_articles_can_be_saved(file: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
        connection.execute("ALTER TABLE articles DROP COLUMN page_starts")
        connection.commit()
    with pytest.raises(LibraryError, match=r"made by an older version.*files are untouched"):
        Store.open(tmp_path)
    assert export_file(file, tmp_path / "saved") == Exported(ARTICLES, 0)
