"""How models of the hub are named, and which GGUF files of a repository make up one model. Pure.

A name is `hf:OWNER/REPO` or `hf:OWNER/REPO:QUANT`, as llama.cpp and Ollama take it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from qa.errors import ModelError

HUB = "hf:"

USUAL_QUANT = "Q4_K_M"
"""What is taken where none is named, as by llama.cpp and Ollama: of four bits, the best kept."""

_NAME = re.compile(r"(hf:|hf\.co/)(?P<repo>[\w.-]+/[\w.-]+)(:(?P<quant>[\w.-]+))?", re.ASCII)
_QUANT = re.compile(
    r"(?<![a-z0-9])((?:UD-)?(?:I?Q\d\w*|TQ\d_\d|MXFP4\w*|BF16|F16|F32))(?![a-z0-9])", re.IGNORECASE
)
_PART = re.compile(r"-(\d{5})-of-(\d{5})$")
_NO_LANGUAGE_MODEL = ("mmproj", "imatrix")  # a projector of images, statistics for quantising


@dataclass(frozen=True, slots=True)
class HubName:
    """A repository of the hub, and the quantisation that is wanted; "" where none is named."""

    repo: str
    quant: str = ""

    @classmethod
    def parse(cls, name: str) -> "HubName | None":
        """What a name means; None where it is no whole name of the hub.

        A name may not reach out of its place: neither part is `.` or `..`.
        """
        match = _NAME.fullmatch(name)
        if match is None or {".", ".."} & set(match["repo"].split("/")):
            return None
        return cls(match["repo"], match["quant"] or "")

    @classmethod
    def wanted(cls, name: str) -> "HubName":
        """The same of a name that has to be one. ModelError where it is none."""
        found = cls.parse(name)
        if found is None:
            raise ModelError(
                f"{name!r} names no model of the hub. Write hf:OWNER/REPO or hf:OWNER/REPO:QUANT, "
                "such as hf:Qwen/Qwen3-4B-GGUF:Q4_K_M"
            )
        return found

    def __str__(self) -> str:
        """As it is written."""
        return f"{HUB}{self.repo}" + (f":{self.quant}" if self.quant else "")

    def covers(self, name: str) -> bool:
        """Whether a whole name is this one, or one of its quantisations."""
        if not self.quant:
            return name.lower().startswith(f"{self}:".lower())
        return name.lower() == str(self).lower()


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file as the hub lists it: its path in the repository, and what the hub states of it.

    `sha256` is "" where it states none: of files that are not stored as large ones.
    """

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class HubModel:
    """One model of a repository: the file of a quantisation, or its parts in order."""

    quant: str
    files: tuple[HubFile, ...]

    @property
    def size_bytes(self) -> int:
        """All its files together."""
        return sum(file.size_bytes for file in self.files)


def models_in(files: Iterable[HubFile]) -> tuple[HubModel, ...]:
    """The language models among the files of a repository, smallest first.

    Parts of a split GGUF are one model, and are left out where one of them is missing. Where two
    models have the same quantisation, each goes by its file's name.
    """
    groups: dict[str, list[HubFile]] = {}
    for file in files:
        path = PurePosixPath(file.path)
        is_safe = not path.is_absolute() and ".." not in path.parts and "\\" not in file.path
        if path.suffix.lower() == ".gguf" and is_safe and not _is_other(path):
            groups.setdefault(_PART.sub("", str(path.with_suffix(""))), []).append(file)
    whole = {
        stem: sorted(parts, key=lambda file: file.path)
        for stem, parts in groups.items()
        if _is_whole(parts)
    }
    quants = [_quant_of(stem) for stem in whole]
    models = [
        HubModel(_quant_of(stem) if quants.count(_quant_of(stem)) == 1 else name, tuple(parts))
        for stem, parts in whole.items()
        for name in (PurePosixPath(stem).name,)
    ]
    return tuple(sorted(models, key=lambda model: model.size_bytes))


def pick(name: HubName, models: tuple[HubModel, ...]) -> HubModel:
    """The model that a name means: the named quantisation, else the usual one, else the only one.

    ModelError lists what there is where that is not clear.
    """
    if not models:
        raise ModelError(
            f"{name.repo} holds no GGUF file of a language model. Its makers or others mostly have "
            "one beside it whose name ends in -GGUF."
        )
    wanted = (name.quant or USUAL_QUANT).lower()
    for model in models:
        if model.quant.lower() == wanted:
            return model
    if len(models) == 1 and not name.quant:
        return models[0]
    choices = ", ".join(model.quant for model in models)
    has_none = f"has no {name.quant}" if name.quant else "has several models"
    raise ModelError(
        f"{name.repo} {has_none}: {choices}. "
        f"Pull one with: qa models pull {HUB}{name.repo}:{models[0].quant}"
    )


def _is_other(path: PurePosixPath) -> bool:
    return any(word in path.name.lower() for word in _NO_LANGUAGE_MODEL)


def _is_whole(parts: list[HubFile]) -> bool:
    found = [_PART.search(file.path[: -len(".gguf")]) for file in parts]
    numbers = sorted(int(match[1]) for match in found if match)
    counts = {int(match[2]) for match in found if match}
    if not numbers:
        return len(parts) == 1
    return len(numbers) == len(parts) and counts == {len(parts)} and numbers[0] == 1


def _quant_of(stem: str) -> str:
    """The quantisation that a path without its ending speaks of last, else the file's name."""
    found: list[str] = _QUANT.findall(stem)
    return found[-1].upper() if found else PurePosixPath(stem).name
