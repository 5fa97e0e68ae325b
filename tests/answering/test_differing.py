"""Articles that say different things, and what only looks so."""

from dataclasses import replace
from datetime import date

import pytest

from qa.answering.differing import A_SIDE, AS_GOOD, LATER_REPORT, compared, differing
from qa.types import Evidence, Hit
from tests.answering.builders import hit, piece

TOLL = (
    hit(
        "At least 14 people died when the ferry Marit sank off Holme.",
        published=date(2022, 5, 2),
        article_id="toll-1",
    ),
    hit(
        "The number of people who died in the sinking of the Marit has risen to 31.",
        published=date(2022, 5, 4),
        article_id="toll-2",
    ),
    hit(
        "In all 47 people died in the sinking of the ferry Marit.",
        published=date(2022, 5, 9),
        article_id="toll-3",
    ),
)
HOW_MANY = "How many people died when the Marit sank?"


def whole(hits: tuple[Hit, ...], number: int, short: str, score: float = 12.0) -> Evidence:
    return piece(hits[number - 1].passage.text, hits, number, score=score, short=short)


def shorts(sides: tuple[tuple[Evidence, ...], ...]) -> list[list[str]]:
    return [[one.short for one in side] for side in sides]


def test_a_toll_that_rose_is_told_newest_first() -> None:
    evidence = (whole(TOLL, 1, "14"), whole(TOLL, 3, "47"), whole(TOLL, 2, "31"))
    assert shorts(differing(HOW_MANY, evidence, TOLL)) == [["47"], ["31"], ["14"]]


def test_what_lies_far_below_the_best_is_no_side() -> None:
    near = (whole(TOLL, 1, "14"), whole(TOLL, 3, "47", score=12.0 - LATER_REPORT))
    far = (whole(TOLL, 1, "14"), whole(TOLL, 3, "47", score=11.9 - LATER_REPORT))
    assert shorts(differing(HOW_MANY, near, TOLL)) == [["47"], ["14"]]
    assert differing(HOW_MANY, far, TOLL) == ()


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Nearly 50", "47", False),
        ("About 50", "32", True),
        ("50", "47", True),
        ("£1.2 billion", "£1.24 billion", False),  # rounded
        ("148 kilometres", "139 kilometres", True),
        ("Dozens", "47", False),  # no figure
        (f"{'1234567' * 6}", "47", True),  # longer than decimals are
        ("3pm", "15:00", False),
        ("3pm", "16:00", True),
    ],
)
def test_a_round_figure_is_no_other_one(one: str, other: str, differ: bool) -> None:
    hits = tuple(
        hit(f"{said} it was, by the report of the harbour.", published=None, article_id=article)
        for said, article in ((one, "a"), (other, "b"))
    )
    evidence = (whole(hits, 1, one), whole(hits, 2, other))
    assert bool(differing("How much was it by the report?", evidence, hits)) is differ


def test_a_later_report_is_no_rounding() -> None:
    """ "At least 40" of Monday and "47" of Thursday are a toll that rose."""
    hits = (
        hit("At least 40 people died.", published=date(2022, 5, 2), article_id="a"),
        hit("In all 47 people died.", published=date(2022, 5, 5), article_id="b"),
    )
    evidence = (whole(hits, 1, "40"), whole(hits, 2, "47"))
    assert shorts(differing("How many people died?", evidence, hits)) == [["47"], ["40"]]


def test_a_weekday_to_come_is_the_day_that_the_other_names() -> None:
    hits = (
        hit("The match will be played on Saturday.", published=date(2024, 5, 8), article_id="a"),
        hit("The match will be played on 11 May.", published=date(2024, 5, 9), article_id="b"),
    )
    evidence = (whole(hits, 1, "Saturday"), whole(hits, 2, "11 May"))
    assert differing("When is the match?", evidence, hits) == ()


def test_what_hardly_answers_is_no_side_however_near_the_best() -> None:
    """ "A car costs two crowns" and the cost of a flood are not two prices of one crossing."""
    answering = (whole(TOLL, 1, "14", score=A_SIDE), whole(TOLL, 3, "47", score=A_SIDE))
    hardly = (whole(TOLL, 1, "14", score=A_SIDE), whole(TOLL, 3, "47", score=A_SIDE - 0.1))
    assert shorts(differing(HOW_MANY, answering, TOLL)) == [["47"], ["14"]]
    assert differing(HOW_MANY, hardly, TOLL) == ()


@pytest.mark.parametrize(
    ("question", "days"),
    [
        (HOW_MANY, (None, None)),  # no reports that follow each other
        (HOW_MANY, (date(2022, 5, 2), date(2022, 5, 2))),
        ("How many people had died on the Marit by 2 May 2022?", (date(2022, 5, 2), None)),
    ],
)
def test_but_for_later_reports_a_side_scores_nearly_as_well(
    question: str, days: tuple[date | None, date | None]
) -> None:
    hits = (
        hit("At least 14 people died, the owner said.", published=days[0], article_id="a"),
        hit("The sinking of the Marit killed 47 people.", published=days[1], article_id="b"),
    )
    near = (whole(hits, 1, "14"), whole(hits, 2, "47", score=12.0 - AS_GOOD))
    far = (whole(hits, 1, "14"), whole(hits, 2, "47", score=11.9 - AS_GOOD))
    assert len(differing(question, near, hits)) == 2
    assert differing(question, far, hits) == ()


CAMERON_AND_WHEDON = (
    hit("James Cameron directed the film Titanic.", published=None, article_id="a"),
    hit("Joss Whedon, who directed it, dived to the wreck.", published=None, article_id="b"),
    hit("A Canadian directed the film about the ship.", published=None, article_id="c"),
)
DIRECTED = "Who directed Titanic?"


def outright(hits: tuple[Hit, ...], number: int, short: str, score: float) -> Evidence:
    return replace(whole(hits, number, short, score), outright=True)


def test_what_answers_outright_is_a_side_in_whatever_words_and_however_far_below() -> None:
    best = outright(CAMERON_AND_WHEDON, 1, "James Cameron", 28.0)
    other = outright(CAMERON_AND_WHEDON, 2, "Joss Whedon", 6.0)
    assert len(differing(DIRECTED, (best, other), CAMERON_AND_WHEDON)) == 2
    doubted = replace(other, outright=False)
    assert differing(DIRECTED, (best, doubted), CAMERON_AND_WHEDON) == ()
    near = replace(doubted, score=27.0)  # as good, of another matter for all that is known
    assert differing(DIRECTED, (best, near), CAMERON_AND_WHEDON) == ()


def test_somebody_who_is_not_named_is_no_other_one() -> None:
    """The Canadian may be James Cameron."""
    best = outright(CAMERON_AND_WHEDON, 1, "James Cameron", 28.0)
    other = outright(CAMERON_AND_WHEDON, 3, "A Canadian", 20.0)
    assert differing(DIRECTED, (best, other), CAMERON_AND_WHEDON) == ()


def test_where_several_are_asked_for_two_names_are_both_right() -> None:
    best = outright(CAMERON_AND_WHEDON, 1, "James Cameron", 28.0)
    other = outright(CAMERON_AND_WHEDON, 2, "Joss Whedon", 20.0)
    asked = "Which directors made films of Titanic?"
    assert differing(asked, (best, other), CAMERON_AND_WHEDON) == ()


def test_a_day_of_something_else_is_no_other_day() -> None:
    """Two articles tell of a game, and one of its announcement."""
    hits = (
        hit("The game was released on 3 March 2017.", published=None, article_id="a"),
        hit("It was announced on 23 January 2013 at a show.", published=None, article_id="b"),
    )
    released = outright(hits, 1, "3 March 2017", 8.5)
    announced = whole(hits, 2, "23 January 2013", 4.3)
    assert differing("When was the game released?", (released, announced), hits) == ()
    both = (released, replace(announced, outright=True))
    assert shorts(differing("When was the game released?", both, hits)) == [
        ["3 March 2017"],
        ["23 January 2013"],
    ]


def test_copies_with_another_answer_in_them_differ_whatever_they_score() -> None:
    """As do the reports of one agency of which somebody changed one."""
    said = "on Monday evening that the owner of the ferry Marit had been warned twice"
    hits = (
        hit(f"Ann Dale of Holme said {said}.", article_id="a", published=None),
        hit(f"Carl Rowe of Holme said {said}.", article_id="b", published=None),
    )
    evidence = (whole(hits, 1, "Ann Dale of Holme"), whole(hits, 2, "Carl Rowe of Holme", score=0))
    assert len(differing("Who said that the owner had been warned?", evidence, hits)) == 2


def test_a_piece_that_differs_from_one_of_a_side_is_no_part_of_it() -> None:
    """A day without a year agrees with both years; which of them is meant nobody knows."""
    texts = ("It opened on November 12.", "It opened on November 12, 2010.")
    hits = tuple(
        hit(text, article_id=name, published=None)
        for name, text in zip("abc", (*texts, "It opened on 12 November 2020."), strict=True)
    )
    evidence = (
        whole(hits, 1, "November 12", score=14.0),
        whole(hits, 2, "November 12, 2010", score=13.0),
        whole(hits, 3, "12 November 2020"),
    )
    first, second = differing("When did it open?", evidence, hits)
    assert [one.short for one in first] == ["November 12, 2010", "November 12"]  # in full first
    assert [one.short for one in second] == ["12 November 2020"]


def test_figures_that_agree_are_one_side() -> None:
    again = hit("Forty-seven people died, the coast guard said.", article_id="again")
    hits = (*TOLL, again)
    evidence = (whole(hits, 3, "47"), whole(hits, 4, "Forty-seven"))
    assert differing(HOW_MANY, evidence, hits) == ()
    (newest, older) = differing(HOW_MANY, (*evidence, whole(hits, 1, "14")), hits)
    assert {one.short for one in newest} | {one.short for one in older} == {
        "47",
        "Forty-seven",
        "14",
    }


def test_one_article_that_says_two_things_does_not_contradict_itself() -> None:
    both = (hit("At first 14 people were thought dead. Later 31 people were.", article_id="one"),)
    evidence = (
        piece("At first 14 people were thought dead.", both, short="14"),
        piece("Later 31 people were.", both, short="31"),
    )
    assert differing(HOW_MANY, evidence, both) == ()


def test_lists_are_no_contradiction() -> None:
    hits = (
        hit("Chad, Fiji and Peru have sent boats to Holme.", article_id="a"),
        hit("Cuba and Mali have also sent boats to Holme.", article_id="b"),
    )
    evidence = (whole(hits, 1, "Chad, Fiji and Peru"), whole(hits, 2, "Cuba and Mali"))
    assert differing("Which countries have sent boats to Holme?", evidence, hits) == ()


def test_without_short_answers_nothing_differs() -> None:
    assert differing(HOW_MANY, (whole(TOLL, 1, ""), whole(TOLL, 3, "")), TOLL) == ()
    assert differing(HOW_MANY, (), ()) == ()


def test_the_undated_side_comes_last() -> None:
    hits = (hit("Some 20 people died on the Marit.", published=None, article_id="undated"), *TOLL)
    evidence = (whole(hits, 1, "20"), whole(hits, 2, "14"))
    assert shorts(differing(HOW_MANY, evidence, hits)) == [["14"], ["20"]]


def two(one: str, short: str, other: str, other_short: str, question: str) -> bool | None:
    hits = (hit(one, article_id="a", published=None), hit(other, article_id="b", published=None))
    return compared(question, whole(hits, 1, short), whole(hits, 2, other_short), hits)


HURT = "How many people were hurt in the fire?"
FIVE = ("Five people were hurt in the fire.", "Five")
NOBODY_AND_NAMES = [
    ("No one was hurt in the fire.", "No one", *FIVE, HURT, False),
    ("Nobody was hurt in the fire.", "Nobody", *FIVE, HURT, False),
    (*FIVE, "No people were hurt in the fire.", "No people", HURT, False),
    ("No one was hurt in the fire.", "No one", "In the fire 0 were hurt.", "0", HURT, True),
    (
        "North Korea fired the missile.",
        "North Korea",
        "South Korea fired the missile.",
        "South Korea",
        "Which country fired the missile?",
        False,
    ),
    (
        "Laura Bush opened the fair in Orrin.",
        "Laura Bush",
        "George Bush opened the fair in Orrin, and 400 came.",
        "George Bush",
        "Who opened the fair?",
        False,
    ),
    (
        "President Donald Trump opened the fair.",
        "President Donald Trump",
        "Donald J. Trump opened the fair.",
        "Donald J. Trump",
        "Who opened the fair?",
        True,  # a title and an initial
    ),
    (
        "Joe Kemp opened the fair in Orrin.",
        "Joe Kemp",
        "The fair has been opened by Joseph Kemp.",
        "Joseph Kemp",
        "Who opened the fair?",
        True,
    ),
    (
        "The boy was found in Holme in Bavaria.",
        "in Holme in Bavaria",
        "They found him in Holme, Germany.",
        "in Holme, Germany",
        "Where was the boy found?",
        True,  # one place, and where it lies
    ),
]
MAYORS = [
    (f"{who} opened the fair.", who, f"{other} opened the fair.", other, "Who came?", False)
    for who, other in (
        ("The mayor of New York", "The governor of New York"),
        ("Toy Story 4", "Toy Story 3"),
    )
]
RATE = "What was the unemployment rate?"
NO_CONTRADICTIONS = [
    ("It was 30C in Oslo.", "30C", "It was 86F in Oslo.", "86F", "How hot was it?", None),
    ("It was 30C in Oslo.", "30C", "It was 36C in Oslo.", "36C", "How hot was it?", False),
    ("It has 5 acres.", "5 acres", "It has two hectares.", "two hectares", "How big is it?", None),
    ("It has 5 acres.", "5 acres", "It has two acres.", "two acres", "How big is it?", False),
    *(
        (f"{one} died in it.", one, f"{other} died in it.", other, "How many died in it?", False)
        for one, other in (("12 people", "14 victims"), ("12 firefighters", "14 people"))
    ),
    ("5-7 boats were there.", "5-7", "Six boats were there.", "Six", "How many were there?", True),
    (
        "Eight boats were there.",
        "Eight",
        "Between 5 and 7 boats were there.",
        "Between 5 and 7",
        "How many boats were there?",
        False,  # outside the range
    ),
    ("The rate was 4.2% in March.", "4.2%", "The rate was 4.4% in April.", "4.4%", RATE, None),
    ("The rate was 4.2% in March.", "4.2%", "The rate was 4.4% in March.", "4.4%", RATE, False),
    (
        "Profits rose 5% in the first quarter.",
        "5%",
        "Profits rose 7% in the second quarter.",
        "7%",
        "How much did profits rise?",
        None,
    ),
]


@pytest.mark.parametrize(
    ("one", "short", "other", "other_short", "question", "same"),
    [
        (
            "Ann Dale steered the ferry Marit.",
            "Ann Dale",
            "Ann Dale, 41, steered it.",
            "Ann Dale, 41",
            "Who steered the ferry?",
            True,
        ),
        (
            "Captain Ann Dale steered the ferry Marit that night.",
            "Captain Ann Dale",
            "Dale steered the ferry.",
            "Dale",
            "Who steered the ferry?",
            True,
        ),
        (
            "Ann Dale steered the ferry Marit that night.",
            "Ann Dale",
            "Carl Rowe steered the ferry Marit that night.",
            "Carl Rowe",
            "Who steered the ferry?",
            False,
        ),
        (
            "Ann Dale steered the ferry Marit that night.",
            "Ann Dale",
            "Carl Rowe leads the inquiry.",
            "Carl Rowe",
            "Who steered the ferry?",
            None,  # of another matter
        ),
        (
            "It is 9 kilometres long.",
            "9 kilometres",
            "It took 9 years.",
            "9 years",
            "How long?",
            True,
        ),
        (
            "It is 9 kilometres long.",
            "9 kilometres",
            "It took eleven years.",
            "eleven years",
            "How long?",
            None,  # metres and years do not compare
        ),
        (
            "It opens on Wednesday, Nov. 18.",
            "Wednesday, Nov. 18",
            "It opened in 2020.",
            "2020",
            "When did it open?",
            None,  # a day without a year, and a year
        ),
        (
            "It opens on Nov. 18.",
            "Nov. 18",
            "It opened on 18 November 2020.",
            "18 November 2020",
            "When did it open?",
            True,
        ),
        (
            "It opened on Nov. 17, 2020.",
            "Nov. 17, 2020",
            "It opened on 18 November 2020.",
            "18 November 2020",
            "When did it open?",
            False,
        ),
        (
            "The council visits the harbour on Tuesday.",
            "on Tuesday",
            "The council visits the harbour and the new mill after the talks, it told the press.",
            "after the talks",
            "When does the council visit the harbour?",
            None,  # which may be Tuesday
        ),
        (
            "Toy Story 4 won the prize for the best drawn film that night.",
            "Toy Story 4",
            "Soul won the prize for the best drawn film that night.",
            "Soul",
            "Which film won?",
            False,  # a figure that is part of a name
        ),
        (
            "In 2022 it held 300 people.",
            "300",
            "In 2022 it held 250 people.",
            "250",
            "How many did it hold in 2022?",
            False,
        ),
        *NOBODY_AND_NAMES,
        *MAYORS,
        *NO_CONTRADICTIONS,
    ],
)
def test_two_short_answers(
    one: str, short: str, other: str, other_short: str, question: str, same: bool | None
) -> None:
    assert two(one, short, other, other_short, question) is same
