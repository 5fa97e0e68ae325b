"""Copies of a text are collapsed; texts that differ in a name or a figure are not."""

from datetime import date

from qa.library.duplicates import collapse, near_duplicates
from qa.types import Found, Hit, Passage

LONG = (
    "The ferry service across the strait was suspended on Monday after an inspection found"
    " cracks in two of the landing bridges, and officials of the port authority said that"
    " repairs would take at least until the end of the month."
)


def hit(article_id: str, text: str, score: float, published: date | None = None) -> Hit:
    passage = Passage(f"{article_id}#0", article_id, "T", published, 0, len(text), text)
    return Hit(passage, score, Found.BOTH, 0.5)


def test_near_duplicates() -> None:
    assert near_duplicates(LONG, LONG)
    assert near_duplicates(LONG, LONG.replace("said that", "said"))
    assert near_duplicates(LONG, "REYKJAVIK – " + LONG)
    assert not near_duplicates(LONG, LONG.replace("Monday", "Tuesday"))
    assert not near_duplicates(LONG + " It cost 300.", LONG + " It cost 400.")
    assert not near_duplicates(LONG, "The museum opened a new wing for modern art on Monday.")
    assert near_duplicates("Yes.", "Yes.")
    assert not near_duplicates("Yes.", "No.")


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
