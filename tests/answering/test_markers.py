"""Source numbers in many spellings become one, or go."""

import pytest

from qa.answering.markers import canonical, numbers, with_numbers, without


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Lit in 1858 [1].", "Lit in 1858 [1]."),
        ("Lit in 1858 [Source 2].", "Lit in 1858 [2]."),
        ("Lit in 1858 [1, 2].", "Lit in 1858 [1][2]."),
        ("Lit in 1858 [1] and [2].", "Lit in 1858 [1][2]."),
        ("Lit in 1858 [1, 9].", "Lit in 1858 [1]."),
        ("Lit in 1858 ［２］.", "Lit in 1858 [2]."),
        ("Lit in 1858【1†source】.", "Lit in 1858 [1]."),
        ("Lit in 1858 [[2]].", "Lit in 1858 [2]."),
        ("Lit in 1858 (source 1).", "Lit in 1858 [1]."),
        ("Lit in 1858, as stated in Passage [1] and [2].", "Lit in 1858 [1][2]."),
        ("Lit in 1858, according to passage [2].", "Lit in 1858 [2]."),
        ("Lit in 1858 [9].", "Lit in 1858."),
        ("Lit in 1858 [0].", "Lit in 1858."),
        ("Lit in 1858 [source 3].", "Lit in 1858."),
        ("Lit in 1858 [9\u0332].", "Lit in 1858."),
        ("Lit in 1858 [\u202e9].", "Lit in 1858."),
        ("Lit in 1858 [].", "Lit in 1858."),
        ("Lit in 1858 [2", "Lit in 1858 "),
        ("Lit in 1858 [Source", "Lit in 1858 "),
        ("They [the crew] were safe.", "They [the crew] were safe."),
        ("They [12 sailors] were safe [1].", "They [12 sailors] were safe [1]."),
        ("The [12 sailors were safe.", "The 12 sailors were safe."),
        ("It is (in 2019) new.", "It is (in 2019) new."),
        ("Lit<|im_end|> in 1858.", "Lit  in 1858."),
    ],
)
def test_every_spelling(written: str, shown: str) -> None:
    assert canonical(written, 2) == shown


def test_numbers_are_read_in_order_and_once() -> None:
    assert numbers("a [2] b [1][2]") == [2, 1]
    assert without("a [2] b [1][2].") == "a b."
    assert without("in 1858[1][source 3]The keeper(Source 12)rose") == "in 1858 The keeper rose"
    assert without("It cost 5 (Source 12) [source 12] [^12].") == "It cost 5."
    assert without("In [2019] (note that 12) it (the source) rose.") == (
        "In [2019] (note that 12) it (the source) rose."
    )


@pytest.mark.parametrize(
    ("claim", "shown"),
    [
        ("It was lit.", "It was lit [1][2]."),
        ("It was lit", "It was lit [1][2]"),
        ("He said “never.”", "He said “never.” [1][2]"),
        ("He left (at last.)", "He left (at last.) [1][2]"),
        ("It was lit…", "It was lit [1][2]…"),
    ],
)
def test_the_numbers_stand_before_the_full_stop_but_in_no_quotation(claim: str, shown: str) -> None:
    assert with_numbers(claim, [1, 2]) == shown
