"""The messages that a model is given for a question: each passage is read alone.

Alone, a small model reads better than among others, whose names and numbers it mixes up (figures
in `bench/answers.md`). What it has read of a passage serves every later question about it: what
repeats comes first, the system text, the passage, the conversation so far, and the question last, a
part of its own.
"""

from collections.abc import Sequence

from qa.answering import markers
from qa.answering.following import leant_on
from qa.reading.orders import without_orders
from qa.engine.generation import Message, Role
from qa.reading.passages import header
from qa.types import Hit, Turn

# The model is not asked to abstain: told that it may, the default model abstains where it reads
# well and still makes up half of the rest. Whether an answer stands is decided by `trust`.
SYSTEM = (
    "Answer the question from the passage in a few words: the exact person, place, date or number "
    "that it states."
)
WHETHER = (
    "\nDoes the passage say exactly what the question asks, about the same person, thing, time and "
    "place? Reply Yes or No."
)
SENTENCE = "Say that in one short sentence."
YES, NO = "Yes", "No"


def beginning() -> list[Message]:
    """What every question begins with; its last part is not read."""
    return [Message(Role.SYSTEM, (SYSTEM,)), Message(Role.USER, ("Passage:\n", ""))]


def ask_alone(question: str, hit: Hit, history: Sequence[Turn]) -> list[Message]:
    """What does this passage answer? Asked behind the turns that the question leans on."""
    messages = [Message(Role.SYSTEM, (SYSTEM,))]
    opening = _opening(hit)
    for turn in leant_on(question, history):
        messages.append(Message(Role.USER, (*opening, "Question:", f" {turn.question}")))
        messages.append(Message(Role.ASSISTANT, (_plain(turn),)))
        opening = ()
    messages.append(Message(Role.USER, (*opening, "Question:", f" {question}")))
    return messages


def ask_whether(question: str, hit: Hit, history: Sequence[Turn]) -> list[Message]:
    """Does this passage answer the question at all? YES or NO."""
    *before, asked = ask_alone(question, hit, history)
    return [*before, Message(Role.USER, (*asked.parts, WHETHER))]


def ask_sentence(question: str, hit: Hit, history: Sequence[Turn], found: str) -> list[Message]:
    """What was found in this passage, please as a sentence."""
    return [
        *ask_alone(question, hit, history),
        Message(Role.ASSISTANT, (found,)),
        Message(Role.USER, (SENTENCE,)),
    ]


def _opening(hit: Hit) -> tuple[str, ...]:
    """The passage, without what in it gives orders."""
    passage = hit.passage
    head = without_orders(header(passage.title, passage.published))
    return "Passage:\n", f"{head}\n{without_orders(passage.text)}\n\n"


def _plain(turn: Turn) -> str:
    """An earlier answer without its source numbers, which are not those of today."""
    return markers.without(turn.answer)
