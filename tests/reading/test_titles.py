"""Titles that people gave, and those that programs left."""

import pytest

from qa.reading.titles import heading, stated_title, title_of


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Port reopens", "Port reopens"),
        (" Port \n reopens ", "Port reopens"),
        ("U.S. reopens ports", "U.S. reopens ports"),
        ("Report", "Report"),
        ("Microsoft Word - minutes.doc", None),
        ("Microsoft Word - Port reopens", None),
        ("minutes.docx", None),
        ("Final minutes of May.pdf", None),
        ("untitled", None),
        ("Untitled-1", None),
        ("Document1", None),
        ("PowerPoint Presentation", None),
        ("2023-02-18", None),
        ("", None),
        (None, None),
        ("w" * 151, None),
    ],
)
def test_a_title_in_the_properties_of_a_file(written: str | None, title: str | None) -> None:
    assert stated_title(written) == title


def test_a_title_is_the_first_heading_or_line_or_the_name() -> None:
    assert heading("Intro.\n\n# The *real* title #\n\nBody.") == "The *real* title"
    assert heading("## Second level") is None
    assert title_of("Envoy to visit | CNN\n\nBody.", "a") == "Envoy to visit"
    assert title_of("w" * 151, "port-strike_2") == "port strike 2"
    assert title_of("w" * 151, "---") == "---"
