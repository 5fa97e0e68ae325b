"""Headings and lists in a text: where they begin and end, worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.outlines import (
    MOST_OF_LIST,
    SHORT_ITEM,
    bare_heading,
    heading_words,
    headings,
    is_heading,
    is_item,
    lists,
)

TEXT = """# Hourly prices

## What do I need?

Call the office. Have these ready:

- your meter's number
- your last bill

They answer within a day."""


def cut(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[start:end] for start, end in spans]


def test_headings_are_whole_lines() -> None:
    assert cut(TEXT, headings(TEXT)) == ["# Hourly prices", "## What do I need?"]
    assert heading_words("## What do I need?") == "What do I need?"
    assert heading_words("No heading") == "No heading"
    assert bare_heading("**The Flood**") == bare_heading("# The flood\n") == "the flood"
    assert is_heading("### Part")
    assert not is_heading("#1 in the charts")


def test_a_list_with_the_sentence_that_leads_to_it() -> None:
    assert cut(TEXT, lists(TEXT)) == [
        "Have these ready:\n\n- your meter's number\n- your last bill"
    ]


@pytest.mark.parametrize("mark", ["- ", "* ", "• ", "1. ", "12) ", "  - "])
def test_marks_of_items(mark: str) -> None:
    assert is_item(f"{mark}a bill")
    assert lists(f"Bring:\n{mark}a bill") == ((0, len(f"Bring:\n{mark}a bill")),)


@pytest.mark.parametrize(
    "text",
    [
        "Bring these.\n\n- a bill\n- a pen",  # no colon leads to it
        "- a bill\n- a pen",
        "Bring these:\n\nA bill and a pen.",
        f"Bring these:\n\n- {'a' * SHORT_ITEM} bill",
        "Bring these:\n\n" + f"- {'a' * 90}\n" * (MOST_OF_LIST // 90 + 1),
        "-5 degrees: cold",
    ],
)
def test_what_is_no_list_of_short_items(text: str) -> None:
    assert lists(text) == ()


def test_two_lists_and_words_between_them() -> None:
    text = "Red:\n- a\n- b\nThen, blue:\n- c\n\nThe end."
    assert cut(text, lists(text)) == ["Red:\n- a\n- b", "Then, blue:\n- c"]


@given(st.text(alphabet="ab #-:.\n1)", max_size=80))
def test_spans_stand_in_order_and_apart(text: str) -> None:
    for spans in (headings(text), lists(text)):
        ends = [0, *(end for _, end in spans)]
        assert all(before <= start < end for before, (start, end) in zip(ends, spans, strict=False))
        assert all(end <= len(text) for _, end in spans)
