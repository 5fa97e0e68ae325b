"""Days that news names, read against the day of publication; worked out with a calendar."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.dates import absolute_dates, gloss, relative_dates, spelled

WEDNESDAY = date(2021, 3, 24)
SATURDAY = date(2021, 3, 27)
FRIDAY = date(2024, 5, 10)


def read(text: str, published: date) -> list[tuple[str, str]]:
    return [
        (text[one.start : one.end], spelled(one.first, one.last))
        for one in relative_dates(text, published)
    ]


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("It got stuck on Tuesday morning.", WEDNESDAY, ["23 March 2021"]),
        ("The vote would be held on April 19, he said.", date(2025, 10, 14), ["19 April 2026"]),
        ("The vote was held on 2 May.", date(2024, 11, 9), ["2 May 2024"]),
        ("The fair will be on 2 May.", date(2024, 11, 9), ["2 May 2025"]),
        ("2 May, a fine day.", date(2024, 11, 9), ["2 May 2025"]),  # no verb: the nearest
        ("He said he would resign on October 3.", date(2025, 10, 14), ["3 October 2025"]),
        ("She was to arrive on October 17.", date(2025, 10, 14), ["17 October 2025"]),
        ("It is to be sold on Monday.", FRIDAY, ["13 May 2024"]),
        ("Tugs tried on Tuesday and Wednesday.", WEDNESDAY, ["23 March 2021", "24 March 2021"]),
        ("Saturday's convoy had to wait.", SATURDAY, ["27 March 2021"]),
        ("On Thursday Wang went on to Rome.", date(2023, 2, 16), ["16 February 2023"]),
        ("He wants to have it afloat on Saturday.", date(2021, 3, 26), ["27 March 2021"]),
        ("113 of them were to pass by Tuesday.", date(2021, 3, 29), ["30 March 2021"]),
        ("The journey begins on Monday.", date(2023, 3, 9), ["13 March 2023"]),
        ("On Monday the court will decide.", WEDNESDAY, ["29 March 2021"]),
        ("The vote is expected on Friday.", WEDNESDAY, ["26 March 2021"]),
        ("The canal will be reopened on Monday.", SATURDAY, ["29 March 2021"]),
        ("The match is on Saturday.", WEDNESDAY, ["27 March 2021"]),
        ("Tickets go on sale on Friday.", WEDNESDAY, ["26 March 2021"]),
        ("She needs the money by Friday.", WEDNESDAY, ["26 March 2021"]),
        ("The strike lasts until Sunday.", WEDNESDAY, ["28 March 2021"]),
        ("On Monday, the court will hear the case.", FRIDAY, ["13 May 2024"]),
        ("The hearings begin on Monday.", FRIDAY, ["13 May 2024"]),
        ("Voters go to the polls on Sunday.", FRIDAY, ["12 May 2024"]),
        ("Arsenal play Holme on Sunday.", FRIDAY, ["12 May 2024"]),
        ("The exhibition runs until Sunday.", FRIDAY, ["12 May 2024"]),
        ("The deadline is Monday.", FRIDAY, ["13 May 2024"]),
        ("The court adjourned the hearing until Monday.", FRIDAY, ["13 May 2024"]),
        ("The match was put off until Monday.", FRIDAY, ["13 May 2024"]),
        ("The mill is closed until Monday.", FRIDAY, ["13 May 2024"]),
        ("Rain is forecast for Sunday.", FRIDAY, ["12 May 2024"]),
        ("The president faces a vote on Tuesday.", FRIDAY, ["14 May 2024"]),
        ("Kemp faces jail after a raid on Sunday.", FRIDAY, ["5 May 2024"]),
        ("Rebels set off a bomb in the market on Monday.", FRIDAY, ["6 May 2024"]),
        ("Protesters set out from Lund on Monday.", FRIDAY, ["6 May 2024"]),
        (
            "Police face criticism for their response to the riot on Saturday.",
            FRIDAY,
            ["4 May 2024"],
        ),
        ("Farmers face heavy losses from the frost on Sunday night.", FRIDAY, ["5 May 2024"]),
        ("Two suspects face charges in the stabbing on Monday.", FRIDAY, ["6 May 2024"]),
        ("Officials face questions about the crash on Tuesday.", FRIDAY, ["7 May 2024"]),
        ("Relatives visit the site of the crash on Monday.", FRIDAY, ["6 May 2024"]),
        ("Relatives visit the site on Monday.", FRIDAY, ["13 May 2024"]),
        ("The trial opens in Lund on Monday.", FRIDAY, ["13 May 2024"]),
        ("Voters go to the polls in Lund on Sunday.", FRIDAY, ["12 May 2024"]),
        ("Kemp will resign after the vote on Sunday.", FRIDAY, ["12 May 2024"]),
        ("On Monday, the court heard the case.", FRIDAY, ["6 May 2024"]),
        ("The exhibition ran until Sunday.", FRIDAY, ["5 May 2024"]),
        ("He was jailed for Monday's attack.", FRIDAY, ["6 May 2024"]),
        ("Kemp lost a crucial vote on Tuesday.", FRIDAY, ["7 May 2024"]),
        ("Monday's vote was close.", FRIDAY, ["6 May 2024"]),
        ("The Senate vote on Tuesday was close.", FRIDAY, ["7 May 2024"]),
        ("He did not play on Sunday.", FRIDAY, ["5 May 2024"]),
        ("They beat the hosts on Sunday.", FRIDAY, ["5 May 2024"]),
        ("The men were freed on Monday.", FRIDAY, ["6 May 2024"]),
        ("England made 320 runs on Sunday.", WEDNESDAY, ["21 March 2021"]),
        ("He will not resign, he said on Monday.", WEDNESDAY, ["22 March 2021"]),
        (
            "Rabie said that it could be on Saturday or Sunday.",
            SATURDAY,
            ["27 March 2021", "28 March 2021"],
        ),
        (
            "He leaves on Tuesday, the ministry announced on Monday.",
            date(2023, 2, 13),
            ["14 February 2023", "13 February 2023"],
        ),
        ("Last Saturday they met.", SATURDAY, ["20 March 2021"]),
        ("They meet next Saturday.", SATURDAY, ["3 April 2021"]),
        ("They meet this Friday.", WEDNESDAY, ["26 March 2021"]),
    ],
)
def test_weekdays_point_back_or_ahead_as_the_verb_does(
    text: str, published: date, expected: list[str]
) -> None:
    assert [days for _, days in read(text, published)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yesterday it rained.", ("Yesterday", "23 March 2021")),
        ("It rains today.", ("today", "24 March 2021")),
        ("It will rain tomorrow.", ("tomorrow", "25 March 2021")),
        ("the day before yesterday", ("the day before yesterday", "22 March 2021")),
        ("It rained two days ago.", ("two days ago", "22 March 2021")),
        ("It will be over in three days.", ("in three days", "27 March 2021")),
        ("It is over in a week’s time.", ("in a week’s time", "28 March 2021 to 3 April 2021")),
        ("It fell two weeks ago.", ("two weeks ago", "7 March 2021 to 13 March 2021")),
        ("It fell ten months ago.", ("ten months ago", "May 2020")),
        ("In the vote five years ago", ("five years ago", "2016")),
        ("It rained last week.", ("last week", "15 March 2021 to 21 March 2021")),
        ("the beginning of next week", ("next week", "29 March 2021 to 4 April 2021")),
        ("It opens next month.", ("next month", "April 2021")),
        ("There were 343 this year.", ("this year", "2021")),
        ("earlier this month", ("earlier this month", "1 March 2021 to 24 March 2021")),
        ("later this year", ("later this year", "24 March 2021 to 31 December 2021")),
        ("They met at the weekend.", ("at the weekend", "20 March 2021 to 21 March 2021")),
        ("They will meet at the weekend.", ("at the weekend", "27 March 2021 to 28 March 2021")),
        ("last March", ("last March", "March 2020")),
        ("It opened in May last year.", ("May last year", "May 2020")),
        ("since February this year", ("February this year", "February 2021")),
        ("It will open in May next year.", ("May next year", "May 2022")),
        ("next March", ("next March", "March 2022")),
        ("He resigned in January.", ("January", "January 2021")),
        ("The term ends in February.", ("February", "February 2022")),
        ("Since the invasion in April it has", ("April", "April 2020")),
        ("at the end of December", ("December", "December 2020")),
        ("On 23 March it rained.", ("23 March", "23 March 2021")),
        ("until the 29th of March", ("the 29th of March", "29 March 2021")),
        ("Tuesday, March 23, it rained", ("Tuesday, March 23", "23 March 2021")),
        ("on Feb. 18.", ("Feb. 18", "18 February 2021")),
        ("on 10 December", ("10 December", "10 December 2020")),
        ("on the second of February.", ("the second of February", "2 February 2021")),
        (
            "Tuesday the thirty-first of March",
            ("Tuesday the thirty-first of March", "31 March 2021"),
        ),
        ("on 27 and 28 January", ("27 and 28 January", "27 January 2021 to 28 January 2021")),
    ],
)
def test_other_words_for_days(text: str, expected: tuple[str, str]) -> None:
    assert read(text, WEDNESDAY) == [expected]


def test_some_words_are_read_against_the_day_named_before_them() -> None:
    text = "At least 237 ships were waiting on Friday, after 150 the day before."
    assert read(text, SATURDAY) == [
        ("Friday", "26 March 2021"),
        ("the day before", "25 March 2021"),
    ]
    text = "On 26 September 2022 it struck. It had been launched ten months earlier."
    assert read(text, date(2022, 10, 11)) == [("ten months earlier", "November 2021")]
    text = "Putin received him on Wednesday. This was announced nine days earlier."
    assert read(text, date(2023, 2, 22))[1] == ("nine days earlier", "13 February 2023")
    assert read("It was announced nine days earlier.", WEDNESDAY) == []
    assert read("On Friday it rained.\n\nThe next day it stopped.", SATURDAY)[1:] == []


@pytest.mark.parametrize(
    "text",
    [
        "every Saturday",
        "on Good Friday",
        "the previous Tuesday",
        "The talks were over in three days.",
        "more than three weeks ago",
        "You may march in.",
        "In March 2020 ships passed.",
        "on 30 February",
        "the day before the vote",
        "24/03/2021",
    ],
)
def test_what_cannot_be_read_for_sure_is_left_out(text: str) -> None:
    assert read(text, WEDNESDAY) == []


def test_a_day_of_no_year_near_is_left_out() -> None:
    assert read("on 29 February", WEDNESDAY) == [("29 February", "29 February 2020")]
    assert read("on 29 February", date(2022, 3, 24)) == []


def test_days_in_full() -> None:
    text = (
        "On 24 March 2021, March 25, 2021, Friday 26 March 2021, 2021-03-27, on 28 and 29 March"
        " 2021, in March 2021, Feb. 2021; not 24/03/2021, 2021-13-01, 31 April 2021 or 23 March."
    )
    found = [
        (text[one.start : one.end], spelled(one.first, one.last)) for one in absolute_dates(text)
    ]
    assert found == [
        ("24 March 2021", "24 March 2021"),
        ("March 25, 2021", "25 March 2021"),
        ("Friday 26 March 2021", "26 March 2021"),
        ("2021-03-27", "27 March 2021"),
        ("28 and 29 March 2021", "28 March 2021 to 29 March 2021"),
        ("March 2021", "March 2021"),
        ("Feb. 2021", "February 2021"),
        ("April 2021", "April 2021"),
    ]
    assert [words for words, _ in read(text, WEDNESDAY)] == ["23 March"]


def test_a_gloss_explains_what_the_words_do_not_say() -> None:
    text = "It got stuck on Tuesday. On Tuesday, and on 24 March, tugs came. It opens next month."
    assert gloss(text, WEDNESDAY) == "Tuesday = 23 March 2021; next month = April 2021"
    assert gloss("It was refloated on 29 March.", date(2021, 7, 7)) == ""


WORDS = st.sampled_from(
    "on in last next this the day before ago a two 12 999 weeks months years earlier Saturday"
    " Friday March May Feb. 31 29 2021 0099 9999-12-31 yesterday today tomorrow will said ſunday ı"
    " \n . , 1 to and of weekend week year".split(" ")
)
TEXTS = st.one_of(st.text(), st.lists(WORDS, max_size=30).map(" ".join))


@given(TEXTS, st.dates())
def test_mentions_stand_in_the_text_one_after_another(text: str, published: date) -> None:
    for found in (relative_dates(text, published), absolute_dates(text)):
        end = 0
        for mention in found:
            assert end <= mention.start < mention.end <= len(text)
            assert mention.first <= mention.last
            end = mention.end
    assert isinstance(gloss(text, published), str)
