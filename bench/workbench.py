"""What the engine is measured on: the questions, the library of seeds/, the model, the machine."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter

from machine import machine

from qa.answering.assistant import Assistant
from qa.engine.decoding import LlamaEngine
from qa.engine.generation import DecodingOptions, Finished, Message, Role, StopFlag, Token
from qa.evaluating.questions import Question, load_questions
from qa.library.indexing import index_folders
from qa.library.store import Store
from qa.models.catalogue import ModelKind, resolve_model
from qa.service.opening import make_assistant, make_retriever, open_embedder, open_encoders
from qa.settings import Settings

SEEDS = Path(__file__).parent.parent / "seeds"

# Questions that stand alone and that the articles answer, the subjects in turn.
QUESTIONS = """
suez-01 balloon-01 czechia-01 space-01 nobel-01 suez-02 balloon-02 czechia-03 space-02 nobel-02
suez-03 balloon-04 czechia-05 space-03 suez-06 balloon-05 czechia-06 space-04 suez-07 balloon-06
czechia-07 suez-08 balloon-07 czechia-10 suez-10 balloon-08 czechia-11 suez-12 suez-13 suez-15
""".split()

# Follow-ups, each behind the one question of its history; neighbours are of different subjects.
FOLLOW_UPS = """
suez-05 balloon-09 czechia-02 space-05 nobel-03 suez-14 balloon-10 czechia-09 space-06 suez-16
""".split()

# Begins unlike any prompt of ours: read before a measure, it takes the cells of the last one.
SOMETHING_ELSE = [Message(Role.USER, ("Say hello.",))]


@dataclass(frozen=True)
class Workbench:
    """The settings that are measured, the folder of the figures, and how many questions to take."""

    settings: Settings
    out: Path
    quick: int | None = None

    @property
    def questions(self) -> list[Question]:
        """The questions that are asked, in order."""
        return [self._by_id[one] for one in QUESTIONS[: self.quick]]

    @property
    def follow_ups(self) -> list[Question]:
        """The follow-ups that are asked, in order."""
        return [self._by_id[one] for one in FOLLOW_UPS[: self.quick]]

    @cached_property
    def _by_id(self) -> dict[str, Question]:
        return {one.id: one for one in load_questions(SEEDS / "questions.jsonl")}

    @property
    def model(self) -> Path:
        """The language model's file."""
        return resolve_model(self.settings.model, self.settings.models_dir, ModelKind.LANGUAGE)

    @property
    def embedder(self) -> Path:
        """The embedder's folder."""
        return resolve_model(self.settings.embedder, self.settings.models_dir, ModelKind.EMBEDDER)

    @property
    def threads(self) -> int:
        """How many threads every way of answering gets."""
        return self.settings.threads or os.cpu_count() or 1

    def index_seeds(self) -> None:
        """Make the library, or bring it up to date."""
        with Store.create(self.settings.library_dir) as store:
            embedder = open_embedder(self.settings)
            index_folders([SEEDS], store, embedder, self.settings.passage_tokens, lambda _: None)

    def machine(self) -> str:
        """What this is measured on and with."""
        return machine(self.settings, self.model)


@dataclass(frozen=True, slots=True)
class Opened:
    """The real parts, open."""

    engine: LlamaEngine
    assistant: Assistant


@contextmanager
def opened(
    bench: Workbench, *, kept_states_bytes: int | None = None, passages: int | None = None
) -> Iterator[Opened]:
    """The parts as the settings make them.

    With another budget for kept states or another number of passages, if one is given.
    """
    settings = bench.settings
    if passages is not None:
        settings = settings.model_copy(update={"passages": passages})
    budget = {} if kept_states_bytes is None else {"kept_states_bytes": kept_states_bytes}
    with (
        Store.open(settings.library_dir) as store,
        closing(
            LlamaEngine(
                bench.model,
                name=settings.model,
                context_tokens=settings.context_tokens,
                threads=settings.threads,
                **budget,
            )
        ) as engine,
    ):
        encoders = open_encoders(settings)
        encoders.warm_up()
        search = make_retriever(settings, store, encoders.embedder)
        assistant = make_assistant(settings, search, engine, encoders, store)
        assistant.look_up("warm up")
        yield Opened(engine, assistant)


def prompt_tokens(engine: LlamaEngine, messages: Sequence[Message]) -> list[int]:
    """The tokens that the engine reads for these messages."""
    return engine._context.tokenize(messages)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written and when: pieces of text, each at so many seconds, and the bill."""

    pieces: tuple[str, ...]
    at_s: tuple[float, ...]
    finished: Finished

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.pieces)


def write(engine: LlamaEngine, messages: Sequence[Message], options: DecodingOptions) -> Written:
    """Let the engine answer, on the clock from the moment it is given the messages."""
    pieces, at_s = [], []
    started = perf_counter()
    for step in engine.generate(messages, options, StopFlag()):
        match step:
            case Token(text):
                pieces.append(text)
                at_s.append(perf_counter() - started)
            case Finished():
                return Written(tuple(pieces), tuple(at_s), step)
    raise AssertionError("a prompt ends with Finished")


def empty_cells(engine: LlamaEngine) -> None:
    """Let the engine read something that shares no beginning with a prompt of ours."""
    write(engine, SOMETHING_ELSE, DecodingOptions(1))
