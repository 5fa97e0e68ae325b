"""What the reader of spans makes of passages: below their titles, with days in their words."""

from collections.abc import Sequence
from dataclasses import replace

from qa.answering.contexts import NOTHING, Context
from qa.library.span_reader import PassageReader, SpanReading
from qa.reading.dates import absolute_dates, relative_dates
from qa.reading.outlines import bare_heading
from qa.types import Hit, Passage


def read_spans(
    question: str,
    hits: Sequence[Hit],
    reader: PassageReader | None,
    contexts: Sequence[Context] | None = None,
) -> tuple[SpanReading, ...]:
    """What the reader makes of each hit, offsets in its passage; nothing without a reader.

    It reads the title above, and what else the context of each hit has: further down an article
    names what it is about no more.
    """
    if reader is None:
        return ()
    asked = [dated_as_there(question, hit.passage) for hit in hits]
    above = contexts or [NOTHING] * len(hits)
    titles = [title_above(hit.passage, own) for hit, own in zip(hits, above, strict=True)]
    texts = [title + hit.passage.text for title, hit in zip(titles, hits, strict=True)]
    if set(asked) == {question}:
        readings = reader.read(question, texts)
    else:
        pairs = zip(asked, texts, strict=True)
        readings = tuple(reader.read(own, [text])[0] for own, text in pairs)
    return tuple(_below(title, one) for title, one in zip(titles, readings, strict=True))


def title_above(passage: Passage, context: Context = NOTHING) -> str:
    """The lines that are read above a passage: the title behind the subject, and the heading.

    No title where the passage begins with it.
    """
    title = passage.title.strip()
    begins = bare_heading(passage.text[: len(title) + 2]).startswith(title.casefold())
    lines = below_subject("" if begins else title, context.subject), context.heading
    return "".join(f"{line}\n" for line in lines if line)


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
