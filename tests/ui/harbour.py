"""What the scripted assistant finds and says: four articles about a ferry, quotes, answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qa.types import (
    Answer,
    Article,
    Citation,
    Evidence,
    Found,
    Hit,
    Passage,
    Refusal,
    RefusalReason,
    Sentence,
    Side,
    Timings,
    Usage,
)

FERRY = Passage(
    id="harbour/ferry#1",
    article_id="harbour/ferry",
    title="Ferry back in service after eleven days",
    published=date(2024, 3, 14),
    start=200,
    end=472,
    text=(
        "The ferry Aldona sailed again on Thursday morning, eleven days after a fire in her engine "
        "room. The harbour office said that 212 passengers were on board. Tickets bought for the "
        "cancelled crossings stay valid until the end of June, the company’s office in Ærøskøbing "
        "said."
    ),
    source="Harbour Courier",
)
FIRE = Passage(
    id="harbour/fire#0",
    article_id="harbour/fire",
    title="Fire on the Aldona put out within an hour",
    published=date(2024, 3, 3),
    start=0,
    end=185,
    text=(
        "A fire broke out in the engine room of the ferry Aldona on Sunday evening. Nobody was "
        "hurt. Two fire boats put it out within an hour, and all passengers left the ship by the "
        "stern ramp."
    ),
    source="Harbour Courier",
)
BUDGET = Passage(
    id="council/budget#2",
    article_id="council/budget",
    title="Council votes for a smaller harbour budget",
    published=None,
    start=900,
    end=983,
    text="The council voted 14 to 9 for the harbour budget, which falls by a tenth next year.",
)

COUNT = Passage(
    id="harbour/count#0",
    article_id="harbour/count",
    title="Company counts the passengers of the Aldona again",
    published=date(2024, 3, 15),
    start=0,
    end=127,
    text=(
        "The company has counted again: 198 passengers were on board when the ferry sailed on "
        "Thursday. The harbour office had said 212."
    ),
    source="Island Gazette",
)


def hit(passage: Passage, score: float = 0.8, also_in: tuple[str, ...] = ()) -> Hit:
    """A passage as retrieval would bring it."""
    return Hit(passage, score, Found.BOTH, 0.6, also_in)


def article(passage: Passage) -> Article:
    """An article in which a passage stands at its offsets, between other sentences."""
    before = ("Before it stands something else. " * 40)[: passage.start]
    text = f"{before.ljust(passage.start)}{passage.text} And something behind it."
    return Article(
        passage.article_id, passage.title, text, passage.source, passage.published, "digest"
    )


ARTICLES = tuple(article(passage) for passage in (FERRY, FIRE, BUDGET, COUNT))

HITS = (hit(FERRY, 0.92, ("wire/ferry-1", "wire/ferry-2")), hit(FIRE), hit(BUDGET, 0.3))


def cite(passage: Passage, number: int, words: str) -> Citation:
    """The citation of words that stand in a passage."""
    start = passage.start + passage.text.index(words)
    return Citation(number, passage.id, start, start + len(words))


def quote(
    passage: Passage,
    number: int,
    words: str,
    score: float,
    short: str = "",
    also_in: tuple[str, ...] = (),
) -> Evidence:
    """Words that stand in a passage as evidence, with those that answer by themselves."""
    start = passage.start + passage.text.index(words)
    at = start + words.index(short)
    return Evidence(
        number,
        passage.id,
        passage.article_id,
        start,
        start + len(words),
        words,
        score,
        (at, at + len(short)) if short else None,
        also_in,
    )


SAILED = quote(
    FERRY,
    1,
    "The ferry Aldona sailed again on Thursday morning, eleven days after a fire in her engine "
    "room.",
    12.3,
    "Thursday morning",
    ("wire/ferry-1", "wire/ferry-2"),
)
ON_BOARD = quote(
    FERRY, 1, "The harbour office said that 212 passengers were on board.", 3.5, "212 passengers"
)
BROKE_OUT = quote(
    FIRE, 2, "A fire broke out in the engine room of the ferry Aldona on Sunday evening.", 4.25
)
NOBODY = quote(FIRE, 2, "Nobody was hurt.", 1.5)

EVIDENCE = (SAILED, BROKE_OUT, ON_BOARD, NOBODY)
"""What is found for the ferry's question in HITS, best first."""


def answer(
    question: str,
    sentences: Sequence[tuple[str, tuple[Citation, ...]]],
    hits: tuple[Hit, ...] = HITS,
    refusal: Refusal | None = None,
    evidence: tuple[Evidence, ...] = (),
    opening: str = "",
) -> Answer:
    """An answer of these sentences, joined by spaces; one without a citation is unsupported."""
    checked, text = [], opening
    for said, citations in sentences:
        start = len(text) + bool(text)
        text = f"{text} {said}" if text else said
        checked.append(Sentence(said, start, len(text), bool(citations), citations))
    if refusal:
        text, checked = refusal.message, []
    return Answer(
        question,
        text,
        tuple(checked),
        hits,
        refusal,
        None,
        "scripted",
        Timings(0.1, 1.0, 2.34),
        Usage(),
        evidence,
        None if refusal and not evidence else 0.8,
    )


NOTHING = (
    "Nothing in the articles bears on this question. Ask with words that the articles themselves "
    "would use, in their language."
)
CLOSE = "The articles do not say this outright. The closest they come:"


def refused(question: str, hits: tuple[Hit, ...] = HITS) -> Answer:
    """Nothing bears on the question; these passages were looked at."""
    named = f" Closest: {hits[0].passage.title} (14 March 2024)." if hits else ""
    return answer(question, (), hits, Refusal(RefusalReason.NOTHING_RELEVANT, NOTHING + named))


def close(question: str, evidence: tuple[Evidence, ...] = (BROKE_OUT, NOBODY, ON_BOARD)) -> Answer:
    """Quotes that come close, and no claim."""
    refusal = Refusal(RefusalReason.NOT_IN_SOURCES, CLOSE)
    return answer(question, (), HITS, refusal, evidence)


COUNTED_AGAIN = quote(
    COUNT,
    4,
    "The company has counted again: 198 passengers were on board when the ferry sailed on "
    "Thursday.",
    8.5,
    "198 passengers",
)


def conflicting(question: str) -> Answer:
    """Two articles, a day apart, that count the passengers differently; the newer one first."""
    said = (
        (f"15 March 2024: “{COUNTED_AGAIN.quote}” [4]", COUNT, COUNTED_AGAIN),
        (f"14 March 2024: “{ON_BOARD.quote}” [1]", FERRY, ON_BOARD),
    )
    told = answer(
        question,
        [(text, (cite(passage, one.number, one.quote),)) for text, passage, one in said],
        (*HITS, hit(COUNT)),
        evidence=(COUNTED_AGAIN, ON_BOARD),
        opening="The articles differ; the newest comes first.",
    )
    return replace(told, conflict=tuple(Side(one.quote, (one.number,)) for _, _, one in said))


FERRY_QUESTION = "When did the Aldona sail again?"
FERRY_ANSWER = answer(
    FERRY_QUESTION,
    (
        (
            "The Aldona sailed again on Thursday [1], eleven days after the fire in her engine "
            "room [1][2].",
            (
                cite(FERRY, 1, "The ferry Aldona sailed again on Thursday morning, eleven days "
                "after a fire in her engine room."),
                cite(FIRE, 2, "A fire broke out in the engine room of the ferry Aldona"),
            ),
        ),
        (
            "On board were 212 passengers [1].",
            (cite(FERRY, 1, "212 passengers were on board"),),
        ),
        ("The captain called it a good day.", ()),
    ),
    evidence=EVIDENCE,
)  # fmt: skip
