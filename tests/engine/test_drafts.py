"""What is proposed from the prompt, on tokens that can be followed by eye."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.engine.drafts import COPIED, LONG, SHORT, DraftLength, PromptLookup

#         0  1  2  3  4  5  6  7  8  9
PROMPT = (1, 2, 3, 4, 5, 9, 2, 3, 7, 8)


def test_what_followed_the_longest_match_is_proposed() -> None:
    assert PromptLookup(PROMPT).propose([1, 2, 3], room=10) == (4, 5, 9)
    assert PromptLookup(PROMPT).propose([9, 2, 3], room=10) == (7, 8)


def test_of_equal_matches_the_later() -> None:
    assert PromptLookup(PROMPT).propose([0, 2, 3], room=10) == (7, 8)


def test_a_match_of_one_token_is_enough_at_first() -> None:
    lookup = PromptLookup(PROMPT)
    assert lookup.propose([0, 4], room=10) == (5, 9, 2)
    lookup.learn(drafted=3, accepted=0)
    assert lookup.propose([0, 4], room=10) == ()


def test_nothing_matches_nothing_is_written_or_there_is_no_room() -> None:
    lookup = PromptLookup(PROMPT)
    assert lookup.propose([6], room=10) == ()
    assert lookup.propose([], room=10) == ()
    assert lookup.propose([1, 2], room=0) == ()
    assert lookup.propose([1, 2], room=-1) == ()
    assert lookup.propose([1, 2], room=1) == (3,)


def test_the_end_of_the_prompt_proposes_nothing() -> None:
    assert PromptLookup(PROMPT).propose([7, 8], room=10) == ()


def test_after_failures_longer_matches_are_asked_for_until_a_draft_is_accepted_whole() -> None:
    length = DraftLength()
    asked = []
    for accepted in (0, 0, 0, 1, 3, 3, 3):
        length.learn(drafted=3, accepted=accepted)
        asked.append([length.most(matched) for matched in (1, 2, 3)].index(SHORT) + 1)
    assert asked == [2, 3, 3, 3, 2, 1, 1]


def test_a_copied_sentence_is_drafted_in_long_runs() -> None:
    length = DraftLength()
    for _ in range(COPIED // SHORT):
        assert length.most(4) == SHORT
        length.learn(drafted=SHORT, accepted=SHORT)
    assert length.most(4) == LONG
    length.learn(drafted=LONG, accepted=LONG - 1)
    assert length.most(4) == SHORT


@pytest.mark.parametrize(("room", "proposed"), [(20, LONG), (LONG, LONG), (14, SHORT), (2, 2)])
def test_a_long_run_is_proposed_whole_or_not_at_all(room: int, proposed: int) -> None:
    lookup = PromptLookup(range(40))
    for _ in range(COPIED // SHORT):
        lookup.learn(drafted=SHORT, accepted=SHORT)
    assert len(lookup.propose([0, 1, 2, 3, 4], room)) == proposed


@given(
    st.lists(st.integers(0, 5), max_size=40),
    st.lists(st.integers(0, 5), min_size=1, max_size=8),
    st.integers(0, 20),
)
def test_a_draft_stands_in_the_prompt_behind_what_was_written(
    prompt: list[int], written: list[int], room: int
) -> None:
    draft = PromptLookup(prompt).propose(written, room)
    assert len(draft) <= room
    if draft:
        run = [written[-1], *draft]
        starts = range(len(prompt) - len(run) + 1)
        assert any(prompt[start : start + len(run)] == run for start in starts)
