"""Whatever an install brings along has a licence that Apache-2.0 can live with, as it says itself.

Read from the packages that are installed, from what pyproject.toml names down to the last of them.
"""

import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent

ALLOWED = set(
    "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 CNRI-Python ISC MIT MIT-0 MIT-CMU"
    " MPL-1.1 MPL-2.0 PSF-2.0 Zlib".split()
) | {"Apache-2.0 WITH LLVM-exception"}
"""MPL asks for the source of its own files alone, which we do not change."""

IN_WORDS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    # pypdfium2's own, and those of the library inside, which are listed in its wheel.
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
}

NOT_PINNED = ("nvidia-", "cuda-", "triton")
"""What other builds of torch than the pinned one bring along; nothing of it is used."""


def installed(requirements: list[str]) -> dict[str, Distribution]:
    """All that these requirements bring along here, by name."""
    wanted = [Requirement(one) for one in requirements]
    seen: set[tuple[str, frozenset[str]]] = set()
    found: dict[str, Distribution] = {}
    while wanted:
        requirement = wanted.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen or name.startswith(NOT_PINNED):
            continue
        seen.add((name, extras))
        found[name] = distribution(name)
        for line in found[name].requires or ():
            below = Requirement(line)
            marker = below.marker
            if marker is None or any(marker.evaluate({"extra": one}) for one in ("", *extras)):
                wanted.append(below)
    return found


def licence_of(package: Distribution) -> str:
    """What a package says of itself, as an SPDX expression where it can be told."""
    metadata = package.metadata
    classifiers = [
        one.rpartition(" :: ")[2]
        for one in metadata.get_all("Classifier") or ()
        if one.startswith("License :: ") and not one.endswith("OSI Approved")
    ]
    said = metadata["License-Expression"] or " AND ".join(IN_WORDS.get(c, c) for c in classifiers)
    said = said or metadata["License"] or "none"
    return IN_WORDS.get(said.strip(), said.strip())


def is_allowed(expression: str) -> bool:
    """Whether all parts of an expression are, each by one of its alternatives."""
    return all(
        any(one.strip("() ") in ALLOWED for one in part.split(" OR "))
        for part in expression.split(" AND ")
    )


def runtime_requirements() -> Iterator[str]:
    """Of the program and of what people may install beside it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    yield from project["dependencies"]
    yield from project["optional-dependencies"]["mcp"]


def test_every_package_that_comes_along_has_a_licence_we_can_live_with() -> None:
    packages = installed(list(runtime_requirements()))
    assert {"torch", "gradio", "llama-cpp-python", "numpy", "tqdm"} <= set(packages)
    licences = {name: licence_of(package) for name, package in packages.items()}
    assert {name: said for name, said in licences.items() if not is_allowed(said)} == {}


def test_what_has_a_stricter_licence_comes_only_with_the_extra_that_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = installed(project["optional-dependencies"]["cluster"])
    stricter = {name for name, one in packages.items() if not is_allowed(licence_of(one))}
    assert stricter == {"psycopg", "psycopg-binary"}  # LGPL, used as it is
    assert not stricter & set(installed(list(runtime_requirements())))


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("Apache-2.0 AND Apache-2.0 WITH LLVM-exception", True),
        ("MIT AND GPL-3.0-or-later", False),
        ("AGPL-3.0-only", False),
        ("Proprietary", False),
        ("none", False),
    ],
)
def test_this_test_would_see_another(expression: str, allowed: bool) -> None:
    assert is_allowed(expression) is allowed
