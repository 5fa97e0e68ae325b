"""What of an answer is shown, on the page, in the terminal and in exports alike. Pure."""

import re

from qa.types import Answer, Evidence

_MARKER = re.compile(r"\s*\[\d{1,2}\]")

# What a sentence may leave out of a quote, or put around it, and still repeat it.
_EDGES = " .!?…。！？\"'“”„‘’«»"


def quotes_beside(answer: Answer) -> tuple[Evidence, ...]:
    """The evidence that no sentence of the answer repeats word for word, in its own order."""
    told = _words(answer.text)
    return tuple(one for one in answer.evidence if _words(one.quote) not in told)


def with_sentence(written: str, sentence: str) -> str:
    """What has been written of an answer, and the next sentence behind it."""
    apart = not written or written[-1].isspace() or sentence[:1].isspace()
    return f"{written}{'' if apart else ' '}{sentence}"


def _words(text: str) -> str:
    return " ".join(_MARKER.sub("", text).split()).strip(_EDGES).casefold()
