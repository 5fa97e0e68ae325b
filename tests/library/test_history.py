"""The library depends on the files alone, not on what was there before or when it was indexed."""

import json
import os
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import LibraryError
from qa.library.checking import check_library
from qa.library.indexing import index_folders, remove_articles
from qa.library.store import Store
from qa.library.summary import IndexProgress, Move
from tests.examples import at_most
from tests.fakes import FakeEmbedder
from tests.library.stores import Stores
from tests.library.stories import PASSAGE_TOKENS, content, index, write

TEXTS = ("", "Red sky.", "Blue sea. Red sky.", "Green hill over the blue sea. White sand there.")
IDS = (None, "x", "y")


def _text_file(article_id: str | None, text: str) -> str:
    return f"---\nid: {article_id}\n---\n{text}" if article_id else text


def _rows(rows: Sequence[tuple[str | None, str]]) -> str:
    return "".join(
        json.dumps({"text": text} | ({"id": one} if one else {})) + "\n" for one, text in rows
    )


rows = st.tuples(st.sampled_from(IDS), st.sampled_from(TEXTS))
folders = st.fixed_dictionaries(
    {"keep.txt": st.just("Always here.")},
    optional={
        "a.txt": st.builds(_text_file, st.sampled_from(IDS), st.sampled_from(TEXTS)),
        "b.txt": st.builds(_text_file, st.sampled_from(IDS), st.sampled_from(TEXTS)),
        "c.jsonl": st.lists(rows, min_size=1, max_size=3).map(_rows),
        "z.jsonl": st.lists(rows, min_size=1, max_size=3).map(_rows),
    },
)


def write_aged(folder: Path, files: Mapping[str, str]) -> Path:
    """The folder with these files, each with a time stamp of long ago that its content decides."""
    write(folder, files)
    for name, text in files.items():
        os.utime(folder / name, (10**9 + zlib.crc32(text.encode()) % 10**8,) * 2)
    return folder


class Interrupted(Exception): ...


def interrupt_before_the_end(progress: IndexProgress) -> None:
    """When all files are read and stored, and nothing is removed yet."""
    if not progress.current:
        raise Interrupted


@settings(max_examples=at_most(60), deadline=None)
@given(history=st.lists(st.tuples(folders, st.booleans()), max_size=3), last=folders)
def test_whatever_came_before_the_library_is_that_of_a_first_run(
    tmp_path_factory: pytest.TempPathFactory,
    history: list[tuple[dict[str, str], bool]],
    last: dict[str, str],
) -> None:
    tmp_path = tmp_path_factory.mktemp("history")
    with Store.create(tmp_path / "old") as store, Store.create(tmp_path / "new") as fresh:
        for files, interrupted in history:
            folder = write_aged(tmp_path / "in", files)
            if interrupted:
                with pytest.raises(Interrupted):
                    index_folders(
                        [folder], store, FakeEmbedder(), PASSAGE_TOKENS, interrupt_before_the_end
                    )
            else:
                index(store, folder)
        folder = write_aged(tmp_path / "in", last)
        before = {article.id: article.digest for article in store.articles()}
        summary, first = index(store, folder), index(fresh, folder)
        assert content(store) == content(fresh)
        assert summary.skipped == first.skipped
        assert check_library(store.file) == check_library(fresh.file) == ()
        # The summary tells how the one library became the other.
        moved_from = {move.old_id for move in summary.moved}
        moved_to = {move.new_id for move in summary.moved}
        after = {article.id: article.digest for article in store.articles()}
        assert set(summary.added) | moved_to == after.keys() - before.keys()
        assert set(summary.removed) | moved_from == before.keys() - after.keys()
        assert set(summary.updated) == {
            one for one in before.keys() & after.keys() if before[one] != after[one]
        }
        for move in summary.moved:
            assert before[move.old_id] == after[move.new_id]


def counts(file: Path) -> dict[str, int]:
    """Rows of every table, those that FTS5 keeps included."""
    with closing(sqlite3.connect(file)) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name != "sqlite_sequence"
        ]
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names
        }


@settings(max_examples=at_most(20), deadline=None)
@given(files=folders)
def test_add_then_remove_leaves_nothing(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, str]
) -> None:
    tmp_path = tmp_path_factory.mktemp("remove")
    base = write(tmp_path / "base", {"stays.txt": "It was there before."})
    folder = write(tmp_path / "in", files)
    with Store.create(tmp_path / "index") as store:
        index(store, base)
        before, rows_before = content(store), counts(store.file)
        index(store, base, folder)
        added = {article.id for article in store.articles()} - {"stays"}
        assert set(remove_articles(sorted(added), store)) == added
        index(store, base)
        assert content(store) == before
        # FTS5 keeps markers of what it deleted until it next merges; nothing else may differ.
        words = {"passage_words_data", "passage_words_idx"}
        assert {n: c for n, c in counts(store.file).items() if n not in words} == {
            n: c for n, c in rows_before.items() if n not in words
        }
        assert store.matching(["always", "red", "blue", "green"], 5) == {}
        assert check_library(store.file) == ()


def test_a_moved_article_is_not_embedded_again(stores: Stores, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.txt": "Red sky. Blue sea.", "b.txt": "Green hill."})
    with stores.create(tmp_path / "index") as store:
        index(store, folder)
        (folder / "a.txt").rename(folder / "z.txt")
        embedder = FakeEmbedder()
        summary = index(store, folder, embedder=embedder)
        assert (summary.added, summary.removed) == ((), ())
        assert summary.moved == (Move("a", "z"),)
        assert (summary.unchanged, summary.embedded, embedder.embedded) == (("b",), 0, 0)


def test_several_of_one_text_are_paired_in_the_order_of_their_ids(
    stores: Stores, tmp_path: Path
) -> None:
    same = "---\ntitle: One wire story\n---\nRed sky. Blue sea."
    folder = write(tmp_path / "in", {"a.txt": same, "b.txt": same, "c.txt": "Other."})
    with stores.create(tmp_path / "index") as store:
        assert index(store, folder).embedded == 2  # a and b are one text
        write(folder, {"p.txt": same, "o.txt": same, "n.txt": same, "c.txt": "Other."})
        summary = index(store, folder)
        assert summary.moved == (Move("a", "n"), Move("b", "o"))
        assert (summary.added, summary.embedded) == (("p",), 0)


def test_what_moved_is_no_second_copy_when_missing_ones_are_kept(
    stores: Stores, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", {"a.txt": "Red sky.", "b.txt": "Green hill.", "c.txt": "Sea."})
    with stores.create(tmp_path / "index") as store:
        index(store, folder)
        (folder / "a.txt").rename(folder / "z.txt")
        (folder / "b.txt").unlink()
        (folder / "c.txt").write_text("---\nid: other\n---\nIt is another article now.")
        summary = index(store, folder, keep_missing=True)
        assert summary.moved == (Move("a", "z"),)
        assert (summary.added, summary.removed) == (("other",), ("c",))
        assert [article.id for article in store.articles()] == ["b", "other", "z"]
        again = index(store, folder, keep_missing=True)
        assert (again.moved, again.added, again.removed) == ((), (), ())
        assert index(store, folder).removed == ("b",)


def test_a_copy_elsewhere_is_no_move(stores: Stores, tmp_path: Path) -> None:
    one = write(tmp_path / "one", {"a.txt": "---\ntitle: T\n---\nRed sky."})
    two = write(tmp_path / "two", {"b.txt": "---\ntitle: T\n---\nRed sky."})
    with stores.create(tmp_path / "index") as store:
        index(store, one)
        summary = index(store, two, keep_missing=True)
        assert (summary.moved, summary.added, summary.embedded) == ((), ("b",), 0)
        assert [article.id for article in store.articles()] == ["a", "b"]


def test_only_changed_paragraphs_are_embedded(stores: Stores, tmp_path: Path) -> None:
    paragraphs = [f"Story{n} word{n}a word{n}b word{n}c word{n}d word{n}e." for n in range(6)]
    folder = write(tmp_path / "in", {"a.txt": "---\ntitle: T\n---\n" + "\n\n".join(paragraphs)})
    with stores.create(tmp_path / "index") as store:
        assert index(store, folder).embedded == store.passage_count() == 6
        paragraphs[2] = "Quite another paragraph stands here."
        write(folder, {"a.txt": "---\ntitle: T\n---\n" + "\n\n".join(paragraphs)})
        summary = index(store, folder)
        assert (summary.updated, summary.embedded) == (("a",), 1)
        with stores.create(tmp_path / "fresh") as fresh:
            index(fresh, folder)
            assert content(store) == content(fresh)


def test_a_recipe_of_the_same_embedder_takes_over_what_is_cut_alike(
    stores: Stores, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", {"a.txt": "Red sky.", "b.txt": "Green hill."})
    with stores.create(tmp_path / "index") as store:
        index(store, folder)
        summary = index(store, folder, passage_tokens=30)
        assert (summary.reembedded, summary.embedded) == (("a", "b"), 0)
        other = FakeEmbedder(digest="fake-embedder-2")
        summary = index(store, folder, passage_tokens=30, embedder=other)
        assert (summary.reembedded, summary.embedded) == (("a", "b"), 2)


@pytest.mark.slow
def test_space_is_given_back(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {f"{n}.txt": f"Story {n}. " * 400 for n in range(20)})
    with Store.create(tmp_path / "index") as store:
        index(store, folder)
        before = content(store)
    size = (tmp_path / "index" / "library.db").stat().st_size
    with Store.create(tmp_path / "index") as store:
        index(store, folder, passage_tokens=24)
        index(store, folder)
        assert content(store) == before
    assert (tmp_path / "index" / "library.db").stat().st_size < 1.4 * size
    with Store.create(tmp_path / "index") as store:
        index(store, write(folder, {"0.txt": "Story."}))
    assert (tmp_path / "index" / "library.db").stat().st_size < 0.3 * size
    assert check_library(tmp_path / "index" / "library.db") == ()


def test_the_embedder_s_name_is_kept_beside_its_digest(stores: Stores, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.txt": "Red sky."})
    embedder = FakeEmbedder()
    with stores.create(tmp_path / "index") as store:
        for name in ("small-embedder", "/models/moved"):
            generation = store.generation()
            summary = index_folders(
                [folder], store, embedder, PASSAGE_TOKENS, lambda _: None, embedder_name=name
            )
            recipe = store.recipe()
            assert recipe is not None
            assert recipe.embedder_name == name
        assert summary.reembedded == ()
        assert store.generation() == generation


def test_nothing_to_index_leaves_what_is_there(stores: Stores, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.txt": "Red sky."})
    with stores.create(tmp_path / "index") as store:
        index(store, folder)
        write(folder, {"a.txt": ""})
        with pytest.raises(LibraryError, match="Nothing was changed"):
            index(store, folder)
        assert [article.id for article in store.articles()] == ["a"]
        write(folder, {"b.txt": "Blue sea."})
        assert index(store, folder).removed == ("a",)
