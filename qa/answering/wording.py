"""Words as the check compares them: folded, stemmed, with figures and months in one spelling."""

import re
import unicodedata
from functools import cache
from typing import Any

_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_FIGURES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_SPELLINGS = (
    {month[:3]: month for month in _MONTHS}
    | {"sept": "september"}
    | {word: str(figure) for figure, word in enumerate(_FIGURES)}
)
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")

# Words that carry no fact of their own: an answer may use them freely.
STOP_WORDS = frozenset(
    """a about after all also am an and any are as at be because been before being between both but
    by can could did do does doing down during each few for from further had has have having he her
    here hers herself him himself his how i if in into is it its itself just me more most my of off
    on once only or other our ours out over own same she should so some such than that the their
    theirs them themselves then there these they this those through to too under until up very was
    we were what when where which while who whom whose why will with would you your according
    article articles passage passages stated states source""".split()
)


def words(text: str) -> list[str]:
    """All words of a text in their compared form, in order."""
    return [_compared(match.group()) for match in _WORD.finditer(text)]


def content_words(text: str) -> list[str]:
    """The words that carry facts: `words` without stop words, in order."""
    return [
        _compared(match.group())
        for match in _WORD.finditer(text)
        if match.group().lower() not in STOP_WORDS
    ]


def figures(text: str) -> set[str]:
    """The numbers of a text, years and written-out ones to twenty among them, as digits."""
    return {word for word in words(text) if word[0].isdigit()}


def names(text: str) -> set[str]:
    """Words with a capital that do not open the text: names, as far as spelling tells."""
    matches = list(_WORD.finditer(text))
    return {
        _compared(match.group())
        for match in matches[1:]
        if match.group()[0].isupper() and match.group().lower() not in STOP_WORDS
    }


def _compared(word: str) -> str:
    folded = "".join(
        char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char)
    ).lower()
    if folded[0].isdigit():
        return re.sub(r"(?<=\d),(?=\d{3})", "", folded)
    folded = re.sub(r"['’]s$", "", folded)
    return _SPELLINGS.get(folded) or _stem(folded)


@cache
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")
