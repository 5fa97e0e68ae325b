"""How well and how fast a language model answers on this machine, to choose one by.

Every model is asked the same twenty questions of `seeds/questions.jsonl` over the same evidence,
which comes with the program (`bench.jsonl`): all questions that stand alone, whose evidence has two
pieces at least and holds an accepted answer, and whose articles do not differ. What a model writes
is checked as the assistant checks it, and a quote told in its place where the assistant would.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from qa.answering.composing import checked, settled
from qa.answering.prompt import ask
from qa.answering.writing import ModelWriting
from qa.engine.generation import Generator, StopFlag
from qa.evaluating.metrics import contains_answer
from qa.models.notes import note_by_key, noted
from qa.models.probing import runs_key
from qa.types import Evidence, Hit

SET_FILE = Path(__file__).parent / "bench.jsonl"

KEPT_FILE = "bench.json"
"""In the home: what came of each model file on this build and processor."""

ROWS_KEPT = 50


@dataclass(frozen=True, slots=True)
class BenchQuestion:
    """A question with its accepted answers, and the evidence that a model reads for it."""

    id: str
    question: str
    answers: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Whether the model wrote an accepted answer, whether one was told, and in how many seconds.

    What it writes and the check does not keep is not told; what it misses a quote may tell.
    """

    wrote_right: bool
    right: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class BenchRow:
    """A model on this machine, asked so many questions; `measured` is the day, as ISO 8601 has it.

    Rates are tokens a second, and `seconds` is the median for an answer. `memory_bytes` is what it
    took of the machine's memory; None, as a rate is, where that cannot be told.
    """

    model: str
    size_bytes: int
    memory_bytes: int | None
    read_per_s: float | None
    written_per_s: float | None
    questions: int
    wrote_right: int
    right: int
    seconds: float
    measured: str


@cache
def bench_questions() -> tuple[BenchQuestion, ...]:
    """The questions that come with the program."""
    adapter = TypeAdapter(BenchQuestion)
    return tuple(map(adapter.validate_json, SET_FILE.read_bytes().splitlines()))


def ask_all(
    generator: Generator,
    questions: Sequence[BenchQuestion],
    max_answer_tokens: int,
    report: Callable[[int], None],
) -> tuple[Told, ...]:
    """Ask a model every question, telling how many are done."""
    told = []
    for done, one in enumerate(questions, 1):
        told.append(_told(one, generator, max_answer_tokens))
        report(done)
    return tuple(told)


def median_s(told: Sequence[Told]) -> float:
    """Seconds that half of the answers took at most."""
    return statistics.median(one.seconds for one in told)


def kept_row(home: Path, model_path: Path) -> BenchRow | None:
    """What came of a model file when it was last asked; None where it never was.

    Nor does it count where the file, llama.cpp, the processor or the set is another one by now.
    """
    return noted(home / KEPT_FILE, _key(model_path), BenchRow)


def keep_row(home: Path, model_path: Path, row: BenchRow) -> None:
    """Keep what came of a model; in a home that cannot be written it is measured again."""
    note_by_key(home / KEPT_FILE, _key(model_path), asdict(row), ROWS_KEPT)


def _told(one: BenchQuestion, generator: Generator, max_answer_tokens: int) -> Told:
    started = time.perf_counter()
    writing = ModelWriting(generator, StopFlag(), lambda: None)
    prompt = ask(one.question, one.evidence, one.hits)
    quotable = [piece.quote for piece in one.evidence]
    for _ in writing.sentences(prompt, quotable, max_answer_tokens):
        pass
    kept = [checked(said, one.evidence, one.hits, one.question) for said in writing.written]
    told = settled(one.question, [said for said in kept if said], one.evidence, one.hits)
    return Told(
        wrote_right=contains_answer(" ".join(writing.written), one.answers),
        right=contains_answer(told.text, one.answers),
        seconds=time.perf_counter() - started,
    )


def _key(model_path: Path) -> str:
    return f"{runs_key(model_path)}-{_set_digest()}"


@cache
def _set_digest() -> str:
    return sha256(SET_FILE.read_bytes()).hexdigest()[:16]
