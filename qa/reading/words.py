"""The words of a text as the rankings read them, and their stems. Pure.

Chinese, Japanese and Korean are not parted by spaces, or not where words end: their words are the
overlapping pairs of neighbouring characters, which find nearly what a dictionary would (Nie, Gao,
Zhang and Zhou, IRAL 2000) in any text, without one.
"""

import functools
import itertools
import re
import unicodedata
from typing import Any

KEPT_STEMS = 100_000
"""Stems that are remembered: the words of a large library, in some 20 MB."""


_PAIRED = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3131-\u318e"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
)
"""Hangul, kana and Han characters, for a character class."""

_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0903\u093a-\u094f\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d"
    "\u0a81-\u0a83\u0abc-\u0acd\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c4d\u0c81-\u0c83\u0cbc-\u0ccd"
    "\u0d00-\u0d03\u0d3b-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
)
"""Accents and vowel signs, which are no letters to Python and yet part no word."""

_RUN = re.compile(f"([{_PAIRED}]+)|(?:[^\\W_{_PAIRED}]|[{_MARKS}])+")
_PAIRED_RUN = re.compile(f"[{_PAIRED}]+")


def words(text: str) -> list[str]:
    """Runs of letters and figures in small letters, accents composed, in order.

    Of Chinese, Japanese and Korean: pairs of characters, "青河大桥" → 青河, 河大, 大桥; a character
    that stands alone is a word.
    """
    found: list[str] = []
    for run in _RUN.finditer(unicodedata.normalize("NFC", text).lower()):
        found += _pairs(run[1]) if run[1] else [run[0]]
    return found


def is_one_character(word: str) -> bool:
    """Whether a word is one Chinese, Japanese or Korean character, and part of many pairs."""
    return len(word) == 1 and _PAIRED_RUN.match(word) is not None


def parted(text: str) -> str | None:
    """The text with its Chinese, Japanese and Korean parted into words by spaces; None without any.

    Each run's last character stands behind its pairs, so that every character begins a word.
    """
    made, changes = _PAIRED_RUN.subn(
        lambda run: f" {' '.join([*_pairs(run[0]), run[0][-1]][: len(run[0])])} ", text
    )
    return made if changes else None


def _pairs(run: str) -> list[str]:
    return ["".join(pair) for pair in itertools.pairwise(run)] or [run]


@functools.lru_cache(maxsize=KEPT_STEMS)
def stem(word: str) -> str:
    """The stem of an English word in small letters (Porter's second algorithm, Snowball)."""
    return str(_stemmer().stemWord(word))


@functools.cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")
