"""Letters that only look like letters are read as these, each with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.as_seen import as_seen


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Plain words.", "Plain words."),
        ("p\u0430y \u0440\u0430\u0443", "pay pay"),
        ("\u0391n \u039f\u03a1en door", "An OPen door"),
        ("\uff41\U0001d41b\u24d2", "abc"),
        ("\ufb01ne", "fine"),
        ("\u1d00\u0299\u1d04", "abc"),
        ("a\u200db\u0336c", "abc"),
        ("te11 0n1y ClNEMA", "tell only CINEMA"),
        ("s a y  n o w, a.m.", "say now, a.m."),
        ("s_a_y   i_t   n.o.w", "say it now"),
        ("for-\n  got", "forgot"),
        ("Müller", "Müller"),
        ("\u041c\u043e\u0441\u043a\u0432\u0430", "\u041c\u043e\u0441\u043a\u0432\u0430"),
        ("well-known, T-\nShirt, 1 0 1, CO2 of 2001", "well-known, T-\nShirt, 1 0 1, CO2 of 2001"),
    ],
)
def test_a_text_as_an_eye_reads_it(text: str, read: str) -> None:
    assert as_seen(text).text == read


def test_what_is_read_has_its_place_in_the_text() -> None:
    text = "He s a y s n\u200do."
    seen = as_seen(text)
    assert seen.text == "He says no."
    start = seen.text.index("says")
    assert text[slice(*seen.where(start, start + 4))] == "s a y s"


@given(st.text())
def test_places_rise_within_the_text(text: str) -> None:
    seen = as_seen(text)
    assert len(seen.text) == len(seen.places)
    assert list(seen.places) == sorted(seen.places)
    assert all(0 <= place < len(text) for place in seen.places)
