"""What a model thinks first is no part of its answer, however it comes in pieces."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.engine.generation import Token
from qa.engine.thoughts import MARKS, Thoughts, closed

THOUGHT = "<think>\nOkay, [1] says Munich. No </thin> yet.\n</think>\n\n"


def told(*pieces: str) -> list[str]:
    """What is told of pieces, each with its number as log-probability."""
    thoughts = Thoughts()
    tokens = [Token(piece, -float(number)) for number, piece in enumerate(pieces)]
    said = [one for token in tokens for one in thoughts.take(token)]
    return [token.text for token in (*said, *thoughts.rest())]


def test_an_answer_without_thoughts_is_told_as_it_comes() -> None:
    assert told("In", " Munich", " [", "1", "].") == ["In", " Munich", " [", "1", "]."]
    assert told("\n", "[", "1", "]") == ["\n", "[", "1", "]"]
    assert told("<", "b>") == ["<", "b>"]
    assert told("In <think>", "Munich") == ["In <think>", "Munich"]
    assert told("<thi") == ["<thi"]
    assert told() == []


def test_a_token_keeps_its_own_log_probability() -> None:
    thoughts = Thoughts()
    assert thoughts.take(Token("<", -1.0)) == []
    assert thoughts.text == "<"  # a rule over the answer sees it
    assert thoughts.take(Token("b>", -2.0)) == [Token("<", -1.0), Token("b>", -2.0)]
    assert thoughts.text == "<b>"


@pytest.mark.parametrize(("opening", "closing"), MARKS)
def test_thoughts_are_left_out(opening: str, closing: str) -> None:
    assert told(opening, "It is [1].", closing, "\n\n", "In", " Munich") == ["In", " Munich"]
    assert told(f"\n{opening}Hm{closing}In Munich") == ["In Munich"]
    assert told(opening, "and so on") == []
    assert told(f"{opening}a{closing}", f"{opening}b", f"{closing}c") == ["c"]


def test_nothing_binds_while_it_thinks() -> None:
    thoughts = Thoughts()
    thoughts.take(Token("<think>[", 0.0))
    assert (thoughts.is_thinking, thoughts.text) == (True, "")
    thoughts.take(Token("</think>So", 0.0))
    assert (thoughts.is_thinking, thoughts.text) == (False, "So")


@given(st.lists(st.integers(1, 9), max_size=20))
def test_wherever_the_pieces_part(lengths: list[int]) -> None:
    text = THOUGHT + "In Munich [1]."
    cuts = [0, *accumulate(lengths)]
    pieces = [text[a:b] for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True) if text[a:b]]
    assert "".join(told(*pieces)).lstrip() == "In Munich [1]."


def test_a_prompt_that_begins_thoughts_ends_them() -> None:
    begun = "<｜User｜>Who?<｜Assistant｜><think>\n"
    assert closed(begun) == "<｜User｜>Who?<｜Assistant｜><think>\n\n</think>\n\n"
    assert closed("Who?<|im_start|>assistant\n") == "Who?<|im_start|>assistant\n"
    off = "<|im_start|>assistant\n<think>\n\n</think>\n\n"
    assert closed(off) == off
