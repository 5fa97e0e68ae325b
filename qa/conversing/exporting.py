"""A conversation as Markdown and as JSON, an answer as plain text, with citations. Pure."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from qa.answering.answer_json import answer_object, evidence_object, source_object
from qa.conversing.records import Conversation, KeptExchange
from qa.conversing.showing import UNSUPPORTED, quotes_beside
from qa.types import Answer, Evidence, Hit, Outcome, Passage

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")

STOPPED = "Stopped before there was an answer."


def as_json(conversation: Conversation) -> str:
    """The conversation as one JSON object; its answers are as `qa ask --json` prints them.

    A question that was stopped or failed has what was found and `error` or `written` instead.
    """
    exchanges = [_exchange_object(exchange) for exchange in conversation.exchanges]
    whole = {"title": conversation.title, "exchanges": exchanges}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _exchange_object(exchange: KeptExchange) -> dict[str, Any]:
    asked = {"asked": exchange.asked.isoformat()}
    if exchange.answer:
        return asked | answer_object(exchange.answer)
    return asked | {
        "question": exchange.question,
        "answer": None,
        "error": exchange.error,
        "written": exchange.written,
        "sources": [source_object(number, hit) for number, hit in enumerate(exchange.hits, 1)],
        "evidence": [evidence_object(evidence) for evidence in exchange.evidence],
    }


def as_markdown(conversation: Conversation) -> str:
    """The conversation as Markdown: each answer, what the articles say beside it, its sources."""
    parts = [f"# {plain(conversation.title)}\n"]
    parts += [_exchange_markdown(exchange) for exchange in conversation.exchanges]
    return "\n".join(parts)


def _exchange_markdown(exchange: KeptExchange) -> str:
    lines = [f"## {plain(' '.join(exchange.question.split()))}", ""]
    answer = exchange.answer
    if answer is None:
        said = exchange.error or f"{exchange.written} {STOPPED}".strip()
        return "\n".join([*lines, plain(said), "", *_quotes_markdown(exchange.evidence)])
    if answer.understood:
        lines += [f"*Understood as: {plain(answer.understood)}*", ""]
    lines += [_told(answer, plain, f" *({UNSUPPORTED})*"), ""]
    quotes = quotes_beside(answer)
    if quotes and answer.outcome is Outcome.ANSWERED:
        lines += ["What the articles say:", ""]
    lines += _quotes_markdown(quotes)
    for number, hit in enumerate(answer.hits, 1):
        lines.append(f"{number}. {plain(described(hit))}")
        cited = [
            quote_of(hit.passage, citation.start, citation.end)
            for sentence in answer.sentences
            for citation in sentence.citations
            if citation.number == number
        ]
        lines += [f"   > {plain(_line(words))}" for words in dict.fromkeys(cited)]
    return "\n".join([*lines, ""])


def _quotes_markdown(quotes: Iterable[Evidence]) -> list[str]:
    """A list of quotes with the numbers of their sources, and the empty line that ends it."""
    lines = [f"- “{plain(_line(one.quote))}” {plain(f'[{one.number}]')}" for one in quotes]
    return [*lines, ""] if lines else []


def _told(answer: Answer, written: Callable[[str], str], doubt: str) -> str:
    """The answer's text as it is written there, the doubt behind what no source supports."""
    if answer.refusal or not answer.sentences:
        return written(answer.text)
    pieces, at = [], 0
    for sentence in answer.sentences:
        pieces.append(written(answer.text[at : sentence.end]))
        pieces.append("" if sentence.supported else doubt)
        at = sentence.end
    return "".join([*pieces, written(answer.text[at:])])


def described(hit: Hit) -> str:
    """A source in one line: title, date, source, pages, id."""
    passage = hit.passage
    day = passage.published.isoformat() if passage.published else "undated"
    parts = (passage.title, day, passage.source, passage.pages, passage.article_id)
    return " · ".join(part for part in parts if part)


def quote_of(passage: Passage, start: int, end: int) -> str:
    """The words of a citation, from its offsets in the article."""
    return passage.text[max(start - passage.start, 0) : max(end - passage.start, 0)]


def plain(text: str) -> str:
    """Text in which no sign means anything to Markdown."""
    return _SPECIAL.sub(r"\\\1", text)


def as_text(answer: Answer) -> str:
    """An answer as plain text, with the sources that it cites and their words.

    Quotes that only come close are its sources' words.
    """
    if answer.outcome is Outcome.CLOSE:
        return "\n".join([answer.text, *(_quoted(one, answer.hits) for one in answer.evidence)])
    cited = [c for sentence in answer.sentences for c in sentence.citations]
    lines = [_told(answer, str, f" ({UNSUPPORTED})")]
    for number in sorted({citation.number for citation in cited}):
        hit = answer.hits[number - 1]
        quotes = [quote_of(hit.passage, c.start, c.end) for c in cited if c.number == number]
        lines += ["", f"[{number}] {described(hit)}"]
        lines += [f"    “{_line(quote)}”" for quote in dict.fromkeys(quotes)]
    return "\n".join(lines)


def _quoted(evidence: Evidence, hits: tuple[Hit, ...]) -> str:
    """A quote, and below it whose words it is."""
    source = described(hits[evidence.number - 1])
    return f"\n“{_line(evidence.quote)}”\n    [{evidence.number}] {source}"


def _line(text: str) -> str:
    return " ".join(text.split())
