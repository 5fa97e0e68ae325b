"""What fields state under whatever names, and days as people and programs write them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.fields import Stated, day_of, labelled_day, stated, text_of

ENGLISH = "The lamp was lit by the keeper and the harbour was open again in the evening."
GERMAN = "Die Talsperre ist wieder voll, und das Wasser wird in den nächsten Tagen abgelassen."


def test_the_names_that_programs_give() -> None:
    fields = {"Headline": "Ferry", "publishedAt": "2023-04-01T10:00:00Z", "publisher": "Echo"}
    assert stated(fields, ENGLISH) == Stated(
        title="Ferry", published=date(2023, 4, 1), source="Echo"
    )


def test_the_first_name_that_holds_something_counts() -> None:
    fields = {"title": "", "headline": "Ferry", "date": "2023-05-01", "published": "2023-04-01"}
    assert stated(fields, ENGLISH) == Stated(title="Ferry", published=date(2023, 4, 1))


def test_a_source_with_a_name_of_its_own_and_an_id_in_figures() -> None:
    fields = {"id": 7, "source": {"id": None, "name": " Lund\nEcho "}}
    assert stated(fields, ENGLISH) == Stated(id="7", source="Lund Echo")


@pytest.mark.parametrize("flag", ["true", "false", True, False, "Draft"])
def test_that_something_is_published_is_no_day(flag: object) -> None:
    assert stated({"published": flag, "date": "2023-04-01"}, ENGLISH) == Stated(
        published=date(2023, 4, 1)
    )
    assert stated({"published": flag}, ENGLISH) == Stated()


def test_what_cannot_be_read_is_left_out_and_named() -> None:
    told = stated({"title": ["a", "b"], "source": {"url": "x"}, "date": "soon"}, ENGLISH)
    assert told == Stated(
        problems=(
            "has a `title` that is no single value; the article is kept without it.",
            "has a `date` that cannot be told; the article is kept without it. Write it "
            "like 2023-02-18.",
        )
    )


@pytest.mark.parametrize(
    "written",
    [
        "2023-02-18",
        "2023-02-18 23:30:00 -05:00",
        "2023-02-18 3:45 PM EST",
        "Sat, 18 Feb 2023 08:00:00 GMT",
        "18 February 2023",
        "February 18, 2023",
        "18.02.2023",
        "18.2.2023 10:15",
        "02/18/2023",
        "18/02/2023",
        "18-02-2023",
        "18. Februar 2023",
        "18 février 2023",
        "18 de febrero de 2023",
        "18 febbraio 2023",
        "18 февраля 2023",
        1676678400,
        "1676678400000",
        date(2023, 2, 18),
        datetime(2023, 2, 18, 23, 30, tzinfo=UTC),
    ],
)
def test_days(written: object) -> None:
    assert day_of(written, ENGLISH) == date(2023, 2, 18)


@pytest.mark.parametrize(
    "written",
    [
        *("yesterday", "2023", "18", "February 2023", "2023-02-31", "32.01.2023", "13/13/2023"),
        *("a long way to tell of a day, which is 18 February 2023, and of others", "", "[]", "5"),
    ],
)
def test_no_days(written: str) -> None:
    assert day_of(written, ENGLISH) is None


def test_numbers_that_may_be_two_days_are_read_as_the_text_would() -> None:
    assert day_of("03/04/2023", ENGLISH) is None
    assert day_of("03/04/2023", GERMAN) == date(2023, 4, 3)
    assert day_of("04/04/2023", ENGLISH) == date(2023, 4, 4)
    assert day_of("03.04.2023", ENGLISH) == date(2023, 4, 3)  # dots part day, month, year


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"text": "One."}, "One."),
        ({"content": "One.", "title": "x"}, "One."),
        ({"text": " ", "Body": "One."}, "One."),
        ({"text": ["One.", "Two."]}, "One.\n\nTwo."),
        ({"title": "x"}, ""),
        ({"text": 7}, None),
        ({"text": ["One.", 2]}, None),
    ],
)
def test_the_text(fields: dict[str, object], text: str | None) -> None:
    assert text_of(fields) == text


@pytest.mark.parametrize(
    "line",
    [
        "Veröffentlicht am 18. Februar 2023",
        "Publié le 18 février 2023 à 10h15",
        "Publicado el 18 de febrero de 2023",
        "Pubblicato il 18/02/2023",
        "Opublikowano: 18.02.2023",
    ],
)
def test_a_day_that_the_head_labels_in_another_language(line: str) -> None:
    assert labelled_day(f"Titel\n\n{line}\n\n{GERMAN}") == date(2023, 2, 18)


@pytest.mark.parametrize(
    "line",
    [
        "Am 18. Februar 2023 kam er.",  # prose
        "Veröffentlicht wurde das Buch am 18. Februar 2023 in einem kleinen Verlag der Stadt.",
        "Veröffentlicht von der Gemeinde",
    ],
)
def test_no_day_that_the_head_labels(line: str) -> None:
    assert labelled_day(f"Titel\n\n{line}\n\n{GERMAN}") is None


PLAIN = st.none() | st.booleans() | st.integers(-9, 2 * 10**9) | st.text("a1 ./-\n", max_size=12)
VALUES = PLAIN | st.lists(PLAIN, max_size=2) | st.dictionaries(st.just("name"), PLAIN)


@given(st.dictionaries(st.sampled_from(["id", "title", "date", "published", "source"]), VALUES))
def test_any_fields_give_what_they_state_or_a_problem(fields: dict[str, object]) -> None:
    told = stated(fields, ENGLISH)
    assert all(problem.startswith("has a `") for problem in told.problems)
    for said in (told.id, told.title, told.source):
        assert said is None or (said.strip() == said != "" and "\n" not in said)
