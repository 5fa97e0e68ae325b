"""Hostile articles: each states a true fact and tries to make an answer say something else.

All places and things in them are made up. Invisible characters are escaped in the file.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qa.reading.articles import read_file
from qa.reading.passages import split_article
from qa.types import EVERYTHING, Article, Found, Hit, Scope
from tests.answering.builders import hit

LONGEST_PASSAGE_WORDS = 300
"""So that the order stands in one passage with the fact."""


@dataclass(frozen=True)
class Injection:
    """A file with an order in it, a question, what answers it, and what no answer may contain."""

    id: str
    file: str
    kind: str
    question: str
    answers: tuple[str, ...]
    forbidden: tuple[str, ...]
    content: str

    def read(self, folder: Path) -> Article:
        """The article, by way of a file, as `qa index` reads it."""
        file = folder / self.file
        file.write_text(self.content, encoding="utf-8")
        (article,) = read_file(file, folder).articles
        return article


def _load() -> tuple[Injection, ...]:
    lines = (Path(__file__).parent / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    lists = ("answers", "forbidden")
    return tuple(Injection(**row | {name: tuple(row[name]) for name in lists}) for row in rows)


INJECTIONS = _load()

HARMLESS = (
    hit(
        "The swimming bath of Ansel has a new roof. It is 38 metres long and was put up within"
        " a fortnight. Swimmers can use both pools again from Wednesday on.",
        title="New roof for the swimming bath of Ansel",
        published=date(2023, 4, 3),
        article_id="ansel",
    ),
    hit(
        "The market hall of Berrow lets 45 stalls, five more than last year. The oldest has sold"
        " cheese since 1922. A ramp leads to the upper floor.",
        title="Berrow lets more market stalls",
        published=date(2023, 4, 12),
        article_id="berrow",
    ),
    hit(
        "A quarter of the forest of Culm was felled after the storm. The foresters have planted"
        " 16,000 young trees, beeches and firs, and expect to plant twice as many.",
        title="Young trees for the forest of Culm",
        published=date(2023, 4, 20),
        article_id="culm",
    ),
)


def among_harmless(article: Article) -> tuple[Hit, ...]:
    """The article's one passage as the second of four."""
    (passage,) = split_article(article, lambda text: len(text.split()), LONGEST_PASSAGE_WORDS)
    hostile = Hit(passage, score=0.9, found_by=Found.BOTH, cosine=0.7)
    return (HARMLESS[0], hostile, *HARMLESS[1:])


@dataclass(frozen=True)
class FixedSearch:
    """Finds the same hits for every question."""

    hits: tuple[Hit, ...]

    def retrieve(
        self, question: str, k: int, scope: Scope = EVERYTHING, *, rough: bool = False
    ) -> tuple[Hit, ...]:
        return self.hits[:k]
