"""One prompt of several passages, the form on which the engine itself is measured.

It is as long as what a stock recipe reads at once, so that the two can be compared; `qa` reads each
passage alone (`qa/answering/prompt.py`).
"""

import re
from collections.abc import Sequence

from qa.engine.constraints import Quotations
from qa.engine.generation import DecodingOptions, Message, Role
from qa.reading.passages import header
from qa.types import Hit, Turn

SYSTEM = (
    "Answer the question from the numbered passages in one short sentence that names the exact "
    "person, place, date or number. End the sentence with the number of the passage it rests on in "
    "brackets, like [1]."
)

# Turns are left out so many at a time: what comes behind a turn left out must be read again.
HISTORY_TURNS = 2


def build_messages(question: str, hits: Sequence[Hit], history: Sequence[Turn]) -> list[Message]:
    """System text, passages, earlier turns, the question. Source n is `hits[n - 1]`."""
    passages = tuple(_passage(number, hit) for number, hit in enumerate(hits, 1))
    messages = [Message(Role.SYSTEM, (SYSTEM,))]
    opening: tuple[str, ...] = ("Passages:\n\n", *passages)
    left_out = max(0, len(history) - HISTORY_TURNS) // HISTORY_TURNS * HISTORY_TURNS
    for turn in history[left_out:]:
        messages.append(Message(Role.USER, (*opening, "Question:", f" {turn.question}")))
        messages.append(Message(Role.ASSISTANT, (_renumbered(turn, hits),)))
        opening = ()
    messages.append(Message(Role.USER, (*opening, "Question:", f" {question}")))
    return messages


def answer_options(hits: Sequence[Hit], most_tokens: int) -> DecodingOptions:
    """At most so many tokens, in which quotations are real."""
    texts = [text for hit in hits for text in (hit.passage.title, hit.passage.text)]
    return DecodingOptions(most_tokens, Quotations(tuple(texts)))


def _passage(number: int, hit: Hit) -> str:
    passage = hit.passage
    return f"[{number}] {header(passage.title, passage.published)}\n{passage.text}\n\n"


def _renumbered(turn: Turn, hits: Sequence[Hit]) -> str:
    """The earlier answer with its source numbers turned into today's; a lost source loses its."""
    today = {hit.passage.id: number for number, hit in enumerate(hits, 1)}

    def renumber(match: re.Match[str]) -> str:
        earlier = int(match.group(1))
        known = turn.passage_ids[earlier - 1] if 0 < earlier <= len(turn.passage_ids) else ""
        return f" [{today[known]}]" if known in today else ""

    return re.sub(r"\s*\[(\d+)\]", renumber, turn.answer)
