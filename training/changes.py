"""A question changed in one place, so that the text which answered it no longer does. Pure.

So are SQuAD 2.0's own unanswerable questions made: another name, another number, the opposite word,
a "not" (Rajpurkar, Jia and Liang, ACL 2018, table 1).
"""

import re
from collections.abc import Sequence
from random import Random

from qa.evaluating.perturbing import negated

NAME = re.compile(r"\b[A-Z][\w’'.-]*[^\W\d_](?:\s+(?:of\s+|de\s+|the\s+)?[A-Z][\w’'-]*[^\W\d_])*")
NUMBER = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})+(?![\w])|(?<![\w.,-])\d+(?:\.\d+)?(?![\w])")
YEAR = re.compile(r"(?:1[0-9]|20)\d\d")

OPPOSITES: dict[str, str] = {}
_PAIRS = """first last|oldest youngest|oldest newest|largest smallest|biggest smallest
|highest lowest
|most least|more less|more fewer|before after|early late|earlier later|north south|northern southern
|east west|eastern western|increase decrease|increased decreased|increases decreases|rise fall
|rose fell|win lose|won lost|begin end|began ended|begins ends|start stop|started stopped
|open close|opened closed|enter leave|entered left|join leave|joined left|buy sell|bought sold
|accept reject|accepted rejected|support oppose|supported opposed|allow forbid|allowed forbidden
|good bad|better worse|best worst|old new|old young|long short|longest shortest|fast slow
|fastest slowest|strong weak|stronger weaker|high low|higher lower|large small|larger smaller
|many few|always never|often rarely|with without|inside outside|above below|public private
|male female|men women|man woman|father mother|son daughter|brother sister|husband wife|king queen
|internal external|minimum maximum|major minor|common rare|common uncommon|modern ancient
|create destroy|created destroyed|built demolished|arrive depart|arrived departed|gain lose
|gained lost|attack defend|attacked defended|import export|imports exports|include exclude
|includes excludes|included excluded|legal illegal|possible impossible|direct indirect
|known unknown|popular unpopular|successful unsuccessful|official unofficial|primary secondary
|senior junior|upper lower|left right|rural urban|winter summer|morning evening|day night
|positive negative|helped hindered|prevent cause|prevented caused|visible invisible|agreed refused
|domestic foreign|permanent temporary|rich poor|approved vetoed|appointed dismissed|born died"""
for pair in _PAIRS.replace("\n", "").split("|"):
    one, other = pair.split()
    OPPOSITES.setdefault(one, other)
    OPPOSITES.setdefault(other, one)

_WORD = re.compile(r"[a-z]+")


def changed(
    question: str, text: str, answers: Sequence[str], elsewhere: Sequence[str], chance: Random
) -> str | None:
    """A question like this one that the text does not answer; None where nothing can be changed.

    Names come from the text itself or from `elsewhere`, texts about something else.
    """
    ways = [_other_name, _other_name, _other_number, _opposite, _opposite, _negated]
    chance.shuffle(ways)
    for way in ways:
        if way is _negated and chance.random() < 0.6:
            continue  # "not" is easy to add and soon learnt
        if way is _other_name:
            found = _other_name(question, text, answers, elsewhere, chance)
        else:
            found = way(question, text, chance)  # type: ignore[operator]
        if found and found != question:
            return found
    return None


def names_in(text: str) -> list[str]:
    """Names as capital letters show them; a lone word at the head of a sentence is none."""
    return [
        match[0]
        for match in NAME.finditer(text)
        if " " in match[0] or not re.search(r"(?:^|[.!?:\"“]\s*)$", text[: match.start()])
    ]


def _other_name(
    question: str, text: str, answers: Sequence[str], elsewhere: Sequence[str], chance: Random
) -> str | None:
    here = [name for name in names_in(text) if len(name) > 2]
    asked = [name for name in here if re.search(rf"\b{re.escape(name)}\b", question, re.IGNORECASE)]
    if not asked:
        asked = [name for name in names_in(question) if len(name) > 2]
    if not asked:
        return None
    name = chance.choice(asked)
    lent = here if chance.random() < 0.5 else [n for one in elsewhere for n in names_in(one)]
    taken = " ".join([question, *answers]).lower()
    like = [one for one in lent if one.lower() not in taken and name.lower() not in one.lower()]
    same = [one for one in like if len(one.split()) == len(name.split())]
    if not like:
        return None
    other = chance.choice(same or like)
    if question == question.lower():
        other = other.lower()
    return re.sub(
        rf"\b{re.escape(name)}\b", lambda _: other, question, count=1, flags=re.IGNORECASE
    )


def _other_number(question: str, text: str, chance: Random) -> str | None:
    found = list(NUMBER.finditer(question))
    if not found:
        return None
    match = chance.choice(found)
    for _ in range(8):
        other = _number_like(match[0], chance)
        if other not in text and other != match[0]:
            return question[: match.start()] + other + question[match.end() :]
    return None


def _number_like(number: str, chance: Random) -> str:
    if YEAR.fullmatch(number):
        return str(int(number) + chance.choice((-20, -10, -5, -3, -2, -1, 1, 2, 3, 5, 10, 20)))
    places = [place for place, digit in enumerate(number) if digit.isdigit()]
    place = chance.choice(places)
    return number[:place] + chance.choice("123456789") + number[place + 1 :]


def _opposite(question: str, text: str, chance: Random) -> str | None:
    found = [match for match in _WORD.finditer(question) if match[0] in OPPOSITES]
    if not found:
        return None
    match = chance.choice(found)
    return question[: match.start()] + OPPOSITES[match[0]] + question[match.end() :]


def _negated(question: str, text: str, chance: Random) -> str | None:
    if negated(question) is None:
        return None
    return negated(question, never=chance.random() < 0.3)
