"""What of a text is looked up, when, and when its passages have settled; times in seconds."""

from dataclasses import replace
from math import inf

from hypothesis import given
from hypothesis import strategies as st

from qa.types import Hit
from tests.ui.scripted import HITS
from ui.draft import Draft, long_enough


def typed(*at: tuple[str, float]) -> Draft:
    draft = Draft()
    for text, now in at:
        draft = draft.typed(text, now)
    return draft


def test_words_are_looked_up_whole_a_moment_after_the_last_one_ended() -> None:
    draft = typed(("Where did ", 1.0), ("Where did B", 1.2), ("Where did Bl", 1.4))
    assert draft.due() == 1.25
    assert draft.wanted(1.2) is None
    assert draft.wanted(1.4) == "Where did"
    assert draft.looked("Where did", HITS, 1.4).wanted(1.9) is None


def test_the_last_word_waits_for_the_keys_to_rest_though_it_ends_in_a_question_mark() -> None:
    draft = typed(("Where did Wang ", 1.0), ("Where did Wang go?", 1.2))
    assert draft.wanted(1.7) == "Where did Wang"
    assert draft.wanted(1.8) == "Where did Wang go?"


def test_an_unfinished_word_is_looked_up_when_the_keys_rest() -> None:
    draft = typed(("Where did ", 1.0), ("Where did Wang", 1.5)).looked("Where did", HITS, 1.25)
    assert draft.due() == 2.1
    assert draft.wanted(2.1) == "Where did Wang"
    assert draft.looked("Where did Wang", HITS, 2.1).due() == inf


def test_a_word_that_ends_during_a_look_is_looked_up_next() -> None:
    draft = typed(("Where did ", 1.0)).typed("Where did Wang ", 1.3).looked("Where did", HITS, 1.25)
    assert draft.due() == 1.55
    assert draft.wanted(1.55) == "Where did Wang"


def test_a_short_text_is_not_looked_up() -> None:
    assert [long_enough(text) for text in ("Zugspitze", "Is a b?", "Is a b c?")] == [
        False, False, True,
    ]  # fmt: skip
    assert typed(("Zugspitze ", 1.0)).due() == inf


def looks(*found: tuple[Hit, ...]) -> Draft:
    """A draft after looks at one more word each, its keys not at rest."""
    draft = Draft()
    for number, hits in enumerate(found, 1):
        draft = draft.typed("word " * (number + 1), number).looked(f"look {number}", hits, number)
    return draft


def test_what_two_looks_in_a_row_found_is_settled_in_any_order() -> None:
    a, b, c = HITS
    again = replace(a, score=0.1)
    assert looks((a, b, c)).settled == ()
    assert looks((a, b, c), (again, b, c)).settled == (again, b, c)
    assert looks((a, b, c), (c, b)).settled == (c, b)
    assert looks((a, b), (c, b)).settled == (b,)
    assert looks((a, b), (c,), (a, b)).settled == ()


def test_what_was_read_is_not_read_again_whatever_is_found_with_it() -> None:
    a, b, c = HITS
    read = looks((a, b), (a, b)).has_read(a)
    assert read.unread == (b,)
    changed = read.looked("look 3", (c, a), 3).looked("look 4", (a, c), 4)
    assert changed.unread == (c,)
    assert changed.has_read(c).looked("look 5", (b, c, a), 5).unread == ()
    assert changed.has_read(c).looked("look 5", (b, c, a), 5).settle().unread == (b,)


def test_what_one_look_gave_is_settled_when_the_keys_rest() -> None:
    once = typed(("Where did he go ", 1.0)).looked("Where did he go", HITS, 1.25)
    assert once.due() == 1.6
    assert once.wanted(1.6) is None
    assert once.settle().unread == HITS
    assert once.settle().due() == inf


@given(st.lists(st.tuples(st.text("ab c?", max_size=12), st.floats(0, 2)), max_size=12))
def test_every_draft_comes_to_rest(keys: list[tuple[str, float]]) -> None:
    draft, now = Draft(), 0.0
    for text, wait in keys:
        now += wait
        draft = draft.typed(text, now)
    steps = 0
    while (due := draft.due()) < inf:
        now = max(now, due)
        wanted = draft.wanted(now)
        draft = draft.looked(wanted, HITS[: steps % 3], now) if wanted else draft.settle()
        steps += 1
        assert steps < 6
    assert not long_enough(draft.text) or draft.looked_up == draft.text
