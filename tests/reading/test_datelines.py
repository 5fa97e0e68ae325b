"""Days that an article states of itself, against days that it only mentions; all by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.datelines import dateline, labelled_day, stated_day

DAY = date(2023, 2, 18)
PROSE = "The two officials met on the sidelines of a conference. They spoke for about an hour."


@pytest.mark.parametrize(
    "head",
    [
        # a line that holds the day alone
        "18 February 2023",
        "February 18, 2023",
        "Feb. 18, 2023",
        "Feb 18 2023",
        "18th February, 2023",
        "18. February 2023",
        "2023-02-18",
        "2023/02/18",
        "2023-02-18T14:31:00Z",
        "2023-02-18 14:31",
        "Saturday, February 18, 2023",
        "Sat 18 Feb 2023 14.31 GMT",
        "18 February 2023, 2:31 PM",
        "**18 February 2023**",
        "[18 February 2023]",
        "> *Saturday 18 February 2023*",
        # with a label
        "Published 2:31 PM EST, Sat February 18, 2023",
        "Published: 2023-02-18",
        "Published on 18 February 2023",
        "First published on Sat 18 Feb 2023 14.31 GMT",
        "Posted at 9:05 a.m. on Feb. 18, 2023",
        "Date: 18 February 2023",
        "Publication date: Feb 18, 2023",
        "PUBLISHED 18 FEBRUARY 2023",
        "Published: 18 February 2023 | Updated: 20 February 2023",
        "Updated 20 February 2023 · Published 18 February 2023",
        "Published February 18, 2023 at 2:31 p.m. EST",
        # with a byline or a section
        "By Jane Doe | February 18, 2023",
        "By Jane Doe, 18 February 2023",
        "By Jane Doe and Jean de la Tour, Saturday, Feb. 18, 2023",
        "BY JANE DOE FEBRUARY 18, 2023",
        "World · 18 February 2023 · 4 min read",
        "Jane Doe | 18 February 2023 | Munich",
        # a dateline
        "MUNICH, Feb. 18, 2023 (Reuters) -",
        "MUNICH, Feb. 18, 2023 (Reuters)",
        "MUNICH, Germany, Feb. 18, 2023 /PRNewswire/ --",
        "MUNICH, FEBRUARY 18, 2023",
        f"MUNICH, Feb. 18, 2023 (Reuters) - {PROSE}",
        f"Munich, 18 February 2023 – {PROSE}",
        f"NEW YORK, Feb. 18, 2023 (GLOBE NEWSWIRE) -- {PROSE}",
        f"Rio de Janeiro, February 18, 2023 — “{PROSE}”",
    ],
)
def test_a_day_that_the_head_states(head: str) -> None:
    assert dateline(f"{head}\n\n{PROSE}") == DAY
    assert dateline(f"Blinken meets Wang Yi\n\nMunich\n{head}\n\n{PROSE}") == DAY


@pytest.mark.parametrize(
    "head",
    [
        # prose
        f"Since 24 February 2022 the war has gone on. {PROSE}",
        f"On 24 February 2022 Russia invaded Ukraine. {PROSE}",
        f"On Saturday, February 18, 2023 — {PROSE}",
        f"February 24, 2022 — the day the war began — changed Europe. {PROSE}",
        f"February 24, 2022 – A day that changed Europe. {PROSE}",
        f"By February 18, 2023, the balloon had been found. {PROSE}",
        f"It was published on 18 February 2023 in Munich. {PROSE}",
        "Since 24 February 2022 the war has gone on.",
        "By 18 February 2023 it was over",
        "By the evening of 18 February 2023",
        "On 18 February 2023",
        "The meeting of 18 February 2023",
        "Updated figures for 18 February 2023",
        # a day of something else
        "The war began on 24 February 2022",
        "Treaty of Versailles, 28 June 1919",
        "Munich Agreement, 30 September 1938",
        "Hiroshima, 6 August 1945",
        "Born: 18 February 1950",
        "Date of birth: 18 February 1950",
        "Deadline: 18 February 2024",
        "18 February 1950 – 3 March 2020",
        "18 February 1950 | 3 March 2020",
        "18-20 February 2023",
        "February 18–20, 2023",
        "Events: 18 February 2023, 20 February 2023",
        # not a whole day, or none that can be told
        "MUNICH, Feb 18 (Reuters) - The two officials met.",
        "February 2023",
        "18 February",
        "Published 03/04/2023",
        "03/04/2023",
        "18.02.2023",
        "31 February 2023",
        "18 February 23",
        "Published: yesterday",
        "Order 2023-02-18-7",
        "https://example.org/2023/02/18/visit",
        "May 2023 was warm",
        "(c) 2023 Gazette",
    ],
)
def test_a_day_that_is_only_mentioned(head: str) -> None:
    assert dateline(f"{head}\n\n{PROSE}") is None
    assert dateline(f"Blinken meets Wang Yi\n\nMunich\n{head}\n\n{PROSE}") is None


def test_an_update_counts_only_where_nothing_else_is_stated() -> None:
    assert dateline(f"Title\nUpdated 4:04 PM EST, Sat February 18, 2023\n\n{PROSE}") == DAY
    assert dateline(f"Title\nLast updated: 20 Feb 2023\n18 February 2023\n\n{PROSE}") == DAY
    assert dateline(f"Title\n20 Feb 2023\nPublished: 18 February 2023\n\n{PROSE}") == DAY


def test_only_the_head_is_read() -> None:
    assert dateline(f"Title\n\n{PROSE} {PROSE}\n\n18 February 2023") is None
    assert dateline("One\nTwo\nThree\nFour\nFive\nSix\n18 February 2023") is None
    assert dateline("One\n\nTwo\n\nThree\nFour\nFive\n18 February 2023") == DAY


def test_the_paper_and_the_day_right_below_the_headline() -> None:
    """So it stands on clippings; two lines below it, it may be any day that the text is about."""
    day = date(2019, 3, 14)
    assert dateline(f"Council votes on crane\n\nOrme Gazette, 14 March 2019\n\n{PROSE}") == day
    assert dateline(f"Council votes on crane\nThe Orme Gazette, March 14, 2019\n{PROSE}") == day
    assert dateline(f"Orme Gazette, 14 March 2019\n\n{PROSE}") is None
    assert dateline(f"Crane\n\nIt sailed on Thursday, 14 March 2019\n\n{PROSE}") is None


@pytest.mark.parametrize(
    "written",
    [
        *("2023-02-18", "2023-2-18", "20230218", "20230218T143100", "2023/02/18"),
        *("2023-02-18T23:30:00-05:00", "2023-02-18 23:30:00 -05:00", "2023-02-18T23:30:00.000Z"),
        *("Sat, 18 Feb 2023 14:31:00 GMT", "Sat, 18 Feb 2023 14:31:00 +0000", " Feb 18,\n2023 "),
    ],
)
def test_a_field_states_a_day(written: str) -> None:
    assert stated_day(written) == DAY


@pytest.mark.parametrize(
    "written",
    [
        *("", "yesterday", "2023", "02/18/2023", "2023-02-31", "20231332", "0001-01-01"),
        *("on 2023-02-18", "2023-02-18 or so", "1676730660"),
    ],
)
def test_a_field_that_states_none(written: str) -> None:
    assert stated_day(written) is None


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Date: 18 February 2023", DAY),
        ("**Published on 18 February 2023**", DAY),
        ("18 February 2023", DAY),
        ("By Jane Doe, 18 February 2023", None),  # it tells who wrote it as well
        ("It opened on 18 February 2023.", None),
        ("Date: to be announced", None),
    ],
)
def test_a_line_that_tells_its_day_alone(line: str, day: date | None) -> None:
    assert labelled_day(line) == day


@given(st.text(alphabet="By Feb18,2023-:|.\n()/MUNICHat", max_size=120))
def test_any_text_gives_a_day_or_none(text: str) -> None:
    for day in (dateline(text), stated_day(text), labelled_day(text)):
        assert day is None or 1600 <= day.year < 2100
