"""The message that a model is given for a question: the evidence of all sources, then the question.

The evidence stands in the order of its sources, not of its scores, so that a question that is still
being typed, and the next one about the same matter, find most of it read. The question comes last,
a part of its own.
"""

from collections.abc import Sequence

from qa.engine.generation import Message, Role
from qa.reading.orders import without_orders
from qa.reading.passages import day
from qa.types import Evidence, Hit

# The model is not asked to abstain: told that it may, the default model abstains where it reads
# well and still makes up half of the rest. What may be told is decided before and after it.
SYSTEM = (
    "Answer the question from the quotes alone, in one to three short sentences. Keep to the words "
    "of the quotes, with their names, dates and numbers; add nothing."
)


def beginning() -> list[Message]:
    """What every question begins with; its last part is not read."""
    return [Message(Role.SYSTEM, (SYSTEM,)), Message(Role.USER, ("Quotes:\n", ""))]


def ask(question: str, evidence: Sequence[Evidence], hits: Sequence[Hit]) -> list[Message]:
    """What do these quotes answer?"""
    quotes = tuple(_quote(one, hits) for one in sorted(evidence, key=_place))
    return [
        Message(Role.SYSTEM, (SYSTEM,)),
        Message(Role.USER, ("Quotes:\n", *quotes, "\nQuestion:", f" {question}")),
    ]


def _quote(one: Evidence, hits: Sequence[Hit]) -> str:
    published = hits[one.number - 1].passage.published
    dated = f"({day(published)}) " if published else ""
    return f"- {dated}{' '.join(without_orders(one.quote).split())}\n"


def _place(one: Evidence) -> tuple[int, int]:
    return one.number, one.start
