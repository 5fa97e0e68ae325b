"""Words as the check compares them: folded, stemmed, with figures and months in one spelling."""

import re
import unicodedata

from qa.reading.stop_words import STOP_WORDS
from qa.reading.words import stem

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

# Words that an answer may use freely: they carry no fact of their own, or name where it was read.
FREE_WORDS = (STOP_WORDS - {"may"}) | frozenset(  # May is a month
    """according after all also am article articles because before being between both doing down
    during each few further having here hers herself him himself itself just more most off
    once only other ours out over own passage passages same some source stated states such
    theirs themselves then through too under until up very while""".split()
)


def words(text: str) -> list[str]:
    """All words of a text in their compared form, in order."""
    return [_compared(match.group()) for match in _WORD.finditer(text)]


def content_words(text: str) -> list[str]:
    """The words that carry facts: `words` without the free ones, in order."""
    return [
        _compared(match.group())
        for match in _WORD.finditer(text)
        if match.group().lower() not in FREE_WORDS
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
        if match.group()[0].isupper() and match.group().lower() not in FREE_WORDS
    }


def _compared(word: str) -> str:
    folded = "".join(
        char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char)
    ).lower()
    if folded[0].isdigit():
        return re.sub(r"(?<=\d),(?=\d{3})", "", folded)
    folded = re.sub(r"['’]s$", "", folded)
    return _SPELLINGS.get(folded) or stem(folded)
