"""Two articles in a real library, and an assistant over them whose model is a fake."""

from collections.abc import Mapping
from pathlib import Path

from qa.answering.assistant import Assistant
from qa.answering.trust import Calibration
from qa.engine.generation import Generator
from qa.library.indexing import index_folders
from qa.library.retrieval import Retriever
from qa.library.store import Store
from tests.fakes import FakeEmbedder, ReadingGenerator

ARTICLES = {
    "lamp.md": """---
title: The lamp of Skagen
published: 2023-02-18
source: Cuttings desk
---
The lighthouse at Skagen was lit in 1858. Its keeper climbs 210 steps.
""",
    "ferry.txt": "The ferry to Læsø\n\nThe ferry takes 90 minutes and carries 76 cars.\n",
}


STATES_ALONE = Calibration(0.0, (1.0, *[0.0] * 9))
"""Trusts what the model says of itself: half of it at log-odds 0, 88% at 2."""

LAMP_AND_FERRY = {"lighthouse": "1858", "ferry": "90 minutes"}


def assistant(
    store: Store,
    found: Mapping[str, str] = LAMP_AND_FERRY,
    *,
    states: Mapping[str, float] | None = None,
    sentences: Mapping[str, str] | None = None,
    context_tokens: int = 4096,
    floor: float = 0.0,
) -> tuple[Assistant, ReadingGenerator]:
    """An assistant, and the model that it asks: a fake that finds, is sure and says as told."""
    generator = ReadingGenerator(
        found, sentences or {}, states or {}, context_tokens=context_tokens
    )
    return over(store, generator, floor=floor), generator


def over(
    store: Store, generator: Generator, *, floor: float = 0.0, answer_seconds: float = 60
) -> Assistant:
    """An assistant that reads two passages and tells what is trusted 0.3 or more."""
    return Assistant(
        Retriever(store, FakeEmbedder(), store.index_dir),
        generator,
        passages=2,
        relevance_floor=floor,
        refuse_below=0.3,
        max_answer_tokens=20,
        answer_seconds=answer_seconds,
        calibration=STATES_ALONE,
    )


def index(store: Store, folder: Path, **articles: str) -> None:
    """Put more articles into the library, by name."""
    for name, text in articles.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    index_folders([folder], store, FakeEmbedder(), 60, lambda _: None)
