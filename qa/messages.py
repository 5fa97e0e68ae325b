"""How messages count and name things. Pure."""

import difflib
from collections.abc import Iterable, Sequence


def counted(number: int, noun: str) -> str:
    """`1 article`, `1,204 articles`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def some_of(names: Sequence[object], most: int) -> str:
    """So many of the names, and the number of the others: `3, 5, 8 and 40 more`."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(map(str, names[:most])) + more


def nearest(written: str, known: Iterable[str]) -> str | None:
    """The known name that is most like what was written; None where none is."""
    return next(iter(difflib.get_close_matches(written, sorted(known), n=1)), None)
