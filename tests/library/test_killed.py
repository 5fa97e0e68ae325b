"""`kill -9` at any moment loses at most a batch: the library opens, is whole, answers, goes on."""

import itertools
import multiprocessing
import os
import random
import signal
import sqlite3
import sys
import zipfile
from contextlib import closing
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np
import pytest

from qa.library.checking import check_library
from qa.library.duplicates import band_keys
from qa.library.embedding import embedding_digest
from qa.library.records import EmbeddedPassage, Recipe
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.library.vectors import EXACT_ROWS, load_snapshot, publish_snapshot
from qa.types import Article, Passage
from tests.fakes import FakeEmbedder
from tests.library.stories import index

pytestmark = pytest.mark.slow

SEED = 20230218
KILLS, KILLS_A_SCENE = 22, 5
LONGEST_S = 0.8
PATIENCE_S = 60.0

PROCESSES = multiprocessing.get_context("forkserver")
"""Each process is a copy of one that has imported what is here: none loads it anew."""

PROCESSES.set_forkserver_preload([__name__])


def index_it(folder: Path, index_dir: Path, passage_tokens: int, begun: Event) -> None:
    """Index a folder; what a process that is killed does."""
    with Store.create(index_dir) as store:
        begun.set()
        index(store, folder, passage_tokens=passage_tokens)


def publish_until(nth: int, index_dir: Path) -> None:
    """Publish the vectors, killed as the n-th of their files is touched."""
    touched = 0

    def kill_at_nth(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal touched
        if event in {"open", "os.rename", "os.remove"} and "vectors-" in str(arguments[0]):
            touched += 1
            if touched == nth:
                os.kill(os.getpid(), signal.SIGKILL)

    with Store.open(index_dir) as store:
        sys.addaudithook(kill_at_nth)
        publish_snapshot(store, index_dir)


def story(name: str, sentences: int = 250) -> str:
    """A story with its own words in every sentence: 42 passages of 12 words."""
    return f"Title {name}\n\n" + " ".join(f"Sentence {name}x{n}." for n in range(sentences))


def mixed_folder(folder: Path) -> Path:
    """Articles in files of one and of many, two of them broken."""
    (folder / "deep" / "er").mkdir(parents=True)
    for n in range(8):
        (folder / f"plain{n}.txt").write_text(story(f"p{n}"))
        (folder / "deep" / f"marked{n}.md").write_text("# Marked\n\n" + story(f"m{n}"))
    rows = [f'{{"title": "Row {n}", "text": "{story(f"r{n}", 40)}"}}' for n in range(40)]
    rows = [row.replace("\n", " ") for row in rows]
    (folder / "rows.jsonl").write_text("\n".join([*rows, "no row"]))
    (folder / "deep" / "rows.csv").write_text(
        "title,text\n" + "".join(f"Cell {n},Sentence c{n}x1. Sentence c{n}x2.\n" for n in range(30))
    )
    with zipfile.ZipFile(folder / "deep" / "er" / "many.zip", "w") as archive:
        for n in range(10):
            archive.writestr(f"in/zipped{n}.txt", story(f"z{n}"))
    (folder / "page.html").write_text(
        "<html><head><title>Page</title></head><body><article><h1>Page</h1>"
        + "".join(f"<p>{story(f'h{n}', 20)}</p>" for n in range(5))
        + "</article></body></html>"
    )
    (folder / "empty.txt").write_text("")
    return folder


def edit(folder: Path, turn: int) -> None:
    """New, changed, moved and deleted, in files of one article and of many."""
    (folder / "plain0.txt").write_text(story("p0") + f" One sentence more x{turn}.")
    moved = next(iter(sorted(folder.rglob("*1.txt"))))
    moved.rename(folder / "deep" / f"moved{turn}1.txt")
    (folder / f"plain{2 + turn}.txt").unlink(missing_ok=True)
    for n in range(8):
        (folder / f"new{n}.txt").write_text(story(f"n{turn}n{n}"))
    rows = (folder / "rows.jsonl").read_text().splitlines()
    (folder / "rows.jsonl").write_text("\n".join([*rows[7:], *rows[:5]]))
    with zipfile.ZipFile(folder / "deep" / "er" / "many.zip", "w") as archive:
        for n in range(5, 12):
            archive.writestr(f"in/zipped{turn}{n}.txt", story(f"z{n}"))


def everything(file: Path) -> list[object]:
    """All that a library holds, to the byte, but row numbers and times."""
    with closing(sqlite3.connect(file)) as connection:
        return [
            connection.execute(sql).fetchall()
            for sql in (
                "SELECT id, file, title, source, published, digest, page_starts, text"
                " FROM articles ORDER BY id",
                "SELECT article_id, number, start_char, end_char, page, page_turns, title, text,"
                " digest, vector, (SELECT group_concat(key) FROM (SELECT key FROM bands"
                "  WHERE bands.passage = row ORDER BY key))"
                " FROM passages JOIN vectors ON passage = row ORDER BY article_id, number",
                "SELECT path, root, reading, size, digest, problems, clashes FROM files"
                " ORDER BY path",
                "SELECT embedder, dimension, passage_tokens, splitter, active FROM recipes",
                "SELECT * FROM roots",
            )
        ]


def is_whole_and_answers(index_dir: Path) -> None:
    if not (index_dir / "library.db").exists():
        return  # killed before there was anything
    with Store.create(index_dir) as store:  # killed while it was made, it is made again
        assert check_library(store.file) == ()
        if store.article_count():
            hits = Retriever(store, FakeEmbedder()).retrieve("sentence title", 3)
            assert hits
            for hit in hits:
                article = store.article(hit.passage.article_id)
                assert article is not None
                assert article.text[hit.passage.start : hit.passage.end] == hit.passage.text


def ends_by_itself(after_s: float, folder: Path, index_dir: Path, passage_tokens: int) -> bool:
    """Kill a run so long after it began; whether it had ended before."""
    begun = PROCESSES.Event()
    child = PROCESSES.Process(target=index_it, args=(folder, index_dir, passage_tokens, begun))
    child.start()
    assert begun.wait(PATIENCE_S)
    child.join(after_s)
    child.kill()
    child.join()
    assert child.exitcode in {0, -signal.SIGKILL}
    return child.exitcode == 0


def test_killed_at_random_moments(tmp_path: Path) -> None:
    moments = random.Random(SEED)
    folder, index_dir = mixed_folder(tmp_path / "in"), tmp_path / "index"
    kills = turn = 0
    # A first run, a change of the recipe, changed files, a change of the recipe …
    while kills < KILLS:
        passage_tokens = 12 + 4 * (turn % 4 in {1, 2})
        if turn and turn % 2 == 0:
            edit(folder, turn)
        run = (folder, index_dir, passage_tokens)
        for _ in range(KILLS_A_SCENE):
            if ends_by_itself(moments.uniform(0, LONGEST_S), *run):
                break
            kills += 1
            is_whole_and_answers(index_dir)
        assert ends_by_itself(PATIENCE_S, *run)
        with Store.create(tmp_path / f"fresh{turn}") as fresh:
            index(fresh, folder, passage_tokens=passage_tokens)
        assert everything(index_dir / "library.db") == everything(fresh.file)
        is_whole_and_answers(index_dir)
        turn += 1
    assert turn > 3  # each kind of run was killed


def large_library(index_dir: Path) -> None:
    """A library of so many passages that its vectors are published in a file."""
    text = "Word. " * (EXACT_ROWS + 1)
    article = Article("a", "Words", text, None, None, "d")
    numbers = np.random.default_rng(SEED)
    vectors = numbers.normal(size=(EXACT_ROWS + 1, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    passages = [
        Passage(f"a#{n}", "a", "Words", None, 6 * n, 6 * n + 5, "Word.")
        for n in range(EXACT_ROWS + 1)
    ]
    digest, bands = embedding_digest(passages[0]), band_keys("Word.")
    with Store.create(index_dir) as store, store.changing() as changes:
        changes.put(article, Path("/a.txt"))
        changes.put_passages(
            [
                EmbeddedPassage(passage, digest, vector, bands)
                for passage, vector in zip(passages, vectors, strict=True)
            ],
            Recipe("e", 64, 8, 1),
        )


def test_killed_while_the_vectors_are_published(tmp_path: Path) -> None:
    large_library(tmp_path)
    question = np.eye(1, 64, dtype=np.float32)[0]
    with Store.open(tmp_path) as store, store.reading():
        expected = load_snapshot(store, tmp_path).nearest(question, 3)
    for nth in itertools.count(1):
        child = PROCESSES.Process(target=publish_until, args=(nth, tmp_path))
        child.start()
        child.join()
        with Store.open(tmp_path) as store, store.reading():
            assert load_snapshot(store, tmp_path).nearest(question, 3) == expected
        if child.exitcode == 0:
            break
        assert child.exitcode == -signal.SIGKILL
    assert nth > 2  # at least at the opening of the new file and at its publishing
    (published,) = tmp_path.glob("vectors-*")  # nothing half-written is left
    assert published.suffix == ".faiss"
