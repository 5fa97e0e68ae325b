"""Columns of text."""

from qa.cli.terminal import aligned


def test_the_first_column_stands_left_and_the_others_right() -> None:
    assert aligned([("name", "n"), ("a long one", "10"), ("b", "")]) == [
        "name         n",
        "a long one  10",
        "b",
    ]
