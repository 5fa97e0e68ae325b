"""Damaged files of every format end in a text or a named reason, never in anything else."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qa.errors import BadArticle
from qa.reading.articles import FileContent, read_file
from qa.reading.formats import READERS
from qa.reading.kinds import PICTURES
from tests.examples import at_most
from tests.reading.damaged import SEEDS, mutated

pytestmark = pytest.mark.slow

ALIKE = {
    ".txt",
    ".markdown",
    ".htm",
    ".xhtml",
    ".jsonl",
    ".ndjson",
    ".tsv",
    ".xlsm",
    ".mht",
    ".fods",
    ".fodp",
}
"""Suffixes that are read as others are."""


def read(folder: Path, suffix: str, raw: bytes) -> FileContent | None:
    """What a file of these bytes gives; None where it is named with a reason."""
    file = folder / f"a{suffix}"
    file.write_bytes(raw)
    try:
        return read_file(file, folder)
    except BadArticle as error:
        message = str(error)
    assert message.startswith(str(file))
    assert "\n" not in message
    return None


def test_there_is_a_file_of_every_format() -> None:
    pictures = set(PICTURES)  # damaged in test_pictures
    assert SEEDS.keys() | ALIKE | pictures == READERS.keys()


@pytest.mark.parametrize("suffix", SEEDS)
def test_the_files_are_read_whole_as_they_are(tmp_path: Path, suffix: str) -> None:
    found = read(tmp_path, suffix, SEEDS[suffix])
    assert found is not None
    assert found.articles
    assert not found.problems


@pytest.mark.parametrize("suffix", SEEDS)
@settings(max_examples=at_most(200), deadline=None, suppress_health_check=list(HealthCheck))
@example(seed=77370)  # a PDF whose page can be read once and not again
@given(seed=st.integers(0, 2**64))
def test_a_damaged_file_gives_articles_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, seed: int
) -> None:
    raw = mutated(SEEDS[suffix], random.Random(seed))
    found = read(tmp_path_factory.getbasetemp(), suffix, raw)
    for article in found.articles if found else ():
        assert article.text.strip()
        assert "\0" not in article.text
