"""A small paper for tests: what a careful person counts in it was counted by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.library.indexing import index_folders
from qa.library.store import Store
from tests.fakes import FakeEmbedder

PASSAGE_WORDS = 40


def _article(title: str, published: str, source: str, text: str) -> str:
    date = f"published: {published}\n" if published else ""
    return f"---\ntitle: {title}\n{date}source: {source}\n---\n{text}\n"


ARTICLES = {
    "fire-1.md": _article(
        "Fire at Marlow mill", "2022-05-03", "Harbour News",
        "The Marlow mill burned down on Monday night. Two firemen were hurt.\n\n"
        "The mill had stood empty since 2015. Its owner, Rose Tate, was abroad.",
    ),
    "fire-2.md": _article(
        "Police ask for witnesses", "2022-05-06", "Harbour News",
        "Police looking into the fire at the mill in Marlow asked on Friday for witnesses.\n\n"
        "By Tom Reed\n\nA car was seen leaving at eleven. Nobody has been arrested.",
    ),
    "fire-3.md": _article(
        "Mill owner charged", "2022-09-20", "Upland Times",
        "Rose Tate was charged with arson on Tuesday. She denies it.\n\n"
        "The trial over the Marlow mill begins in March, the court said.",
    ),
    "flour.md": _article(
        "Flour dearer again", "2022-06-01", "Upland Times",
        "Millers want more for flour. A price war among the mills of Ostley has ended.",
    ),
    "price.md": _article(
        "Ada Price opens a school", "2023-05-11", "Harbour News",
        "Ada Price opened a school for pilots on Wednesday. She had flown for thirty years.",
    ),
    "universe.md": _article(
        "Lecture on the stars", "", "Harbour News",
        "The universe is larger than anybody thought, the astronomer Ida Voss said on Sunday.",
    ),
}  # fmt: skip


@contextmanager
def library(folder: Path, articles: dict[str, str] = ARTICLES) -> Iterator[Store]:
    """The articles in a store, made with the fake embedder."""
    (folder / "in").mkdir(parents=True)
    for name, text in articles.items():
        (folder / "in" / name).write_text(text, encoding="utf-8")
    with Store.create(folder / "index") as store:
        if articles:
            index_folders([folder / "in"], store, FakeEmbedder(), PASSAGE_WORDS, lambda _: None)
        yield store
