"""Sentences made of evidence, and texts made of sentences: every offset and number."""

import re

from hypothesis import given
from hypothesis import strategies as st

from qa.answering.phrasing import as_sides, citation, claimed, joined, quoted
from qa.types import Citation, Evidence, Side
from tests.answering.builders import hit, piece

HITS = (
    hit("The lamp was lit\nin 1858. It burnt oil.", start=100, article_id="lamp"),
    hit("The ferry sails at noon.", start=7, article_id="ferry"),
)
LIT = piece("The lamp was lit\nin 1858.", HITS, 1)
OIL = piece("It burnt oil.", HITS, 1)
NOON = piece("The ferry sails at noon.", HITS, 2)


def test_a_quote_is_told_on_one_line_with_its_number() -> None:
    sentence = quoted(LIT)
    assert sentence.text == "“The lamp was lit in 1858.” [1]"
    assert (sentence.start, sentence.end) == (0, len(sentence.text))
    assert sentence.supported
    assert sentence.citations == (Citation(1, "lamp#100", 100, 125),)
    assert quoted(NOON, "31 May: ").text == "31 May: “The ferry sails at noon.” [2]"


def test_source_numbers_of_the_articles_own_are_not_told() -> None:
    hits = (
        hit("It cost 1.8 million [9][12], they [the crew] said [3]and (table 2) show.", start=0),
    )
    told = quoted(piece(hits[0].passage.text, hits))
    assert told.text == "“It cost 1.8 million, they [the crew] said and (table 2) show.” [1]"
    assert told.citations[0].end == len(hits[0].passage.text)  # the words as they stand
    years = (hit("We won it in [2019] and again in [2023].[4]", start=0),)
    whole = "“We won it in [2019] and again in [2023].” [1]"
    assert quoted(piece(years[0].passage.text, years)).text == whole
    joining = (hit("Lit in 1858[4]by hand.", start=0),)
    assert quoted(piece(joining[0].passage.text, joining)).text == "“Lit in 1858 by hand.” [1]"


def test_a_claim_cites_all_that_it_rests_on_each_source_once() -> None:
    sentence = claimed("The lamp, lit in 1858, burnt oil", [LIT, OIL])
    assert sentence.text == "The lamp, lit in 1858, burnt oil [1]."
    assert sentence.citations == (citation(LIT), citation(OIL))
    assert claimed("Lamp and ferry", [LIT, NOON]).text == "Lamp and ferry [1][2]."


def test_sentences_are_joined_behind_a_line_of_ours() -> None:
    told = joined([quoted(LIT), quoted(NOON)], "They differ.")
    assert told.text == (
        "They differ. “The lamp was lit in 1858.” [1] “The ferry sails at noon.” [2]"
    )
    assert [told.text[one.start : one.end] for one in told.sentences] == [
        "“The lamp was lit in 1858.” [1]",
        "“The ferry sails at noon.” [2]",
    ]
    assert joined([]).text == ""


def test_each_sentence_becomes_a_side() -> None:
    told = as_sides(joined([quoted(NOON, "1 May: "), quoted(LIT)], "They differ."))
    assert told.conflict == (
        Side("1 May: “The ferry sails at noon.”", (2,)),
        Side("“The lamp was lit in 1858.”", (1,)),
    )


SAYINGS = st.text("abc é\n.,“”'日🙂", min_size=1, max_size=30).filter(str.strip)


@st.composite
def pieces(draw: st.DrawFn) -> list[Evidence]:
    texts = draw(st.lists(SAYINGS, min_size=1, max_size=5))
    starts = [draw(st.integers(0, 500)) for _ in texts]
    return [
        Evidence(number, f"a#{number}", f"a{number}", start, start + len(text), text, 5.0)
        for number, (text, start) in enumerate(zip(texts, starts, strict=True), 1)
    ]


@given(pieces(), st.sampled_from(["", "They differ.", "1 May"]), st.sampled_from([" ", "\n"]))
def test_every_sentence_stands_where_it_says_and_cites_what_it_quotes(
    evidence: list[Evidence], opening: str, between: str
) -> None:
    told = joined([quoted(one) for one in evidence], opening, between)
    assert [told.text[one.start : one.end] for one in told.sentences] == [
        one.text for one in told.sentences
    ]
    for one, sentence in zip(evidence, told.sentences, strict=True):
        assert sentence.citations == (Citation(one.number, one.passage_id, one.start, one.end),)
        assert re.findall(r"\[(\d+)\]", sentence.text) == [str(one.number)]
        assert " ".join(one.quote.split()) in sentence.text
    assert told.text.startswith(opening)
