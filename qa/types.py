"""The values that travel through the program, all frozen.

Article → Passage → Hit → Evidence → Citation → Answer. Offsets are always character offsets (Python
string indices) in the article's text, end exclusive.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Self

from qa.errors import BadQuestion


@dataclass(frozen=True, slots=True)
class Article:
    """One text as it was read from a file, boilerplate removed.

    `id` is the front matter's `id`, else the file's path below the indexed folder (see
    `qa.reading.articles.article_id`). `published` is a date that the article itself states, never
    one guessed from the file. `digest` is the SHA-256 of everything that is shown or cited.
    `page_starts[n - 1]` is the offset at which page n begins; empty where a text has no pages.
    """

    id: str
    title: str
    text: str
    source: str | None
    published: date | None
    digest: str
    page_starts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article: always `article.text[start:end] == text`.

    It begins on `page`; each offset in `page_turns` begins the next page inside it.
    """

    id: str
    article_id: str
    title: str
    published: date | None
    start: int
    end: int
    text: str
    source: str | None = None
    page: int | None = None
    page_turns: tuple[int, ...] = ()

    @property
    def pages(self) -> str:
        """`page 3`, or `pages 3–4` where it runs over; empty for a text without pages."""
        if self.page is None:
            return ""
        last = self.page + len(self.page_turns)
        return f"page {last}" if last == self.page else f"pages {self.page}–{last}"

    def page_at(self, offset: int) -> int | None:
        """The page on which a character of the article stands, from 1; None without pages."""
        if self.page is None:
            return None
        return self.page + sum(turn <= offset for turn in self.page_turns)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles are searched: published in these days, both included, by these sources.

    None and () leave a side open. An article without a date lies outside every range of dates.
    """

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()

    @classmethod
    def asked(
        cls, since: date | None, until: date | None, sources: Iterable[str] | None = None
    ) -> Self:
        """The scope that somebody asks for. Raises BadQuestion when no day lies in it."""
        if since and until and since > until:
            raise BadQuestion(
                f"since ({since}) lies after until ({until}): no day is left. Swap them, or leave "
                "one out."
            )
        return cls(since, until, tuple(sources or ()))

    def holds(self, passage: Passage) -> bool:
        """Whether a passage's article lies in it."""
        if self.since or self.until:
            day = passage.published
            if day is None or not (self.since or day) <= day <= (self.until or day):
                return False
        return not self.sources or passage.source in self.sources


EVERYTHING = Scope()


class Found(Enum):
    """Which ranking brought a passage up."""

    DENSE = "dense"
    LEXICAL = "lexical"
    BOTH = "both"


class Fusion(StrEnum):
    """Which rankings bring up passages."""

    BOTH = "both"
    DENSE = "dense"
    LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that answers to a question, best first in a list of them.

    `score` is the fused score in [0, 1], comparable within one question only; `cosine` is the
    similarity of question and passage vectors in [-1, 1], comparable between questions. `also_in`
    holds the ids of other articles in which (nearly) the same passage stands.
    """

    passage: Passage
    score: float
    found_by: Found
    cosine: float
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """The words that a sentence rests on: source `number` (from 1), offsets in the article."""

    number: int
    passage_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer: `answer.text[start:end] == text`, its citations, and the verdict."""

    text: str
    start: int
    end: int
    supported: bool
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whole sentences of source `number` that bear on the question: the articles' own words.

    Always `article.text[start:end] == quote`. `score` is the sum of two logits of a cross-encoder,
    comparable between questions: mostly 5 to 18 where the words answer, below 0 where they do not.
    `answer` holds the offsets, in the article too, of the few words among them that answer by
    themselves, where there are such. `also_in` names other articles that say the same. `outright`
    says that cross-encoder and reader both take it for an answer, however good another is.
    """

    number: int
    passage_id: str
    article_id: str
    start: int
    end: int
    quote: str
    score: float
    answer: tuple[int, int] | None = None
    also_in: tuple[str, ...] = ()
    outright: bool = False

    @property
    def short(self) -> str:
        """The words that answer by themselves; empty where there are none."""
        if self.answer is None:
            return ""
        return self.quote[self.answer[0] - self.start : self.answer[1] - self.start]


class Outcome(StrEnum):
    """What a question comes to.

    An answer; quotes that come close, which claim nothing; or nothing that bears on it.
    """

    ANSWERED = "answered"
    CLOSE = "close"
    NOTHING = "nothing"


class RefusalReason(Enum):
    """Why there is no answer."""

    NOTHING_RELEVANT = "nothing_relevant"
    NOT_IN_SOURCES = "not_in_sources"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer withheld, with the message that is shown in its place."""

    reason: RefusalReason
    message: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a conflict between articles: what it claims and the sources that say so."""

    claim: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds from the question: retrieval done, first token out, all done."""

    retrieve_s: float
    first_token_s: float | None
    total_s: float


@dataclass(frozen=True, slots=True)
class Usage:
    """What the answer cost, in the model's tokens.

    `prompt_tokens` counts the prompts behind which something was written, whole; of them
    `reused_tokens` were already in the KV cache.
    """

    prompt_tokens: int = 0
    reused_tokens: int = 0
    completion_tokens: int = 0
    drafted_tokens: int = 0
    accepted_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person gets for a question.

    `evidence` are the articles' own words that bear on it, best first (in order of time, or of the
    article, where the question asks for that); `hits` are exactly the passages that they stand in,
    in the numbering of the citations: source n is `hits[n - 1]`. The model reads the evidence and
    nothing else.

    Where `outcome` is not ANSWERED, `refusal` is set and `text` is its message; CLOSE still has its
    evidence. `confidence` is the calibrated probability in [0, 1] that the evidence answers the
    question, which was held against `refuse_below`; None where nothing was found to hold, or where
    there is nothing to doubt: counts of the library, summaries, help. `understood` is the question
    that was answered in place of a follow-up, written out with what was said before; else empty.
    `written` are the model's own sentences before they were checked: no part of what is told, and
    shown nowhere; an evaluation asks whether the check lost what they said.
    """

    question: str
    text: str
    sentences: tuple[Sentence, ...]
    hits: tuple[Hit, ...]
    refusal: Refusal | None
    conflict: tuple[Side, ...] | None
    model: str
    timings: Timings
    usage: Usage
    evidence: tuple[Evidence, ...] = ()
    confidence: float | None = None
    understood: str = ""
    written: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Told by the refusal: none, one with evidence, one without."""
        if self.refusal is None:
            return Outcome.ANSWERED
        return Outcome.CLOSE if self.evidence else Outcome.NOTHING


@dataclass(frozen=True, slots=True)
class Preferences:
    """What somebody has chosen for their own questions; None leaves a thing as it is set.

    `passages` that are read, `max_answer_tokens` of the longest sentence, and the least probability
    `refuse_below` at which something is told.
    """

    passages: int | None = None
    max_answer_tokens: int | None = None
    refuse_below: float | None = None


AS_SET = Preferences()


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question and its answer; `passage_ids[n - 1]` is the passage its `[n]` cites."""

    question: str
    answer: str
    passage_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """A follow-up was written out as this question, which stands alone and is looked up."""

    question: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The evidence is found; these are the sources, numbered from 1, that the answer will cite.

    Both may be shown at once: they are the articles' own words and need no check.
    """

    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many questions are answered before this one; 0 says that its turn has come."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The model is reading the evidence: so many of its prompt's tokens are done."""

    done_tokens: int
    total_tokens: int


@dataclass(frozen=True, slots=True)
class Writing:
    """The next sentence of the answer, checked already, with its source numbers."""

    delta: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The whole answer; always the last event. Its text replaces what was streamed."""

    answer: Answer


Event = Understood | Retrieved | Waiting | Reading | Writing | Answered
"""What an assistant reports while it answers, in this order (a refusal may skip the middle). A
follow-up may wait for its turn before it is understood."""
