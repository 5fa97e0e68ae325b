"""Behind a bracket only real source numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.engine.constraints import SourceNumbers


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", None),
        ("They met in Munich", None),
        ("They met in Munich [", ("1", "2", "3")),
        ("They met in Munich [2", ("]",)),
        ("They met in Munich [2]", None),
        ("They met in Munich [2][", ("1", "2", "3")),
        ("an aside [sic", None),
    ],
)
def test_three_sources(text: str, allowed: tuple[str, ...] | None) -> None:
    assert SourceNumbers(3).allowed(text) == allowed


def test_numbers_of_two_digits() -> None:
    twelve = SourceNumbers(12)
    assert twelve.allowed("[") == ("1", "2", "3", "4", "5", "6", "7", "8", "9")
    assert twelve.allowed("[1") == ("]", "0", "1", "2")
    assert twelve.allowed("[2") == ("]",)
    assert twelve.allowed("[12") == ("]",)


@given(st.integers(1, 120), st.data())
def test_every_walk_along_the_rule_ends_in_a_real_number(count: int, data: st.DataObject) -> None:
    text = "as they said ["
    rule = SourceNumbers(count)
    while (allowed := rule.allowed(text)) is not None:
        assert allowed, "the rule never leaves the model without a choice"
        text += data.draw(st.sampled_from(allowed))
    number = text.removeprefix("as they said [").removesuffix("]")
    assert 1 <= int(number) <= count
