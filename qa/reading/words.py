"""The words of a text as the rankings read them, and their stems. Pure."""

import functools
import re
from typing import Any

KEPT_STEMS = 100_000
"""Stems that are remembered: the words of a large library, in some 20 MB."""


def words(text: str) -> list[str]:
    """Runs of letters and figures in small letters, in order."""
    return re.findall(r"[^\W_]+", text.lower())


@functools.lru_cache(maxsize=KEPT_STEMS)
def stem(word: str) -> str:
    """The stem of an English word in small letters (Porter's second algorithm, Snowball)."""
    return str(_stemmer().stemWord(word))


@functools.cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")
