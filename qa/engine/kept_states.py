"""What was read of earlier prompts, kept so that it need not be read again.

A state is a copy of the KV cells of one prompt's tokens (28 KB a token with the default model:
a prompt of 500 tokens takes 14 MB and is copied out or back in 4 ms, read in 5 s).
"""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class KeptState:
    """The tokens of a prompt and, as llama.cpp writes them out, their KV cells."""

    tokens: tuple[int, ...]
    cells: NDArray[np.uint8]


def shared_prefix(first: Sequence[int], second: Sequence[int]) -> int:
    """With how many equal tokens two sequences begin."""
    for index, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return index
    return min(len(first), len(second))


class KeptStates:
    """The states used last, up to a budget in bytes.

    Where states `can_be_cut`, a prompt shares what it begins with; else it begins with all of a
    state or has no use for it.
    """

    def __init__(self, budget_bytes: int, *, can_be_cut: bool = True) -> None:
        self._budget_bytes = budget_bytes
        self._can_be_cut = can_be_cut
        self._states: list[KeptState] = []  # the one used last stands last

    def keep(self, size_bytes: int, copy_state: Callable[[], KeptState]) -> None:
        """Add a state, in place of those that serve no prompt better; the oldest make room.

        One that is larger than the whole budget is neither copied nor kept.
        """
        if size_bytes > self._budget_bytes:
            return
        state = copy_state()
        self._states = [kept for kept in self._states if not self._replaces(state, kept)]
        self._states.append(state)
        while sum(kept.cells.nbytes for kept in self._states) > self._budget_bytes:
            del self._states[0]

    def best_for(self, prompt: Sequence[int], longer_than: int) -> KeptState | None:
        """The state that shares the longest beginning with a prompt, if longer than so many tokens.

        It counts as used.
        """
        shared = [self._usable(kept.tokens, prompt) for kept in self._states]
        longest = max(shared, default=0)
        if longest <= longer_than:
            return None
        best = self._states.pop(shared.index(longest))
        self._states.append(best)
        return best

    def _replaces(self, state: KeptState, kept: KeptState) -> bool:
        return self._usable(state.tokens, kept.tokens) == len(kept.tokens)

    def _usable(self, tokens: Sequence[int], prompt: Sequence[int]) -> int:
        """Of a state's tokens, those that a prompt begins with and can go on from."""
        shared = shared_prefix(tokens, prompt)
        return shared if self._can_be_cut or shared == len(tokens) else 0


def write_state(state: KeptState, file: Path) -> None:
    """Put a state into a file, whole or not at all. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    cells = state.cells.tobytes()
    head = {"tokens": state.tokens, "sha256": hashlib.sha256(cells).hexdigest()}
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_bytes(json.dumps(head).encode() + b"\n" + cells)
    draft.replace(file)


def read_state(file: Path) -> KeptState | None:
    """The state in a file; None where there is none, or not a whole one."""
    try:
        head, _, cells = file.read_bytes().partition(b"\n")
        described = json.loads(head)
        if hashlib.sha256(cells).hexdigest() != described["sha256"]:
            return None
        return KeptState(tuple(described["tokens"]), np.frombuffer(cells, np.uint8))
    except (OSError, ValueError, KeyError, TypeError):
        return None
