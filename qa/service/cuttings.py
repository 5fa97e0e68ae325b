"""Cuttings as a library: what `qa index`, `qa search` and `qa ask` do, for a Python program."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from typing import Any, Self

from qa.answering.assistant import Assistant, check_question
from qa.engine.queueing import Gate
from qa.library.indexing import index_folders
from qa.library.places import create_library
from qa.library.retrieval import Retriever
from qa.library.summary import IndexSummary
from qa.service.opening import (
    known_roots,
    open_assistant,
    open_encoders,
    open_ocr,
    open_retriever,
)
from qa.settings import Settings, load_settings
from qa.types import EVERYTHING, Answer, Hit, Scope, Turn


class Cuttings:
    """The articles of one home, to be filled, searched, asked and closed; from any thread.

    What takes long to load (the small models, the language model) is loaded by the first call that
    needs it, and freed at the end of a `with` block or by `close`. Every error is one of
    `qa.errors`.
    """

    def __init__(self, settings: Settings) -> None:
        """Use settings that are loaded already; `open` loads them."""
        self._settings = settings
        self._encoders = open_encoders(settings)
        self._opened = ExitStack()
        self._retriever: Retriever | None = None
        self._assistant: Assistant | None = None
        self._opening = Lock()
        self._in_use = Gate()

    @classmethod
    def open(cls, home: str | Path | None = None, **settings: Any) -> Self:
        """Open a home: the folder of `qa.toml`, `index/` and `models/`, as `qa` finds it if None.

        `settings` are those of `qa.toml` by name, as `model` or `collection`, and go before it.
        Raises BadSettings, and ModelError when an embedder or cross-encoder is missing.
        """
        return cls(load_settings(home=Path(home) if home is not None else None, **settings))

    def index(self, *paths: str | Path, keep_missing: bool = False) -> IndexSummary:
        """Make the library mirror folders of articles; without one, those of the last time.

        Articles that are not below the paths are removed, but with `keep_missing`. While another
        process is indexing, it waits. Raises LibraryError, with nothing changed, when a path is
        missing or no article stands below them.
        """
        roots = [Path(path).expanduser().absolute() for path in paths]
        roots = roots or known_roots(self._settings)
        with create_library(self._settings) as store:
            return index_folders(
                roots,
                store,
                self._encoders.embedder,
                self._settings.passage_tokens,
                lambda _: None,
                embedder_name=self._settings.embedder,
                ocr=open_ocr(self._settings),
                keep_missing=keep_missing,
                waiting=lambda _: None,
            )

    def search(self, query: str, k: int = 5, scope: Scope = EVERYTHING) -> tuple[Hit, ...]:
        """The k passages that bear best on a query, without a language model.

        Raises BadQuestion, IndexMissing when nothing is indexed, LibraryError.
        """
        query = check_question(query)
        with self._in_use.passing():
            return self._open_retriever().retrieve(query, k, scope)

    def ask(self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYTHING) -> Answer:
        """The answer to a question, each sentence with the words it rests on.

        `history` are earlier turns, which a follow-up may lean on. Raises BadQuestion, IndexMissing
        when nothing is indexed, ModelError, OutOfTime.
        """
        question = check_question(question)
        with self._in_use.passing():
            return self._open_assistant().answer(question, history, scope)

    def close(self) -> None:
        """Free the model and close the library; whatever is asked next opens them again.

        What other threads have asked is answered first.
        """
        with self._in_use.closed():
            self._retriever = self._assistant = None
            self._opened.close()

    def _open_retriever(self) -> Retriever:
        with self._opening:
            if self._retriever is None:
                opened = open_retriever(self._settings, self._encoders.embedder)
                self._retriever = self._opened.enter_context(opened)
            return self._retriever

    def _open_assistant(self) -> Assistant:
        with self._opening:
            if self._assistant is None:
                opened = open_assistant(self._settings, encoders=self._encoders)
                self._assistant = self._opened.enter_context(opened)
            return self._assistant

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
