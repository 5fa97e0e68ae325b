"""Sentences held against what they cite, worked out by hand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.citations import CheckedText, check_citations
from qa.types import Hit
from tests.answering.builders import hit

LIGHTHOUSE = (
    "The lighthouse at Skagen was lit in 1858. It is 46 metres high. Until 1952 its lamp burnt oil."
)
FERRY = "The ferry to Læsø sails four times a day. The crossing takes 90 minutes."
HITS = (hit(LIGHTHOUSE, start=100), hit(FERRY, start=20, article_id="ferry"))


def quotes(checked: CheckedText, hits: tuple[Hit, ...] = HITS) -> list[list[str]]:
    """The cited words of each sentence, cut out of the passages by their article offsets."""
    cut = []
    for sentence in checked.sentences:
        passages = [hits[citation.number - 1].passage for citation in sentence.citations]
        cut.append(
            [
                passage.text[citation.start - passage.start : citation.end - passage.start]
                for citation, passage in zip(sentence.citations, passages, strict=True)
            ]
        )
    return cut


def check(text: str, question: str = "?", hits: tuple[Hit, ...] = HITS) -> CheckedText:
    return check_citations(text, question, hits)


def test_a_right_citation_opens_the_sentence_it_rests_on() -> None:
    checked = check("The lighthouse was lit in 1858 [1].")
    assert checked.text == "The lighthouse was lit in 1858 [1]."
    assert quotes(checked) == [["The lighthouse at Skagen was lit in 1858."]]
    (sentence,) = checked.sentences
    assert sentence.supported
    assert (sentence.citations[0].start, sentence.citations[0].end) == (100, 141)


def test_two_sentences_two_sources_and_markers_behind_the_stop() -> None:
    checked = check("It is 46 metres high. [1] The ferry takes 90 minutes. [2]")
    assert checked.text == "It is 46 metres high [1]. The ferry takes 90 minutes [2]."
    assert quotes(checked) == [["It is 46 metres high."], ["The crossing takes 90 minutes."]] or (
        quotes(checked)
        == [
            ["It is 46 metres high."],
            ["The ferry to Læsø sails four times a day. The crossing takes 90 minutes."],
        ]
    )
    for sentence in checked.sentences:
        assert checked.text[sentence.start : sentence.end] == sentence.text


@pytest.mark.parametrize(
    "cited",
    [
        "The lighthouse was lit in 1858 [2].",  # the wrong source
        "The lighthouse was lit in 1858 [9].",  # a source that is not there
        "The lighthouse was lit in 1858.",  # no source
        "The lighthouse was lit in 1858 [Source 1].",
        "The lighthouse was lit in 1858. [1]",
    ],
)
def test_the_source_that_supports_it_is_put_in(cited: str) -> None:
    assert check(cited).text == "The lighthouse was lit in 1858 [1]."


@pytest.mark.parametrize(
    "claim",
    [
        "The lighthouse was lit in 1868 [1].",  # another figure
        "The lighthouse at Anholt was lit in 1858 [1].",  # another name
        "The keeper drowned in a storm [1].",  # other words
        "The ferry sails five times a day [2].",
    ],
)
def test_what_no_passage_states_is_marked_and_uncited(claim: str) -> None:
    checked = check(claim)
    (sentence,) = checked.sentences
    assert not sentence.supported
    assert sentence.citations == ()
    assert "[" not in checked.text


@pytest.mark.parametrize(
    "claim",
    [
        "The ferry sails 4 times a day [2].",
        "The lighthouse at SKAGEN, lit in 1858, is 46 metres high [1].",
        "It was reported on 18 February that the lighthouse is 46 metres high [1].",
    ],
)
def test_other_spellings_and_the_header_count_as_support(claim: str) -> None:
    assert [sentence.supported for sentence in check(claim).sentences] == [True]


def test_a_name_may_stand_in_another_passage_of_the_article() -> None:
    first = hit("The Suez Canal Authority held the ship.", start=0, article_id="suez")
    second = hit("It claimed 916 million dollars.", start=50, article_id="suez")
    claim = "The Suez Canal Authority claimed 916 million dollars [1]."
    assert check(claim, hits=(second, first)).sentences[0].supported
    elsewhere = hit("The Suez Canal Authority held the ship.", article_id="another")
    assert not check(claim, hits=(second, elsewhere)).sentences[0].supported


def test_a_title_alone_does_not_carry_a_passage_that_was_cited() -> None:
    title = "Blinken and Wang Yi talk in Munich"
    later = hit("He asked Blinken in the evening to repair relations.", title=title)
    right = hit("Blinken and Wang Yi met in Munich on Saturday evening.", title=title, start=90)
    claim = "Blinken and Wang Yi met in Munich on Saturday evening [1]."
    assert check(claim, hits=(later, right)).text == claim.replace("[1]", "[2]")


def test_a_year_may_be_meant_by_the_articles_date() -> None:
    trade = (hit("Trade reached 185 billion dollars last year."),)  # published in 2023
    assert check("Trade reached 185 billion dollars in 2022.", hits=trade).sentences[0].supported
    assert (
        not check("Trade reached 185 billion dollars in 2019.", hits=trade).sentences[0].supported
    )


def test_diacritics_may_be_left_out() -> None:
    pavel = (hit("Petr Pavel porazil Andreje Babiše. Danuše Nerudová finished third."),)
    assert check("Danuse Nerudova finished third [1].", hits=pavel).sentences[0].supported


def test_a_bare_name_is_cited_where_the_question_is_answered() -> None:
    text = "Skagen lies in the north. The lighthouse stands at Skagen."
    checked = check("Skagen [1].", "Where does the lighthouse stand?", (hit(text),))
    assert quotes(checked, (hit(text),)) == [["The lighthouse stands at Skagen."]]


def test_two_sources_for_one_sentence_stay_two() -> None:
    hits = (hit("The lamp was lit in 1858."), hit("In 1858 the lamp was lit.", article_id="b"))
    assert check("The lamp was lit in 1858 [1, 2].", hits=hits).text == (
        "The lamp was lit in 1858 [1][2]."
    )


def test_a_claim_over_two_sentences_cites_both() -> None:
    assert quotes(check("The lighthouse lit in 1858 is 46 metres high [1].")) == [
        ["The lighthouse at Skagen was lit in 1858. It is 46 metres high."]
    ]


def test_a_comma_before_a_last_marker_goes() -> None:
    assert check("The lighthouse was lit in 1858, [1]").text == "The lighthouse was lit in 1858 [1]"


@pytest.mark.parametrize("text", ["", "   ", "[1]", "[1][2].", "[]", "...", "]["])
def test_nothing_said_is_nothing_supported(text: str) -> None:
    assert not any(sentence.supported for sentence in check(text).sentences)


MODEL_TEXT = st.lists(
    st.sampled_from(
        [
            "The lighthouse was lit in 1858",
            "It takes 90 minutes",
            "He said so",
            "[1]",
            "[2]",
            "[3]",
            "[12]",
            "[1, 7]",
            "[0]",
            "[-1]",
            "[",
            "]",
            ".",
            "!",
            "…",
            "“",
            "\n",
            " ",
            "<|im_end|>",
            "é",
            "\u202e",
        ]
    ),
    max_size=25,
).map("".join) | st.text(max_size=120)


@given(MODEL_TEXT)
def test_no_dangling_number_and_no_quote_that_is_not_verbatim(text: str) -> None:
    checked = check(text)
    for sentence, cut in zip(checked.sentences, quotes(checked), strict=True):
        assert checked.text[sentence.start : sentence.end] == sentence.text
        assert sentence.supported == bool(sentence.citations)
        for citation, quote in zip(sentence.citations, cut, strict=True):
            passage = HITS[citation.number - 1].passage
            assert passage.start <= citation.start < citation.end <= passage.end
            assert quote
            assert quote in passage.text
        cited = {citation.number for citation in sentence.citations}
        assert {int(n) for n in re.findall(r"\[(\d+)\]", sentence.text)} == cited
