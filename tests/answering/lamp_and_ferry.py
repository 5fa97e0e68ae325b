"""Three articles in a real library, and an assistant over them whose models are fakes."""

from collections.abc import Mapping
from pathlib import Path

from qa.answering.assistant import Assistant
from qa.engine.generation import Generator
from qa.library.indexing import index_folders
from qa.library.retrieval import Retriever
from qa.library.store import Store
from tests.fakes import FakeCrossEncoder, FakeEmbedder, FakeReader, ScriptedGenerator

ARTICLES = {
    "lamp.md": """---
title: The lamp of Skagen
published: 2023-02-18
source: Cuttings desk
---
The lighthouse at Skagen was lit in 1858. Its keeper climbs 210 steps.
""",
    "ferry.txt": """The ferry to Læsø

The ferry to Læsø sails at noon. It takes 90 minutes and carries 76 cars.
""",
    "second.md": """---
title: More boats for Læsø
published: 2024-05-01
source: Island Post
---
A second ferry sails to Læsø from May on. Its crew is paid by the island.
""",
}

LIT = "When was the lighthouse at Skagen lit?"
"""One short quote answers it: no model is asked."""

LIT_QUOTE = "The lighthouse at Skagen was lit in 1858."

SAILS = "Which ferry sails to Læsø?"
"""Two quotes answer it equally well: a model phrases them."""

SAILS_QUOTES = {"The ferry to Læsø sails at noon.", "A second ferry sails to Læsø from May on."}

SAID = "The ferry to Læsø sails at noon. A second ferry sails to Læsø from May on."
"""What a careful model makes of them."""


def assistant(
    store: Store, *script: str, found: Mapping[str, float] | None = None, context_tokens: int = 4096
) -> tuple[Assistant, ScriptedGenerator]:
    """An assistant, and the model that it asks; with `found` a reader finds these words."""
    generator = ScriptedGenerator(list(script), context_tokens=context_tokens)
    return over(store, generator, found=found), generator


def over(
    store: Store,
    generator: Generator | None,
    *,
    found: Mapping[str, float] | None = None,
    answer_seconds: float = 60,
    whole_library: bool = False,
) -> Assistant:
    """An assistant that reads two passages and tells what is likely by 0.3 or more."""
    return Assistant(
        Retriever(store, FakeEmbedder()),
        generator,
        FakeCrossEncoder(),
        passages=2,
        refuse_below=0.3,
        max_answer_tokens=40,
        answer_seconds=answer_seconds,
        reader=None if found is None else FakeReader(found),
        library=store if whole_library else None,
        embedder=FakeEmbedder() if whole_library else None,
    )


def index(store: Store, folder: Path, **articles: str) -> None:
    """Put more articles into the library, by name."""
    for name, text in articles.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    index_folders([folder], store, FakeEmbedder(), 60, lambda _: None)
