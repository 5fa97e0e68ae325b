"""The messages that a model is given for a question.

What repeats between questions comes first, so that it is read once: the system text, the passages,
the conversation so far, and the question last, a part of its own.
"""

import re
from collections.abc import Sequence

from qa.engine.generation import Message, Role
from qa.reading.passages import header
from qa.types import Hit, Turn

# The model is not asked to abstain: told that it may, the default model abstained on 1 in 8 of the
# questions it reads well, or answered with a bare number, and still made up half of the rest
# (RGB, 20 to 25 questions, six wordings). Whether an answer stands is decided by `refusal`.
SYSTEM = (
    "Answer the question from the numbered passages in one short sentence that names the exact "
    "person, place, date or number. End the sentence with the number of the passage it rests on in "
    "brackets, like [1]."
)

# Earlier turns that are repeated to the model; older ones cost reading time and rarely matter. They
# are left out so many at a time: what comes behind a turn left out must be read again.
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


def in_reading_order(hits: Sequence[Hit], read_before: Sequence[str]) -> tuple[Hit, ...]:
    """The hits in the order in which they are given to the model.

    Those that it has read before (by passage id) come first and in the same order, so that they
    need not be read again; the others follow, best first.
    """
    places = {passage_id: place for place, passage_id in enumerate(read_before)}
    return tuple(sorted(hits, key=lambda hit: places.get(hit.passage.id, len(places))))


def abstains(text: str) -> bool:
    """Whether the model says, in its own words or ours, that the passages hold no answer."""
    return _ABSTENTIONS.search(text) is not None


_ABSTENTIONS = re.compile(
    r"^\W*(the )?(articles?|passages?|sources?|text)( provided)? (do|does)(n['’]t| not) "
    r"(say|state|mention|specify|provide|contain|include|give|name|answer)"
    r"|^\W*there is no (information|mention|answer)\b"
    r"|^\W*no (information|mention|answer) (is |was )?(given|provided|available|found|about|on)\b"
    r"|\b(is|are|was|were) not (stated|mentioned|specified|provided|given|named) in the "
    r"(articles?|passages?|sources?|text)",
    re.IGNORECASE,
)


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
