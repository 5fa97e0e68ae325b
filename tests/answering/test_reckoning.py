"""Differences and sums of what one quote says, and all that is not computed."""

import pytest

from qa.answering.reckoning import reckon
from tests.answering.builders import hit, piece

VOTES = (
    "Rosa Kemp won 5,210 votes, ahead of the baker Hugh Lorne with 4,375 and the farmer "
    "Ida Moss with 1,120."
)


def reckoned(question: str, quote: str) -> str | None:
    result = reckon(question, piece(quote, (hit(quote),)))
    return None if result is None else str(result)


@pytest.mark.parametrize(
    ("question", "quote", "result"),
    [
        ("By how many votes did Kemp beat Hugh Lorne?", VOTES, "5,210 − 4,375 = 835"),
        ("By how many votes did Kemp beat Ida Moss?", VOTES, "5,210 − 1,120 = 4,090"),
        (
            "By how many votes did Kemp beat Hugh Lorne?",
            f"Rosa Kemp was elected. {VOTES} Kemp said so.",
            "5,210 − 4,375 = 835",
        ),
        (
            "What was the margin between Kemp and Lorne?",
            "Kemp had 900 votes and Lorne 1,000.",
            "1,000 − 900 = 100",
        ),
        (
            "By how much did the fare rise?",
            "The fare rose from 80.50 euros to 92 euros.",
            "92 − 80.50 = 11.5",
        ),
        (
            "How many boats did the county and the state give in total?",
            "The county gave 12 boats and the state 9 boats.",
            "12 + 9 = 21",
        ),
        (
            "By how much did it rise?",
            "The share rose from 4.25 to 4.5 per cent.",
            "4.5 − 4.25 = 0.25",
        ),
        ("By how much did it rise?", "It is up from 500 to 700.", "700 − 500 = 200"),
        ("By how much did it fall?", "It plunged from 50 percent to 30 percent.", "50 − 30 = 20"),
        ("By how much did it fall?", "It tumbled from 50 percent to 30 percent.", "50 − 30 = 20"),
        ("By how much did it rise?", "It moved from 5 percent to 6 percent.", "6 − 5 = 1"),
        (
            "By how much did it grow?",
            "It doubled from 5,000 to 10,000.",
            "10,000 − 5,000 = 5,000",
        ),
        ("By how much did it rise?", "It rose from 2m to 5m.", "5m − 2m = 3m"),  # of either
    ],
)
def test_what_is_computed(question: str, quote: str, result: str) -> None:
    assert reckoned(question, quote) == result


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("By how many votes did Kemp win?", VOTES),  # over whom?
        ("Who won the most votes?", VOTES),  # nothing is to be computed
        ("By how many votes did Kemp win?", "Kemp won by 835 votes, with 5,210."),  # stated
        ("By how much did it fall?", "It fell by about 30 metres to 200."),  # stated
        ("What is the difference?", "It was founded in 1961 and rebuilt in 1999."),  # years
        ("What is the difference?", "They met on 3 May and on 7 June."),  # days
        ("What is the difference?", "It left at 09:15 and came at 11:40."),  # times
        ("How much longer is it?", "It is 9 kilometres long and took 11 years."),  # units
        ("How many in total?", "It has 12 rooms, 3 halls and 2 towers."),  # not only two
        ("How many in total?", "It has 12 rooms."),
        ("How many people died in total?", "47 people died, up from 31."),  # no part of the other
        ("How many sheep were lost in total?", "Of 60 sheep 12 sheep were lost."),
        ("By how much did the cost rise?", "It rose from 5 to 7 million euros."),  # millions both?
        (  # of the two that grew only one is asked about
            "By how much did the UK economy grow?",
            "The economy grew 0.3% in March, while the UK services sector grew 0.5%.",
        ),
        ("How many are they in total?", "The school has 120 girls and 33 cats."),  # unlike things
        ("What was the margin?", "Kemp had 900 votes and Lorne 1,000."),  # between whom?
        ("How much longer is the new bridge?", "The old one is 80 metres long, this 95 metres."),
        ("How much higher is it?", "It is high."),
        # One thing told twice is no two things.
        ("How many people died in total?", "It first said 12 people had died, then 15 people."),
        ("How many died in total?", "By Monday 28 people had died and by Tuesday 31 people."),
        (
            "How many people died in total, say police and army?",
            "28 people died according to the police and 31 people according to the army.",
        ),
        ("How many people died in total?", "A week ago 12 people died; now 20 people died."),
        ("How many boats has the fleet in total?", "The fleet has 12 boats and each has 9 boats."),
        # A share, or a range.
        (
            "How much more did Germany spend than France?",
            "Germany spent 3% of its budget, 5 billion euros, and France 4 billion.",
        ),
        ("What is the difference?", "It cooled from 30 degrees to 12."),
        ("What is the difference?", "It fell from 30C to 12."),
        ("By how much did it rise?", "It rose from 12.500 million to 13.500 million."),
        ("How much longer does it take?", "The ferry takes from 3 hours to 5 hours."),
    ],
)
def test_what_is_not_computed(question: str, quote: str) -> None:
    assert reckoned(question, quote) is None
