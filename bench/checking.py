"""How well and how fast a model's sentences are held against their evidence.

    python bench/checking.py [--articles seeds]

Prints what the check makes of the sentences in checking_pairs.jsonl, each beside the paragraph that
it is about: how many that are borne out are told, how many that are not are left out, and which
ones it gets wrong. For the half that its rules were chosen on and for the half that they were not.
No model takes part.
"""

import argparse
import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from answers_table import markdown
from measuring import timed

from qa.answering.composing import checked
from qa.reading.articles import read_file, walk
from qa.reading.sentences import sentence_spans
from qa.types import Article, Evidence, Found, Hit, Passage

PAIRS = Path(__file__).with_name("checking_pairs.jsonl")
CHOOSE, REPORT = "choose", "report"


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence about a paragraph, and whether that bears it out; `kind` tells what is wrong."""

    half: str
    kind: str
    supported: bool
    claim: str
    paragraph: Passage

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The paragraph's sentences, each a piece of evidence."""
        passage = self.paragraph
        return tuple(
            Evidence(
                number=1,
                passage_id=passage.id,
                article_id=passage.article_id,
                start=passage.start + start,
                end=passage.start + end,
                quote=passage.text[start:end],
                score=0.0,
            )
            for start, end in sentence_spans(passage.text)
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """A pair, whether its sentence is told, and how long that took to decide."""

    pair: Pair
    told: bool
    seconds: float


def main() -> None:
    """Print the tables, the sentences that are judged wrongly, and the time."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=Path, default=Path("seeds"))
    options = parser.parse_args()
    found = [check(pair) for pair in read_pairs(PAIRS, read_articles(options.articles))]
    for half in (CHOOSE, REPORT):
        print(f"Half to {half}:\n\n{table([one for one in found if one.pair.half == half])}")
    for one in found:
        if one.told != one.pair.supported:
            verdict = "told" if one.told else "left out"
            print(f"{one.pair.half}, {one.pair.kind}, {verdict}: {one.pair.claim}")
    print(f"\nmedian {statistics.median(one.seconds for one in found) * 1000:.1f} ms a sentence")


def read_articles(folder: Path) -> dict[str, Article]:
    """The articles of a folder by id."""
    read = (article for file in walk(folder).files for article in read_file(file, folder).articles)
    return {article.id: article for article in read}


def read_pairs(file: Path, articles: dict[str, Article]) -> list[Pair]:
    """The labelled sentences, each with the paragraph that it is about."""
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [
        Pair(
            row["half"],
            row["kind"],
            row["supported"],
            row["claim"],
            paragraph(articles[row["article"]], row["evidence"]),
        )
        for row in rows
    ]


def paragraph(article: Article, words: str) -> Passage:
    """The paragraph of an article in which these words stand."""
    place = article.text.index(words)
    start = article.text.rfind("\n\n", 0, place) + 2 if "\n\n" in article.text[:place] else 0
    end = article.text.find("\n\n", place)
    end = len(article.text) if end < 0 else end
    text = article.text[start:end]
    name = f"{article.id}#{start}"
    return Passage(
        name, article.id, article.title, article.published, start, end, text, article.source
    )


def check(pair: Pair) -> Checked:
    """What becomes of a pair's sentence."""
    hit = Hit(pair.paragraph, 1.0, Found.BOTH, 1.0)
    seconds, sentence = timed(checked, pair.claim, pair.evidence, (hit,))
    return Checked(pair, sentence is not None, seconds)


def table(found: Sequence[Checked]) -> str:
    """How many sentences of each kind are told and left out, in Markdown; those that hold first."""
    rows = []
    for supported in (True, False):
        some = [one for one in found if one.pair.supported is supported]
        kinds = dict.fromkeys(one.pair.kind for one in some)
        rows += [_row(kind, [one for one in some if one.pair.kind == kind]) for kind in kinds]
        if some:
            rows.append(_row("**borne out**" if supported else "**not borne out**", some))
    return markdown(("sentences", "told", "left out"), rows)


def _row(kind: str, found: Sequence[Checked]) -> tuple[str, str, str]:
    told = sum(one.told for one in found)
    return kind, f"{told} ({told / len(found):.0%})", str(len(found) - told)


if __name__ == "__main__":
    main()
