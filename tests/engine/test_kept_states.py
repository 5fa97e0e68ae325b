"""States of earlier prompts: which is kept, which is found, and what a damaged file gives."""

from pathlib import Path

import numpy as np

from qa.engine.kept_states import KeptState, KeptStates, read_state, shared_prefix, write_state


def state(*tokens: int) -> KeptState:
    """Ten bytes a token."""
    return KeptState(tokens, np.full(10 * len(tokens), tokens[0], np.uint8))


def keep(kept: KeptStates, whole: KeptState) -> None:
    kept.keep(whole.cells.nbytes, lambda: whole)


def test_shared_prefix() -> None:
    assert shared_prefix([1, 2, 3], [1, 2, 4, 5]) == 2
    assert shared_prefix([1, 2], [1, 2, 3]) == 2
    assert shared_prefix([], [1]) == 0
    assert shared_prefix([1], [2]) == 0


def test_the_longest_shared_beginning_is_found() -> None:
    kept = KeptStates(1000)
    keep(kept, state(1, 2, 3))
    keep(kept, state(1, 7, 8, 9))
    for prompt, tokens in (([1, 7, 8], (1, 7, 8, 9)), ([1, 2, 5], (1, 2, 3))):
        found = kept.best_for(prompt, longer_than=0)
        assert found is not None
        assert found.tokens == tokens


def test_only_one_that_is_longer_than_what_is_held_already() -> None:
    kept = KeptStates(1000)
    keep(kept, state(1, 2, 3))
    assert kept.best_for([1, 2, 4], longer_than=2) is None
    assert kept.best_for([1, 2, 3, 4], longer_than=2) is not None


def test_nothing_kept_nothing_found() -> None:
    assert KeptStates(1000).best_for([1, 2], longer_than=0) is None


def test_the_one_used_longest_ago_makes_room() -> None:
    kept = KeptStates(70)
    keep(kept, state(1, 1, 1))
    keep(kept, state(2, 2, 2))
    kept.best_for([1], longer_than=0)  # used: now 2 is the oldest
    keep(kept, state(3, 3))
    tokens = {
        found.tokens for first in (1, 2, 3) if (found := kept.best_for([first], longer_than=0))
    }
    assert tokens == {(1, 1, 1), (3, 3)}


def test_a_state_takes_the_place_of_its_own_beginning() -> None:
    kept = KeptStates(60)
    keep(kept, state(1, 2))
    keep(kept, state(1, 2, 3, 4))
    keep(kept, state(5, 6))  # 60 bytes in all, as the first went
    found = kept.best_for([1, 2], longer_than=0)
    assert found is not None
    assert found.tokens == (1, 2, 3, 4)


def test_what_cannot_be_cut_serves_those_that_begin_with_all_of_it() -> None:
    kept = KeptStates(1000, can_be_cut=False)
    keep(kept, state(1, 2))
    keep(kept, state(1, 2, 3, 4))  # in the place of no other
    keep(kept, state(1, 2, 3, 4))
    for prompt, tokens in (([1, 2, 3], (1, 2)), ([1, 2, 3, 4, 5], (1, 2, 3, 4))):
        found = kept.best_for(prompt, longer_than=0)
        assert found is not None
        assert found.tokens == tokens
    assert kept.best_for([1], longer_than=0) is None
    assert kept.best_for([1, 2, 5], longer_than=2) is None


def test_the_same_state_is_kept_once() -> None:
    kept = KeptStates(50, can_be_cut=False)
    keep(kept, state(5))
    for _ in range(2):
        keep(kept, state(1, 2))
    assert kept.best_for([5], longer_than=0) is not None


def test_what_is_larger_than_the_budget_is_not_kept_and_drives_nothing_out() -> None:
    kept = KeptStates(30)
    keep(kept, state(1, 2))
    keep(kept, state(3, 4, 5, 6))
    assert kept.best_for([3], longer_than=0) is None
    found = kept.best_for([1], longer_than=0)
    assert found is not None
    assert found.tokens == (1, 2)


def test_what_is_larger_than_the_budget_is_not_even_copied() -> None:
    def never() -> KeptState:
        raise AssertionError("it was copied")

    KeptStates(30).keep(31, never)


def test_a_file_gives_back_what_was_put_into_it(tmp_path: Path) -> None:
    file = tmp_path / "states" / "one"
    write_state(state(4, 5, 6), file)
    back = read_state(file)
    assert back is not None
    assert back.tokens == (4, 5, 6)
    assert back.cells.tolist() == [4] * 30
    assert [path.name for path in file.parent.iterdir()] == ["one"]


def test_a_damaged_or_missing_file_gives_nothing(tmp_path: Path) -> None:
    file = tmp_path / "one"
    assert read_state(file) is None
    write_state(state(4, 5, 6), file)
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert read_state(file) is None
    file.write_bytes(whole[:-1] + b"x")
    assert read_state(file) is None
    file.write_bytes(b"[]\n")
    assert read_state(file) is None
