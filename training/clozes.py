"""Questions out of plain text: a sentence with its name, number or year asked for. Pure.

They teach to find what all words of a question speak of, and that one changed word makes it another
question (after Lewis, Denoyer and Riedel, ACL 2019, without their translation into English).
"""

import re
from dataclasses import dataclass
from random import Random

from changes import NAME, NUMBER, YEAR, names_in

from qa.reading.sentences import sentence_spans

FEWEST_WORDS, MOST_WORDS = 4, 16
"""Words of the sentence that a question keeps around what it asks for."""
TRIED = 4
"""Sentences, drawn by chance, in which something to ask for is looked for."""
LEFT_OUT = 0.08
"""Share of the kept words that are left out, as people ask with fewer than a sentence has."""
IN_PLACE = 0.4
"""Share of the questions whose question word stands where the answer stood; else it begins them."""


@dataclass(frozen=True, slots=True)
class Cloze:
    """A question and where its answer stands in the text; `sentence` is the one it was made of."""

    question: str
    answer: tuple[int, int]
    sentence: tuple[int, int]


def cloze(text: str, chance: Random) -> Cloze | None:
    """A question about one sentence of a text, None where no sentence has anything to ask for.

    It asks for what stands in the text but once.
    """
    sentences = list(sentence_spans(text))
    chance.shuffle(sentences)
    for start, end in sentences[:TRIED]:
        sentence = text[start:end]
        named = set(names_in(sentence))
        found = [match for match in NAME.finditer(sentence) if match[0] in named]
        found += NUMBER.finditer(sentence)
        found = [match for match in found if text.count(match[0]) == 1]
        if found and len(sentence.split()) > FEWEST_WORDS + 2:
            match = chance.choice(found)
            question = _asked(sentence, match, chance)
            if question:
                return Cloze(question, (start + match.start(), start + match.end()), (start, end))
    return None


def _asked(sentence: str, match: re.Match[str], chance: Random) -> str | None:
    """The words around a match as a question for it; None where too few are left."""
    before, after = sentence[: match.start()].split(), sentence[match.end() :].split()
    room = chance.randint(FEWEST_WORDS, MOST_WORDS)
    after = after[: max(room - len(before), chance.randint(0, room))]
    before = before[max(0, len(before) - (room - len(after))) :]
    kept_before = [word for word in before if chance.random() > LEFT_OUT]
    kept_after = [word for word in after if chance.random() > LEFT_OUT]
    if len(kept_before) + len(kept_after) < FEWEST_WORDS:
        return None
    asking = _question_word(match[0], before[-1:] == ["in"], chance)
    if chance.random() < IN_PLACE:
        asked = [*kept_before, asking, *kept_after]
    elif chance.random() < 0.5:
        asked = [asking, *kept_after, *kept_before]
    else:
        asked = [asking, *kept_before, *kept_after]
    return " ".join(asked).strip(" ,.;:") + "?"


def _question_word(answer: str, behind_in: bool, chance: Random) -> str:
    if YEAR.fullmatch(answer):
        return chance.choice(("when", "what year", "which year"))
    if answer[0].isdigit():
        return chance.choice(("how many", "what number", "how much"))
    if behind_in:
        return chance.choice(("where", "what", "which"))
    return chance.choice(("who", "what", "which", "who or what"))
