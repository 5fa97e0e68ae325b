"""Source numbers in a model's text, in whatever spelling. Pure.

A model that was told to cite like `[1]` also writes `[1, 2]`, `[Source 3]`, `［１］` or `[[9]]`.
Here they all become `[n]` of a source that is there, or go: no bracketed number is left that leads
nowhere. Other brackets stay: "they [the crew] were safe".
"""

import re
import unicodedata
from collections.abc import Sequence

MARKER = re.compile(r"\s*\[(\d{1,3})\]")
"""A source number as `canonical` writes it, with the space before it; [2019] is a year."""

LONGEST_MARKER_CHARS = 80
"""What is longer between two brackets is prose."""

_OPENING = "[［【〔〖〘〚⟦❲﹝⁅"
_CLOSING = "]］】〕〗〙〛⟧❳﹞⁆"
_SOURCE = "sources?|passages?|articles?|references?|refs?|documents?|docs?|cit(?:e|ation)s?|notes?"
_SPELT = re.compile(rf"\s*[\[(](?:\^|(?:{_SOURCE})\s+)\d{{1,3}}[\])]", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(rf"(?<=\w)(?:{MARKER.pattern}|{_SPELT.pattern})+(?=\w)", re.IGNORECASE)
_PART = re.compile(rf"(?:{_SOURCE}|no|nr|n|s|p|l)?(\d+)[a-z]?|{_SOURCE}|no|nr|and|to|or")

# Written in place of the brackets while a text is read; `readable` has taken such signs out of it.
_LEFT, _RIGHT, _KEPT_LEFT, _KEPT_RIGHT = "\ue000", "\ue001", "\ue002", "\ue003"
_WRITTEN = re.compile(f"{_LEFT}\\d+{_RIGHT}")

_SPELT_OUT = re.compile(
    rf"\((?:see\s+)?((?:{_SOURCE})\s*\d+(?:\s*(?:,|;|and|&)\s*(?:(?:{_SOURCE})\s*)?\d+)*)\)", re.I
)
_ONE = rf"{_LEFT}\d+{_RIGHT}"
_SEVERAL = rf"{_ONE}(?:\s*(?:,|;|&|and|or)?\s*{_ONE})*"
_LEAD = re.compile(
    r"(?:,?\s*(?:\b(?:as\s+)?(?:stated|mentioned|reported|described|noted|shown|said)\s+(?:in|by)\s"
    rf"|\baccording\s+to\s|\bsee\s|\bfrom\s|\bin\s)?\s*(?:the\s+)?\b(?:{_SOURCE}))?\s*{_SEVERAL}",
    re.IGNORECASE,
)
_BETWEEN = rf"[^\w{re.escape(_OPENING + _CLOSING)}]*"
_CUT_OFF = re.compile(
    rf"[{re.escape(_OPENING)}]{_BETWEEN}(?:{_SOURCE})?{_BETWEEN}\d*{_BETWEEN}$", re.IGNORECASE
)


def readable(text: str) -> str:
    """The text without signs that a reader cannot see, and without a chat template's tokens.

    Controls and marks that turn the direction of writing could hide a number, or the text around
    it. Joiners inside words stay: some scripts are not written without them.
    """
    text = re.sub(r"<\|[^<>|]{0,40}\|>", " ", text)
    return "".join(
        char
        for char in text
        if char.isspace()
        or char in "\u200c\u200d"
        or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )


def canonical(text: str, sources: int) -> str:
    """The text with every source number as `[n]`, 1 to `sources`; numbers of no source are gone.

    A bracket without its counterpart goes, too.
    """
    text = _CUT_OFF.sub("", readable(text))
    text = _SPELT_OUT.sub(lambda match: f"[{match[1]}]", text)
    open_texts = [""]
    for piece in re.split(f"([{re.escape(_OPENING + _CLOSING)}])", text):
        if piece and piece in _OPENING:
            open_texts.append("")
        elif piece and piece in _CLOSING:
            inside = open_texts.pop() if len(open_texts) > 1 else None
            left = "" if inside is None else _closed(inside, sources)
            open_texts[-1] = open_texts[-1] + left if left else open_texts[-1].rstrip()
        else:
            open_texts[-1] += piece
    joined = _LEAD.sub(
        lambda match: " " + "".join(_WRITTEN.findall(match.group())), "".join(open_texts)
    )
    for sign, bracket in ((_LEFT, "["), (_RIGHT, "]"), (_KEPT_LEFT, "["), (_KEPT_RIGHT, "]")):
        joined = joined.replace(sign, bracket)
    return joined


def numbers(text: str) -> list[int]:
    """The source numbers of a canonical text, each once, in order."""
    return list(dict.fromkeys(int(match[1]) for match in MARKER.finditer(text)))


def without(text: str) -> str:
    """The text without its source numbers; words on both sides of one are kept apart.

    So go "(Source 12)" and "[^12]", which an article may have as well.
    """
    return _SPELT.sub("", MARKER.sub("", _BETWEEN_WORDS.sub(" ", text)))


def with_numbers(claim: str, cited: Sequence[int]) -> str:
    """The claim with its source numbers, before its full stop where no quotation ends it."""
    markers = "".join(f"[{number}]" for number in cited)
    if not markers:
        return claim
    end = re.search(r"[.!?…]+$", claim)
    body, stop = (claim[: end.start()], end.group()) if end else (claim, "")
    return f"{body} {markers}{stop}"


def _closed(inside: str, sources: int) -> str:
    """What becomes of a pair of brackets: source numbers, nothing, or brackets that stay."""
    written = "".join(_WRITTEN.findall(inside))
    said = _WRITTEN.sub(" ", inside)
    if len(said) > LONGEST_MARKER_CHARS:
        return f"{_KEPT_LEFT}{inside}{_KEPT_RIGHT}"
    parts = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", said).casefold())
    matches = [_PART.fullmatch(part) for part in parts]
    found = [int(match[1]) for match in matches if match and match[1]]
    if parts and not (all(matches) and found):
        return f"{_KEPT_LEFT}{inside}{_KEPT_RIGHT}"
    real = (number for number in found if 1 <= number <= sources)
    return written + "".join(f"{_LEFT}{number}{_RIGHT}" for number in real)
