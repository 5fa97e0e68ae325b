"""What sort of answer a question wants: the sums by hand, and the numbers that ship."""

import pytest

from qa.surveying.wanted import Wanted, Weights, runs_of, wanted


def test_the_runs_of_a_question_are_its_words_and_stops_and_their_neighbours() -> None:
    assert runs_of("Who’s there? Who is?") == [
        "who's", "there", "?", "who", "is",
        "who's there", "there ?", "? who", "who is", "is ?",
        "who's there ?", "there ? who", "? who is", "who is ?",
    ]  # fmt: skip
    assert runs_of("…") == []


def test_what_ends_as_plurals_do_has_runs_of_its_own() -> None:
    assert runs_of("Which boats") == ["which", "boats", "*s", "which boats", "which *s"]
    assert "*s" not in runs_of("boss bus this us is")


def test_what_is_known_of_a_question_is_weighed_by_its_length() -> None:
    runs = {
        "list": (-4.0, 4.0, 0.0, 0.0, 0.0),
        "the": (1.0, 0.0, 0.0, 0.0, 0.0),
        "days": (0.0, 0.0, 0.0, 9.0, 0.0),
    }
    weights = Weights(runs, (2.0, 0.0, 0.0, 0.0, 0.0))
    assert weights.likeliest("boats") is Wanted.ONE  # nothing is known: 2 against 0
    assert weights.likeliest("list") is Wanted.SEVERAL  # 2 - 4 against 4
    # (-4 + 1) / √2 + 2 = -0.12 against 4 / √2 = 2.83
    assert weights.likeliest("List the boats") is Wanted.SEVERAL
    # 2.83 is less than 9 / √2 = 6.36: a run that is known speaks as much as any other
    assert weights.likeliest("list days") is Wanted.TIMELINE


@pytest.mark.parametrize(
    ("question", "sort"),
    [
        ("Why was the regatta called off?", Wanted.ONE),
        ("what happened to the harbour master", Wanted.ONE),
        ("When was the tower built?", Wanted.ONE),
        ("will hospital staff be sacked because of the merger", Wanted.ONE),
        ("what was the worst year for eels on the sarn", Wanted.ONE),
        ("How did the shares of the two glass companies react?", Wanted.ONE),
        ("Which islands were cut off?", Wanted.SEVERAL),
        ("who all spoke at the hearing", Wanted.SEVERAL),
        ("Bring me up to speed on the harbour dispute.", Wanted.OVERVIEW),
        ("what's the story with the sunken ferry", Wanted.OVERVIEW),
        ("Walk me through the rescue day by day.", Wanted.TIMELINE),
        ("How has the number of gulls changed over the years?", Wanted.CHANGE),
        ("Welche Inseln waren abgeschnitten?", Wanted.ONE),  # it was taught in English alone
    ],
)
def test_each_sort_is_told(question: str, sort: Wanted) -> None:
    assert wanted(question) is sort
