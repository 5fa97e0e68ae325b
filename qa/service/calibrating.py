"""Asks what confidence is to be fitted by, by quotes alone, and keeps what came of each question.

No language model is loaded. Whoever kills it loses the question under way and no other.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qa.answering.confidence import shipped
from qa.answering.finding import Finder
from qa.answering.meaning import meaning_of
from qa.conversing.archive import FILE_NAME as CONVERSATIONS
from qa.conversing.archive import Archive
from qa.conversing.feedback import question_set
from qa.evaluating.calibrating import (
    Asked,
    ToAsk,
    asked_line,
    came_of,
    can_be_judged,
    fixed_digest,
    fixed_files,
    fixed_questions,
    read_asked,
)
from qa.evaluating.calibration import Judged, calibrate
from qa.evaluating.calibration_file import are_shipped, digests_of, keep_calibration
from qa.evaluating.drafts import read_draft_file
from qa.evaluating.foreign_sets import load_question_set
from qa.evaluating.questions import Question, is_draft, questions_of
from qa.evaluating.reviewing import QUESTIONS
from qa.files import append_line, cut_off_half_line
from qa.library.indexing import index_folders
from qa.library.places import open_library
from qa.library.storage import Storage
from qa.library.store import Store
from qa.service.opening import Encoders, make_retriever, open_encoders
from qa.settings import Settings

FOLDER = "calibration"
"""In the home: what came of each question, so that a run that was cut off goes on."""


@dataclass(frozen=True, slots=True)
class Step:
    """How many questions are `done`, how many of them were `asked` this time, of how many."""

    done: int
    asked: int
    total: int


def own_questions(settings: Settings, files: Sequence[Path]) -> tuple[Question, ...]:
    """The questions of these sets and those that were accepted in this home, each once.

    In a home that is what stands in its folder of question sets and is no draft any more, and what
    became of feedback. Those that lean on an earlier turn, and those of which nobody has said what
    answers them, are left out. Raises BadQuestionSet and ConversationError.
    """
    found: dict[tuple[str, tuple[str, ...]], Question] = {}
    for one in (*_of_files(files), *_of_home(settings.home), *_of_feedback(settings.home)):
        if can_be_judged(one):
            found.setdefault((one.question.casefold(), one.articles), one)
    return tuple(found.values())


def ask_all(
    settings: Settings,
    own: Sequence[Question],
    report: Callable[[Step], None],
    *,
    encoders: Encoders | None = None,
    fixed: Sequence[Question] | None = None,
) -> tuple[Asked, ...]:
    """Ask the fixed set, else the one that comes with the program, and one's own questions.

    What was asked before is taken as it came. They are looked up as the assistant does it, with the
    shipped numbers whatever is in use, so that the same comes of them. `report` is told after each.
    What comes back is in the order of the keys, whatever was asked first. Raises as
    `open_assistant` does, but needs a library for one's own questions alone; RunError where what is
    kept is damaged.
    """
    encoders = encoders or open_encoders(settings)
    path = asked_file(settings)
    kept = read_asked(path)
    with ExitStack() as stack:
        given = [ToAsk(one, own=False, over=fixed_digest()) for one in fixed or fixed_questions()]
        mine: list[ToAsk] = []
        if own:
            store = stack.enter_context(open_library(settings))
            over = f"{store.library_id()} {store.generation()}"
            mine = [ToAsk(one, own=True, over=over) for one in own if _is_here(one, store)]
        wanted = {one.key for one in (*given, *mine)}
        before = len(wanted & kept.keys())

        def ask(some: Sequence[ToAsk], store: Storage) -> None:
            retriever = make_retriever(settings, store, encoders.embedder)
            finder = Finder(
                retriever,
                encoders.cross_encoder,
                encoders.reader,
                store,
                meaning=meaning_of(encoders.embedder),
            )
            for one in some:
                if one.key not in kept:
                    found = finder.find(one.question.question, settings.passages)
                    kept[one.key] = came_of(one, found, store.text_of)
                    append_line(path, asked_line(kept[one.key]))
                done = len(wanted & kept.keys())
                report(Step(done, done - before, len(wanted)))

        if mine:
            ask(mine, store)
        if any(one.key not in kept for one in given):
            ask(given, stack.enter_context(_fixed_library(settings, encoders)))
    return tuple(kept[key] for key in sorted(wanted))


def fit_home(settings: Settings, asked: Sequence[Asked], day: date) -> Judged | None:
    """Fit numbers for the encoders that settings name and keep them; None if there is too little.

    Raises BadCalibration where those that are kept are damaged.
    """
    judged = calibrate(
        asked, shipped(), settings.refuse_below, day, same_encoders=are_shipped(settings)
    )
    if judged:
        keep_calibration(settings, judged.calibration)
    return judged


def _of_files(files: Sequence[Path]) -> Iterator[Question]:
    for file in files:
        yield from load_question_set(file)


def _of_home(home: Path) -> Iterator[Question]:
    """What was accepted of the drafts of a home."""
    for file in sorted((home / QUESTIONS).glob("*.jsonl")):
        lines = [line for line in read_draft_file(file) if not is_draft(line)]
        if lines:
            yield from questions_of(
                file, ((f"question {n}", one) for n, one in enumerate(lines, 1))
            )


def _of_feedback(home: Path) -> Iterator[Question]:
    if not (home / CONVERSATIONS).exists():
        return
    with Archive.open(home) as archive:
        lines = question_set(archive.judgements(), archive.reviewed())
    if lines:
        file = home / CONVERSATIONS
        yield from questions_of(file, ((str(line["id"]), line) for line in lines))


def _is_here(question: Question, store: Storage) -> bool:
    """Whether a question is one of this library: an article that it names is there, or it names
    none.
    """
    return not question.articles or any(map(store.article, question.articles))


def asked_file(settings: Settings) -> Path:
    """Where what came of questions is kept, for these encoders and settings of the search.

    And for these shipped numbers, by which the parts of a question are looked up: they are other
    ones whenever the signals are.
    """
    searched = [
        digests_of(settings).key,
        shipped().digest,
        settings.passages,
        settings.passage_tokens,
        settings.fusion.value,
    ]
    name = hashlib.sha256(json.dumps(searched).encode()).hexdigest()[:16]
    folder = settings.home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"asked-{name}.jsonl"
    cut_off_half_line(path)
    return path


@contextmanager
def _fixed_library(settings: Settings, encoders: Encoders) -> Iterator[Store]:
    """A library of the articles that come with the program, gone when it is closed."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name, text in fixed_files().items():
            file = folder / "articles" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        with Store.create(folder / "index") as store:
            tokens = settings.passage_tokens
            index_folders([folder / "articles"], store, encoders.embedder, tokens, lambda _: None)
            yield store
