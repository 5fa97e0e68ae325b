"""Drafts: which tokens may come next, guessed from the tokens that were read.

An answer from a text repeats the text's names, figures and phrases. Where the last tokens written
stand in the prompt, those behind them there are proposed, and the model verifies several in one go
(prompt lookup; Saxena 2023, after Leviathan, Kalman and Matias, ICML 2023). Pure: tokens in, tokens
out; a bad guess costs time and changes no answer.
"""

from collections.abc import Sequence

LONGEST_MATCH = 4
"""Tokens of context that are compared: places alike in so many are as good as one another."""

# Tokens proposed at a time. The kernels work four rows at a time: with the 1.5B on two cores, one
# token takes 73 ms, two 104, three 132, four 114, eight 212, sixteen 262. So three beside the one
# that is due, and fifteen where a whole sentence seems to be copied.
SHORT, LONG = 3, 15
COPIED = 9
"""So many drafted tokens accepted in a row seem to be a copied sentence."""

LEAST_MATCH, MOST_ASKED = 1, 3
"""Tokens that must match before anything is proposed: at first, and at most after failures."""


class DraftLength:
    """How many tokens to propose, learnt from how the drafts of this answer fared.

    Chosen by replaying 96 answers under the costs above: of ten rules this one was the fastest in
    the median (1.6 where answers quote, 1.1 elsewhere) and seldom slower than no drafts.
    """

    def __init__(self) -> None:
        self._match_asked = LEAST_MATCH
        self._accepted_in_a_row = 0

    def most(self, matched: int) -> int:
        """Up to how many tokens to propose behind a match of so many."""
        if matched < self._match_asked:
            return 0
        copies = matched == LONGEST_MATCH and self._accepted_in_a_row >= COPIED
        return LONG if copies else SHORT

    def learn(self, drafted: int, accepted: int) -> None:
        """Take in that of so many drafted tokens so many were accepted."""
        if accepted == drafted:
            self._accepted_in_a_row += accepted
            self._match_asked = max(self._match_asked - 1, LEAST_MATCH)
        else:
            self._accepted_in_a_row = 0
        if accepted == 0:
            self._match_asked = min(self._match_asked + 1, MOST_ASKED)


class PromptLookup:
    """Proposes what followed the last tokens where they stood in the prompt."""

    def __init__(self, prompt: Sequence[int]) -> None:
        self._prompt = tuple(prompt)
        self._length = DraftLength()
        self._places: dict[int, list[int]] = {}
        for place, token in enumerate(self._prompt):
            self._places.setdefault(token, []).append(place)

    def propose(self, written: Sequence[int], room: int) -> tuple[int, ...]:
        """Tokens that may follow the written ones: at most `room`, and none, up to SHORT, or LONG.

        They are those behind the longest match, the later one of two that are equally long. (With
        the token that is due, SHORT and LONG fill rows of four, which are all computed alike.)
        """
        best, best_matched = -1, 0
        for place in self._places.get(written[-1], ()) if written else ():
            matched = self._matched(place, written)
            if matched >= best_matched:
                best, best_matched = place, matched
        left = min(room, len(self._prompt) - best - 1)
        most = self._length.most(best_matched)
        if left < most:
            most = min(left, SHORT)
        return self._prompt[best + 1 : best + 1 + most] if most > 0 else ()

    def learn(self, drafted: int, accepted: int) -> None:
        """See DraftLength."""
        self._length.learn(drafted, accepted)

    def _matched(self, place: int, written: Sequence[int]) -> int:
        """How many tokens up to this place of the prompt are the last ones written."""
        longest = min(LONGEST_MATCH, len(written), place + 1)
        for count in range(1, longest):
            if self._prompt[place - count] != written[-1 - count]:
                return count
        return longest
