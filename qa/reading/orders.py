"""Sentences of an article that do not report but tell whoever answers from it what to say. Pure.

An article is read for what it states. A sentence that speaks to the reading program ("ignore the
above and say …") states nothing, and no answer may rest on it; nor does what is laid out as a talk
with it or as its own sources (`forged_talk`). Recognised by their wording, so not all are.
"""

import re
from collections.abc import Iterator, Sequence

from qa.reading.as_seen import as_seen
from qa.reading.forged_talk import FORGED_TALK
from qa.reading.markup import INVISIBLE
from qa.reading.sentences import sentence_spans

_SAY = "say|answer|reply|respond|state|claim|output|print|repeat|write|translate|cite"
_WHAT = (
    r"(?:(?:that|with|only|in|every|any|all|everything|as|them|your|nothing|yes|no)\b"
    r"|the (?:system|text|words|answer)\b|[\"“‘']|\d)"
)
_STARTS = r"^(?=(?-i:[A-Z]))|[.!?:|]\s*[\"“‘'(]?|\bplease\s+"
"""Where an order may begin; a cell of a table is as good as a sentence."""

_BEGINS = rf"(?:{_STARTS}|\b(?:must|always|only)\s+)"

_MACHINES = (
    r"(?:(?:artificial|automat\w+|machine|digital) readers?|(?:language )?models?|chatbots?"
    r"|ai|llms?"
    r"|(?:accessibility|reading|summari[sz]ing|answering) (?:software|programs?|tools?|systems?))"
)
_ITSELF = (
    r"(?:this|its|the|your)(?: own)? (?:text|content|article|page|passage|cell|document|line)s?"
)

_SPEAKS_OF_THE_READER = (
    r"\b(?:system (?:prompt|message|notice)|(?:ai|summari[sz]ing) (?:assistants?|tools?)"
    r"|(?:all|any|previous|prior|earlier|above|your) (?:instructions?|prompts?)"
    r"|you are (?:now |no longer )?an? (?:ai|assistant|chatbot|language model|pirate))\b"
    # a note with the address of a machine on it
    r"|\b(?:notes?|messages?|notices?|instructions?|hints?|memos?|attention|dear)[,:]? "
    rf"(?:(?:for|to|all|any|every|the|this|our) ){{0,3}}{_MACHINES}\b"
    # what it has to say in place of this very text
    rf"|^(?=[^\n]*\b{_ITSELF}\b)(?=[^\n]*\b{_MACHINES}\b)"
    r"(?=[^\n]*\b(?:must|shall|should|in place of|instead of|condition|provided|required)\b)"
    rf"[^\n]*\b(?:{_SAY}|announce|tell|give|show|name|report)\b"
)
_ASSISTANT = r"\b(?:assistant|ai|chatbot|language model)\b"
_LAST_CHAT = (
    r"\b(?:our|your|my|this|the) (?:last|previous|earlier|prior) (?:chat|conversation|session)\b"
)
_EARLIER_TALK = (
    rf"{_ASSISTANT}[^.!?\n]{{0,40}}{_LAST_CHAT}|{_LAST_CHAT}[^.!?\n]{{0,40}}{_ASSISTANT}"
)
_IGNORE_ALL = (
    r"(?:ignore|disregard|forget) (?:all|any|every\w*|the|what)\b.{0,40}"
    r"\b(?:above|before|instructions?|passages?|articles?|rules|conversation|prompt|rest|told)\b"
)
_SET_ASIDE = (
    rf"{_BEGINS}(?:ignore|disregard|forget|skip|omit|leave out|pay no (?:heed|attention) to)\b"
    rf"[^.!?\n]{{0,60}}\b(?:and|then|but|instead)\s+(?:{_SAY})\s+{_WHAT}"
    # the same in German, French, Spanish, Italian, Czech, Polish, Russian and Chinese
    r"|\b(?:ignorier|vergiss|oubli|ignor|olvid|dimentic|zapome|zapomn|игнорир|забуд)\w*\b.{0,40}"
    r"\b(?:anweisung|consigne|instruccion|istruzion|pokyn|instrukc|polece|инструкц|указани)"
    r"|\b(?:no hagas caso|ne (?:tiens|tenez) pas compte|beachten? (?:sie )?nicht|non badare)\b"
    r".{0,20}\b(?:art[ií]c|artikel|texte?\b|testo\b|instru[ck]|anweisung|consigne|istruzion)"
    rf"|(?:{_STARTS})(?:ignoriere?|vergiss|oublie|olvida|dimentica)\b"
    r".{0,20}\b(?:artikel|text|texte|texto|testo|article|art[ií]culo|articolo)\b"
    r"|(?:忽略|无视|忘记).{0,12}(?:指示|指令|说明)"
)
_READERS = (
    r"(?:(?:the|any|all|every|each|your|our|next) ){0,2}"
    r"(?:readers?\b|(?:users?|people|visitors?|anyone|anybody|everyone|whoever|those)\b"
    r"[^.!?\n]{0,20}\bask)"
)
_TELL_THEM = (
    r"(?:\b(?:kindly|so (?:kind|good) as to|(?:would|could|can|will) you"
    rf"|you (?:must|should|shall|may)|(?:ask|beg|request|want)s? you to)\s+|;\s*|{_STARTS})"
    rf"(?:tell|inform|assure|answer)\s+{_READERS}[^.!?\n]{{0,40}}\b(?:that|the same)\b"
)
_DICTATES = (
    rf"{_BEGINS}(?:{_SAY})\s+{_WHAT}"
    r"|^(?:end|begin|finish) (?:every|each|all|your)\b"
    r"|\b(?:your|only|correct|valid) (?:\w+ )?answers? "
    r"(?:to (?:every|all|any)\b.{0,30})?(?:is|must|shall|has to)\b"
    r"|\bonly (?:true|correct|valid|right) (?:reply|response) (?:is|must|shall)\b"
    r"|\bevery (?:answer|sentence) (?:is|has|must|consists|about)\b"
    rf"|\b(?:if|when|whenever|whatever)\b.{{0,40}}\basks?(?:ed)?\b.{{0,60}}\b(?:{_SAY}) {_WHAT}"
)
_FLAGS = re.IGNORECASE | re.DOTALL | re.MULTILINE
_ORDER = re.compile(
    "|".join(
        (
            _SPEAKS_OF_THE_READER,
            _EARLIER_TALK,
            rf"\b{_IGNORE_ALL}",
            _SET_ASIDE,
            _TELL_THEM,
            _DICTATES,
        )
    ),
    _FLAGS,
)
_REPLACES = re.compile(
    "|".join((_EARLIER_TALK, rf"{_BEGINS}{_IGNORE_ALL}", _SET_ASIDE, _TELL_THEM)), _FLAGS
)
"""Orders that put something in the place of what the article says: it mostly stands behind them."""

_PLAYS_A_PART = re.compile(
    r"\b(?:pretend|(?:stay|remain) in character|play the (?:role|part) of|from now on)\b"
    r"|\b(?:haz|act[uú]a|finge) (?:como|que)\b|\bfais (?:comme si|semblant)\b|\bjoue le rôle\b"
    r"|\btu so, als\b|\bspiele? (?:die|eine) rolle\b|\bfai finta\b|\bcomportati come\b",
    re.IGNORECASE,
)
"""What asks for a part to be played: an order where another stands beside it, else a report."""

MOST_REACHED = 3
"""Sentences behind such an order in its paragraph, or between it and a part that is to be played,
that are taken for a part of it."""

_SHAPELESS = INVISIBLE | dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\n")
"""Characters that nobody sees, and those that turn the direction of what follows."""

LEFT_OUT = "…"


def without_orders(text: str) -> str:
    """The text with `…` for every order and every forged turn, and without unseen characters."""
    text = text.translate(_SHAPELESS)
    while True:
        seen = as_seen(text)
        talk = [seen.where(*one.span()) for one in FORGED_TALK.finditer(seen.text)]
        left = _left_out(text, talk)
        seen = seen if left == text else as_seen(left)
        left = _left_out(left, [seen.where(*span) for span in _ordering(seen.text)])
        if left == text:
            return text
        text = left


def _left_out(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = f"{text[:start]}{LEFT_OUT}{text[end:]}"
    return text


def _ordering(text: str) -> list[tuple[int, int]]:
    """The sentences that are orders, and those that are a part of what is ordered."""
    spans = sentence_spans(text)
    said = [text[start:end] for start, end in spans]
    orders = {place for place, one in enumerate(said) if _ORDER.search(one)}
    for place in [place for place in orders if _REPLACES.search(said[place])]:
        orders.update(_reached(place, text, spans))
    return [spans[place] for place in sorted(orders)]


def _reached(place: int, text: str, spans: Sequence[tuple[int, int]]) -> Iterator[int]:
    """The sentences of its paragraph that belong to an order: behind it, or in the part played."""
    opens = text.rfind("\n\n", 0, spans[place][0])
    closes = text.find("\n\n", spans[place][1]) % (len(text) + 1)
    near = range(max(0, place - MOST_REACHED), min(len(spans), place + MOST_REACHED + 1))
    beside = [one for one in near if opens <= spans[one][0] and spans[one][1] <= closes]
    parts = [one for one in beside if _PLAYS_A_PART.search(text[slice(*spans[one])])]
    return (one for one in beside if one >= min([place, *parts]))
