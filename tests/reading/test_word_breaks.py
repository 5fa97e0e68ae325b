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


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (
            ["she is a well-", "known engineer of the town"],
            "she is a well-known engineer of the town",
        ),
        (["by the long-", "term plan of the town"], "by the long-term plan of the town"),
        (["it is under-", "stood by the town"], "it is understood by the town"),
        (["and the NSF-", "funded work of the town"], "and the NSF-funded work of the town"),
        (["in the 19th-", "century hall of the town"], "in the 19th-century hall of the town"),
        (["with Meyer-", "Landrut of the town"], "with Meyer-Landrut of the town"),
        (["it is a pota-", "to of the town"], "it is a potato of the town"),
        (
            ["die alte Haus-", "tür ist nicht mehr zu öffnen"],
            "die alte Haustür ist nicht mehr zu öffnen",
        ),
        (
            ["il dit que c'est peut-", "être la fin de la ville"],
            "il dit que c'est peut-être la fin de la ville",
        ),
        (["et dans la ville où est-", "il donc"], "et dans la ville où est-il donc"),
    ],
)
def test_the_language_and_its_words_decide(lines: list[str], text: str) -> None:
    assert together(*lines) == text


def test_in_a_text_that_parts_words_a_doubtful_hyphen_goes() -> None:
    doubtful = [
        "the tech-",
        "savvy town and the infor-",
        "mation of the coun-",
        "cil and its mem-",
        "bers",
    ]
    assert (
        together(*doubtful)
        == "the techsavvy town and the information of the council and its members"
    )
    never = ["the tech-", "savvy town of the council and its members"]
    assert together(*never) == "the tech-savvy town of the council and its members"
