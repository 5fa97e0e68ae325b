"""Raised figures, by hand: those behind a caret are raised."""

import pytest

from qa.reading.page_lines import with_marks_apart


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("the crane^1 was bought", "the crane[1] was bought"),
        ("was bought.^12", "was bought.[12]"),
        ("in 1989^3 it fell", "in 1989[3] it fell"),
        ("12 km^2 of land", "12 km2 of land"),  # a power
        ("the Boeing747 flew", "the Boeing747 flew"),  # not raised
        ("the crane¹ was bought", "the crane[1] was bought"),
        ("^4See the minutes", "4 See the minutes"),
        ("²See the minutes", "2 See the minutes"),
        ("3D films", "3D films"),
    ],
)
def test_marks(written: str, text: str) -> None:
    raised = written.find("^")
    assert with_marks_apart(written.replace("^", ""), lambda at, _: at == raised).text == text


def test_where_the_words_begin_and_end() -> None:
    marked = with_marks_apart("1The crane2", lambda _at, _beside: True)
    assert (marked.text, marked.start, marked.end) == ("1 The crane[2]", 1, 10)
