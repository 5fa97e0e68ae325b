"""How well questions find their evidence, for several passage lengths.

    python bench/retrieval.py --articles FOLDER --questions FILE.jsonl [--model FOLDER]

Indexes the folder once for every length (in a temporary folder) and asks every answerable question
of the set. A hit counts when its passage overlaps the question's evidence, found in the article
verbatim; "answer@k" also asks that an accepted answer stands in such a hit, word for word, which
shorter passages find harder. "tokens/3" are the language model's, in the texts of the best three.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.library.embedder import SentenceEmbedder
from qa.library.indexing import index_folders
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.types import Hit

DEPTH = 10
CUTOFFS = (1, 3, 4, 5, 10)
TOKENS_OF = 3


@dataclass(frozen=True)
class Question:
    """A question with accepted answers and where its evidence stands: article id → spans."""

    text: str
    answers: tuple[str, ...]
    evidence: dict[str, list[tuple[int, int]]]


@dataclass(frozen=True)
class Found:
    """What one question found: the ranks, from 1, that count, and what it cost."""

    evidence_ranks: tuple[int, ...]
    answer_ranks: tuple[int, ...]
    best_cosine: float
    tokens: int
    seconds: float


def main() -> None:
    """Print one line of measures for each passage length."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=Path("models/all-minilm-l6-v2"))
    parser.add_argument("--gguf", type=Path, default=Path("models/qwen2.5-coder-1.5b.gguf"))
    parser.add_argument("--lengths", type=int, nargs="+", default=[96, 112, 128, 160])
    options = parser.parse_args()
    count_tokens = token_counter(options.gguf)
    embedder = SentenceEmbedder(options.model, threads=0)
    heads = [f"recall@{k}" for k in CUTOFFS] + ["mrr"] + [f"answer@{k}" for k in CUTOFFS]
    print("length passages", *heads, "tokens/3", "ms 50%/95%", "cosine 5%/50%", sep="  ")
    for length in options.lengths:
        with tempfile.TemporaryDirectory() as folder, Store.create(Path(folder)) as store:
            index_folders([options.articles], store, embedder, length, lambda _: None)
            questions = read_questions(options.questions, store)
            retriever = Retriever(store, embedder)
            found = [ask(question, retriever, count_tokens) for question in questions]
            print(f"{length:6} {store.passage_count():8}", *measures(found), sep="  ")


def read_questions(file: Path, store: Store) -> list[Question]:
    """The answerable questions of a set whose evidence stands in the library, verbatim."""
    texts = {article.id: article.text for article in store.articles()}
    questions = []
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        evidence: dict[str, list[tuple[int, int]]] = {}
        for article_id in row["articles"]:
            for quote in row["evidence"]:
                start = texts[article_id].find(quote)
                if start >= 0:
                    evidence.setdefault(article_id, []).append((start, start + len(quote)))
        if row["answers"] and evidence:
            questions.append(Question(row["question"], tuple(row["answers"]), evidence))
    return questions


def token_counter(gguf: Path) -> Callable[[str], int]:
    """Counts tokens as the language model in that file does; only its vocabulary is loaded."""
    from llama_cpp import Llama

    model = Llama(str(gguf), vocab_only=True, verbose=False)
    return lambda text: len(model.tokenize(text.encode(), add_bos=False))


def ask(question: Question, retriever: Retriever, count_tokens: Callable[[str], int]) -> Found:
    """Retrieve for one question and mark the hits that hold its evidence and its answer."""
    started = time.perf_counter()
    hits = retriever.retrieve(question.text, DEPTH)
    seconds = time.perf_counter() - started
    evidence = [rank for rank, hit in enumerate(hits, 1) if holds_evidence(hit, question)]
    answers = [answer.lower() for answer in question.answers]
    return Found(
        tuple(evidence),
        tuple(
            rank
            for rank in evidence
            if any(answer in hits[rank - 1].passage.text.lower() for answer in answers)
        ),
        max((hit.cosine for hit in hits), default=0.0),
        sum(count_tokens(hit.passage.text) for hit in hits[:TOKENS_OF]),
        seconds,
    )


def holds_evidence(hit: Hit, question: Question) -> bool:
    """Whether the passage overlaps the evidence by at least one character."""
    passage = hit.passage
    return any(
        start < passage.end and passage.start < end
        for start, end in question.evidence.get(passage.article_id, ())
    )


def measures(found: Sequence[Found]) -> list[str]:
    """The measures of one passage length, as they are printed."""

    def at(k: int, ranks: Sequence[tuple[int, ...]]) -> str:
        return f"{statistics.fmean(bool(r) and r[0] <= k for r in ranks):8.4f}"

    evidence = [one.evidence_ranks for one in found]
    answers = [one.answer_ranks for one in found]
    seconds = sorted(one.seconds for one in found)
    cosines = sorted(one.best_cosine for one in found)
    return [
        *(at(k, evidence) for k in CUTOFFS),
        f"{statistics.fmean(1 / ranks[0] if ranks else 0 for ranks in evidence):.3f}",
        *(at(k, answers) for k in CUTOFFS),
        f"{statistics.fmean(one.tokens for one in found):.0f}",
        f"{seconds[len(seconds) // 2] * 1000:.0f}/{seconds[len(seconds) * 95 // 100] * 1000:.0f}",
        f"{cosines[len(cosines) // 20]:.2f}/{cosines[len(cosines) // 2]:.2f}",
    ]


if __name__ == "__main__":
    main()
