"""Copies of a text are collapsed; texts that differ in a name or a figure are not."""

from dataclasses import replace
from datetime import date

from qa.library.duplicates import band_keys, collapse, near_duplicates, without_title
from qa.types import Found, Hit, Passage

LONG = (
    "The ferry service across the strait was suspended on Monday after an inspection found"
    " cracks in two of the landing bridges, and officials of the port authority said that"
    " repairs would take at least until the end of the month."
)


def passage(article_id: str, text: str, published: date | None = None) -> Passage:
    return Passage(f"{article_id}#0", article_id, "T", published, 0, len(text), text)


def hit(article_id: str, text: str, score: float, published: date | None = None) -> Hit:
    return Hit(passage(article_id, text, published), score, Found.BOTH, 0.5)


def same(one: str, other: str) -> bool:
    return near_duplicates(passage("a", one), passage("b", other))


def test_near_duplicates() -> None:
    assert same(LONG, LONG)
    assert same(LONG, LONG.replace("said that", "said"))
    assert same(LONG, "REYKJAVIK – " + LONG)
    assert not same(LONG, LONG.replace("Monday", "Tuesday"))
    assert not same(LONG + " It cost 300.", LONG + " It cost 400.")
    assert not same(LONG, "The museum opened a new wing for modern art on Monday.")
    assert same("Yes.", "Yes.")
    assert not same("Yes.", "No.")


def test_headlines_are_not_compared() -> None:
    one = passage("a", f"Ferry to Reykjavik suspended | The Herald\n\n{LONG}")
    other = passage("b", f"# No ships until October\n{LONG}")
    one = replace(one, title="Ferry to Reykjavik suspended")
    other = replace(other, title="No ships until October")
    assert near_duplicates(one, other)
    assert not near_duplicates(replace(one, title="T"), replace(other, title="T"))
    assert without_title(passage("c", "T")) == "T"
    assert without_title(passage("c", "T\nrest")) == "rest"


def test_copies_share_a_band_and_other_texts_none() -> None:
    copies = (LONG, LONG.replace("said that", "said"), "REYKJAVIK – " + LONG, LONG.upper())
    keys = [set(band_keys(text)) for text in copies]
    assert all(one & other for one in keys for other in keys)
    assert all(len(one) == 12 and all(-(2**63) <= key < 2**63 for key in one) for one in keys)
    other = band_keys("The museum opened a new wing for modern art on Monday.")
    assert not any(one.intersection(other) for one in keys)
    assert band_keys("") == band_keys("")


def test_the_best_copy_stays_and_names_the_others() -> None:
    hits = [
        hit("a", "Other words stand here.", 0.9),
        hit("c", LONG, 0.5),
        hit("b", "OSLO – " + LONG, 0.6),
        hit("b", LONG, 0.1),
        hit("d", "Third of its kind.", 0.4),
        hit("e", "And a fourth.", 0.3),
    ]
    kept = collapse(hits, 3)
    assert [one.passage.article_id for one in kept] == ["a", "b", "d"]
    assert [one.also_in for one in kept] == [(), ("c",), ()]


def test_on_a_tie_the_earlier_published_stays_and_dates_go_before_none() -> None:
    dates = {"x": None, "y": date(2023, 2, 3), "z": date(2023, 2, 1)}
    (kept,) = collapse([hit(name, LONG, 0.5, day) for name, day in dates.items()], 3)
    assert kept.passage.article_id == "z"
    assert kept.also_in == ("y", "x")


def test_a_limit_of_nothing() -> None:
    assert collapse([hit("a", LONG, 1)], 0) == ()
