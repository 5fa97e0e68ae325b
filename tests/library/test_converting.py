"""A library of the version before becomes one of this version, in its place."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qa.library.checking import check_library
from qa.library.schema import SCHEMA_VERSION
from qa.library.store import Store
from tests.library.stories import STORIES, content, index, write

BEFORE = """
DROP TRIGGER passage_added;
DROP TRIGGER passage_removed;
DROP TABLE passage_words;
DROP VIEW passage_texts;
ALTER TABLE passages DROP COLUMN title_words;
ALTER TABLE passages DROP COLUMN text_words;
CREATE VIRTUAL TABLE passage_words USING fts5 (
  title, text, content = 'passages', content_rowid = 'row',
  tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER passage_added AFTER INSERT ON passages BEGIN
  INSERT INTO passage_words (rowid, title, text) VALUES (new.row, new.title, new.text);
END;
CREATE TRIGGER passage_removed AFTER DELETE ON passages BEGIN
  INSERT INTO passage_words (passage_words, rowid, title, text)
  VALUES ('delete', old.row, old.title, old.text);
END;
INSERT INTO passage_words (passage_words) VALUES ('rebuild');
UPDATE meta SET value = '2' WHERE key = 'schema';
"""
"""From a library of this version to one of version 2, as it was made."""

FILES = {**STORIES, "tower.txt": "海塔修好\n\n海塔修好了，高三十米。"}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    with Store.create(tmp_path / "index") as store:
        index(store, write(tmp_path / "in", FILES))
    with closing(sqlite3.connect(tmp_path / "index" / "library.db")) as connection:
        connection.executescript(BEFORE)
    return tmp_path / "index"


def version(index_dir: Path) -> str:
    with closing(sqlite3.connect(index_dir / "library.db")) as connection:
        return str(connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()[0])


def test_an_older_library_is_converted_when_it_is_opened(old: Path, tmp_path: Path) -> None:
    with Store.open(old) as store, Store.create(tmp_path / "fresh") as fresh:
        index(fresh, tmp_path / "in")
        assert content(store) == content(fresh)
        for terms in (["塔修"], ["bridge", "mayor"], ["三"]):
            found, expected = store.matching(terms, 9), fresh.matching(terms, 9)
            assert list(found.values()) == pytest.approx(list(expected.values()))
            assert found
        assert check_library(store.file) == ()
        summary = index(store, tmp_path / "in")
        assert (summary.embedded, len(summary.unchanged)) == (0, len(FILES))
        (tmp_path / "in" / "tower.txt").unlink()
        index(store, tmp_path / "in")
        assert store.matching(["塔修"], 9) == {}
        assert check_library(store.file) == ()
    assert version(old) == str(SCHEMA_VERSION)


def test_a_conversion_that_fails_leaves_the_library_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: str) -> str:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr("qa.library.schema.parted", broken)
        with pytest.raises(MemoryError):
            Store.open(old)
    assert version(old) == "2"
    with Store.open(old) as store:
        assert store.article_count() == len(FILES)
