"""Sentences, cut by hand and compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n ", []),
        ("No end", ["No end"]),
        (
            "Mr. Wang of the U.S. State Dept. left at 5 p.m. on Friday. It cost $2.5 million.",
            ["Mr. Wang of the U.S. State Dept. left at 5 p.m. on Friday.", "It cost $2.5 million."],
        ),
        (
            "He called it “absurd.” She said: “Go on!” They left.",
            ["He called it “absurd.”", "She said: “Go on!”", "They left."],
        ),
        ("A heading\n\nThe text goes\non here.", ["A heading", "The text goes\non here."]),
        (
            "# Heading\nText.\n- one\n- two\n\n1. three",
            ["# Heading", "Text.", "- one", "- two", "1. three"],
        ),
        (
            "It opened.[2] It closed [1]. [3][4] Good.",
            ["It opened.[2]", "It closed [1]. [3][4]", "Good."],
        ),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="ab .\n!?[1]#-\t“”’\u00a0\x1c", max_size=200))
def test_every_word_stands_in_exactly_one_sentence(text: str) -> None:
    spans = sentence_spans(text)
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
    flat = [offset for span in spans for offset in span]
    assert flat == sorted(flat)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
