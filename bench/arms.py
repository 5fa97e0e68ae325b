"""The arms of the benchmark: who is asked what, how many cases, and how long that takes."""

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "training"))

from cases import Case, Planted, everyday_cases, in_turn, rgb_cases, shuffled
from measuring import read_questions
from sets import STORIES, everyday_questions
from splits import Part, repliqa_part

import qa
from qa.evaluating.questions import Question, load_questions, parse_question
from qa.settings import DECIDING, Settings

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
EVERYDAY = Path(__file__).with_name("everyday.jsonl")
STRANGERS = Path(__file__).with_name("strangers")
INJECTIONS = ROOT / "tests" / "answering" / "injections"

SETS: Mapping[str, tuple[str, ...]] = {
    "rgb": ("data/rgb/conflict.jsonl",),
    "squad2": ("data/squad2/sample100.jsonl", "data/squad2/articles"),
    "repliqa": ("data/repliqa/questions.jsonl", "data/repliqa/articles"),
    "news": ("seeds",),
    "desk": ("cases/desk",),
    "lang": ("cases/lang",),
}
"""What is looked for below `--data`: the files of a set, its folder of articles last."""

OWN: Mapping[str, Path] = {
    "seeds": SEEDS,
    **{f"strangers-{desk}": STRANGERS / desk for desk in "abcdef"},
    "stories": STORIES,
}
"""The libraries whose articles are the project's own, and the folders of these."""

LIBRARIES = (*OWN, "news", "desk", "lang", "squad2", "repliqa")
"""The libraries that cases are asked over."""

ROOMS = ("types.py", "opening.py", "reading", "library", "engine", "answering", "surveying")
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

    def count(self, *, quick: bool, limit: int | None = None) -> int:
        """How many of each kind are asked."""
        count = self.quick if quick else self.whole
        return count if limit is None else min(limit, count)


def _own(kind: str, whole: int, quick: int, seconds: float = 3.5) -> Arm:
    return Arm(kind, (kind,), whole, quick, seconds)


ARMS = (
    _own("everyday", 134, 36),
    _own("strangers", 120, 20),
    _own("squad", 100, 16),
    _own("repliqa", 200, 16),
    _own("blind", 32, 6, 3),
    _own("blind_squad", 32, 4, 3),
    _own("stories", 60, 6, 3),
    _own("rgb_2_of_5", 25, 6),
    _own("rgb_4_of_5", 24, 6),
    _own("rgb_noise", 19, 6),
    _own("rgb_conflict", 25, 6),
    _own("seeds", 40, 8),
    _own("followups", 40, 6),
    _own("injections", 44, 6),
    Arm("small", ("squad", "seeds", "rgb_2_of_5", "rgb_noise"), 8, 0, 3, Who.SMALL),
    Arm("stock", ("rgb_2_of_5", "rgb_noise", "squad"), 6, 0, 11, Who.STOCK),
)

KINDS: Mapping[str, str] = {
    "everyday": "",
    "strangers": "",
    "squad": "squad2",
    "repliqa": "repliqa",
    "blind": "repliqa",
    "blind_squad": "squad2",
    "stories": "",
    "rgb_2_of_5": "rgb",
    "rgb_4_of_5": "rgb",
    "rgb_noise": "rgb",
    "rgb_conflict": "rgb",
    "seeds": "",
    "followups": "",
    "injections": "",
}
"""Every kind of case, and the set of `--data` that it is made from."""


def missing_sets(data: Path | None) -> dict[str, str]:
    """What of the data is not there: a message for each set."""
    if data is None:
        return dict.fromkeys(SETS, "is not known: name the folder that holds it by --data")
    return {
        name: f"is not whole: there is no {data / missing[0]}"
        for name, parts in SETS.items()
        if (missing := [part for part in parts if not (data / part).exists()])
    }


def cases_of(kind: str, data: Path | None) -> list[Case]:
    """All cases of a kind, in the order in which they are taken."""
    if kind == "everyday":
        return everyday_cases(kind, read_questions(EVERYDAY))
    if kind == "strangers":
        return everyday_cases(kind, read_questions(STRANGERS / "questions.jsonl"))
    if kind.startswith("rgb") and data:
        cases = rgb_cases(read_questions(data / SETS["rgb"][0]), kind)
        return shuffled([case for case in cases if not case.seen])
    if kind in ("squad", "repliqa") and data:
        name = KINDS[kind]
        questions = load_questions(data / SETS[name][0])
        if kind == "repliqa":
            questions = tuple(
                one for one in questions if repliqa_part(one.articles[0]) is Part.REPORT
            )
        cases = [Case(kind, question, name) for question in questions]
        return in_turn(cases, lambda case: case.question.answerable)
    if kind == "stories" or (kind.startswith("blind") and data):
        return in_turn(blind_cases(kind, data), lambda case: case.question.answerable)
    if kind == "injections":
        return in_turn(injection_cases(), lambda case: case.question.extra.get("kind"))
    files = [SEEDS / "questions.jsonl", SEEDS / "followups.jsonl"]
    questions = tuple(one for file in files if file.is_file() for one in load_questions(file))
    follows = kind == "followups"
    cases = [Case(kind, one, "seeds") for one in questions if bool(one.history) is follows]
    return in_turn(cases, lambda case: case.question.answerable)


def blind_cases(kind: str, data: Path | None) -> list[Case]:
    """Everyday questions on articles that nothing was fitted on, by who saw no answer to any."""
    name, cases = KINDS[kind] or kind, []
    for number, one in enumerate(everyday_questions()):
        if one.part is not Part.REPORT or one.set != name:
            continue
        file = articles_of(name, data) / f"{one.text}.txt"
        article = file.read_text(encoding="utf-8").strip()
        accepted = (article[slice(*one.answer)],) if one.answer else ()
        asked = Question(f"{kind}-{number}", one.question, accepted, (one.text,))
        cases.append(Case(kind, asked, name))
    return cases


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
    return data / SETS[library][-1] if library in SETS and data else OWN.get(library, SEEDS)


def digest(arm: Arm, case: Case, deciding: Mapping[str, object]) -> str:
    """Sixteen hexadecimal digits for all that decides a reply: what is asked and what answers it.

    What is known of the right answer is no part of it: a reply can be judged anew.
    """
    turns = [asdict(turn) for turn in case.question.history]
    planted = case.planted and asdict(case.planted)
    asked = [case.id, case.question.question, turns, case.library, case.passages, planted]
    text = json.dumps([arm.name, asked, deciding], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def deciding(who: Who, settings: Settings, model: Path | None) -> dict[str, object]:
    """What decides the replies of a way of answering, besides the articles; None is no model."""
    common: dict[str, object] = {
        "model": [model.name, model.stat().st_size] if model else None,
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
