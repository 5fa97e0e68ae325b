"""What an article lays out as a talk with a model, or as the sources that a program gives it. Pure.

Told by the layout, whatever the words: the marks of chat templates, the names of speakers, numbers
before a paragraph and before what answers from them.
"""

import re

_TEMPLATES = (
    # `<|im_start|>system … <|im_end|>`: ChatML, Llama 3, Gemma, Llama 2, calls of tools; also what
    # only closes
    r"(?:<\|im_start\|>|<\|start_header_id\|>|<start_of_turn>|\[INST\]|<<SYS>>|\[/INST\])"
    r".*?(?:<\|im_end\|>|<\|eot_id\|>|<end_of_turn>|<</SYS>>|</s>|\Z)"
    r"|<(tool_call|tool_response)>.*?</\1>"
    r"|<\|[a-z_]+\|>|</?s>|<(?:start|end)_of_turn>|\[/?INST\]|<</?SYS>>"
)
_PICTURES = r"!\[[^\]\n]*\]\([^)\n]*\)"
"""Their links: who follows one tells its server what was asked."""

_PARAGRAPH = r"[^\n]*(?:\n[^\S\n]*\S[^\n]*)*"
_MARKED = r"^[ \t>*_]*"
"""How a line begins that is emphasised or quoted."""

_TURNS = (
    r"^[ \t]*\{[^\n]*\"(?:role|answer)\"\s*:[^\n]*\}[ \t]*$"
    rf"|{_MARKED}(?:user|assistant|system|human|chatbot|language model|llm)[ \t*_]*:[^\n]*$"
    # "AI" may be what an article is about; it is a speaker where others speak
    rf"|(?:{_MARKED}[^\W\d_]{{2,20}}[*_]*:[^\n]*\n\s*){{1,8}}{_MARKED}AI[*_]*:[^\n]*$"
    rf"(?:\n\s*{_MARKED}[^\W\d_]{{2,20}}[*_]*:[^\n]*$)*"
    # what was said in an earlier talk, as a program notes it: all that stands in brackets, or below
    r"|^[ \t]*\[[^\]\n]*\b(?:the (?:user|assistant|model|conversation)|system|previous chat)\b"
    r"[^\]]{0,1000}\][ \t]*$"
    rf"|{_MARKED}(?:summary|transcript|history|record|memory) of (?:the|this|our|your)"
    r" (?:\w+ )?(?:conversation|chat|talk|session|dialogue)(?: so far)?[ \t*_]*:"
    rf"{_PARAGRAPH}"
)
_SOURCE = r"(?:source|passage|document|doc|context|snippet|chunk)"
_ANSWER = (
    r"(?:the )?(?:(?:final|short|full|correct|right|true|expected|model) )?"
    r"(?:answer|reply|response)"
)
_FROM = r"[ ,(]+(?:from|by|according to|based on)\b"
_SOURCES = (
    rf"^[ \t]*(?:(?:\d{{1,2}}[.)]|[-*+])[ \t]+)?\[\d+\]{_PARAGRAPH}"
    rf"|^[ \t>*_#-]*{_SOURCE}[ \t]*(?:no\.? ?|#)?\d{{1,3}}(?:[ \t]+of[ \t]+\d{{1,3}})?"
    rf"[ \t]*(?:\([^)\n]*\))?[ \t*_]*(?::{_PARAGRAPH}|\n\s*\S{_PARAGRAPH}|$)"
    # what answers from them
    rf"|{_MARKED}(?:{_ANSWER}(?:{_FROM}[^\n:]{{0,50}})?|A)[*_]*[ \t]*:(?=[^\n]*\[\d+\])[^\n]*$"
    rf"|{_MARKED}{_ANSWER}{_FROM} {_SOURCE}s? \d[^\n:]{{0,40}}:[^\n]*$"
)
FORGED_TALK = re.compile(
    "|".join((_TEMPLATES, _TURNS, _PICTURES, _SOURCES)), re.IGNORECASE | re.DOTALL | re.MULTILINE
)
"""All of it; the order matters where one begins within another."""
