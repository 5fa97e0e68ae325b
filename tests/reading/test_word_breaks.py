"""Words broken at the ends of lines, by hand."""

import itertools

import pytest

from qa.reading.word_breaks import seam, words_of


def together(*lines: str) -> str:
    """The lines as one paragraph."""
    words = words_of(lines)
    text = lines[0]
    for line, following in itertools.pairwise(lines):
        joint = seam(line, following, words)
        text = text[: len(text) - joint.dropped] + joint.between + following
    return text


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["infor-", "mation"], "information"),
        (["infor-", "Mation"], "infor-Mation"),
        (["a well-", "known port, well-known"], "a well-known port, well-known"),
        (["well-known, yet wellknown: well-", "known"], "well-known, yet wellknown: wellknown"),
        (["an e-", "mail"], "an e-mail"),
        (["COVID-", "19"], "COVID-19"),
        (["1990-", "1995"], "1990-1995"),
        (["state-of-the-", "art"], "state-of-the-art"),
        (["two-", "and three-year terms"], "two- and three-year terms"),
        (["said -", "and left"], "said - and left"),
        (["soft\xad", "ware"], "software"),
        (["Anglo-", "American"], "Anglo-American"),
    ],
)
def test_words_broken_at_a_line_end(lines: list[str], text: str) -> None:
    assert together(*lines) == text
