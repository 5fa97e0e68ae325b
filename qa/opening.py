"""Opens the real parts that settings name: the library, the embedder, the model, the assistant."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from qa.answering.assistant import Assistant
from qa.catalogue import ModelKind, resolve_model
from qa.library.embedder import SentenceEmbedder
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.probing import ensure_model_runs
from qa.settings import Settings


def open_embedder(settings: Settings) -> SentenceEmbedder:
    """The embedder that settings name; ModelError when it is missing."""
    folder = resolve_model(settings.embedder, settings.models_dir, ModelKind.EMBEDDER)
    return SentenceEmbedder(folder, settings.threads)


@contextmanager
def open_retriever(settings: Settings) -> Iterator[Retriever]:
    """Search over the library that settings name; IndexMissing when there is none."""
    with Store.open(settings.index_dir) as store:
        yield Retriever(store, open_embedder(settings), settings.index_dir)


@contextmanager
def open_assistant(settings: Settings, *, with_model: bool = True) -> Iterator[Assistant]:
    """The assistant that everybody asks; without a model it can only look passages up.

    What is missing is found out before anything slow is loaded: library, then model, then a probe
    of the model in a process of its own, once for each build and model.
    """
    from qa.engine.decoding import LlamaEngine

    with ExitStack() as stack:
        store = stack.enter_context(Store.open(settings.index_dir))
        engine = None
        if with_model:
            path = resolve_model(settings.model, settings.models_dir, ModelKind.LANGUAGE)
            ensure_model_runs(path, settings.models_dir)
            engine = LlamaEngine(
                path,
                name=settings.model,
                context_tokens=settings.context_tokens,
                threads=settings.threads,
            )
            stack.enter_context(closing(engine))
        yield Assistant(
            Retriever(store, open_embedder(settings), settings.index_dir),
            engine,
            passages=settings.passages,
            relevance_floor=settings.relevance_floor,
            max_answer_tokens=settings.max_answer_tokens,
        )
