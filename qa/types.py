"""The values that travel through the program, all frozen.

Article → Passage → Hit → Citation → Answer. Offsets are always character offsets (Python string
indices) in the article's text, end exclusive.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum


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
    """Which rankings bring up the candidates that are then ranked again."""

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
class Signals:
    """What tells whether an answer that was found in one passage stands; see `answering.trust`.

    `states` are the model's own log-odds that the passage states what is asked; `mean_logprob` and
    `least_logprob` are of the tokens it wrote; `score` is the hit's share of the best hit's,
    `cosine` that of the question and the sentence it was found in (without an embedder, the whole
    passage); `asked_there` is the share of the question's other content words in that sentence or
    the header, `names_there` that of its names and figures in all that is at hand of the article,
    `days_there` that of the days that it names, `answer_there` that of the answer's content words
    in the passage; `kind_fits` is 1 where the answer is of the kind asked for, else 0.
    """

    states: float
    mean_logprob: float
    least_logprob: float
    score: float
    cosine: float
    asked_there: float
    names_there: float
    days_there: float
    answer_there: float
    kind_fits: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What the model found in source `number`, read alone: some words, and how far to trust them.

    `trust` is the calibrated probability that they answer the question.
    """

    number: int
    text: str
    signals: Signals
    trust: float


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

    `hits` are exactly the passages the model was given, in the numbering of the citations: source
    n is `hits[n - 1]`. Where `refusal` is set, `text` is its message and `hits` are the passages
    that were looked at. `findings` are what was found in each, in the order of reading; the answer
    is made of those that are trusted.

    `standing` is the probability in [0, 1] that was held against `refuse_below`: of what is told,
    in a refusal of the best that was found; 0 where nothing was found that stands in its source,
    None where no model was asked.
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
    findings: tuple[Finding, ...] = ()
    standing: float | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question and its answer; `passage_ids[n - 1]` is the passage its `[n]` cites."""

    question: str
    answer: str
    passage_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Retrieval is done; these are the sources, numbered from 1, that the answer will cite."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many questions are answered before this one; 0 says that its turn has come."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The model is reading the passages: so many of its prompts' tokens are done."""

    done_tokens: int
    total_tokens: int


@dataclass(frozen=True, slots=True)
class Writing:
    """The next piece of the answer, unchecked as yet. Passages may be read on behind it."""

    delta: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The checked answer; always the last event. Its text replaces what was streamed."""

    answer: Answer


Event = Retrieved | Waiting | Reading | Writing | Answered
"""What an assistant reports while it answers, in this order (a refusal may skip the middle)."""
