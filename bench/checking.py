"""How well and how fast an answer's sentences are held against their sources.

    python bench/checking.py [--articles seeds] [--model models/all-minilm-l6-v2] [--bars]

Prints what the check makes of the sentences in checking_pairs.jsonl, each beside one passage, for
the half that the bars were chosen on and for the half that they were not, and how long it takes
over four passages, without a language model. `--bars` prints what other bars would make of the
first half; the report half takes no part in it.
"""

import argparse
import itertools
import json
import statistics
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from measuring import cut, read_questions, timed

from qa.answering.citations import check_citations
from qa.answering.claims import Claim, sources_of
from qa.answering.support import find_support, likeness
from qa.library.embedder import SentenceEmbedder
from qa.library.indexing import index_folders
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.types import Found, Hit, Passage

PAIRS = Path(__file__).with_name("checking_pairs.jsonl")
CHOOSE, REPORT = "choose", "report"
PASSAGES = 4
PASSAGE_TOKENS = 112
GOAL_MS = 50

REWORDED = {
    "said": "declared",
    "ship": "vessel",
    "ships": "vessels",
    "about": "around",
    "first": "initially",
    "had": "has",
    "thousand": "000",
    "were": "are",
    "president": "leader",
    "received": "welcomed",
    "reported": "told",
    "killed": "dead",
}


@dataclass(frozen=True)
class Pair:
    """A sentence and a passage, and whether the one is supported by the other."""

    half: str
    kind: str
    supported: bool
    question: str
    claim: str
    passage: Passage


def main() -> None:
    """Print the confusion matrices and the times."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=Path, default=Path("seeds"))
    parser.add_argument("--model", type=Path, default=Path("models/all-minilm-l6-v2"))
    parser.add_argument("--bars", action="store_true", help="try bars on the half to choose on")
    options = parser.parse_args()
    embedder = SentenceEmbedder(options.model, threads=0)
    pairs = read_pairs(PAIRS, cut([options.articles], options.model, PASSAGE_TOKENS))
    if options.bars:
        try_bars([pair for pair in pairs if pair.half == CHOOSE], embedder)
        return
    for half in (CHOOSE, REPORT):
        report(half, [pair for pair in pairs if pair.half == half], embedder)
    report_times(options.articles, embedder)


def read_pairs(file: Path, passages: Sequence[Passage]) -> list[Pair]:
    """The labelled pairs, each with the passage that holds its evidence."""
    pairs = []
    for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        (passage,) = (
            one
            for one in passages
            if one.article_id == row["article"] and row["evidence"] in one.text
        )
        pairs.append(
            Pair(row["half"], row["kind"], row["supported"], row["question"], row["claim"], passage)
        )
    return pairs


def report(half: str, pairs: Sequence[Pair], embedder: SentenceEmbedder) -> None:
    """Print the confusion matrix of one half, with the embedder and by words alone."""
    for how, asked in (("with the embedder", embedder), ("by words alone", None)):
        counts: Counter[tuple[str, bool]] = Counter()
        for pair in pairs:
            hits = [Hit(pair.passage, 1.0, Found.BOTH, 1.0)]
            checked = check_citations(pair.claim, pair.question, hits, asked)
            counts[pair.kind, all(sentence.supported for sentence in checked.sentences)] += 1
        print(f"\nhalf to {half}, {how}: {len(pairs)} sentences")
        print("| sentences | kept | marked |\n| --- | --- | --- |")
        for kind in dict.fromkeys(pair.kind for pair in pairs):
            print(f"| {kind} | {counts[kind, True]} | {counts[kind, False]} |")
        right = {pair.kind for pair in pairs if pair.supported}
        for name, kinds in (
            ("supported", right),
            ("not supported", {k for k, _ in counts} - right),
        ):
            kept, marked = (sum(counts[kind, v] for kind in kinds) for v in (True, False))
            print(f"| **{name}** | {kept} | {marked} ({marked / (kept + marked):.0%}) |")


def try_bars(pairs: Sequence[Pair], embedder: SentenceEmbedder) -> None:
    """Print how many sentences each pair of bars marks, of those whose facts stand."""
    known = []
    for pair in pairs:
        (support,) = find_support(Claim(pair.claim, pair.question), sources_of([pair.passage]))
        if support:
            alike = likeness(pair.claim, support, embedder)
            known.append((pair.supported, support.share, alike))
    right = sum(supported for supported, _, _ in known)
    print(f"facts stand: {right} supported, {len(known) - right} not")
    print("| words enough from | alike from | supported, marked | not supported, kept |")
    print("| --- | --- | --- | --- |")
    for enough in (0.65, 0.75, 0.85, 1.0):
        for bar in (0.39, 0.43, 0.47, 0.51, 0.55):
            kept = [one for one in known if one[1] >= enough or one[2] >= bar]
            kept_right = sum(supported for supported, _, _ in kept)
            print(f"| {enough} | {bar} | {right - kept_right} | {len(kept) - kept_right} |")


def report_times(articles: Path, embedder: SentenceEmbedder) -> None:
    """Print median and 95th percentile of a check over four passages, by kind of answer."""
    embedder.embed_tokens(["once, to load the model"])
    seconds: dict[str, list[float]] = {}
    for kind, question, answer, hits in made_answers(articles, embedder):
        spent, _ = timed(check_citations, answer, question, hits, embedder)
        seconds.setdefault(kind, []).append(spent * 1000)
    print("\n| answers | checked | median ms | p95 ms |\n| --- | --- | --- | --- |")
    for kind, values in {**seconds, "all": list(itertools.chain(*seconds.values()))}.items():
        p95 = statistics.quantiles(values, n=20)[-1]
        print(f"| {kind} | {len(values)} | {statistics.median(values):.1f} | {p95:.1f} |")
    print(f"goal: {GOAL_MS} ms an answer")


def made_answers(
    articles: Path, embedder: SentenceEmbedder
) -> Iterator[tuple[str, str, str, tuple[Hit, ...]]]:
    """Kind, question, answer and passages: what is found, said in three ways."""
    with tempfile.TemporaryDirectory() as folder, Store.create(Path(folder)) as store:
        index_folders([articles], store, embedder, PASSAGE_TOKENS, lambda _: None)
        retriever = Retriever(store, embedder, store.index_dir)
        for row in read_questions(articles / "questions.jsonl"):
            question = row["question"]
            hits = retriever.retrieve(question, PASSAGES)
            for evidence in row["evidence"]:
                yield "the evidence", question, f"{evidence} [1]", hits
                words = (REWORDED.get(word, word) for word in evidence.split())
                yield "the evidence, reworded", question, f"{' '.join(words)} [1]", hits
            for answer in row["answers"][:1]:
                said = f"{question.rstrip('?')} was answered by {answer} [1]."
                yield "the question, answered", question, said, hits


if __name__ == "__main__":
    main()
