"""How many examples a property is tried with."""

from hypothesis import settings


def at_most(count: int) -> int:
    """So many examples, or as few as the profile of `make check` says."""
    of_profile = settings().max_examples
    return min(count, of_profile) if of_profile < USUAL else count


USUAL = 100
"""Hypothesis's own number, which the other profiles leave as it is."""
