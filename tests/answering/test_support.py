"""Facts and wording of a sentence held against one passage, on the real embedder and without."""

from datetime import date

import pytest

from qa.answering.citations import check_citations
from qa.library.embedder import Embedder
from tests.answering.builders import hit
from tests.fakes import FakeEmbedder

WEDNESDAY = date(2021, 3, 24)
GROUNDED = (
    "The Ever Given ran aground in the Suez Canal on Tuesday. At least 237 ships were waiting on "
    "Wednesday, Leth Agencies said, after 150 the day before. About 12 per cent of world trade, "
    "1.5 million tonnes a day, passes through the canal. The Egyptian president, Sisi, was told; "
    "Osama Rabie did not promise a date. Smith remains captain until 9 April."
)


def supported(
    claim: str,
    question: str = "What happened?",
    *,
    text: str = GROUNDED,
    title: str = "Canal blocked",
    published: date | None = WEDNESDAY,
    embedder: Embedder | None = None,
) -> bool:
    hits = [hit(text, title=title, published=published)]
    (sentence,) = check_citations(claim, question, hits, embedder).sentences
    return sentence.supported


@pytest.mark.parametrize(
    "claim",
    [
        "The Ever Given ran aground on 23 March 2021.",
        "The Ever Given ran aground on March 23, 2021.",
        "The Ever Given ran aground on 2021-03-23.",
        "The Ever Given ran aground on Tuesday, 23 March.",
        "The Ever Given ran aground in March 2021.",
        "The Ever Given ran aground in 2021.",
        "At least 237 ships were waiting on 24 March 2021.",
        "Twelve percent of world trade passes through the canal.",
        "12% of world trade passes through the canal.",
        "1,500,000 tonnes a day pass through the canal.",
        "Egypt's president Sisi was told.",
        "Osama Rabie didn't promise a date.",
        "Smith remains captain in early April.",
    ],
)
def test_the_same_facts_in_other_spellings(claim: str) -> None:
    assert supported(claim)


@pytest.mark.parametrize(
    "claim",
    [
        "The Ever Given ran aground on 24 March 2021.",
        "The Ever Given ran aground on Monday.",
        "The Ever Given ran aground on 23 March 2020.",
        "The Ever Green ran aground on Tuesday.",
        "150 ships were waiting on 24 March 2021.",  # they were on the day before
        "12 tonnes of world trade pass through the canal.",
        "1.5 billion tonnes a day pass through the canal.",
        "Osama Rabie promised a date.",
        "The Turkish president was told.",
        "Napoleon was told by the president.",
        "The Ever Given did not run aground in the Suez Canal.",
        "The crew danced on the deck at night.",
        "Smith remains captain until 9 May.",
    ],
)
@pytest.mark.parametrize("embedder", [None, FakeEmbedder()])
def test_other_facts(claim: str, embedder: Embedder | None) -> None:
    assert not supported(claim, embedder=embedder)


def test_what_the_question_names_need_only_stand_in_the_article() -> None:
    question = "Which president was told of the Ever Given on 24 March 2021?"
    assert supported("Sisi was told of the Ever Given on 24 March 2021.", question)
    assert not supported("Sisi was told of the Titanic on 24 March 2021.", question)


def test_a_name_of_the_article_may_stand_for_a_pronoun_but_not_for_somebody_else() -> None:
    title = "Putin receives Wang Yi"
    by_pronoun = "He received the guest in the Kremlin."
    by_another = "In Budapest, Viktor Orbán received the guest for dinner."
    question = "Who received the guest?"
    for text, holds in ((by_pronoun, True), (by_another, False)):
        assert supported("Putin received the guest.", question, text=text, title=title) == holds
    assert not supported("Xi received the guest.", question, text=by_pronoun, title=title)


def test_a_lasting_state_holds_between_its_ends() -> None:
    text = "Zeman remains in office until 9 March."
    published = date(2023, 1, 28)
    question = "Who was in office in February 2023?"
    assert supported(
        "Zeman was in office in February 2023.", question, text=text, published=published
    )
    assert not supported(
        "Zeman was in office in May 2023.", question, text=text, published=published
    )


def test_an_article_without_a_date_says_what_it_says() -> None:
    text = "The lamp was lit on Tuesday, 3 May."
    assert supported("The lamp was lit on Tuesday.", text=text, published=None)
    assert supported("The lamp was lit on May 3.", text=text, published=None)
    assert not supported("The lamp was lit on 4 May.", text=text, published=None)


def test_a_false_quotation_loses_its_marks_and_stays_what_it_is() -> None:
    hits = [hit('Rabie said: "Wind was not the main reason."')]
    checked = check_citations('Rabie said "wind was the reason" [1].', "What?", hits)
    assert checked.text == "Rabie said wind was the reason."
    assert not checked.sentences[0].supported
    kept = check_citations('Rabie said "Wind was not the main reason." [1]', "What?", hits)
    assert kept.text == 'Rabie said "Wind was not the main reason." [1]'
    assert kept.sentences[0].supported


def test_a_quotation_of_two_sentences_is_not_taken_apart() -> None:
    hits = [hit('Rabie said: "Wind was no reason. An error was." He left.')]
    checked = check_citations('He said: "Wind was no reason. An error was." [1]', "What?", hits)
    assert [sentence.text for sentence in checked.sentences] == [
        'He said: "Wind was no reason. An error was." [1]'
    ]


@pytest.mark.model
@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        ("The vessel got stuck in the Suez Canal.", True),
        ("The Suez Canal was painted red.", False),
        ("Ships of all nations were sunk in the Suez Canal.", False),
    ],
)
def test_where_words_leave_it_open_the_embedder_decides(
    claim: str, holds: bool, embedder: Embedder
) -> None:
    text = "The ship ran aground in the Suez Canal. It is 400 metres long."
    assert supported(claim, text=text, embedder=embedder) == holds
