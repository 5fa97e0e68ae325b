"""What is said where there is no answer."""

from datetime import date

from qa.answering.refusal import is_refusal, refuse
from qa.types import RefusalReason
from tests.answering.builders import hit, piece

LAMP = (hit("The lamp was lit in 1858.", title="The lamp", published=date(2023, 2, 18)),)
LIT = piece("The lamp was lit in 1858.", LAMP)


def test_what_comes_close_names_what_no_source_speaks_of() -> None:
    refusal = refuse("Did Anna Ancher or Lamp paint it in Skagen on Friday?", [LIT], LAMP)
    assert refusal.reason is RefusalReason.NOT_IN_SOURCES
    assert refusal.message == (
        "The articles do not say this outright. None of those found speaks of Ancher or Anna or"
        " Skagen. The closest they come:"
    )


def test_what_comes_close_where_all_names_are_known() -> None:
    assert refuse("Who lit the Lamp?", [LIT], LAMP).message == (
        "The articles do not say this outright. The closest they come:"
    )


def test_a_name_that_the_article_has_elsewhere_is_not_said_to_be_missing() -> None:
    front = "Anna Ancher painted at Skagen. The lamp was lit in 1858."
    message = refuse("Did Ancher see Holme?", [LIT], LAMP, front).message
    assert "None of those found speaks of Holme. The closest" in message


def test_a_paper_is_known_and_a_name_is_told_without_its_ending() -> None:
    message = refuse("Are the Cuttings's figures Ancher's or Madsens'?", [LIT], LAMP).message
    assert "None of those found speaks of Ancher or Madsens. The closest" in message


def test_the_word_that_opens_a_question_is_not_told_as_a_name() -> None:
    message = refuse("Compare Lamp's keeper and Anna Ancher.", [LIT], LAMP).message
    assert "None of those found speaks of Ancher or Anna. The closest" in message


def test_without_evidence_nothing_bears_on_it_and_the_nearest_article_is_named() -> None:
    refusal = refuse("Who won?", [], LAMP)
    assert refusal.reason is RefusalReason.NOTHING_RELEVANT
    assert refusal.message == (
        "Nothing in the articles bears on this question. Ask with words that the articles"
        " themselves would use, in their language. Closest: The lamp (18 February 2023)."
    )


def test_what_has_no_title_is_not_named() -> None:
    bare = (hit("The lamp was lit.", title="", published=None),)
    for hits in (bare, ()):
        assert refuse("Who won?", [], hits).message.endswith("in their language.")


def test_an_earlier_refusal_is_known_again() -> None:
    for evidence in ([LIT], []):
        assert is_refusal(refuse("Who won in Rome?", evidence, LAMP).message)
    assert not is_refusal("“The lamp was lit in 1858.” [1]")
