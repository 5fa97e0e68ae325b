"""How fast, how large and how exact the library is, as ratios on one machine.

    python bench/index.py --articles FOLDER --questions FILE.jsonl [--sizes 10000 100000 1000000]

Writes bench/index.md, except what stands there from "## What was tried" on, and prints it.

- Embedding: the articles' passages, as `qa index` embeds them, against
  `SentenceTransformer(folder).encode(texts)` as it comes. Each way runs in a process of its own;
  the best of three rounds counts. Recall is that of the evidence by cosine alone.
- A `qa index` without a change: 10,000 made-up articles, beyond the start of the process.
- What indexing leaves: `library.db` with its log, so at most what stays, and the process's memory.
- Search: libraries of so many vectors, made as `synthetic_vectors.py` tells from the articles'
  passages of several lengths; the questions are real. Timed is `Snapshot.nearest(vector, 50)`
  whole, with the exact comparison of its candidates by their vectors in SQLite; recall is against
  comparing all. "Flat" is FAISS's exact index, one thread, everything in memory.

Everything heavy is kept in --cache and used again; about five minutes when it is empty.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from measuring import Row, alone, cut, peak_mb, read_questions
from searching import library, publish, search
from synthetic_vectors import Matrix

from qa.library.embedder import SentenceEmbedder
from qa.library.embedding import embedding_text
from qa.library.indexing import index_folders
from qa.library.store import Store
from qa.types import Passage

REPORT = Path(__file__).with_suffix(".md")
KEPT_FROM = "## What was tried"
PASSAGE_TOKENS = 128
ROUNDS = 3
UNCHANGED_ARTICLES = 10_000


def main() -> None:
    """Measure all and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=Path, nargs="+", required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=Path("models/all-minilm-l6-v2"))
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "cuttings-bench"
    )
    options = parser.parse_args()
    model, cache = options.model.absolute(), options.cache
    cache.mkdir(parents=True, exist_ok=True)
    made = made_up_articles(cache)
    passages = cut(options.articles, model, PASSAGE_TOKENS)
    texts = [embedding_text(passage) for passage in passages]
    plain = alone(embed, "plain", model, texts)
    ours = alone(embed, "cuttings", model, texts)
    for row in (plain, ours):
        vectors = row.pop("vectors")
        row["recall@5"] = evidence_recall(vectors, passages, options.questions, model)
    report = [
        "# The library, measured\n",
        f"{datetime.now().astimezone().date()}, {machine()}. Made by `bench/index.py`.\n",
        f"## Embedding {len(texts)} passages of {PASSAGE_TOKENS} tokens at most\n",
        table([plain, ours], ratios=("passages/s", "start-up s", "peak MB")),
        f"## `qa index` over {UNCHANGED_ARTICLES} articles\n",
        table([index_unchanged(model, cache / "home", made)]),
        "## What indexing leaves and needs\n",
        table([alone(index_whole, folders, model) for folders in (options.articles, [made])]),
        "## Search\n",
    ]
    rows = []
    for size in options.sizes:
        folder = library(size, options.articles, options.questions, model, cache)
        rows.append({"vectors": size, **alone(publish, folder), **alone(search, folder)})
    report.append(table(rows))
    write("\n".join(report))


def machine() -> str:
    """What kind of machine this is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB"


# Embedding


def embed(way: str, model: Path, texts: Sequence[str]) -> Row:
    """Start-up to the first vector, and passages a second."""
    started = time.perf_counter()
    encode: Callable[[Sequence[str]], Any]
    if way == "plain":
        from sentence_transformers import SentenceTransformer

        encode = SentenceTransformer(str(model), device="cpu", local_files_only=True).encode
    else:
        encode = SentenceEmbedder(model, threads=0).embed
    encode(["What is this?"])
    start_up = time.perf_counter() - started
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        vectors = encode(texts)
        seconds.append(time.perf_counter() - started)
    return {
        "way": way,
        "passages/s": len(texts) / min(seconds),
        "start-up s": start_up,
        "peak MB": peak_mb(),
        "vectors": vectors,
    }


def evidence_recall(vectors: Matrix, passages: Sequence[Passage], file: Path, model: Path) -> float:
    """Share of questions with evidence that one of the five nearest passages overlaps.

    The questions' vectors are those of `qa ask` for either way.
    """
    rows = [row for row in read_questions(file) if row["evidence"]]
    asked = SentenceEmbedder(model, threads=0).embed([row["question"] for row in rows])
    nearest = np.argsort(-(asked @ vectors.T), axis=1)[:, :5]
    found = [
        any(
            passages[place].article_id in row["articles"]
            and any(touches(passages[place].text, quote) for quote in row["evidence"])
            for place in places
        )
        for row, places in zip(rows, nearest, strict=True)
    ]
    return float(np.mean(found))


def touches(text: str, quote: str) -> bool:
    """Whether one stands in the other, or the text ends or begins inside the quote."""
    edges = text[:40] in quote or text[-40:] in quote
    return quote in text or text in quote or edges


# An index run that changes nothing


def made_up_articles(cache: Path) -> Path:
    """A folder of small articles, a file each."""
    articles, part = cache / "articles", cache / "articles.part"
    if not articles.is_dir():
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        for number in range(UNCHANGED_ARTICLES):
            text = f"Notice {number}\n\nThe office of district {number} opens at {number % 12}."
            (part / f"{number}.txt").write_text(text)
        part.rename(articles)
    return articles


def index_unchanged(model: Path, home: Path, articles: Path) -> Row:
    """Seconds of `qa index` with nothing to do, beyond the start of the process."""
    home.mkdir(exist_ok=True)
    run_qa(home, model, "index", str(articles))
    again = min(run_qa(home, model, "index", str(articles)) for _ in range(ROUNDS))
    start = min(run_qa(home, model, "--help") for _ in range(ROUNDS))
    return {"unchanged s": again, "process start s": start, "beyond it s": again - start}


def index_whole(folders: Sequence[Path], model: Path) -> Row:
    """What a first `qa index` takes, and what is on disk afterwards for a thousand passages."""
    with tempfile.TemporaryDirectory() as index, Store.create(Path(index)) as store:
        started = time.perf_counter()
        embedder = SentenceEmbedder(model, threads=0)
        index_folders(folders, store, embedder, PASSAGE_TOKENS, lambda _: None)
        seconds = time.perf_counter() - started
        passages = store.passage_count()
        size = sum(
            file.stat().st_size for file in Path(index).iterdir() if file.suffix != ".db-shm"
        )
        characters = sum(line.characters for line in store.listing())
    return {
        "articles' characters": characters,
        "passages": passages,
        "s": seconds,
        "on disk KB / 1,000": size / passages,
        "peak MB": peak_mb(),
    }


def run_qa(home: Path, model: Path, *arguments: str) -> float:
    """Seconds of one command."""
    program = Path(sys.executable).with_name("qa")
    places = {"QA_HOME": str(home), "QA_EMBEDDER": str(model)}
    started = time.perf_counter()
    subprocess.run(
        [program, *arguments], env={**os.environ, **places}, check=True, capture_output=True
    )
    return time.perf_counter() - started


# The report


def table(rows: Sequence[Row], ratios: Sequence[str] = ()) -> str:
    """Rows as a Markdown table; with ratios, a last row of the second row against the first."""
    shown = [{name: figure(value) for name, value in row.items()} for row in rows]
    if ratios:
        shown.append(
            {
                name: f"{rows[1][name] / rows[0][name]:.2f} ×" if name in ratios else ""
                for name in rows[0]
            }
        )
    heads = list(rows[0])
    lines = [heads, ["---"] * len(heads), *([row[name] for name in heads] for row in shown)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def figure(value: Any) -> str:
    """A measured value with three digits that count, anything else as it is."""
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) else str(value)
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def write(report: str) -> None:
    """Print the report and put it in place of the last one."""
    print(report)
    before = REPORT.read_text(encoding="utf-8") if REPORT.is_file() else ""
    _, heading, kept = before.partition(KEPT_FROM)
    REPORT.write_text(f"{report}\n{heading}{kept}", encoding="utf-8")


if __name__ == "__main__":
    main()
