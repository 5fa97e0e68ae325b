"""Articles in seven languages, asked in their own and across: by one embedder and by another.

    python bench/languages.py [--embedders NAME …] [--each 1] [--read]

150 questions over 30 articles of ours (`bench/languages/`), 60 of them in English on an article
in another language; most share no telling word with the sentence that answers. Asked by quotes
alone, every `--each`-th. Told are, by whether the question crosses languages: the passage that
answers among four and eight of a rough search; the words that answer in the first quote, in the
first two, and in what is told; how many are not answered; and how many are told something where
the article that answers is left out.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from measuring import Row, read_questions, timed

from index import table
from qa.answering.assistant import Assistant
from qa.library.indexing import index_folders
from qa.library.places import create_library
from qa.library.retrieval import Retriever
from qa.service.opening import make_assistant, make_retriever, open_encoders
from qa.settings import Settings, load_settings
from qa.types import EVERYTHING, Hit, Outcome, Scope

FOLDER = Path(__file__).parent / "languages"
NARROW, WIDE = 4, 8
LEFT_OUT = 12  # hits more than are wanted, so that enough are left without an article


@dataclass(slots=True)
class Search:
    """A search that can leave one article out."""

    retriever: Retriever
    without: str = ""

    def retrieve(
        self, question: str, k: int, scope: Scope = EVERYTHING, *, rough: bool = False
    ) -> tuple[Hit, ...]:
        """See Retriever."""
        if not self.without:
            return self.retriever.retrieve(question, k, scope, rough=rough)
        hits = self.retriever.retrieve(question, k + LEFT_OUT, scope, rough=rough)
        return tuple(hit for hit in hits if hit.passage.article_id != self.without)[:k]


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one question: ranks from 1, 0 = not there."""

    crosses: bool
    passage: int
    quote: int
    told: bool
    answered: bool
    told_without: bool
    seconds: float


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    both = ["all-minilm-l6-v2", "multilingual-e5-small"]
    parser.add_argument("--embedders", nargs="+", default=both)
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--read", action="store_true", help="print what is quoted first")
    options = parser.parse_args()
    questions = read_questions(FOLDER / "questions.jsonl")[:: options.each]
    rows: list[Row] = []
    for name in options.embedders:
        with tempfile.TemporaryDirectory() as home:
            settings = load_settings(home=Path(home), models_dir=options.models, embedder=name)
            with _opened(settings) as (search, assistant):
                asked = [_ask(one, search, assistant, read=options.read) for one in questions]
        apart = [[one for one in asked if one.crosses is crosses] for crosses in (False, True)]
        rows += [_row(name, some) for some in apart]
    print(table(rows))


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Search, Assistant]]:
    encoders = open_encoders(settings)
    with create_library(settings) as store:
        index_folders(
            [FOLDER / "articles"], store, encoders.embedder, settings.passage_tokens, lambda _: None
        )
        search = Search(make_retriever(settings, store, encoders.embedder))
        yield search, make_assistant(settings, search, None, encoders, store)


def _ask(row: Row, search: Search, assistant: Assistant, *, read: bool) -> Asked:
    question, (article,) = row["question"], row["articles"]
    (words,), (evidence,) = row["answers"], row["evidence"]
    search.without = ""
    hits = search.retrieve(question, WIDE, rough=True)
    seconds, answer = timed(assistant.answer, question)
    quotes = [one.quote for one in answer.evidence]
    search.without = article
    without = assistant.answer(question)
    if read:
        print(row["id"], answer.outcome, question, words, quotes[:2], without.outcome, sep=" | ")
    return Asked(
        crosses=row["language"] != row["asked_in"],
        passage=_rank(_holds(hit, article, evidence) for hit in hits),
        quote=_rank(words in quote for quote in quotes),
        told=answer.outcome is Outcome.ANSWERED and words in answer.text,
        answered=answer.outcome is Outcome.ANSWERED,
        told_without=without.outcome is Outcome.ANSWERED,
        seconds=seconds,
    )


def _holds(hit: Hit, article: str, evidence: str) -> bool:
    """Whether a passage of the article has the sentence, or half of it at either end."""
    half = len(evidence) // 2
    parts = evidence[:half], evidence[half:]
    return hit.passage.article_id == article and any(part in hit.passage.text for part in parts)


def _rank(right: Iterable[bool]) -> int:
    return next((place for place, is_right in enumerate(right, 1) if is_right), 0)


def _row(embedder: str, asked: Sequence[Asked]) -> Row:
    def share(*values: bool) -> str:
        return f"{statistics.fmean(values):.0%}"

    return {
        "embedder": embedder,
        "asked": "in English on another language" if asked[0].crosses else "in its language",
        "questions": len(asked),
        f"passage among {NARROW}": share(*(0 < one.passage <= NARROW for one in asked)),
        f"among {WIDE}": share(*(one.passage > 0 for one in asked)),
        "in the first quote": share(*(one.quote == 1 for one in asked)),
        "in the first two": share(*(0 < one.quote <= 2 for one in asked)),
        "told": share(*(one.told for one in asked)),
        "not answered": share(*(not one.answered for one in asked)),
        "told without its article": share(*(one.told_without for one in asked)),
        "p50 s": statistics.median(one.seconds for one in asked),
    }


if __name__ == "__main__":
    main()
