"""Words as the check compares them: folded, stemmed, in one spelling, numbers as plain figures."""

import functools
import re
import unicodedata
from collections.abc import Iterator

from qa.reading.figures import read_figures
from qa.reading.stop_words import STOP_WORDS
from qa.reading.words import stem

KEPT_WORDS = 20_000
"""Words whose compared forms are remembered: those of some thousand articles, in 5 MB."""

_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENDING = re.compile(r"['’](?:s|ll)$")

# Words that an answer may use freely: they carry no fact of their own, name where it was read, or
# are read elsewhere (what denies, by `negation`).
FREE_WORDS = (STOP_WORDS - {"may"}) | frozenset(  # May is a month
    """according after all also am article articles because before being between both doing down
    during each few further having here hers herself him himself itself just more most off
    once only other ours out over own passage passages same some source stated states such
    theirs themselves then through too under until up very while
    about approximately around roughly nearly almost yes
    no not nor never neither nobody none nothing without cannot""".split()
)

# Words that carry little: a source that says the same may well do without them.
_LIGHT_WORDS = frozenset(
    """again also back became become becomes began begin came come comes every gave get gets give
    given go goes gone got made make makes might number per place put puts said say says since spent
    still take taken takes tell told took went""".split()
)

_SPELLINGS = {month[:3]: month for month in _MONTHS} | {"sept": "september"}

# Several words for one name.
_SHORT_NAMES = (
    (re.compile(r"\b(?:US|[CA])\$"), "$"),
    (re.compile(r"\bUnited States(?: of America)?\b|\bU\.\s?S\b\.?(?:\s?A\.)?|\bUSA?\b"), "Usa"),
    (re.compile(r"\bUnited Kingdom\b|\bU\.\s?K\b\.?|\bGreat Britain\b"), "Uk"),
    (re.compile(r"\bEuropean Union\b|\bE\.\s?U\b\.?"), "Eu"),
    (re.compile(r"\bUnited Nations\b|\bU\.\s?N\b\.?"), "Un"),
)

# A country and its people, where no ending tells: "Russian" and "Russia" share their beginning.
# Niger is spelt otherwise, or it would be Nigeria.
_PEOPLES = dict(
    pair.split(":")
    for pair in """british:uk britain:uk american:usa america:usa german:germany french:france
    dutch:netherlands spanish:spain danish:denmark swedish:sweden polish:poland greek:greece
    czechia:czech swiss:switzerland welsh:wales irish:ireland scottish:scotland turkish:turkey
    norwegian:norway finnish:finland portuguese:portugal european:europe indian:india
    syrian:syria gazan:gaza cuban:cuba mexican:mexico pakistani:pakistan iraqi:iraq israeli:israel
    iranian:iran afghan:afghanistan english:england thai:thailand kenyan:kenya
    niger:nigerr nigerien:nigerr libyan:libya""".split()
)
_PEOPLES_ENDINGS = "ians ian ans ese ish an ia y e a i".split()
_SHORTEST_PEOPLE = 4

# Letters that do not fall apart into a letter and a mark.
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "ł": "l", "Ł": "L", "đ": "d", "ß": "ss"}
)


def words(text: str) -> list[str]:
    """All words of a text in their compared form, in order."""
    return [compared for _, compared in _spelled(text)]


def content_words(text: str) -> list[str]:
    """The words that carry facts: `words` without the free ones, in order."""
    return [compared for written, compared in _spelled(text) if not _is_free(written)]


def plain_words(text: str) -> list[str]:
    """The content words of some weight that are no names, numbers, weekdays or months, in order."""
    named = names(text) | CALENDAR
    return [
        compared
        for written, compared in _spelled(text)
        if not _is_free(written)
        and written.lower() not in _LIGHT_WORDS
        and not compared.lstrip("-")[:1].isdigit()
        and not (written[0].isupper() and name_form(written) in named)
    ]


def figures(text: str) -> set[str]:
    """The numbers of a text, years and written-out ones among them, as plain figures."""
    return {value for figure in read_figures(text) for value in figure.values}


def sure_figures(text: str) -> set[str]:
    """The same without what may be no number: "dozens", "an hour"."""
    return {value for one in read_figures(text) if not one.loose for value in one.values}


def names(text: str) -> set[str]:
    """Words with a capital that do not open the text: names, as far as spelling tells.

    The opening word counts where another name follows it, and where it is spelt as only a name is.
    """
    found = [match.group() for match in _WORD.finditer(_short(text))]
    capitals = [_may_be_name(word) for word in found]
    if capitals:
        followed = len(found) > 1 and capitals[1]
        capitals[0] &= followed or any(char.isupper() for char in found[0][1:])
        capitals[0] |= bool(found and re.search(r"['’]s$", found[0]) and found[0][0].isupper())
    return {name_form(word) for word, capital in zip(found, capitals, strict=True) if capital}


def capitals(text: str) -> set[str]:
    """The names of a text, but for those that it writes in small letters elsewhere."""
    return names(text) - _small_words(text)


def opening_word(text: str) -> str:
    """The first word of a text in the form of a name, if it might be one; else an empty string."""
    if any(figure.start == 0 for figure in read_figures(text)):
        return ""
    first = _WORD.search(_short(text))
    return name_form(first.group()) if first and _may_be_name(first.group()) else ""


def name_forms(text: str) -> set[str]:
    """All words of a text in the form in which names are compared."""
    return {name_form(match.group()) for match in _WORD.finditer(_short(text))}


def claimed_names(claim: str, there: str) -> set[str]:
    """The names in a claim about a text, its first word among them where that may be one.

    It is none where the text writes it in small letters; weekdays and months are none at all.
    """
    found = names(claim)
    opening = opening_word(claim)
    if opening and opening not in _small_words(there) and opening not in _OPENERS:
        found.add(opening)
    return found - CALENDAR


@functools.lru_cache(maxsize=KEPT_WORDS)
def name_form(word: str) -> str:
    """A name without case, diacritics and endings: "Russian", "Russia's" and "Russia" are one."""
    folded = _ENDING.sub("", fold(word))
    if folded.removesuffix("s") in _PEOPLES:  # "Germans"
        folded = folded.removesuffix("s")
    folded = _PEOPLES.get(folded, folded)
    for ending in _PEOPLES_ENDINGS:
        if folded.endswith(ending):
            root = folded.removesuffix(ending)
            return root if len(root) >= _SHORTEST_PEOPLE else folded
    return folded


def fold(word: str) -> str:
    """Small letters without diacritics."""
    decomposed = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


def _small_words(text: str) -> set[str]:
    """The words that a text writes in small letters, in the form of names."""
    found = (match.group() for match in _WORD.finditer(text))
    return {name_form(word) for word in found if word[0].islower()}


def _may_be_name(word: str) -> bool:
    return word[0].isupper() and not _is_free(word)


def _is_free(word: str) -> bool:
    return re.sub(r"['’]ll$", "", word.lower()) in FREE_WORDS or word.endswith(("n't", "n’t"))


def _short(text: str) -> str:
    for pattern, short in _SHORT_NAMES:
        text = pattern.sub(short, text)
    return text


def _spelled(text: str) -> Iterator[tuple[str, str]]:
    """Each word as it is written and in its compared form; a number is one word, as is its unit.

    "4.5 per cent" and "4.5%" are the same two words.
    """
    text = _short(text)
    place = 0
    for figure in read_figures(text):
        yield from _letters(text[place : figure.start])
        yield text[figure.start : figure.end], figure.values[0]
        yield from _letters((figure.unit or "").replace("_", " "))
        place = max(figure.end, figure.unit_end)
    yield from _letters(text[place:])


def _letters(text: str) -> Iterator[tuple[str, str]]:
    for match in _WORD.finditer(text):
        yield match.group(), _compared(match.group())


@functools.lru_cache(maxsize=KEPT_WORDS)
def _compared(word: str) -> str:
    folded = _ENDING.sub("", fold(word))
    return stem(_SPELLINGS.get(folded) or _american(folded)) if folded else ""


def _american(word: str) -> str:
    """ "Metre", "harbour" and "apologise" as they are spelt in America; sure of long words only."""
    if len(word) < 5:
        return word
    word = re.sub(r"our(s|ed|ing)?$", r"or\1", word)
    word = re.sub(r"([tb])re(s?)$", r"\1er\2", word)
    return re.sub(r"is(e|es|ed|ing|ation|ations)$", r"iz\1", word)


CALENDAR = frozenset(
    name_form(word)
    for word in (
        *_MONTHS,
        *_SPELLINGS,
        *"monday tuesday wednesday thursday friday saturday sunday".split(),
    )
)
"""Weekdays and months in the form of names."""

# Words that open a sentence and are no names, though they may stand in no source.
_OPENERS = frozenset(
    name_form(word)
    for word in """one some many several most both people over more less least since until before
    however although while later earlier today yesterday everyone everybody someone""".split()
)
