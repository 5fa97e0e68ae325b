"""Indexing mirrors folders, does nothing twice, and can be killed at any moment."""

import fcntl
import itertools
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import LibraryError
from qa.library.embedder import Vectors
from qa.library.indexing import index_folders, remove_articles
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.library.summary import IndexProgress, IndexSummary, Move, Phase
from tests.examples import at_most
from tests.fakes import FakeEmbedder
from tests.library.stores import Stores
from tests.library.stories import PASSAGE_TOKENS, STORIES, content, index, write


def _long_story(name: str) -> str:
    """A story of 900 sentences, no two alike: 150 or 180 passages, more than half a batch."""
    return " ".join(f"Sentence {name}x{number}." for number in range(900))


def changed(summary: IndexSummary) -> dict[str, tuple[object, ...]]:
    names = ("added", "updated", "moved", "removed", "unchanged", "reembedded")
    return {name: ids for name in names if (ids := getattr(summary, name))}


def test_a_first_run_a_second_and_a_change(stores: Stores, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    with stores.create(tmp_path / "index") as store:
        summary = index(store, folder)
        assert changed(summary) == {"added": ("bridge", "mayor", "port")}
        assert summary.passages == store.passage_count() > 3

        embedder, generation = FakeEmbedder(), store.generation()
        assert changed(index(store, folder, embedder=embedder)) == {
            "unchanged": ("bridge", "mayor", "port")
        }
        assert (embedder.embedded, store.generation()) == (0, generation)

        write(folder, {"port.txt": "Port shut\n\nIt shut.", "mayor.txt": STORIES["mayor.txt"]})
        assert changed(index(store, folder, embedder=embedder)) == {
            "updated": ("port",),
            "removed": ("bridge",),
            "unchanged": ("mayor",),
        }
        assert embedder.embedded == len(store.passages("port"))
        assert store.matching(["ostrava", "pillars"], 5) == {}


def test_the_same_words_in_other_bytes_are_not_embedded_again(
    stores: Stores, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", STORIES)
    with stores.create(tmp_path / "index") as store:
        index(store, folder)
        (folder / "port.txt").write_text(STORIES["port.txt"] + "\n\nSource link\n")
        embedder = FakeEmbedder()
        assert "updated" not in changed(index(store, folder, embedder=embedder))
        assert embedder.embedded == 0


def test_a_folder_that_moved_is_not_embedded_again(stores: Stores, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    with stores.create(tmp_path / "index") as store:
        index(store, folder)
        moved = folder.rename(tmp_path / "moved")
        embedder = FakeEmbedder()
        assert changed(index(store, moved, embedder=embedder)) == {
            "unchanged": ("bridge", "mayor", "port")
        }
        assert embedder.embedded == 0
        assert set(store.files()) == {moved / name for name in STORIES}


def test_ids_follow_the_root_that_is_named(stores: Stores, tmp_path: Path) -> None:
    write(tmp_path / "in", {})
    write(tmp_path / "in" / "2023", {"a.txt": "Text."})
    with stores.create(tmp_path / "index") as store:
        assert index(store, tmp_path / "in").added == ("2023/a",)
        summary = index(store, tmp_path / "in" / "2023")
        assert changed(summary) == {"moved": (Move("2023/a", "a"),)}


def test_the_library_mirrors_what_is_named_and_remembers_it(stores: Stores, tmp_path: Path) -> None:
    one = write(tmp_path / "one", {"a.txt": "Aa."})
    two = write(tmp_path / "two", {"b.txt": "Bb.", "c.txt": "Cc."})
    with stores.create(tmp_path / "index") as store:
        index(store, one)
        assert changed(index(store, two / "b.txt")) == {"added": ("b",), "removed": ("a",)}
        summary = index(store, one, keep_missing=True)
        assert changed(summary) == {"added": ("a",)}
        assert [article.id for article in store.articles()] == ["a", "b"]
        index(store, one, two)
        assert store.roots() == (one, two)
        (two / "b.txt").unlink()
        assert changed(index(store)) == {"removed": ("b",), "unchanged": ("a", "c")}


def test_what_cannot_be_indexed_changes_nothing(stores: Stores, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    empty = write(tmp_path / "empty", {"picture.gif": "", "notes": ""})
    bad = write(tmp_path / "bad", {"a.txt": ""})
    with stores.create(tmp_path / "index") as store:
        with pytest.raises(LibraryError, match="none was indexed before: qa index FOLDER"):
            index(store)
        index(store, folder)
        before = content(store)
        for roots, message in (
            ([empty], r"There is no article \(\.txt, .*\) below .*empty\. Nothing was changed\.$"),
            ([bad], r"below .*bad\. Nothing was changed\. .*a\.txt is empty"),
            ([folder, tmp_path / "gone"], "There is no file or folder .*gone. Nothing was changed"),
        ):
            with pytest.raises(LibraryError, match=message):
                index(store, *roots)
            assert content(store) == before
            assert store.roots() == (folder,)
        shutil.rmtree(folder)
        with pytest.raises(LibraryError, match=r"There is no file or folder .*in\."):
            index(store)
        assert content(store) == before


def test_bad_files_are_skipped_with_their_reason(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES | {"empty.md": ""})
    (folder / "binary.txt").write_bytes(b"\0\1\2")
    with Store.create(tmp_path / "index") as store:
        summary = index(store, folder)
        assert summary.added == ("bridge", "mayor", "port")
        assert [file.path.name for file in summary.skipped] == ["binary.txt", "empty.md"]
        assert "NUL bytes" in summary.skipped[0].reason


def test_of_files_with_one_id_the_first_has_it_and_the_others_are_kept_apart(
    stores: Stores, tmp_path: Path
) -> None:
    names = ("minutes.html", "minutes.md", "minutes.txt")
    texts = (
        "<p>In the first year a lamp was lit by the keeper of the house.</p>",
        "Two.",
        "Three.",
    )
    folder = write(tmp_path / "in", dict(zip(names, texts, strict=True)))
    ids = ("minutes", "minutes.md", "minutes.txt")
    with stores.create(tmp_path / "index") as store:
        assert index(store, folder).added == ids
        assert index(store, folder).unchanged == ids
        assert [store.article(one).text for one in ids[1:]] == ["Two.", "Three."]  # type: ignore[union-attr]
        (folder / "minutes.html").unlink()
        summary = index(store, folder)
        article = store.article("minutes")
        assert article is not None
        assert article.text == "Two."  # the first there is now
        assert summary.skipped == ()
        assert store.article_count() == 2


def test_an_id_that_two_articles_state_or_two_folders_have_loses_neither(tmp_path: Path) -> None:
    one = write(
        tmp_path / "r1", {"log.txt": "First.", "müller.txt": "Müller.", "möller.txt": "Möller."}
    )
    two = write(tmp_path / "r2", {"log.txt": "Second.", "a.txt": "---\nid: log\n---\nStated."})
    with Store.create(tmp_path / "index") as store:
        added = index_folders([one, two], store, FakeEmbedder(), 60, lambda _: None).added
        texts = {one: article.text for one in added if (article := store.article(one))}
    assert sorted(texts.values()) == ["First.", "Möller.", "Müller.", "Second.", "Stated."]
    assert (texts["log"], texts["m-ller"]) == ("First.", "Möller.")
    assert texts["log.txt"] == "Stated."
    assert len(texts) == len(set(texts)) == 5


def test_what_is_kept_but_for_a_field_is_told_apart_from_what_is_skipped(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"odd.md": "---\ndate: soon\n---\nText.", "empty.txt": ""})
    with Store.create(tmp_path / "index") as store:
        for _ in range(2):  # read, and then known
            summary = index(store, folder)
            assert {one.path.name: one.kept for one in summary.skipped} == {
                "odd.md": True,
                "empty.txt": False,
            }


def test_a_changed_recipe_makes_everything_anew_and_leaves_nothing_of_the_old(
    stores: Stores, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", STORIES)
    with stores.create(tmp_path / "index") as store:
        index(store, folder)
        summary = index(store, folder, passage_tokens=30)
        assert changed(summary) == {
            "unchanged": ("bridge", "mayor", "port"),
            "reembedded": ("bridge", "mayor", "port"),
        }
        with stores.create(tmp_path / "fresh") as fresh:
            index(fresh, folder, passage_tokens=30)
            assert content(store) == content(fresh)
        assert changed(index(store, folder, passage_tokens=30)).keys() == {"unchanged"}


@pytest.mark.slow
def test_old_passages_answer_while_new_ones_are_made(stores: Stores, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {f"{n}.txt": _long_story(n) for n in "abc"})
    with stores.create(tmp_path / "index") as store, stores.open(tmp_path / "index") as reader:
        old = FakeEmbedder()
        index(store, folder, embedder=old)
        before = content(reader)[:2]
        retriever = Retriever(reader, old)

        class Stopped(Exception): ...

        def stop_at_last(progress: IndexProgress) -> None:
            if progress.current == "c":
                assert content(reader)[:2] == before
                assert len(retriever.retrieve("sentence", 4)) == 4
                raise Stopped

        new = FakeEmbedder(digest="fake-embedder-2")
        with pytest.raises(Stopped):
            index_folders([folder], store, new, PASSAGE_TOKENS, stop_at_last)
        assert content(reader)[:2] == before
        made = new.embedded
        assert made > 0
        index(store, folder, embedder=new)
        assert new.embedded == store.passage_count() > made
        with pytest.raises(LibraryError, match=r"made with another embedder\. Bring it up to date"):
            retriever.retrieve("sentence", 4)


def test_there_is_one_writer_at_a_time(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    with Store.create(tmp_path / "index") as store:
        with (tmp_path / "index" / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for change in (lambda: index(store, folder), lambda: remove_articles(["a"], store)):
                with pytest.raises(LibraryError, match=r"Another qa index is at work on .*index"):
                    change()
        index(store, folder)


def test_articles_are_removed_by_hand_until_the_next_run(stores: Stores, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    with stores.create(tmp_path / "index") as store:
        index(store, folder)
        assert remove_articles(["mayor", "nobody", "mayor"], store) == ("mayor",)
        assert store.article("mayor") is None
        assert index(store, folder).added == ("mayor",)


def test_progress_counts_every_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    seen: list[IndexProgress] = []
    with Store.create(tmp_path / "index") as store:
        index_folders([folder], store, FakeEmbedder(), 12, seen.append)
    sizes = {name: (folder / name).stat().st_size for name in sorted(STORIES)}
    ends = list(itertools.accumulate(sizes.values(), initial=0))
    assert {one.phase for one in seen} == {Phase.READING}
    assert {one.total for one in seen} == {sum(sizes.values())}
    # Each file is reported when its reading begins and after its one article.
    assert [(one.done, one.articles, Path(one.current).name) for one in seen] == [
        (ends[0], 0, "bridge.md"),
        (ends[1], 1, "bridge.md"),
        (ends[1], 1, "mayor.txt"),
        (ends[2], 2, "mayor.txt"),
        (ends[2], 2, "port.txt"),
        (ends[3], 3, "port.txt"),
        (ends[3], 3, ""),
    ]
    seen.clear()
    with Store.open(tmp_path / "index") as store:
        index_folders([folder], store, FakeEmbedder(), 24, seen.append)
    again = [one for one in seen if one.phase is Phase.EMBEDDING_AGAIN]
    assert [(one.done, one.total, one.current) for one in again] == [
        (0, 3, "bridge"),
        (1, 3, "mayor"),
        (2, 3, "port"),
    ]


@pytest.mark.slow
@settings(max_examples=at_most(20), deadline=None)
@given(order=st.permutations(list(STORIES)), cut=st.integers(min_value=0, max_value=3))
def test_the_order_of_files_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, order: list[str], cut: int
) -> None:
    tmp_path = tmp_path_factory.mktemp("order")
    folder = write(tmp_path / "in", STORIES)
    with Store.create(tmp_path / "one") as one, Store.create(tmp_path / "two") as two:
        index(one, folder)
        for some in (order[:cut], order[cut:]):
            if some:
                index(two, *(folder / name for name in some), keep_missing=True)
        assert content(one) == content(two)
        for question in ("Who follows the mayor?", "port bridge", "closed on Friday"):
            hits = [Retriever(s, FakeEmbedder()).retrieve(question, 4) for s in (one, two)]
            assert hits[0] == hits[1]


KILLED_AT_A_BATCH = """
import os, signal, sys
from pathlib import Path
from qa.library.store import Store
from tests.fakes import FakeEmbedder
from tests.library.stores import Stores
from tests.library.stories import index

class Deadly(FakeEmbedder):
    batches = 0
    def embed(self, texts):
        self.batches += 1
        if self.batches == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().embed(texts)

with Store.create(Path(sys.argv[2])) as store:
    index(store, Path(sys.argv[1]), embedder=Deadly(), passage_tokens=int(sys.argv[3]))
"""


@pytest.mark.slow
def test_what_is_embedded_beside_the_reading_is_what_would_be_embedded_after_it(
    stores: Stores, tmp_path: Path
) -> None:
    # Three batches, and a paragraph of the first that comes again in the last.
    stories = {f"{n}.txt": _long_story(str(n)) for n in range(5)}
    stories["9.txt"] = f"Title\n\n{_long_story('0')}"
    folder = write(tmp_path / "in", stories)
    beside, after = FakeEmbedder(), FakeEmbedder()
    with stores.create(tmp_path / "one") as one, stores.create(tmp_path / "other") as other:
        index(one, folder, embedder=beside, passage_tokens=14)
        for name in sorted(stories):  # a run for each file has nothing to do beside
            index(other, folder / name, embedder=after, passage_tokens=14, keep_missing=True)
        for article in other.articles():
            assert article == one.article(article.id)
            assert other.passages(article.id) == one.passages(article.id)
        assert one.vectors().rows.tolist() == other.vectors().rows.tolist()
        assert (one.vectors().matrix == other.vectors().matrix).all()
    assert beside.embedded == after.embedded


def test_a_batch_that_fails_ends_the_run_and_those_before_it_are_kept(
    stores: Stores, tmp_path: Path
) -> None:
    class Failing(FakeEmbedder):
        def embed(self, texts: Sequence[str]) -> Vectors:
            if self.embedded:
                raise LibraryError("no more")
            return super().embed(texts)

    stories = {f"{n}.txt": _long_story(str(n)) for n in range(9)}
    folder = write(tmp_path / "in", stories)
    with stores.create(tmp_path / "index") as store:
        with pytest.raises(LibraryError, match="no more"):
            index(store, folder, embedder=Failing(), passage_tokens=14)
        assert [article.id for article in store.articles()] == ["0", "1"]


def killed_while_indexing(folder: Path, index_dir: Path, passage_tokens: int) -> None:
    command = [sys.executable, "-c", KILLED_AT_A_BATCH, str(folder), str(index_dir)]
    child = subprocess.run(
        [*command, str(passage_tokens)], cwd=Path(__file__).parents[2], check=False
    )
    assert child.returncode == -signal.SIGKILL


@pytest.mark.slow
def test_killed_twice_and_still_the_same_library(tmp_path: Path) -> None:
    # Every article is more than half a batch: two of them are one transaction.
    stories = {f"{n}.txt": _long_story(str(n)) for n in range(9)}
    folder, index_dir = write(tmp_path / "in", stories), tmp_path / "index"
    killed_while_indexing(folder, index_dir, 14)
    with Store.open(index_dir) as store:
        assert store.article_count() == 4
        assert Retriever(store, FakeEmbedder()).retrieve("sentence 3x7", 1)
    killed_while_indexing(folder, index_dir, 14)
    embedder = FakeEmbedder()
    with Store.create(index_dir) as store, Store.create(tmp_path / "fresh") as fresh:
        assert store.article_count() == 8
        assert changed(index(store, folder, embedder=embedder, passage_tokens=14)) == {
            "added": ("8",),
            "unchanged": tuple("01234567"),
        }
        assert embedder.embedded == len(store.passages("8"))
        index(fresh, folder, passage_tokens=14)
        assert content(store) == content(fresh)

    killed_while_indexing(folder, index_dir, 28)
    with Store.create(index_dir) as store, Store.create(tmp_path / "fresh") as fresh:
        assert content(store)[:2] == content(fresh)[:2]
        again = index(store, folder, passage_tokens=28)
        assert 0 < len(again.reembedded) < 9
        index(fresh, folder, passage_tokens=28)
        assert content(store) == content(fresh)
