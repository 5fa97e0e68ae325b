"""A follow-up becomes a question that stands alone, before anything is looked up for it. Pure.

"And in the second round?" finds nothing, and what is found for it cannot be doubted by itself. So
the model writes it out with what the turns before lend it (as in Elgohary et al., Can You Unpack
That?, EMNLP 2019). What it writes is taken where it asks the same and adds nothing that was not
said, and is shown to the person who asks. Else the turns' questions are put behind the follow-up
(`bench/answers.md` has what else was tried). A question that stands alone is left as it is.
"""

import re
from collections.abc import Sequence

from qa.answering import markers
from qa.answering.parts import asking_words
from qa.answering.refusal import is_refusal
from qa.engine.generation import Message, Role
from qa.reading import wording
from qa.reading.stop_words import STOP_WORDS
from qa.reading.words import words
from qa.types import Turn

FEWEST_WORDS = 3
"""A question with fewer telling words than this leans on what was said before."""

MOST_TOKENS = 64
"""Of a follow-up that is written out: a line."""

MOST_OF_ANSWER = 240
"""Characters of an earlier answer that the model reads: what a follow-up points at stands early."""

SYSTEM = (
    "Rewrite the last question so that it can be understood alone: put in the names and facts that "
    "it leaves out. Change nothing else."
)

EXAMPLES = (
    (
        Turn("How high is the new tower in Lund?", "The tower in Lund is 86 metres high."),
        "And who paid for it?",
        "Who paid for the new tower in Lund?",
    ),
    (
        Turn("How many votes did Anna Berg get in 2014?", "Anna Berg got 5,210 votes in 2014."),
        "And Olsen?",
        "How many votes did Olsen get in 2014?",
    ),
    (
        Turn("When does the night train leave?", "It leaves Oslo at 22:40."),
        "How long does it take?",
        "How long does the night train from Oslo take?",
    ),
)
"""A pronoun, another name, a name from the answer: with them the model changes less."""

_REFERRING = frozenset(
    "he she it they him her them his hers its their theirs himself herself itself themselves there"
    " this these those one ones former latter".split()
)
_OPENING = re.compile(r"^\W*(and|but|or|what about|how about)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
# A turn's day and these make another day, which may be written in their place.
_SPANS = frozenset(
    wording.words("a one two three four five six seven day week month year later earlier before")
) | frozenset(wording.words("after next previous following preceding"))


def leant_on(question: str, history: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns that a question needs to be understood, in their order; none if it stands alone.

    The last, and the one before it if that leans on it itself.
    """
    if not history or not leans(question) or _repeats(question, history[-1].question):
        return ()
    return tuple(history[-2:] if leans(history[-1].question) else history[-1:])


def leans(question: str) -> bool:
    """Whether a question seems to need the turns before it to be understood.

    It points back by a pronoun, opens as a continuation ("And …"), has few telling words, or names
    nothing: no name behind its first word, no figure.
    """
    asked = words(question)
    return (
        not _REFERRING.isdisjoint(asked)
        or _OPENING.match(question) is not None
        or sum(word not in STOP_WORDS for word in asked) < FEWEST_WORDS
        or not _names_something(question)
    )


def leaning(question: str, history: Sequence[Turn]) -> str:
    """The question with those it leans on behind it: "And who was second? (Who won the race?)".

    So its evidence is found better than with the answer, or behind them (`bench/answers.md`).
    """
    before = " ".join(turn.question for turn in leant_on(question, history))
    return f"{question} ({before})" if before else question


def rewriting(question: str, turns: Sequence[Turn], begun: str) -> list[Message]:
    """The prompt that has a follow-up written out, one line, with what these turns lend it.

    What is `begun`, its `opening`, the model goes on with.
    """
    examples = [
        message
        for turn, follow_up, written in EXAMPLES
        for message in (
            Message(Role.USER, (_talk([turn]), f" {follow_up}\nRewritten:")),
            Message(Role.ASSISTANT, (written,)),
        )
    ]
    last = Message(Role.USER, (_talk(turns), f" {question}\nRewritten:"))
    own = [Message(Role.ASSISTANT, (begun,))] if begun else []
    return [Message(Role.SYSTEM, (SYSTEM,)), *examples, last, *own]


def opening(question: str) -> str:
    """What a follow-up that is written out begins with: its own words up to one that points back.

    So it asks for the same. Empty where the follow-up has no word to ask with, or points at once.
    """
    rest = _OPENING.sub("", question).strip(" ,?？")
    own = rest
    for word in _WORD.finditer(rest):
        if word.group().lower() in {*_REFERRING, "that"}:
            own = rest[: word.start()].rstrip()
            break
    return own[:1].upper() + own[1:] if asking_words(own) else ""


def asks_the_same(written: str, question: str, turns: Sequence[Turn]) -> bool:
    """Whether a line stands for a follow-up: it asks with the same word and has its other words.

    It adds no name and no figure that was not said, but for a day that is a span from one that was.
    """
    if not written.endswith(("?", "？")) or not asking_words(question) <= asking_words(written):
        return False
    said = "\n".join([question, *(f"{turn.question}\n{turn.answer}" for turn in turns)])
    lost = set(wording.content_words(question)) - set(wording.words(written))
    new_names = wording.names(written) - wording.name_forms(said)
    new_figures = wording.figures(written) - wording.figures(said)
    of_a_span = bool(lost) and lost <= _SPANS
    return not new_names and (of_a_span or not (lost or new_figures))


def _talk(turns: Sequence[Turn]) -> str:
    """The turns as the model reads them; what a refusal said is nothing to point at."""
    lines = []
    for turn in turns:
        answer = "" if is_refusal(turn.answer) else markers.without(turn.answer)[:MOST_OF_ANSWER]
        lines.append(f"Question: {turn.question}\n" + (f"Answer: {answer}\n" if answer else ""))
    return "".join([*lines, "Last question:"])


def _repeats(question: str, before: str) -> bool:
    """Whether it has all the telling words of the question before it: it is asked once more."""
    told = [set(words(one)) - STOP_WORDS for one in (question, before)]
    return bool(told[1]) and told[1] <= told[0]


def _names_something(question: str) -> bool:
    """Whether there is a figure, or a capital that neither opens the question nor is "I"."""
    return any(
        word[0].isdigit() or (place > 0 and word[0].isupper() and len(word) > 1)
        for place, word in enumerate(_WORD.findall(question))
    )
