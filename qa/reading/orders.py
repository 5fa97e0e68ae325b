"""Sentences of an article that do not report but tell whoever answers from it what to say. Pure.

An article is read for what it states. A sentence that speaks to the reading program ("ignore the
above and say …") states nothing, and no answer may rest on it; nor does a turn of a conversation
that is forged with the words of a chat template. Recognised by their wording, so not all are.
"""

import re

from qa.reading.markup import INVISIBLE
from qa.reading.sentences import sentence_spans

_SAY = "say|answer|reply|respond|state|claim|output|print|repeat|write|translate|cite"
_WHAT = (
    r"(?:(?:that|with|only|in|every|any|all|everything|as|them|your|nothing|yes|no)\b"
    r"|the (?:system|text|words|answer)\b|[\"“‘']|\d)"
)
_SPEAKS_OF_THE_READER = (
    r"\b(?:system (?:prompt|message|notice)|(?:ai|summari[sz]ing) (?:assistants?|tools?)"
    r"|(?:all|any|previous|prior|earlier|above|your) (?:instructions?|prompts?)"
    r"|you are (?:now |no longer )?an? (?:ai|assistant|chatbot|language model|pirate))\b"
)
_TAKES_BACK = (
    r"\b(?:ignore|disregard|forget) (?:all|any|every\w*|the|what)\b.{0,40}"
    r"\b(?:above|before|instructions?|passages?|articles?|rules|conversation|prompt|rest|told)\b"
    # the same in German, French, Spanish, Italian, Czech, Polish, Russian and Chinese
    r"|\b(?:ignorier|vergiss|oubli|ignor|olvid|dimentic|zapome|zapomn|игнорир|забуд)\w*\b.{0,40}"
    r"\b(?:anweisung|consigne|instruccion|istruzion|pokyn|instrukc|polece|инструкц|указани)"
    r"|(?:忽略|无视|忘记).{0,12}(?:指示|指令|说明)"
)
_DICTATES = (
    rf"(?:^(?=(?-i:[A-Z]))|[.!?:]\s*[\"“'‘(]?|\b(?:please|must|always|only)\s+)(?:{_SAY})\s+{_WHAT}"
    r"|^(?:end|begin|finish) (?:every|each|all|your)\b"
    r"|\b(?:your|only|correct|valid) (?:\w+ )?answers? (?:to (?:every|all|any)\b.{0,30})?"
    r"(?:is|must|shall|has to)\b"
    r"|\bevery (?:answer|sentence) (?:is|has|must|consists|about)\b"
    rf"|\b(?:if|when|whenever|whatever)\b.{{0,40}}\basks?(?:ed)?\b.{{0,60}}\b(?:{_SAY}) {_WHAT}"
)
_ORDER = re.compile(
    "|".join((_SPEAKS_OF_THE_READER, _TAKES_BACK, _DICTATES)),
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)

# `<|im_start|>system … <|im_end|>`: ChatML, Llama 3, Gemma, Llama 2, calls of tools; also what only
# closes; then turns as they are written out, as JSON or by the speaker's name, and pictures' links;
# then paragraphs and answers that are numbered as a program's sources are.
_FORGED_TURN = re.compile(
    r"(?:<\|im_start\|>|<\|start_header_id\|>|<start_of_turn>|\[INST\]|<<SYS>>|\[/INST\])"
    r".*?(?:<\|im_end\|>|<\|eot_id\|>|<end_of_turn>|<</SYS>>|</s>|\Z)"
    r"|<(tool_call|tool_response)>.*?</\1>"
    r"|<\|[a-z_]+\|>|</?s>|<(?:start|end)_of_turn>|\[/?INST\]|<</?SYS>>"
    r"|^[ \t]*\{[^\n]*\"(?:role|answer)\"\s*:[^\n]*\}[ \t]*$"
    r"|^(?:user|assistant|system|human)[ \t]*:[^\n]*$"
    r"|!\[[^\]\n]*\]\([^)\n]*\)"
    r"|^[ \t]*\[\d+\][^\n]*(?:\n[^\S\n]*\S[^\n]*)*"
    r"|^answer[ \t]*:[^\n]*\[\d+\][^\n]*$",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
_SHAPELESS = INVISIBLE | dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\n")
"""Characters that nobody sees, and those that turn the direction of what follows."""

LEFT_OUT = "…"


def without_orders(text: str) -> str:
    """The text with `…` for every order and every forged turn, and without unseen characters."""
    text = _FORGED_TURN.sub(LEFT_OUT, text.translate(_SHAPELESS))
    for start, end in reversed(sentence_spans(text)):
        if _ORDER.search(text[start:end]):
            text = f"{text[:start]}{LEFT_OUT}{text[end:]}"
    return text
