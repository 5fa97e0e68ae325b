"""What `bench/reliability.py` breaks, on a quick work: a kill, a file that is gone, a bit."""

import random
from pathlib import Path

import flipping
import pytest
import reliability
import works
from works import WORKS

from qa.conversing.archive import FILE_NAME as CONVERSATIONS

pytestmark = pytest.mark.slow

WORK = {work.name: work for work in WORKS}


def test_a_kill_loses_nothing_that_was_told_to_be_kept() -> None:
    row = reliability.kills(WORK["conversing"], 2, random.Random(1))
    assert row.broken + row.ended >= 2
    assert row.lost == []


def test_what_is_lost_is_noticed(tmp_path: Path) -> None:
    told: list[str] = []
    WORK["conversing"].run(tmp_path, told.append)
    WORK["conversing"].check(tmp_path, told)
    for file in tmp_path.glob(f"{CONVERSATIONS}*"):
        file.unlink()
    with pytest.raises(works.Lost, match="is not kept"):
        WORK["conversing"].check(tmp_path, told)


@pytest.mark.parametrize("name", [CONVERSATIONS, "scans.db"])
def test_no_bit_turns_over_unseen(name: str, tmp_path: Path) -> None:
    (kept,) = (one for one in flipping.KEPT if one.name == name)
    kept.make(tmp_path)
    whole = kept.read(tmp_path)
    harm = random.Random(1)
    file = next(tmp_path.glob(str(kept.file)))
    content = file.read_bytes()
    for _ in range(10):
        file.write_bytes(content)
        flipping.flip(file, harm)
        outcome, said = flipping.outcome_of(kept, tmp_path, whole)
        assert outcome not in (flipping.UNSEEN, flipping.BROKE), said
