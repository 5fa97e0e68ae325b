"""What of an answer is shown, on the page, in the terminal and in exports alike. Pure."""

import datetime as dt
import re
from collections.abc import Sequence

from qa.types import Answer, Evidence, Hit, Passage, Sentence, Side

UNSUPPORTED = "not found in the sources"
"""What is said of a sentence that no source supports."""

_MARKER = re.compile(r"\s*\[\d{1,2}\]")

# What a sentence may leave out of a quote, or put around it, and still repeat it.
_EDGES = " .!?…。！？\"'“”„‘’«»"


def quotes_beside(answer: Answer) -> tuple[Evidence, ...]:
    """The evidence that no sentence of the answer repeats word for word, in its own order."""
    told = _words(answer.text)
    return tuple(one for one in answer.evidence if _words(one.quote) not in told)


def opening(answer: Answer) -> str:
    """What an answer says before its first sentence; empty where it begins with that."""
    return answer.text[: answer.sentences[0].start].strip() if answer.sentences else ""


def behind_day(sentence: Sentence, hits: Sequence[Hit]) -> int:
    """Where a sentence goes on behind the day of its source, if it begins with that.

    An offset in the answer's text. Where the day is shown above the sentence, it need not be told
    twice.
    """
    for citation in sentence.citations[:1]:
        published = hits[citation.number - 1].passage.published
        lead = f"{published.day} {published:%B %Y}: " if published else ""
        if lead and sentence.text.startswith(lead):
            return sentence.start + len(lead)
    return sentence.start


def told_by(side: Side, hits: Sequence[Hit]) -> list[Passage]:
    """The passages of one side, the newest first."""
    return sorted(
        (hits[number - 1].passage for number in side.numbers),
        key=lambda passage: passage.published or dt.date.min,
        reverse=True,
    )


def first_is_newer(sides: Sequence[Side], hits: Sequence[Hit]) -> bool:
    """Whether the first side is known to be newer than every other."""
    first, *others = (next((one.published for one in told_by(side, hits)), None) for side in sides)
    return first is not None and all(other is not None and other < first for other in others)


def with_sentence(written: str, sentence: str) -> str:
    """What has been written of an answer, and the next sentence behind it."""
    apart = not written or written[-1].isspace() or sentence[:1].isspace()
    return f"{written}{'' if apart else ' '}{sentence}"


def _words(text: str) -> str:
    return " ".join(_MARKER.sub("", text).split()).strip(_EDGES).casefold()
