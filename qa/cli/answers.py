"""How an answer comes and stands in a terminal: what was found, what is told, its sources."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rich.console import Group
from rich.live import Live
from rich.markup import escape
from rich.text import Text

from qa.cli.terminal import err, out
from qa.conversing.showing import (
    UNSUPPORTED,
    behind_day,
    first_is_newer,
    opening,
    quotes_beside,
    told_by,
    with_sentence,
)
from qa.messages import counted
from qa.types import (
    Answer,
    Answered,
    Event,
    Evidence,
    Hit,
    Outcome,
    Passage,
    Reading,
    Retrieved,
    Sentence,
    Side,
    Waiting,
    Writing,
)

NAMED_COPIES = 3
"""So many articles that print the same passage are named; the JSON has them all."""

_BLANK = re.compile(r"\s+")


class AnswerStream:
    """Shows what is found and written while it comes; on a terminal only, and gone at the end.

    The quotes are there at once; the answer's sentences come above them, each checked already.
    """

    def __init__(self) -> None:
        self.answer: Answer  # there once the stream has ended
        self._live = Live(console=err, transient=True, refresh_per_second=10)
        self._hits: tuple[Hit, ...] | None = None
        self._evidence: tuple[Evidence, ...] = ()
        self._ahead = 0
        self._read_percent = 0
        self._written = ""

    def __enter__(self) -> "AnswerStream":
        self._live.start()
        self._draw()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, event: Event) -> None:
        """Bring the display up to date with one event of the answer."""
        match event:
            case Retrieved(hits, evidence):
                self._hits, self._evidence = hits, evidence
            case Waiting(ahead):
                self._ahead = ahead
            case Reading(done, total):
                self._read_percent = max(self._read_percent, 100 * done // max(total, 1))
            case Writing(delta):
                self._written = with_sentence(self._written, delta)
            case Answered(answer):
                self.answer = answer
        self._draw()

    @property
    def lines(self) -> list[Text]:
        """What is shown now: what is written so far, how far it is, and what was found."""
        written = [Text(self._written.strip())] if self._written else []
        quotes = [line for one in self._evidence for line in _quote(one, self._hits or ())]
        return [*written, Text(self._doing, style="dim"), *quotes]

    @property
    def _doing(self) -> str:
        if self._hits is None:
            return "Looking through the articles…"
        if self._ahead:
            return f"{self._ahead} ahead of you…"
        if self._written:
            return "Writing, and checking each sentence…"
        found, noun = (self._evidence, "quote") if self._evidence else (self._hits, "passage")
        return f"Reading {counted(len(found), noun)}… {self._read_percent}%"

    def _draw(self) -> None:
        self._live.update(Group(*self.lines))


def print_answer(answer: Answer) -> None:
    """The answer, the quotes that it does not repeat, and the sources, what they say quoted."""
    if answer.refusal:
        out.print(Text(answer.text, style="yellow"))
    elif answer.conflict:
        _print_sides(answer, answer.conflict)
    else:
        out.print(_text(answer))
    _print_quotes(answer)
    if answer.hits:
        _print_sources(answer)


def _print_quotes(answer: Answer) -> None:
    """The articles' own words; behind a refusal, its message announces them."""
    quotes = quotes_beside(answer)
    if not quotes:
        return
    out.print()
    if answer.outcome is Outcome.ANSWERED:
        out.print("[bold]The articles say[/bold]")
    for one in quotes:
        # nothing is claimed with quotes that only come close: no words are marked as what answers
        shown = one if answer.outcome is Outcome.ANSWERED else replace(one, answer=None)
        for line in _quote(shown, answer.hits):
            out.print(line)


def _print_sources(answer: Answer) -> None:
    """The passages that were read, the cited words of each quoted."""
    out.print()
    nothing = answer.outcome is Outcome.NOTHING
    out.print(f"[bold]{'Looked at' if nothing else 'Sources'}[/bold]")
    for number, hit in enumerate(answer.hits, 1):
        out.print(_source_line(number, hit))
        for start, end in _cited(answer, number):
            quote = hit.passage.text[start - hit.passage.start : end - hit.passage.start]
            page = hit.passage.page_at(start)
            where = f" (page {page})" if page else ""
            out.print(Text(f"    “{_flat(quote)}”{where}", style="green"))


def _quote(evidence: Evidence, hits: Sequence[Hit]) -> tuple[Text, Text]:
    """A quote, the words that answer by themselves in bold; and whose words it is."""
    passage = hits[evidence.number - 1].passage
    at = evidence.answer[0] - evidence.start if evidence.answer else len(evidence.quote)
    before, behind = evidence.quote[:at], evidence.quote[at + len(evidence.short) :]
    words = Text(f"“{_flat(before)}", style="green")
    words.append(_flat(evidence.short), style="bold").append(f"{_flat(behind)}”")
    also = _copies(evidence.also_in)
    whose = f"    {passage.title} · {_date(passage)}{also}"
    return Text.assemble(f"[{evidence.number}] ", words), Text(whose, style="dim")


def _flat(text: str) -> str:
    """Text of an article with a space for each break of a line or paragraph."""
    return _BLANK.sub(" ", text)


def print_hits(hits: Sequence[Hit]) -> None:
    """Search results, best first, each with its whole passage."""
    for number, hit in enumerate(hits, 1):
        out.print(_source_line(number, hit), f"[dim]{hit.score:.2f}[/dim]")
        out.print(Text(hit.passage.text))
        out.print()


def _text(answer: Answer) -> Text:
    """An answer's text as it stands, with all that is between its sentences."""
    text, at = Text(), 0
    for sentence in answer.sentences:
        text.append(answer.text[at : sentence.start]).append_text(_said(sentence))
        at = sentence.end
    return text.append(answer.text[at:])


def _said(sentence: Sentence) -> Text:
    """A sentence; one that no source says is marked as such."""
    if sentence.supported:
        return Text(sentence.text)
    return Text.assemble((sentence.text, "red"), (f" ({UNSUPPORTED})", "bold red"))


def _print_sides(answer: Answer, sides: Sequence[Side]) -> None:
    """What each side says, under its dates and sources; each is one sentence of the answer."""
    heading = opening(answer).rstrip(".") or "The articles disagree"
    out.print(Text(heading, style="bold yellow"))
    newer = " (newer)" if first_is_newer(sides, answer.hits) else ""
    for index, (side, sentence) in enumerate(zip(sides, answer.sentences, strict=True)):
        label = _told_by(side, answer.hits) + ("" if index else newer)
        out.print(Text(f"  {label}", style="dim"))
        told = behind_day(sentence, answer.hits) - sentence.start  # it stands above
        out.print(Text("    ") + _said(sentence)[told:])


def _told_by(side: Side, hits: Sequence[Hit]) -> str:
    """The dates and sources of one side, each once, the newest first."""
    told = told_by(side, hits)
    return "; ".join(dict.fromkeys(f"{_date(one)} · {one.source or one.title}" for one in told))


def _date(passage: Passage) -> str:
    return passage.published.isoformat() if passage.published else "undated"


def _cited(answer: Answer, number: int) -> list[tuple[int, int]]:
    spans = {
        (citation.start, citation.end)
        for sentence in answer.sentences
        for citation in sentence.citations
        if citation.number == number
    }
    return sorted(spans)


def _source_line(number: int, hit: Hit) -> str:
    where = _place(hit.passage) + _copies(hit.also_in)
    return f"\\[{number}] [bold]{escape(hit.passage.title)}[/bold]\n    [dim]{escape(where)}[/dim]"


def _copies(also_in: Sequence[str]) -> str:
    """` · also in 4 articles: a, b, c, …`."""
    if not also_in:
        return ""
    named = ", ".join(also_in[:NAMED_COPIES]) + (", …" if len(also_in) > NAMED_COPIES else "")
    return f" · also in {counted(len(also_in), 'article')}: {named}"


def _place(passage: Passage) -> str:
    parts = [
        _date(passage),
        passage.source or "",
        passage.pages,
        f"{passage.article_id}, characters {passage.start}–{passage.end}",
    ]
    return " · ".join(part for part in parts if part)
