"""What `Quotations` allows, as a grammar for a server that decodes along one. Pure.

The notation is GBNF, llama.cpp's (its `grammars/README.md`). It says a little less than the rule of
our own engine: a quotation ends before any mark in a text, where ours goes over those inside it.
"""

import re
from collections.abc import Iterator

from qa.engine.constraints import CLOSING, WORD, Quotations

_MARKS = "".join(dict.fromkeys('"' + "".join(CLOSING) + "".join(CLOSING.values())))
_CURLED = "".join(mark for mark in CLOSING if mark != '"')  # these open wherever they stand
_GAP = r" \t\n\r(\[{—–‘"  # what a straight mark opens behind; behind anything else it is no quote


def quotation_grammar(rule: Quotations) -> str | None:
    """The grammar of an answer that quotes only what the rule allows; None where nothing could be.

    `free` is at the beginning and behind a gap, `word` behind anything else.
    """
    words = [line for number, text in enumerate(_runs(rule)) for line in _along(text, f"t{number}")]
    if not words:
        return None
    quoted = " | ".join(line.partition(" ")[0] for line in words)
    curled = " | ".join(f'"{mark}" quoted [{CLOSING[mark]}]' for mark in _CURLED)
    return "\n".join(
        [
            "root ::= free",
            rf'free ::= ([{_GAP}] free | [^{_GAP}"{_CURLED}] word | "\"" quoted "\"" word'
            " | curled word)?",
            rf"word ::= ([{_GAP}] free | [^{_GAP}{_CURLED}] word | curled word)?",
            f"curled ::= {curled}",
            f"quoted ::= {quoted}",
            *words,
        ]
    )


def _runs(rule: Quotations) -> Iterator[str]:
    """The texts between their quotation marks, each once."""
    folded = (" ".join(text.split()) for text in rule.texts)
    return iter(dict.fromkeys(run for text in folded for run in re.split(f"[{_MARKS}]", text)))


def _along(text: str, name: str) -> Iterator[str]:
    """A rule for each word of a text: the word alone, with punctuation, or with what follows."""
    words = list(WORD.finditer(text))
    for number, word in enumerate(words):
        is_last = number + 1 == len(words)
        between = text[word.end() :] if is_last else text[word.end() : words[number + 1].start()]
        punctuation = between.split(" ")[0]
        ways = [_literal(punctuation[:length]) for length in range(1, len(punctuation) + 1)]
        if not is_last:
            ways.append(f"{_literal(between)} {name}w{number + 1}")
        end = f" ({' | '.join(ways)})?" if ways else ""
        yield f"{name}w{number} ::= {_literal(word[0])}{end}"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
