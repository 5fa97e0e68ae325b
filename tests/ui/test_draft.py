"""What of a text is read for, and when; times in seconds."""

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from ui.lookahead import Draft, long_enough


def typed(*at: tuple[str, float]) -> Draft:
    draft = Draft()
    for text, now in at:
        draft = draft.typed(text, now)
    return draft


def test_words_are_read_for_whole_a_moment_after_the_last_one_ended() -> None:
    draft = typed(("Where did ", 1.0), ("Where did B", 1.2), ("Where did Bl", 1.4))
    assert draft.due() == 1.25
    assert draft.wanted(1.2) is None
    assert draft.wanted(1.4) == "Where did"
    assert draft.has_read("Where did", 1.4).wanted(1.9) is None


def test_the_last_word_waits_for_the_keys_to_rest_though_it_ends_in_a_question_mark() -> None:
    draft = typed(("Where did Wang ", 1.0), ("Where did Wang go?", 1.2))
    assert draft.wanted(1.7) == "Where did Wang"
    assert draft.wanted(1.8) == "Where did Wang go?"


def test_an_unfinished_word_is_read_for_when_the_keys_rest() -> None:
    draft = typed(("Where did ", 1.0), ("Where did Wang", 1.5)).has_read("Where did", 1.25)
    assert draft.due() == 2.1
    assert draft.wanted(2.1) == "Where did Wang"
    assert draft.has_read("Where did Wang", 2.1).due() == inf


def test_a_word_that_ends_during_a_reading_is_next() -> None:
    draft = typed(("Where did ", 1.0), ("Where did Wang ", 1.3)).has_read("Where did", 1.25)
    assert draft.due() == 1.55
    assert draft.wanted(1.55) == "Where did Wang"


def test_what_is_read_for_holds_until_another_word_is_whole() -> None:
    draft = typed(("Where did Wang ", 1.0))
    assert draft.typed("Where did Wang g", 1.2).holds("Where did Wang")
    assert not draft.typed("Where did Wang go ", 1.4).holds("Where did Wang")
    assert not draft.typed("Where did ", 1.2).holds("Where did Wang")


def test_a_short_text_is_not_read_for() -> None:
    assert [long_enough(text) for text in ("Zugspitze", "Is a b?", "Is a b c?")] == [
        False, False, True,
    ]  # fmt: skip
    assert typed(("Zugspitze ", 1.0)).due() == inf


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
        assert wanted is not None
        draft = draft.has_read(wanted, now)
        steps += 1
        assert steps < 3
    assert not long_enough(draft.text) or draft.read == draft.text
