"""A question set: JSON Lines in, Questions out, every line checked before anything is asked.

`select` says which of them are.
"""

import hashlib
import json
import random
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from qa.errors import BadQuestionSet
from qa.types import Turn

KNOWN_KEYS = ("id", "question", "answers", "articles", "evidence", "history", "tags", "nuggets",
              "draft")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nugget:
    """One thing that a long answer should tell, in a sentence; a good one tells all vital ones."""

    text: str
    vital: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question and what is known of its answer.

    `answers` are the accepted texts; none means that the articles do not say, unless
    `answers_known` is false: then they do, and nobody wrote down what. `articles` are the ids of
    those that hold the evidence, `evidence` the words themselves, verbatim; `nuggets` are what a
    long answer should tell. `extra` holds the keys of the line that mean nothing here; they are
    carried into the predictions.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    articles: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()
    tags: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    answers_known: bool = True
    nuggets: tuple[Nugget, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the articles answer it."""
        return bool(self.answers) or not self.answers_known


Row = tuple[str, Any]
"""A place in a file, for a message, and what stands there: an object, or a line not read yet."""


def load_questions(path: Path) -> tuple[Question, ...]:
    """Read a question set, one JSON object a line; blank lines do not count.

    Raises BadQuestionSet naming the file, the line and what is wrong with it.
    """
    return questions_of(path, ((f"line {number}", raw) for number, raw in set_lines(path)))


def questions_of(path: Path, rows: Iterable[Row]) -> tuple[Question, ...]:
    """The questions of a file's rows, drafts left out; BadQuestionSet names a row that is none."""
    places: dict[str, str] = {}
    questions = []
    drafts = 0
    for place, row in rows:
        try:
            line = parse_line(row) if isinstance(row, bytes) else row
            if is_draft(line):
                drafts += 1
                continue
            question = parse_question(line)
        except ValueError as error:
            raise BadQuestionSet(f"{path}, {place}: {error}") from error
        if question.id in places:
            raise BadQuestionSet(
                f"{path}, {place}: the id {question.id!r} is taken by "
                f"{places[question.id]}. Give every question its own id."
            )
        places[question.id] = place
        questions.append(question)
    if drafts and not questions:
        raise BadQuestionSet(f"{path} holds nothing but {drafts} drafts. {how_to_accept(path)}")
    if not questions:
        raise BadQuestionSet(f"{path} holds no question. Write one JSON object a line.")
    return tuple(questions)


def parse_question(line: Any) -> Question:
    """Check one line's object; a ValueError says what is wrong and what belongs there."""
    if not isinstance(line, dict):
        raise ValueError('not a JSON object. Write one a line: {"id": …, "question": …}')  # noqa: TRY004
    if "answers" not in line:
        raise ValueError(
            '"answers" is missing. List the accepted texts; [] says that the articles do not say, '
            "null that nobody wrote them down."
        )
    question = Question(
        id=_text(line, "id"),
        question=_text(line, "question"),
        answers=() if line["answers"] is None else _texts(line, "answers"),
        articles=_texts(line, "articles"),
        evidence=_texts(line, "evidence"),
        history=_history(line),
        tags=_texts(line, "tags"),
        answers_known=line["answers"] is not None,
        nuggets=_nuggets(line),
        extra={key: value for key, value in line.items() if key not in KNOWN_KEYS},
    )
    if question.evidence and not question.articles:
        raise ValueError('there is "evidence" but no "articles". Add the ids of its articles.')
    return question


def question_line(question: Question) -> dict[str, Any]:
    """A question as its line in a file, which `parse_question` reads again."""
    turns = [{"question": turn.question, "answer": turn.answer} for turn in question.history]
    nuggets = [asdict(one) for one in question.nuggets]
    return {
        "id": question.id,
        "question": question.question,
        "answers": list(question.answers) if question.answers_known else None,
        "articles": list(question.articles),
        "evidence": list(question.evidence),
        **({"history": turns} if turns else {}),
        "tags": list(question.tags),
        **({"nuggets": nuggets} if nuggets else {}),
        **question.extra,
    }


def question_set_digest(questions: Sequence[Question]) -> str:
    """SHA-256 of everything the questions say, in their order: what a resumed run must share."""
    fields = [
        [
            question.id,
            question.question,
            question.answers,
            question.articles,
            question.evidence,
            [[turn.question, turn.answer] for turn in question.history],
            question.tags,
            question.extra,
            *([] if question.answers_known else ["answers unknown"]),
            *([asdict(one) for one in question.nuggets]),
        ]
        for question in questions
    ]
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def read_set_file(path: Path) -> bytes:
    """The bytes of a text file; BadQuestionSet when there is none."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise BadQuestionSet(f"There is no file {path}. Name a question set (.jsonl).") from error
    except OSError as error:
        raise BadQuestionSet(
            f"{path} cannot be read ({error.strerror}). Name a question set (.jsonl)."
        ) from error
    if b"\x00" in content:
        raise BadQuestionSet(f"{path} is not a text file. Name a question set (.jsonl, UTF-8).")
    return content.removeprefix(b"\xef\xbb\xbf")


def set_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a text file that are not blank, with their numbers; raises as above."""
    for number, raw in enumerate(read_set_file(path).split(b"\n"), 1):
        if raw.strip():
            yield number, raw


def is_draft(row: Any) -> bool:
    """Whether a line is a draft that nobody has accepted."""
    return isinstance(row, dict) and bool(row.get("draft"))


def how_to_accept(path: Path) -> str:
    """What to do so that the drafts of a file count, in a sentence."""
    if path.suffix.lower() == ".csv":  # qa questions review writes JSON Lines
        return 'Empty the column "draft" of those that are to count.'
    return f"Look them through: qa questions review {path}"


def parse_line(raw: bytes) -> Any:
    """A line's JSON value; a ValueError says what is wrong with it."""
    try:
        line = json.loads(raw.decode("utf-8"))
        json.dumps(line, ensure_ascii=False).encode("utf-8")  # "\ud800" passes json, not UTF-8
    except UnicodeError as error:
        raise ValueError("not UTF-8 text. Save the file as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise ValueError(
            f"not JSON ({error.msg} at column {error.colno}). Write one JSON object a line."
        ) from error
    except RecursionError as error:
        raise ValueError("nested too deeply. Write one flat JSON object a line.") from error
    return line


def _text(line: dict[str, Any], key: str) -> str:
    if key not in line:
        raise ValueError(f'"{key}" is missing. Every line needs "id", "question" and "answers".')
    value = line[key]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f'"{key}" must be a text that is not empty, not {shown(value)}.')
    return unicodedata.normalize("NFC", value)  # as the articles are kept


def _texts(line: dict[str, Any], key: str) -> tuple[str, ...]:
    values = line.get(key, [])
    if not isinstance(values, list):
        raise ValueError(f'"{key}" must be a list of texts, not {shown(values)}.')  # noqa: TRY004
    for value in values:
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f'"{key}" must list texts that are not empty; one is {shown(value)}.')
    return tuple(unicodedata.normalize("NFC", value) for value in values)


def _history(line: dict[str, Any]) -> tuple[Turn, ...]:
    turns = line.get("history", [])
    if not isinstance(turns, list):
        raise ValueError(f'"history" must be a list of turns, not {shown(turns)}.')  # noqa: TRY004
    for turn in turns:
        texts = [turn.get(key) for key in ("question", "answer")] if isinstance(turn, dict) else []
        if not texts or not all(isinstance(text, str) for text in texts):
            raise ValueError(
                '"history" must list earlier turns as {"question": …, "answer": …}; '
                f"one is {shown(turn)}."
            )
    return tuple(Turn(question=turn["question"], answer=turn["answer"]) for turn in turns)


def _nuggets(line: dict[str, Any]) -> tuple[Nugget, ...]:
    values = line.get("nuggets", [])
    if not isinstance(values, list):
        raise ValueError(f'"nuggets" must be a list, not {shown(values)}.')  # noqa: TRY004
    for value in values:
        text, vital = (
            (value.get("text"), value.get("vital")) if isinstance(value, dict) else (None, None)
        )
        if not isinstance(text, str) or not text.strip() or not isinstance(vital, bool):
            raise ValueError(
                '"nuggets" must list what should be told as {"text": …, "vital": true or false}; '
                f"one is {shown(value)}."
            )
    return tuple(
        Nugget(unicodedata.normalize("NFC", value["text"]), value["vital"]) for value in values
    )


def shown(value: Any) -> str:
    """A value as it stands in the file, cut to what an error message can hold."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + "…"


def select(
    questions: Sequence[Question],
    *,
    tags: Sequence[str] = (),
    sample: int | None = None,
    seed: int = 0,
    limit: int | None = None,
) -> tuple[Question, ...]:
    """Those with one of the tags, of these a random sample, of that the first `limit`.

    A sample is the beginning of one random order that the seed decides, so a larger one begins
    with the smaller one and a run over it can go on from there. Raises BadQuestionSet for a tag
    that no question has.
    """
    known = sorted({tag for one in questions for tag in one.tags})
    missing = [tag for tag in tags if tag not in known]
    if missing:
        raise BadQuestionSet(
            f"No question has the tag {missing[0]!r}. Tags there are: {', '.join(known) or 'none'}."
        )
    chosen = [one for one in questions if not tags or not set(tags).isdisjoint(one.tags)]
    if sample is not None:
        random.Random(seed).shuffle(chosen)
        chosen = chosen[:sample]
    return tuple(chosen[:limit])
