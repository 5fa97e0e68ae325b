"""Days of publication that a question names, worked out by hand from a newest day."""

from datetime import date

import pytest

from qa.reading.periods import Period, read_period

FRIDAY = date(2023, 6, 30)


def days(first: str, last: str, rest: str = "articles") -> Period:
    open_or = [date.fromisoformat(day) if day else None for day in (first, last)]
    return Period(rest, *open_or)


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("articles in april", days("2023-04-01", "2023-04-30")),
        ("articles from MAY", days("2023-05-01", "2023-05-31")),
        ("articles since 3 may 2022", days("2022-05-03", "")),
        ("articles from may 3 to june 5", days("2023-05-03", "2023-06-05")),
        ("articles from last march", days("2023-03-01", "2023-03-31")),
        ("articles published after March", days("2023-04-01", "")),
        ("articles published before April", days("", "2023-03-31")),
        ("articles during August", days("2022-08-01", "2022-08-31")),
        ("articles in May or June", days("2023-05-01", "2023-06-30")),
        ("articles between january and march", days("2023-01-01", "2023-03-31")),
        ("articles between November and March", days("2022-11-01", "2023-03-31")),
        ("articles between March and November", days("2022-03-01", "2022-11-30")),
        ("articles between March and May 2021", days("2021-03-01", "2021-05-31")),
        ("articles between November and May 2021", days("2020-11-01", "2021-05-31")),
    ],
)
def test_months_are_read_in_any_letters_behind_every_side(question: str, period: Period) -> None:
    assert read_period(question, FRIDAY) == period


def test_a_february_before_is_as_long_as_it_was() -> None:
    assert read_period("articles in february", date(2025, 1, 9)) == days("2024-02-01", "2024-02-29")
    assert read_period("articles in february", date(2024, 1, 9)) == days("2023-02-01", "2023-02-28")


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("articles yesterday", days("2023-06-29", "2023-06-29")),
        ("articles of today", days("2023-06-30", "2023-06-30")),
        ("articles from the last two weeks", days("2023-06-17", "2023-06-30")),
        ("articles in the last three days", days("2023-06-28", "2023-06-30")),
        ("articles over the past 7 days", days("2023-06-24", "2023-06-30")),
        ("articles from the past week", days("2023-06-24", "2023-06-30")),
        ("articles of the past month", days("2023-06-01", "2023-06-30")),
        ("articles within the last 2 years", days("2021-07-01", "2023-06-30")),
        ("articles from the last week", days("2023-06-19", "2023-06-25")),  # of the calendar
    ],
)
def test_what_ends_now_is_read_from_the_newest_day(question: str, period: Period) -> None:
    assert read_period(question, FRIDAY) == period
    assert read_period(question, None) == Period(question)


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("articles published on 24/03/2021", days("2021-03-24", "2021-03-24")),
        ("articles from 03/24/2021", days("2021-03-24", "2021-03-24")),
        ("articles since 5.5.2021", days("2021-05-05", "")),
        ("today's news", days("2023-06-30", "2023-06-30", "the news")),
        ("any of Monday’s articles", days("2023-06-26", "2023-06-26", "any of the articles")),
        ("list last week's top stories", days("2023-06-19", "2023-06-25", "list the top stories")),
    ],
)  # fmt: skip
def test_figures_and_days_that_own_articles(question: str, period: Period) -> None:
    assert read_period(question, FRIDAY) == period


@pytest.mark.parametrize(
    "question",
    [
        "articles published on 03/04/2021",  # the third or the fourth month
        "articles from 31/13/2021",
        "articles that say who may resign",
        "articles on the women's march",
        "articles about theresa may",
        "articles in March or May",  # two, and what lies between is not asked for
        "articles on the 2016 referendum",
        "summary of 2024 election reports",
        "summarise 2016 referendum reports",
        "articles about Monday's vote",
        "summarise the last week of the trial",
    ],
)
def test_what_names_no_days_of_publication_is_left_whole(question: str) -> None:
    assert read_period(question, FRIDAY) == Period(question)


def test_a_year_before_what_is_no_noun_is_a_period() -> None:
    year = ("2021-01-01", "2021-12-31")
    mentioning = read_period("articles in 2021 refer to Biden", FRIDAY)
    assert mentioning == days(*year, "articles refer to Biden")
    assert read_period("news of 2021 about Biden", FRIDAY) == days(*year, "news about Biden")
    assert read_period("summarise 2021", FRIDAY) == days(*year, "summarise")
