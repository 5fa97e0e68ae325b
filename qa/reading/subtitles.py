"""Subtitles and transcripts (.srt, .vtt) become a text in paragraphs. Pure: bytes in, values out.

What was cut to fit a screen is joined into sentences. A new speaker, a pause or a long paragraph
begins another. At least every half minute a paragraph has its time in a line of its own above it,
`00:01:20`: a citation shows it beside its words, and no sentence is broken by it.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.encodings import decode
from qa.reading.plain import read_mislabelled

SECONDS_BETWEEN_TIMES = 30
"""So far at most stands a sentence below the time that is told for it, but in a long paragraph."""

PAUSE_SECONDS = 4
"""So long nobody speaks between two paragraphs of one speaker."""

LONG_CHARS, LONGEST_CHARS = 400, 900
"""A paragraph ends with the sentence behind the first, without one at the second."""

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_CUE = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[\w.-]+)?\s+([^>]{1,80})>")
_NAME = re.compile(r"(?:>>\s*)?([^\W\d_][^:<>]{0,40}):\s")
_TAG = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,80}\}")
_ROLLS = re.compile(r"<\d\d:\d\d:\d\d\.\d{3}>")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class _Cue:
    """What stands on the screen for a while, in seconds from the start; its voice, if named."""

    start: float
    end: float
    voice: str
    text: str


def read_subtitles(raw: bytes) -> Contents:
    """The article in subtitles; a text without times is read as it stands. Raises Unreadable."""
    found = decode(raw)
    lines = found.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cues = list(_cues(lines))
    if not any(_CUE.fullmatch(line) for line in lines):
        return read_mislabelled(raw)
    text = "\n\n".join(_paragraphs(cues))
    if not text:
        raise Unreadable("holds no words. Delete it.")
    heading = lines[0].removeprefix("\ufeff")
    title = heading.removeprefix("WEBVTT").strip(" \t-–") if heading.startswith("WEBVTT") else ""
    return Contents((Draft(text, title or None),), found.problems)


def _cues(lines: list[str]) -> Iterator[_Cue]:
    # Captions that roll up show each line twice: as the lower one, then as the upper.
    rolls = any(_ROLLS.search(line) for line in lines)
    shown = ""
    for number, line in enumerate(lines):
        times = _CUE.fullmatch(line)
        if times is None:
            continue
        end = number + 1
        while end < len(lines) and lines[end].strip() and not _CUE.fullmatch(lines[end]):
            end += 1
        written = lines[number + 1 : end]
        voice = _VOICE.search(" ".join(written))
        words = [" ".join(html.unescape(_TAG.sub("", one)).split()) for one in written]
        fresh = [one for one in words if one and not (rolls and one == shown)]
        shown = words[-1] if words else shown
        if fresh:
            text = "\n".join(fresh) if fresh[0].startswith("-") else " ".join(fresh)
            speaker = " ".join(voice[1].split()) if voice else ""
            yield _Cue(_seconds(*times.groups()[:4]), _seconds(*times.groups()[4:]), speaker, text)


def _paragraphs(cues: list[_Cue]) -> Iterator[str]:
    text, voice = "", ""
    start = end = 0.0
    told = 0.0
    for cue in [*cues, None]:
        if cue is not None and text and not _begins(text, voice, end, cue):
            text, end = f"{text} {cue.text}", cue.end
            continue
        if text:
            if start - told >= SECONDS_BETWEEN_TIMES:
                told = start
                yield _shown(start)
            yield text
        if cue is not None:
            named = f"{cue.voice}: {cue.text}" if cue.voice and cue.voice != voice else cue.text
            text, start, end, voice = named, cue.start, cue.end, cue.voice


def _begins(text: str, voice: str, end: float, cue: _Cue) -> bool:
    """Whether a cue begins another paragraph than the one so far."""
    ended = _SENTENCE_END.search(text) is not None
    return (
        cue.voice != voice
        or cue.start - end >= PAUSE_SECONDS
        or cue.text.startswith(("-", ">>"))
        or (ended and _NAME.match(cue.text) is not None)
        or (ended and len(text) >= LONG_CHARS)
        or len(text) + len(cue.text) > LONGEST_CHARS
    )


def _seconds(hours: str | None, minutes: str, seconds: str, thousandths: str) -> float:
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + int(thousandths.ljust(3, "0")) / 1000


def _shown(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
