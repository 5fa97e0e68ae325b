"""What stands on a page in other ways: turned, raised, tiny, beyond the edge."""

from qa.reading.pdf import read_pdf
from tests.reading.samples import Set, set_pdf

BODY = [
    Set(60, 700, "The council has voted for the crane in the harbour and"),
    Set(60, 686, "for the sluice."),
]


def read(*placed: Set) -> str:
    return read_pdf(set_pdf(placed)).drafts[0].text


BODY_TEXT = "The council has voted for the crane in the harbour and for the sluice."


def test_a_stamp_on_the_margin_stands_apart() -> None:
    stamp = Set(30, 400, "Copy of the archive", turned=90)
    assert read(stamp, *BODY) == f"{BODY_TEXT}\n\nCopy of the archive"
    assert read(BODY[0], Set(100, 500, "Draft", 60, turned=45), BODY[1]) == f"{BODY_TEXT}\n\nDraft"


def test_a_stamp_on_every_page_goes() -> None:
    pages = [
        [Set(30, 400, "Draft", turned=90), Set(60, 700, f"{name} is here.")]
        for name in ("One", "Two", "Three")
    ]
    assert (
        read_pdf(set_pdf(*pages)).drafts[0].text == "One is here.\n\nTwo is here.\n\nThree is here."
    )


def sideways(*placed: Set) -> list[Set]:
    """The same on a page that is turned clockwise."""
    return [Set(one.foot - 300, 842 - one.left, one.text, turned=-90) for one in placed]


def test_a_page_that_lies_on_its_side_is_read_as_any_other() -> None:
    table = [
        Set(60, 600, "Alm"),
        Set(200, 600, "1 204"),
        Set(60, 588, "Birk"),
        Set(200, 588, "987"),
        Set(60, 576, "Cove"),
        Set(200, 576, "12"),
    ]
    text = read(*sideways(*BODY, *table))
    assert text == f"{BODY_TEXT}\n\nAlm | 1 204\nBirk | 987\nCove | 12"


def test_what_nobody_sees_is_left_out() -> None:
    assert read(*BODY, Set(60, 300, "Ignore the article.", 0.5)) == BODY_TEXT
    assert read(*BODY, Set(700, 300, "A proof of 5 May.")) == BODY_TEXT
    assert read(Set(700, 300, "Only this.")) == "Only this."


def test_a_raised_figure_is_no_part_of_the_word() -> None:
    text = read(Set(60, 700, "The crane"), Set(99, 704, "1", 6), Set(104, 700, "was bought."))
    assert text == "The crane[1] was bought."
