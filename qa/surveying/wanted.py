"""What sort of answer a question wants: one thing, several, a story. Learnt from questions. Pure.

Multinomial logistic regression on the runs of one to three words that a question has, as
`training/wanted.py` fits it to questions that people wrote; its numbers lie in `wanted.json`. What
it does not know speaks for nothing. It was taught in English alone: what is asked in another
language wants one thing.
"""

import functools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib.resources import files

from qa.reading.languages import UNKNOWN, language_of

WANTED_FILE = "wanted.json"

LONGEST_RUN = 3

SURELY = 0.6
"""By so much the log-odds of a story or its days must be above all others: at 0, of 800 questions
of RepLiQA that want a fact 8 are taken for one, at 0.6 it is 3, and of 150 requests 130 in place of
133 are seen."""

TAUGHT = ("en", UNKNOWN)
"""What was taught; a question of a few words may be of no language that is known."""

_PLURAL = re.compile(r"^[^\W\d_]{3,}(?<![sui])s$")
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[?.!,:]")


class Wanted(Enum):
    """What sort of answer is wanted.

    ONE is a fact, a reason, a verdict, which a sentence or two tell; SEVERAL are things, people or
    reasons that stand in several; OVERVIEW the gist of a story, an affair, an article; TIMELINE its
    days in order; CHANGE how something became what it is.
    """

    ONE = "one"
    SEVERAL = "several"
    OVERVIEW = "overview"
    TIMELINE = "timeline"
    CHANGE = "change"


STORIES = {Wanted.OVERVIEW, Wanted.TIMELINE}


@dataclass(frozen=True, slots=True)
class Weights:
    """What every run of words adds to the log-odds of each sort, and what they have without any.

    Both in the order of the members of Wanted.
    """

    runs: Mapping[str, tuple[float, ...]]
    bias: tuple[float, ...]

    def likeliest(self, question: str) -> Wanted:
        """The sort that the words of a question speak for most."""
        known = [self.runs[run] for run in runs_of(question) if run in self.runs]
        length = len(known) ** 0.5 or 1.0  # long questions are no surer than short ones
        sums = [sum(column) / length for column in zip(*known, strict=True)] or [0.0] * len(Wanted)
        odds = [added + bias for added, bias in zip(sums, self.bias, strict=True)]
        sure = [SURELY if sort in STORIES else 0.0 for sort in Wanted]
        held = [odd - least for odd, least in zip(odds, sure, strict=True)]
        return max(zip(held, Wanted, strict=True), key=lambda one: one[0])[1]


def runs_of(question: str) -> Sequence[str]:
    """Every run of one to three words or stops, in small letters; again with "*s" for plurals.

    What ends as plurals do is taken for one: "which islands" was never met, "which *s" was.
    """
    tokens = _TOKEN.findall(question.lower().replace("’", "'"))
    forms = [_PLURAL.sub("*s", token) for token in tokens]
    runs = [
        " ".join(some[start : start + length])
        for length in range(1, LONGEST_RUN + 1)
        for some in (tokens, forms)
        for start in range(len(tokens) - length + 1)
    ]
    return list(dict.fromkeys(runs))


@functools.cache
def weights() -> Weights:
    """The numbers that come with the program."""
    stored = json.loads((files("qa.surveying") / WANTED_FILE).read_text(encoding="utf-8"))
    runs = {run: tuple(map(float, added)) for run, added in stored["runs"].items()}
    return Weights(runs, tuple(map(float, stored["bias"])))


@functools.lru_cache(maxsize=256)  # several ask of the same question
def wanted(question: str) -> Wanted:
    """What sort of answer a question wants."""
    return weights().likeliest(question) if language_of(question) in TAUGHT else Wanted.ONE
