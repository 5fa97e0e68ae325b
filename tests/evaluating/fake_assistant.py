"""A small newsroom: two articles, a set of questions, and an assistant with scripted replies."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qa.errors import BadQuestion, CuttingsError
from qa.evaluating.questions import Question
from qa.types import (
    Answer,
    Citation,
    Evidence,
    Found,
    Hit,
    Passage,
    Refusal,
    RefusalReason,
    Sentence,
    Timings,
    Turn,
    Usage,
)
from tests.fakes import words

ARTICLES = {
    "bridge": "The Aldera bridge opened on 3 May 2021. It cost 42 million euros. "
    "Mayor Inês Duarte cut the ribbon.",
    "strike": "Ferry crews went on strike on Monday. The union asks for 6 per cent. "
    "The owner “Nordline” offers 3 per cent.",
}

QUESTIONS = (
    Question("cost", "What did the bridge cost?", ("42 million euros", "42 million"),
             ("bridge",), ("It cost 42 million euros.",), tags=("figures",)),
    Question("mayor", "Which mayor cut the ribbon?", ("Inês Duarte",),
             ("bridge",), ("Mayor Inês Duarte cut the ribbon.",), tags=("names",)),
    Question("demand", "What does the union ask for?", ("6 per cent",),
             ("strike",), ("The union asks for 6 per cent.",), tags=("figures",),
             extra={"author": "desk"}),
    Question("tunnel", "What did the tunnel cost?", (), tags=("figures", "near miss")),
    Question("captain", "Who is captain of the ferry?", (), tags=("names",)),
)  # fmt: skip


@dataclass(frozen=True)
class Reply:
    """What is said: one sentence, and the words it cites as (article, quote); or a refusal.

    `found` are the quotes as (article, words, score), and `confidence` that in them. `written` is
    what the model wrote: the text itself unless it is given.
    """

    text: str
    quotes: tuple[tuple[str, str], ...] = ()
    refused: bool = False
    supported: bool = True
    found: tuple[tuple[str, str, float], ...] = ()
    confidence: float | None = None
    written: tuple[str, ...] | None = None


REFUSES = Reply("The articles do not say.", refused=True)

RIGHT_REPLIES: Mapping[str, Reply | CuttingsError] = {
    "What did the bridge cost?": Reply(
        "It cost 42 million euros [1].", (("bridge", "It cost 42 million euros."),)
    ),
    "Which mayor cut the ribbon?": Reply(
        "Inês Duarte did [1].", (("bridge", "Mayor Inês Duarte cut the ribbon."),)
    ),
    "What does the union ask for?": Reply(
        "The union asks for 6 per cent [1].", (("strike", "The union asks for 6 per cent."),)
    ),
    "What did the tunnel cost?": REFUSES,
    "Who is captain of the ferry?": REFUSES,
}


def passages(articles: Mapping[str, str]) -> list[Passage]:
    """One passage a sentence."""
    return [
        Passage(f"{id_}#{n}", id_, id_.title(), None, match.start(), match.end(), match[0])
        for id_, text in articles.items()
        for n, match in enumerate(re.finditer(r"[^ ].*?[.](?= |$)", text))
    ]


@dataclass
class FakeAssistant:
    """Finds passages by shared words and says what it was told to; keeps what it was asked."""

    replies: Mapping[str, Reply | CuttingsError] = field(default_factory=lambda: RIGHT_REPLIES)
    articles: Mapping[str, str] = field(default_factory=lambda: ARTICLES)
    model_name: str = "fake"
    fed: int = 4
    interrupt_at: int | None = None
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)

    def candidates(self, question: str, history: Sequence[Turn], k: int) -> tuple[Hit, ...]:
        """The passages with the most words in common, ties in the order of the articles."""
        wanted = {word for turn in history for word in words(turn.question)} | set(words(question))
        ranked = sorted(
            passages(self.articles), key=lambda passage: -len(wanted & set(words(passage.text)))
        )
        return tuple(Hit(passage, 0.5, Found.LEXICAL, 0.5) for passage in ranked[:k])

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The scripted reply; BadQuestion where there is none."""
        if self.interrupt_at == len(self.asked):
            raise KeyboardInterrupt
        self.asked.append((question, tuple(history)))
        reply = self.replies.get(question, BadQuestion("There is no reply to this."))
        if isinstance(reply, CuttingsError):
            raise reply
        hits = self.candidates(question, history, self.fed)
        refusal = Refusal(RefusalReason.NOT_IN_SOURCES, reply.text) if reply.refused else None
        citations = tuple(self._cite(hits, *quote) for quote in reply.quotes)
        written = (reply.text,) if reply.written is None else reply.written
        sentence = Sentence(reply.text, 0, len(reply.text), reply.supported, citations)
        return Answer(
            question,
            reply.text,
            () if reply.refused else (sentence,),
            hits,
            refusal,
            None,
            self.model_name,
            Timings(0.1, None if reply.refused else 1.0, 2.0),
            Usage(100, 40, 10),
            tuple(self._evidence(hits, *one) for one in reply.found),
            reply.confidence,
            written=written,
        )

    def _evidence(self, hits: Sequence[Hit], article_id: str, quote: str, score: float) -> Evidence:
        at = self._cite(hits, article_id, quote)
        return Evidence(at.number, at.passage_id, article_id, at.start, at.end, quote, score)

    def _cite(self, hits: Sequence[Hit], article_id: str, quote: str) -> Citation:
        start = self.articles[article_id].index(quote)
        for number, hit in enumerate(hits, 1):
            passage = hit.passage
            if passage.article_id == article_id and passage.start <= start < passage.end:
                return Citation(number, passage.id, start, start + len(quote))
        raise AssertionError(f"{quote!r} is in none of the sources")
