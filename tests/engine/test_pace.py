"""Tokens a second, of all that was read and written."""

from qa.engine.pace import Pace


def test_the_pace_is_that_of_everything_together() -> None:
    pace = Pace().read(100, 1.0).read(60, 3.0).wrote(40, 4.0).wrote(60, 6.0)
    assert (pace.read_per_s, pace.written_per_s) == (40.0, 10.0)


def test_a_few_tokens_tell_no_pace() -> None:
    assert Pace().read_per_s is None
    assert Pace(read_tokens=63, read_s=1.0).read_per_s is None
    assert Pace(read_tokens=64, read_s=2.0).read_per_s == 32.0
    assert Pace(64, 2.0, written_tokens=8, written_s=1.0).written_per_s is None
