"""Replies in plain text, so that a person can read sixty of them at a glance. Pure."""

import textwrap
from collections import Counter
from collections.abc import Sequence

from answers_table import Asked
from verdicts import at_fault, verdict_in_words

QUOTES = 3
WIDTH = 110


def listing(arm: str, asked: Sequence[Asked], *, faults_only: bool = False) -> str:
    """Every question with its outcome, text, first quotes and verdict, then the counts."""
    verdicts = Counter(
        verdict_in_words(one.case, one.reply).partition(",")[0].partition(":")[0] for one in asked
    )
    shown = [one for one in asked if not faults_only or at_fault(one.case, one.reply)]
    counts = ", ".join(f"{count} {name}" for name, count in verdicts.most_common(8))
    return "\n".join((*map(_told, shown), f"== {arm}: {len(asked)} questions; {counts}\n"))


def _told(asked: Asked) -> str:
    case, reply = asked.case, asked.reply
    question = case.question
    kind = f" {case.wanted.kind}, over {case.library}:" if case.wanted else ""
    sure = "" if reply.confidence is None else f", sure {reply.confidence:.2f}"
    lines = [
        f"{question.id}{kind} {verdict_in_words(case, reply).upper()}",
        *(_wrapped("before", f"{turn.question} – {turn.answer}") for turn in question.history),
        _wrapped("asked", question.question),
        *(_wrapped("wanted", wanted) for wanted in [_wanted(asked)] if wanted),
        _wrapped(f"{reply.outcome.value}{sure}, {reply.total_s:.1f} s", reply.text),
        *(
            _wrapped(f"  {_score(asked, n)}", quote)
            for n, quote in enumerate(reply.quotes[:QUOTES])
        ),
        *(_wrapped("  side", claim) for claim in reply.claims),
    ]
    return "\n".join(lines) + "\n"


def _wanted(asked: Asked) -> str:
    case = asked.case
    if not case.wanted:
        return " | ".join(case.question.answers) or "nothing"
    groups = " + ".join("/".join(group) for group in case.wanted.expected)
    return groups or " or ".join(outcome.value for outcome in case.wanted.outcomes)


def _score(asked: Asked, index: int) -> str:
    scores = asked.reply.scores
    return f"{scores[index]:.1f}" if index < len(scores) else "quote"


def _wrapped(head: str, text: str) -> str:
    words = " ".join(text.split())
    return textwrap.fill(f"{head}: {words}", WIDTH, initial_indent="  ", subsequent_indent="      ")
