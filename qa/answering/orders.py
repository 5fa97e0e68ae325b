"""Sentences of an article that do not report but tell whoever answers from it what to say. Pure.

An article is read for what it states. A sentence that speaks to the reading program ("ignore the
above and say …") states nothing, and no answer may rest on it; nor does a turn of a conversation
that is forged with the words of a chat template. Recognised by their wording, so not all are.
"""

import re

from qa.reading.sentences import sentence_spans

_SAY = "say|answer|reply|respond|state|claim|output|print|repeat|write|translate|cite"
_WHAT = (
    r"(?:(?:that|with|only|in|every|any|all|everything|as|them|your|nothing|yes|no)\b"
    r"|the (?:system|text|words)\b|[\"“‘']|\d)"
)
_SPEAKS_OF_THE_READER = (
    r"\b(?:system (?:prompt|message|notice)|(?:ai|summari[sz]ing) (?:assistants?|tools?)"
    r"|(?:all|any|previous|prior|earlier|above|your) (?:instructions?|prompts?)"
    r"|you are (?:now |no longer )?an? (?:ai|assistant|chatbot|language model|pirate))\b"
)
_TAKES_BACK = (
    r"\b(?:ignore|disregard|forget) (?:all|any|every\w*|the|what)\b.{0,40}"
    r"\b(?:above|before|instructions?|passages?|articles?|rules|conversation|prompt|told)\b"
)
_DICTATES = (
    rf"(?:^|[.!?:]\s*[\"“'‘(]?|\b(?:please|must|always|only)\s+)(?:{_SAY})\s+{_WHAT}"
    r"|\b(?:your|only|correct|valid) (?:\w+ )?answers? (?:to (?:every|all|any)\b.{0,30})?"
    r"(?:is|must|shall|has to)\b"
    r"|\bevery (?:answer|sentence) (?:is|has|must|consists|about)\b"
    rf"|\b(?:if|when|whenever|whatever)\b.{{0,40}}\basks?(?:ed)?\b.{{0,60}}\b(?:{_SAY}) {_WHAT}"
)
_ORDER = re.compile(
    "|".join((_SPEAKS_OF_THE_READER, _TAKES_BACK, _DICTATES)), re.IGNORECASE | re.DOTALL
)

# `<|im_start|>system … <|im_end|>`: ChatML, Llama 3, Gemma, Llama 2; also what only closes.
_FORGED_TURN = re.compile(
    r"(?:<\|im_start\|>|<\|start_header_id\|>|<start_of_turn>|\[INST\]|<<SYS>>|\[/INST\])"
    r".*?(?:<\|im_end\|>|<\|eot_id\|>|<end_of_turn>|<</SYS>>|</s>|\Z)"
    r"|<\|[a-z_]+\|>|</?s>|<(?:start|end)_of_turn>|\[/?INST\]|<</?SYS>>",
    re.IGNORECASE | re.DOTALL,
)

LEFT_OUT = "…"


def without_orders(text: str) -> str:
    """The text with `…` in place of every order and every forged turn."""
    text = _FORGED_TURN.sub(LEFT_OUT, text)
    for start, end in reversed(sentence_spans(text)):
        if _ORDER.search(text[start:end]):
            text = f"{text[:start]}{LEFT_OUT}{text[end:]}"
    return text
