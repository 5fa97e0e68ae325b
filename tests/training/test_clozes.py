"""Questions out of plain text; each of these has one thing that can be asked for."""

from random import Random

import pytest
from clozes import cloze

YEAR = (
    "nobody came. the long bridge over the river was opened to traffic in 1964 after years of work."
)
NAME = "the long bridge over the river was opened by Anna Berg after ten years of work."


@pytest.mark.parametrize(
    ("text", "answer", "asking"),
    [
        (YEAR, "1964", {"when", "what year", "which year"}),
        (NAME, "Anna Berg", {"who", "what", "which", "who or what"}),
    ],
)
def test_a_cloze_asks_for_what_stands_at_its_answer(
    text: str, answer: str, asking: set[str]
) -> None:
    made = [one for seed in range(20) if (one := cloze(text, Random(seed)))]
    assert len(made) > 10  # at times too few words are left around the answer
    for one in made:
        assert text[slice(*one.answer)] == answer
        assert text[slice(*one.sentence)].startswith("the long bridge")
        assert answer not in one.question
        assert one.question.endswith("?")
        # Its words are the sentence's; those that are not ask.
        own = text.replace(".", "").split()
        left = [word for word in one.question.strip("?").split() if word.strip(".") not in own]
        assert " ".join(left) in asking


def test_a_cloze_is_the_same_for_the_same_seed() -> None:
    assert cloze(YEAR, Random(7)) == cloze(YEAR, Random(7))
    assert len({str(cloze(YEAR, Random(seed))) for seed in range(20)}) > 10


@pytest.mark.parametrize(
    "text",
    [
        "the long bridge over the river was opened to traffic by somebody after years of work.",
        "it opened in 1964.",  # too few words around it
        "in 1964 the long bridge over the river was opened, and in 1964 it was shut again.",
    ],
)
def test_where_nothing_can_be_asked_for(text: str) -> None:
    assert cloze(text, Random(1)) is None
