from dataclasses import replace

from qa.conversing.suggesting import suggestions
from tests.ui.harbour import FERRY, FERRY_ANSWER, FERRY_QUESTION, answer, cite, hit, refused


def test_names_that_were_not_told_then_articles_that_are_not_cited() -> None:
    assert suggestions(FERRY_QUESTION, FERRY_ANSWER) == (
        "What do the articles say about Ærøskøbing?",
        "What happened: Council votes for a smaller harbour budget?",
    )


def test_after_a_refusal_the_articles_that_are_near() -> None:
    assert suggestions("Who sang Tosca?", refused("Who sang Tosca?")) == (
        "What happened: Ferry back in service after eleven days?",
        "What happened: Fire on the Aldona put out within an hour?",
        "What happened: Council votes for a smaller harbour budget?",
    )


def test_a_people_is_no_name_and_an_article_is_kept() -> None:
    text = "It was an American ship, said the State Department to Ilse."
    passage = replace(FERRY, text=text, end=FERRY.start + len(text))
    told = answer("Whose?", (("It was [1].", (cite(passage, 1, "It was"),)),), (hit(passage),))
    assert suggestions("Whose was it?", told) == (
        "What do the articles say about the State Department?",
        "What do the articles say about Ilse?",
    )


def test_days_openers_and_what_was_asked_are_no_names() -> None:
    text = "On Monday, Ann Lee’s ship left. Then came Petr Pavel in March with the crew of Aldona."
    passage = replace(FERRY, text=text, end=FERRY.start + len(text))
    told = answer("Who?", (("It left [1].", (cite(passage, 1, "ship left"),)),), (hit(passage),))
    assert suggestions("Who was on the Aldona?", told) == (
        "What do the articles say about Ann Lee?",
        "What do the articles say about Petr Pavel?",
    )
