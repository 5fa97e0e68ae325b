"""What sort of thing a question asks for: a fact, or something of the articles as such. Pure.

Decided by closed lists of words and the shape of the whole question, never by a word alone: "How
many people died?" counts no articles. What is not recognised as a whole asks for a fact.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from qa.reading.periods import Period, read_period
from qa.surveying.request_shapes import NUMBERS, SHAPES, STORY, filled
from qa.surveying.wanted import Wanted, wanted


class Asks(Enum):
    """What a question wants; FACT is the general way, THANKS wants no answer."""

    FACT = "fact"
    COUNT = "count"
    LISTING = "listing"
    NEWEST = "newest"
    OLDEST = "oldest"
    SUMMARY = "summary"
    TIMELINE = "timeline"
    HELP = "help"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True)
class Request:
    """A question, read.

    `topic` is what remains when the words of the request are taken out, "" for all articles; for a
    FACT it is the question. `since` and `until` are days of publication, both included. `most` is
    how many articles are wanted where the question says so ("the article", "the last three"), and
    `end` says which end of time they are taken from: NEWEST, OLDEST or neither. `at_large` is a
    request in words of its own: its topic is all of it, and its articles are found by meaning.
    `happened` asks what did in those days: where nothing was published then, an article of another
    day may tell it.
    """

    asks: Asks
    topic: str = ""
    since: date | None = None
    until: date | None = None
    source: str | None = None
    most: int | None = None
    end: Asks | None = None
    at_large: bool = False
    happened: bool = False


_READ = tuple((Asks(name), re.compile(filled(shape), re.IGNORECASE)) for name, shape in SHAPES)
_HOW_LONG = re.compile(
    filled(
        r"\s*\b(?:briefly|shortly|in\s+(?:short|brief|(?:a\s+few|an?|<COUNT>)\s+(?:short\s+)?"
        r"(?:sentences?|words|lines|paragraphs?|bullet\s+points|points)))\b,?"
    ),
    re.IGNORECASE,
)
_STORY = re.compile(filled(STORY), re.IGNORECASE)
_POLITE = re.compile(
    filled(
        r"^(?:(?:<WELL>|(?:<THANKS>)\s+for\s[^,.!:?]+)[,.!:]+\s*|(?:<HELLO>|<THANKS>|please"
        r"|ok(?:ay)?|so|and|now|then|well|bitte|s[’']il\s+vous\s+pla[iî]t|por\s+favor)[,.!:\s]+"
        r"|(?:can|could|would|will)\s+you\s+(?:please\s+)?(?!find\s+out)"
        r"|(?:i\s+would|i[’']d)\s+like(?:\s+to\s+(?:see|have))?\s+|let\s+me\s+have\s+)+"
    ),
    re.IGNORECASE,
)
_AFTER = re.compile(
    filled(r"(?<![\s,?.!])(?:[\s,?.!]+(?:please|bitte|por\s+favor|<THANKS>)){0,3}[\s?.!]*$"),
    re.IGNORECASE,
)
_A_CLAUSE = re.compile(  # a topic that goes on with a verb was no topic
    r"\b(?:did|does|do|was|were|is|are|has|have|had|will|would|can|could|should)\b", re.IGNORECASE
)
_A_SECOND_QUESTION = re.compile(
    r"[?!]\s+\w|\b(?:and|then|but)\s+(?:tell|say|who|what|when|why|how|where|which|explain)\b",
    re.IGNORECASE,
)
_BEFORE_LAST = re.compile(r"^.*[?!]\s+(?=\w)", re.DOTALL)
_TWO_WAYS = re.compile(r"\b\d\d?([./-])\d\d?\1\d\d(?:\d\d)?\b")
"""A date in figures that `read_period` left: which day it means is not sure."""

_ALL = re.compile(
    filled(
        r"(?:(?:<THE>|whole|entire|dem|den|der|die|das|diese[mnrs]?|les?|l[ao]s?|el|cet)\s+|l[’'])*"
        r"(?:(?:<END>)\s+)?(?:<LOOSE>|news|events?|everything|all|it|this|that|these|them|those"
        r"|library|collection|archive|what\s+happened|alles|alle|tout|todo|Ereignisse|événements|hechos)?"
    ),
    re.IGNORECASE,
)
_BEFORE_TOPIC = re.compile(
    filled(
        r"(?:(?:<THE>|whole|entire|dem|den|der|die|das|diese[mnrs]?|les?|l[ao]s?|el|cet)\s+|l[’'])*"
        r"(?:(?:<END>)\s+)?(?:<LOOSE>|news|events|everything|all|what\s+(?:happened|(?:is|was|we)"
        r"\s+(?:known|know|said|reported)|(?:the|these|your|all)\s+(?:<STRONG>)\s+says?))\s+(?:<ABOUT>|of|on|around|in|to|with|at|titled|called"
        r"|headed|von|vom|d[eu]s?|del|(?=[“\"«]))\s*"
    ),
    re.IGNORECASE,
)
_BEHIND_TOPIC = re.compile(r"(?<=\w)\s+(?:article|cutting|story|piece|affair)$", re.IGNORECASE)
_ONE = re.compile(
    filled(
        r"(?:(?:the|this|that|your|de[mnr]|das|cet|el|le)\s+|l[’'])(?:(?:<END>)\s+)?"
        r"(?:<SINGULAR>)\b(?!\s+of\b).*|.*\s(?:article|cutting|piece)"
    ),
    re.IGNORECASE,
)
_THE_ONE = re.compile(
    r"\b(?:the|this|that)\s+(?:article|cutting|clipping|piece|column|interview|obituary)\b(?!\s+of\b)",
    re.IGNORECASE,
)
_AT_AN_END = re.compile(
    filled(r"(?:(?:<THE>|der|die|das|dem|den)\s+)*(?:<END>)\s+(?P<noun><STRONG>)\b"),
    re.IGNORECASE,
)
_SINGULAR = re.compile(filled("<SINGULAR>"), re.IGNORECASE)
_THE = re.compile(r"^the\s+", re.IGNORECASE)
_NOUN = filled(r"(?:<LOOSE>|news|headlines)")
_CAME = r"\s+(?:that\s+)?(?:(?:came|come|is|are|were)\s+)?"
_BY = "from|by|aus|von|vom|du|de|del"
_NAME = r"\s+(?:(?:the|der|dem|le|la|el)\s+)?NAME"
_ARTICLES = filled(rf"\b(?:{_NOUN}|everything|published)(?:\s+(?:<HAVE>))?")
_FROM = ((rf"{_CAME}(?:{_BY}|in|of|dans){_NAME}(?!\w)", ""),)
_BESIDE = (  # "the Valley Post story" may be the one about it
    (rf"({_ARTICLES}){_CAME}(?:{_BY}|(?<=published )in){_NAME}(?!\w)", r"\1"),
    (filled(rf"^((?:(?!\b(?:<ABOUT>|on)\b).)*)\bNAME(?=\s+(?!story\b){_NOUN}\b)"), r"\1"),
    (
        rf"\s+(?:do(?:es)?|did|has|have){_NAME}\s+(?:have|publish(?:ed)?|print(?:ed)?)\b",
        " is there",
    ),
)
"""What names a source, with its NAME in full or in short, and what stands in its place."""

_WHOLE = re.compile(
    r"\b(?:all|titles|headlines|everything|articles|cuttings|Artikel|artículos|what do you have)\b",
    re.I,
)
_TALK = {Asks.HELP, Asks.THANKS}
_SIGNS = " ¿¡?!.\t\n"
_AT_LARGE = {Wanted.OVERVIEW: Asks.SUMMARY, Wanted.TIMELINE: Asks.TIMELINE}
_OPEN_REQUESTS = {Asks.SUMMARY, Asks.TIMELINE}
"""Asked by words that hardly mean anything else; the others need a topic that is no clause."""


def read_request(question: str, newest: date | None, sources: Sequence[str] = ()) -> Request:
    """Read a question. `newest` is the library's latest day, against which "in May" is read.

    `sources` are the library's own names of its sources; one that the question names as such
    narrows the request.
    """
    fact = Request(Asks.FACT, question.strip())
    if asks_nothing := small_talk(question):
        return Request(asks_nothing)
    if _asks_twice(question):
        return fact
    asked = question.strip(_SIGNS)
    shapes = _READ
    if _HOW_LONG.search(asked):
        asked = _HOW_LONG.sub("", asked).strip(" ,")
        shapes = (*_READ, (Asks.SUMMARY, _STORY))
    asked = plain(asked)
    source, rest = _without_source(asked, sources)
    period = read_period(rest, newest)
    for days in dict.fromkeys((period, Period(rest))):
        for asks, shape in shapes:
            match = None if asks in _TALK else shape.fullmatch(days.rest)
            request = _request(asks, match, days, source) if match else None
            if request:
                return request
    return fact


def small_talk(said: str) -> Asks | None:
    """HELP for a greeting or the question what can be asked, THANKS for thanks, else None."""
    asked = said.strip(_SIGNS)
    found = (asks for asks, shape in _READ if asks in _TALK and shape.fullmatch(asked))
    return next(found, None) if asked else None


def plain(question: str) -> str:
    """A question without its signs and what is polite before and behind it: "ok and …, please?"."""
    return _POLITE.sub("", _AFTER.sub("", question.strip(_SIGNS)).rstrip(_SIGNS))


def read_at_large(question: str) -> Request:
    """What a question asks for by its words at large, where it has no shape that is known.

    Of several sentences the last says it: "What is the trip about? Just the gist."
    """
    said = question.strip()
    if _asks_twice(said):
        before = _BEFORE_LAST.match(said)
        said = said[before.end() :] if before and not said.endswith("?") else ""
    asks = _AT_LARGE.get(wanted(said), Asks.FACT) if said else Asks.FACT
    at_large = asks is not Asks.FACT
    most = 1 if at_large and _THE_ONE.search(question) else None
    return Request(asks, question.strip(), most=most, at_large=at_large)


def _asks_twice(question: str) -> bool:
    return bool(_A_SECOND_QUESTION.search(plain(question)))


def _request(
    asks: Asks, match: re.Match[str], period: Period, source: str | None
) -> Request | None:
    """The request of a shape that fits; None where it is none after all."""
    said = {name.rstrip("23"): words for name, words in match.groupdict().items() if words}
    topic = said.get("topic", "")
    at_an_end = _AT_AN_END.match(topic)
    if at_an_end:
        said |= {name.rstrip("2"): words for name, words in at_an_end.groupdict().items() if words}
    bare = _bare(topic)
    if asks not in _OPEN_REQUESTS and _A_CLAUSE.search(bare):
        return None
    if _TWO_WAYS.search(bare) or (not period.named and said.keys() & {"dated", "happened"}):
        return None
    named = bare or period.named or source
    if asks is Asks.LISTING and not (named or _WHOLE.search(match[0])):
        return None
    end = Asks.OLDEST if "oldest" in said else Asks.NEWEST if "newest" in said else None
    if asks is Asks.NEWEST and end:
        asks = end
    most, happened = _most(said, topic), "happened" in said
    days = period.since, period.until
    return Request(asks, bare, *days, source, most, end, happened=happened)


def _most(said: Mapping[str, str], topic: str) -> int | None:
    """How many articles are asked for, where that is said."""
    number = said.get("number", "").lower()
    if number:
        return NUMBERS.index(number) + 1 if number in NUMBERS else int(number)
    one = _SINGULAR.fullmatch(said["noun"]) if "noun" in said else _ONE.fullmatch(topic)
    return 1 if one else None


def _bare(topic: str) -> str:
    """What a topic is, without the words that only say that it is one."""
    while (shorter := _BEFORE_TOPIC.sub("", topic, count=1)) != topic:
        topic = shorter
    if not _ALL.fullmatch(topic):
        topic = _BEHIND_TOPIC.sub("", topic)
    topic = re.sub(r"^both\s+", "", topic).strip(' "“”„«»,.:;')
    return "" if _ALL.fullmatch(topic) else topic


def _without_source(asked: str, sources: Sequence[str]) -> tuple[str | None, str]:
    """The source that a question names, and the question without it.

    Beside articles "BBC" is enough for "BBC News" where no other begins so, and "Guardian" for "The
    Guardian". One word must be written as in the name: "local news" is not of The Local.
    """
    begun: dict[str, set[str]] = {}
    for source in sources:
        name = _THE.sub("", source)
        for word in re.finditer(r"\b[^\W_a-z]\w*", name):
            begun.setdefault(name[: word.end()], set()).add(source)
    short = {
        name: source
        for name, (source, *more) in begun.items()
        if not (more or re.fullmatch(_NOUN, name, re.IGNORECASE))
    } | {_THE.sub("", source): source for source in sources}
    full = ((source, source, _FROM) for source in sorted(sources, key=len, reverse=True))
    beside = ((name, short[name], _BESIDE) for name in sorted(short, key=len, reverse=True))
    for name, source, wordings in (*full, *beside):
        if name.lower() not in asked.lower():
            continue
        initials = name.isupper() and len(name) > 2
        as_it_is = wordings is _BESIDE and name.isalpha() and not initials
        written = rf"(?-i:(?<=\s){name})" if as_it_is else re.escape(name)
        for wording, instead in wordings:
            pattern = wording.replace("NAME", written)
            rest, found = re.subn(pattern, instead, asked, count=1, flags=re.IGNORECASE)
            if found:
                return source, rest.strip()
    return None, asked
