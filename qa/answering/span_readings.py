"""What the reader of spans makes of passages: below their titles, with days in their words."""

from collections.abc import Sequence
from dataclasses import replace

from qa.library.span_reader import PassageReader, SpanReading
from qa.reading.dates import absolute_dates, relative_dates
from qa.reading.outlines import bare_heading
from qa.types import Hit, Passage


def read_spans(
    question: str,
    hits: Sequence[Hit],
    reader: PassageReader | None,
    subjects: Sequence[str] | None = None,
) -> tuple[SpanReading, ...]:
    """What the reader makes of each hit, offsets in its passage; nothing without a reader.

    It reads the title above, behind the subject of each hit if there are any: further down an
    article names what it is about no more.
    """
    if reader is None:
        return ()
    asked = [dated_as_there(question, hit.passage) for hit in hits]
    named = subjects or [""] * len(hits)
    titles = [title_above(hit.passage, name) for hit, name in zip(hits, named, strict=True)]
    texts = [title + hit.passage.text for title, hit in zip(titles, hits, strict=True)]
    if set(asked) == {question}:
        readings = reader.read(question, texts)
    else:
        pairs = zip(asked, texts, strict=True)
        readings = tuple(reader.read(own, [text])[0] for own, text in pairs)
    return tuple(_below(title, one) for title, one in zip(titles, readings, strict=True))


def title_above(passage: Passage, subject: str = "") -> str:
    """The line that is read above a passage, the title behind whom the article is about.

    No title where the passage begins with it.
    """
    title = passage.title.strip()
    begins = bare_heading(passage.text[: len(title) + 2]).startswith(title.casefold())
    line = below_subject("" if begins else title, subject)
    return f"{line}\n" if line else ""


def below_subject(title: str, subject: str) -> str:
    """A title behind whom its article is about."""
    return ": ".join(part for part in (subject, title) if part)


def _below(title: str, reading: SpanReading) -> SpanReading:
    """The reading of what stands below a line, without what was found in that."""
    above = len(title)
    spans = tuple(
        replace(span, start=span.start - above, end=span.end - above)
        for span in reading.spans
        if span.start >= above
    )
    return replace(reading, spans=spans)


def dated_as_there(question: str, passage: Passage) -> str:
    """The question with each day that it names in the passage's words: "on Monday".

    The reader has the words alone, and no calendar.
    """
    days = absolute_dates(question)
    if passage.published is None or not days:
        return question
    there = {
        (one.first, one.last): passage.text[one.start : one.end]
        for one in relative_dates(passage.text, passage.published)
    }
    for day in reversed(days):
        own = there.get((day.first, day.last), question[day.start : day.end])
        question = question[: day.start] + own + question[day.end :]
    return question
