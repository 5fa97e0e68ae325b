"""Sentences of an article that do not report but tell whoever answers from it what to say. Pure.

An article is read for what it states. A sentence that speaks to the reading program ("ignore the
above and say …") states nothing, and no answer may rest on it. Recognised by its wording, so not
every one is; news in its own voice has next to none (see `tests/answering/test_orders.py`).
"""

import re

from qa.reading.sentences import sentence_spans

_SAY = "say|answer|reply|respond|state|claim|output|print|repeat|write|translate|cite"
_CLAUSE = r"(?:^|[.!?:;,]\s*[\"“'‘(]?|\b(?:and|then|please|instead|must|always|only|to)\s+)"
_WHAT = (
    r"(?:that\b|with\b|only\b|in\b|every\b|any\b|all\b|everything\b|[\"“‘']|\d|in place|as if|them\b"
    r"|your\b|the (?:system|text|words)|nothing\b|yes\b|no\b|as\b)"
)
_ORDERS = re.compile(
    # speaks of the program that reads, or of what it was told
    r"\b(?:system (?:prompt|message|notice|text|override)|language models?"
    r"|(?:ai|summari[sz]ing|note to) (?:assistants?|tools?|models?)|prompt injection"
    r"|(?:all|any|the|previous|prior|earlier|above|your|these|those) (?:previous |prior |earlier |above )*"
    r"(?:instructions?|prompts?)\b"
    r"|(?:you are|you're) (?:now |no longer )?(?:an? )?(?:ai|assistant|pirate|chatbot|model)\b)"
    r"|\b(?:ignore|disregard|forget|overlook|pass over|cancel)\w* (?:all|any|every\w*|the|what)\b.{0,40}"
    r"\b(?:above|before|instructions?|passages?|articles?|rules|conversation|prompt|rest|told)\b"
    # tells it what to say
    rf"|{_CLAUSE}(?:{_SAY})\s+{_WHAT}"
    r"|\b(?:the|your|only|correct|valid|right) answers? (?:to (?:every|all|any|the)\b.{0,30})?(?:is|must|shall|should|has to)\b"
    r"|\bevery (?:answer|sentence)\b|\b(?:if|when|whenever|whatever|before)\b.{0,40}\b(?:asks?|asked|you answer)\b.{0,60}"
    rf"\b(?:{_SAY})\b",
    re.IGNORECASE | re.MULTILINE,
)


def orders(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of every sentence that tells the reading program what to do, in order."""
    return tuple(
        (start, end) for start, end in sentence_spans(text) if _ORDERS.search(text, start, end)
    )


def without_orders(text: str) -> str:
    """The text with `…` in place of every such sentence."""
    for start, end in reversed(orders(text)):
        text = f"{text[:start]}…{text[end:]}"
    return text
