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
        ("How many are they in total?", "The school has 120 girls and 33 cats."),  # unlike things
        ("What was the margin?", "Kemp had 900 votes and Lorne 1,000."),  # between whom?
        ("How much longer is the new bridge?", "The old one is 80 metres long, this 95 metres."),
        ("How much higher is it?", "It is high."),
    ],
)
def test_what_is_not_computed(question: str, quote: str) -> None:
    assert reckoned(question, quote) is None
