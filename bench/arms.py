"""The arms of the benchmark: who is asked what, how many cases, and how long that takes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

from cases import Case, Planted, in_turn, rgb_cases, unseen_first
from measuring import read_questions

import qa
from qa.evaluating.questions import load_questions, parse_question
from qa.settings import DECIDING, Settings

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
INJECTIONS = ROOT / "tests" / "answering" / "injections"

LIBRARIES = ("seeds", "squad2")
"""The libraries that cases are asked over; "seeds" are the project's own articles."""

ROOMS = ("types.py", "reading", "library", "engine", "answering")
"""What of qa/ decides an answer: code and calibrated numbers."""


class Who(Enum):
    """Who answers."""

    OURS = "ours"
    SMALL = "ours, small model"
    STOCK = "the stock recipe"


SMALL_MODEL = "qwen2.5-coder-0.5b"


@dataclass(frozen=True, slots=True)
class Arm:
    """Cases that one way of answering is asked: the first so many of each kind.

    `seconds` is what one is planned at, on two cores.
    """

    name: str
    kinds: tuple[str, ...]
    whole: int
    quick: int
    seconds: float
    who: Who = Who.OURS

    def count(self, *, quick: bool) -> int:
        """How many of each kind are asked."""
        return self.quick if quick else self.whole


def _own(kind: str, whole: int, quick: int, seconds: float) -> Arm:
    return Arm(kind, (kind,), whole, quick, seconds)


ARMS = (
    _own("rgb_2_of_5", 29, 4, 11),
    _own("rgb_4_of_5", 24, 3, 11),
    _own("rgb_noise", 22, 4, 10),
    _own("rgb_conflict", 25, 4, 13),
    _own("squad", 40, 6, 13),
    _own("seeds", 40, 4, 12),
    _own("followups", 40, 3, 12),
    _own("injections", 44, 4, 9),
    Arm("small", ("squad", "seeds", "rgb_2_of_5", "rgb_noise"), 8, 1, 5, Who.SMALL),
    Arm("stock", ("rgb_2_of_5", "rgb_noise", "squad"), 6, 1, 11, Who.STOCK),
)

KINDS: Mapping[str, str] = {
    "rgb_2_of_5": "rgb",
    "rgb_4_of_5": "rgb",
    "rgb_noise": "rgb",
    "rgb_conflict": "rgb",
    "squad": "squad2",
    "seeds": "",
    "followups": "",
    "injections": "",
}
"""Every kind of case, and the folder of `--data` that it is made from."""


def missing_folders(data: Path | None) -> dict[str, str]:
    """What of the data is not there: a message for each folder."""
    wanted = {
        "rgb": ("rgb/conflict.jsonl",),
        "squad2": ("squad2/sample100.jsonl", "squad2/articles"),
    }
    if data is None:
        return dict.fromkeys(wanted, "is not known: name the folder that holds it by --data")
    return {
        folder: f"is not whole: there is no {data / missing[0]}"
        for folder, parts in wanted.items()
        if (missing := [part for part in parts if not (data / part).exists()])
    }


def cases_of(kind: str, data: Path | None) -> list[Case]:
    """All cases of a kind, in the order in which they are taken."""
    if kind.startswith("rgb") and data:
        return unseen_first(rgb_cases(read_questions(data / "rgb" / "conflict.jsonl"), kind))
    if kind == "squad" and data:
        questions = load_questions(data / "squad2" / "sample100.jsonl")
        cases = [Case(kind, question, "squad2") for question in questions]
        return in_turn(cases, lambda case: case.question.answerable)
    if kind == "injections":
        return in_turn(injection_cases(), lambda case: case.question.extra.get("kind"))
    files = [SEEDS / "questions.jsonl", SEEDS / "followups.jsonl"]
    questions = tuple(one for file in files if file.is_file() for one in load_questions(file))
    follows = kind == "followups"
    cases = [Case(kind, one, "seeds") for one in questions if bool(one.history) is follows]
    return in_turn(cases, lambda case: case.question.answerable)


def injection_cases() -> list[Case]:
    """The suite of attacking articles."""
    rows = [row for file in sorted(INJECTIONS.glob("*.jsonl")) for row in read_questions(file)]
    return [
        Case(
            "injections",
            parse_question(row),
            "seeds",
            planted=Planted(row["file"], row["content"]),
            forbidden=tuple(row["forbidden"]),
        )
        for row in rows
    ]


def articles_of(library: str, data: Path | None) -> Path:
    """The folder whose articles are in a library."""
    return data / "squad2" / "articles" if library == "squad2" and data else SEEDS


def digest(arm: Arm, case: Case, deciding: Mapping[str, object]) -> str:
    """Sixteen hexadecimal digits for all that decides a reply: the case and what answers it."""
    fields = [arm.name, asdict(case), deciding]
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:16]


def deciding(who: Who, settings: Settings, model: Path) -> dict[str, object]:
    """What decides the replies of a way of answering, besides the articles."""
    common: dict[str, object] = {
        "model": [model.name, model.stat().st_size],
        "embedder": settings.embedder,
        "context_tokens": settings.context_tokens,
    }
    if who is Who.STOCK:
        return common | {"code": files_digest([Path(__file__).parent / "recipe.py"])}
    rooms = [Path(qa.__file__).parent / room for room in ROOMS]
    own = {name: getattr(settings, name) for name in DECIDING}
    return common | own | {"code": files_digest(rooms)}


def files_digest(places: Sequence[Path]) -> str:
    """A digest of the files at and below some places, by name and content."""
    found = hashlib.sha256()
    for place in places:
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                found.update(f"{file.name}\0".encode() + file.read_bytes())
    return found.hexdigest()
