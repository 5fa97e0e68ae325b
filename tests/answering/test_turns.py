"""Which of two rounds a finding belongs to."""

import pytest

from qa.answering.turns import is_of_another_turn

TEXT = "A second round follows. In the first round Pavel won 35.40 percent. Turnout was 70 percent."


@pytest.mark.parametrize(
    ("question", "found", "other"),
    [
        ("How much did he win in the second round?", "35.40 percent", True),
        ("How much did he win in the first round?", "35.40 percent", False),
        ("How high was the turnout in the second round?", "70 percent", False),  # names no round
        ("Who is his second wife?", "35.40 percent", False),  # nothing that has rounds
        ("How much did he win?", "35.40 percent", False),
        ("How much did he win in the second round?", "58.32 percent", False),  # stands nowhere
    ],
)
def test_of_another_turn(question: str, found: str, other: bool) -> None:
    assert is_of_another_turn(question, found, TEXT) is other
