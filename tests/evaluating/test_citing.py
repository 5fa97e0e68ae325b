"""Measures of citations on answers worked out by hand."""

from qa.evaluating.citing import citation_scores, supporting_sources
from qa.evaluating.evidence import Piece
from qa.evaluating.metrics import Share
from qa.evaluating.predictions import (
    Place,
    Prediction,
    Quote,
    Said,
    SaidSentence,
    ShownSource,
    Span,
)

BRIDGE = "It cost 42 million euros."
STRIKE = "The union asks for 6 per cent."
TEXTS = {"bridge": BRIDGE, "strike": STRIKE}


def source(number: int, article_id: str, text: str) -> ShownSource:
    return ShownSource(number, article_id, None, Place(Span(article_id, 0, len(text))), text)


SOURCES = (source(1, "bridge", BRIDGE), source(2, "strike", STRIKE))

GOOD = Quote(1, Span("bridge", 8, 18), "42 million")
WRONG = Quote(2, Span("strike", 4, 9), "union")


def answered(*sentences: tuple[str, tuple[Quote, ...]], sides: int = 0) -> Prediction:
    """A prediction of sentences with their citations, each marked as supported."""
    placed, text = [], ""
    for words, quotes in sentences:
        start = len(text) + bool(text)
        text = f"{text} {words}".strip()
        placed.append(SaidSentence(start, start + len(words), True, quotes))
    said = Said(text, False, tuple(placed), 1.0, 2.0, {}, sides=sides)
    return Prediction("q", None, said, SOURCES, ())


def scores(prediction: Prediction, *quoted: Piece) -> dict[str, Share]:
    return citation_scores(prediction, quoted, TEXTS)


def evidence(start: int, end: int) -> Piece:
    return (Span("bridge", start, end),)


def test_the_judge_reads_each_source_by_itself() -> None:
    assert supporting_sources("The bridge cost 42 million euros [2].", SOURCES) == {1}
    assert supporting_sources("It cost 43 million euros [1].", SOURCES) == frozenset()
    assert supporting_sources("The union asks for 6 per cent [1].", SOURCES) == {2}
    # a quote with the day before it, as conflicting articles are told
    told = "3 May 2021: “It cost 42 million euros.” [1]"
    assert supporting_sources(told, SOURCES) == {1}
    assert supporting_sources(told.replace("42", "43"), SOURCES) == frozenset()
    assert supporting_sources("", SOURCES) == frozenset()


def test_right_wrong_and_idle_citations() -> None:
    right = scores(answered(("The bridge cost 42 million euros [1].", (GOOD,))))
    assert (right["citation_recall"], right["citation_precision"]) == (Share(1, 1), Share(1, 1))
    # the sentence stands on source 1; source 2 beside it is idle
    idle = scores(answered(("The bridge cost 42 million euros [1][2].", (GOOD, WRONG))))
    assert (idle["citation_recall"], idle["citation_precision"]) == (Share(1, 1), Share(1, 2))
    wrong = scores(answered(("The bridge cost 42 million euros [2].", (WRONG,))))
    assert (wrong["citation_recall"], wrong["citation_precision"]) == (Share(0, 1), Share(0, 1))


def test_a_sentence_without_a_citation_lowers_recall_alone() -> None:
    both = scores(
        answered(("It cost 42 million euros [1].", (GOOD,)), ("It cost 42 million euros.", ()))
    )
    assert (both["citation_recall"], both["citation_precision"]) == (Share(1, 2), Share(1, 1))
    none = scores(answered(("It cost 42 million euros.", ())))
    assert none["citation_recall"] == Share(0, 1)
    assert "citation_precision" not in none
    assert "quotes_verbatim" not in none


def test_an_answer_without_sentences_has_nothing_to_judge() -> None:
    assert scores(answered(), evidence(0, 5)) == {
        "conflict_shown": Share(0),
        "citation_holds_evidence": Share(0),
        "citation_sentence_recall": Share(0, 1),
    }


def test_cited_words_are_counted_once_and_in_whole_words() -> None:
    # "42 million" and "cost 42": three words, of which the evidence "42" holds one
    more = Quote(1, Span("bridge", 3, 10), "cost 42")
    found = scores(answered(("It cost 42 million euros [1].", (GOOD, more))), evidence(8, 10))
    assert found["cited_words_in_evidence"] == Share(1, 3)
    assert found["citation_holds_evidence"] == Share(1)
    missed = scores(answered(("It cost 42 million euros [1].", (GOOD,))), evidence(0, 7))
    assert missed["cited_words_in_evidence"] == Share(0, 2)
    assert missed["citation_holds_evidence"] == Share(0)


def test_sentences_cited_are_held_against_the_sentences_of_the_evidence() -> None:
    texts = {
        "bridge": "It opened on Monday. It cost 42 million euros. The mayor came. He spoke.",
        "wire": "Agencies: It cost 42 million euros. The mayor came.",
    }
    quoted = ((Span("bridge", 21, 62), Span("wire", 10, 51)),)  # its cost, and that the mayor came

    def found(*spans: Span) -> tuple[Share, Share]:
        quotes = tuple(Quote(1, span, "") for span in spans)
        scored = citation_scores(answered(("It cost 42 million euros.", quotes)), quoted, texts)
        return scored["citation_sentence_precision"], scored["citation_sentence_recall"]

    # "cost 42" in one sentence; then that and the sentence behind it, in the other article
    assert found(Span("bridge", 24, 31)) == (Share(1, 1), Share(1, 2))
    assert found(Span("wire", 13, 20), Span("wire", 36, 45)) == (Share(2, 2), Share(2, 2))
    # one quote that reaches from "Monday" to "spoke" cites four sentences, two of them idle
    assert found(Span("bridge", 13, 71)) == (Share(2, 4), Share(2, 2))


def test_quotes_must_be_the_words_at_their_place() -> None:
    shifted = Quote(1, Span("bridge", 9, 19), "42 million")
    gone = Quote(2, Span("none", 0, 3), "Two")
    empty = Quote(1, Span("bridge", 3, 3), "")
    found = scores(answered(("It cost 42 million euros.", (GOOD, shifted, gone, empty))))
    assert found["quotes_verbatim"] == Share(1, 4)


def test_marks_of_support_and_sides_are_counted_as_the_answer_has_them() -> None:
    one = answered(("It cost 42 million euros [1].", (GOOD,)), sides=2)
    assert scores(one)["conflict_shown"] == Share(1)
    assert scores(one)["sentences_supported"] == Share(1, 1)
    assert scores(answered(("It cost 42.", ()), sides=1))["conflict_shown"] == Share(0)
