"""One set is pinned, with hashes and without: `make locked` brings what `make dev` does."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

BLOCK = re.compile(
    r"^([\w.-]+)==([\w.+]+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE
)
"""A package with the hash of each of its files: those for other machines too."""


def version(pinned: str) -> str:
    """Without the name of a build, which is torch's alone: `2.13.0+cpu` is 2.13.0."""
    return Version(pinned).public


def locked() -> dict[str, str]:
    return {canonicalize_name(name): version(pinned) for name, pinned, _ in BLOCK.findall(LOCK)}


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith("#")]
    assert all(str(pin.specifier).startswith("==") for pin in pins)
    named = {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in pins}
    assert len(named) == len(pins), "a package is pinned twice"
    return {name: version(pinned) for name, pinned in named.items()}


def asked_for() -> Iterator[Requirement]:
    """What pyproject.toml names for those who run the program and those who change it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    named = [*project["dependencies"], *extras["mcp"], *extras["cluster"], *extras["dev"]]
    yield from (one for one in map(Requirement, named) if one.name != "cuttings")


def test_the_lock_pins_what_constraints_pin() -> None:
    assert locked() == constraints(), "make it anew: make lock"


def test_the_lock_is_packages_with_hashes_and_nothing_else() -> None:
    """No index, no address, no folder: where files come from is for pip's own settings."""
    rest = [line for line in BLOCK.sub("", LOCK).splitlines() if line and not line.startswith("#")]
    assert rest == []
    assert not re.search(r"https?:|file:|--index|--find-links", LOCK)


def is_met(requirement: Requirement, pinned: dict[str, str]) -> bool:
    return requirement.specifier.contains(pinned[canonicalize_name(requirement.name)])


def test_what_is_asked_for_is_pinned_as_asked() -> None:
    pinned = locked()
    wrong = [str(one) for one in asked_for() if not is_met(one, pinned)]
    assert wrong == []
