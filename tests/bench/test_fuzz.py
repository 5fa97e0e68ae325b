"""The files of the fuzz run are made by their number alone; what they end in is told."""

from pathlib import Path

import fuzz
import pytest


def test_a_number_makes_the_same_file_again() -> None:
    made = [fuzz.damaged_file(".eml", number) for number in (7, 7, 8)]
    assert made[0] == made[1] != made[2]
    assert made[0] != fuzz.damaged_file(".mbox", 7)


def test_what_a_file_ends_in(tmp_path: Path) -> None:
    outcomes = {}
    for name, raw in (("a.txt", b"A text."), ("b.txt", b""), ("c.jsonl", b'{"question": "Who?"}')):
        (tmp_path / name).write_bytes(raw)
        outcomes[name] = fuzz.outcome_of(tmp_path / name)
    assert outcomes == {
        "a.txt": fuzz.TEXT,
        "b.txt": fuzz.REASON,
        "c.jsonl": "nothing read, and nothing said",
    }


def test_a_child_reads_one_file_after_the_other(tmp_path: Path) -> None:
    told = list(fuzz._read_by_child(".srt", 40, tmp_path, ends=0))
    assert [(number, outcome) for number, outcome, _ in told] == [
        (40, fuzz.outcome_of(_written(tmp_path, 40)))
    ]


def _written(folder: Path, number: int) -> Path:
    file = folder / "again.srt"
    file.write_bytes(fuzz.damaged_file(".srt", number))
    return file


@pytest.mark.parametrize(
    ("suffix", "number"),
    [(".pdf", 41156)],  # a letter whose font is infinitely high
)
def test_what_once_fell_out_ends_well(tmp_path: Path, suffix: str, number: int) -> None:
    file = tmp_path / f"a{suffix}"
    file.write_bytes(fuzz.damaged_file(suffix, number))
    assert fuzz.outcome_of(file) == fuzz.TEXT
