"""Where evidence stands, and which hits hold it."""

from hypothesis import given
from hypothesis import strategies as st

from qa.evaluating.evidence import Level, find_quote, holds, locate_evidence
from qa.evaluating.predictions import Place, Span
from qa.evaluating.questions import Question

TEXTS = {"a": "One. Two. One.", "b": "Zero. Two.", "wire": "By wire. Two."}


def question(*evidence: str, articles: tuple[str, ...] = ("a",)) -> Question:
    return Question("q", "?", ("yes",), articles, evidence)


def test_a_quote_is_found_wherever_it_stands() -> None:
    assert find_quote("One.", TEXTS["a"]) == ((0, 4), (10, 14))
    assert find_quote("Two. One", TEXTS["a"]) == ((5, 13),)
    assert find_quote("Three", TEXTS["a"]) == ()


def test_other_white_space_between_the_words_does_not_hide_a_quote() -> None:
    assert find_quote("It cost 42 million.", "Well. It  cost\n42 million.") == ((6, 26),)


@given(st.text(), st.text(min_size=1).filter(str.strip), st.text())
def test_a_quote_cut_from_a_text_is_found_where_it_was_cut(
    before: str, quote: str, after: str
) -> None:
    text = before + quote + after
    spans = find_quote(quote, text)
    assert spans
    assert all(text[start:end] == quote for start, end in spans)


def test_each_distinct_quote_is_a_piece_with_all_its_places() -> None:
    evidence = locate_evidence(question("One.", "Two.", "One.", articles=("a", "b")), TEXTS, ())
    assert evidence.level is Level.PASSAGE
    assert evidence.pieces == (
        (Span("a", 0, 4), Span("a", 10, 14)),
        (Span("a", 5, 9), Span("b", 6, 10)),
    )
    assert evidence.unlocated == ()


def test_a_quote_that_stands_nowhere_is_left_out_and_named() -> None:
    evidence = locate_evidence(question("One.", "Nine."), TEXTS, ())
    assert evidence.pieces == ((Span("a", 0, 4), Span("a", 10, 14)),)
    assert evidence.unlocated == ("Nine.",)


def test_without_a_located_quote_any_passage_of_the_article_counts() -> None:
    hits = (Place(Span("b", 0, 5)), Place(Span("a", 0, 4)), Place(Span("a", 5, 9)))
    for asked, unlocated in ((question(), ()), (question("Nine."), ("Nine.",))):
        evidence = locate_evidence(asked, TEXTS, hits)
        assert evidence.level is Level.ARTICLE
        assert evidence.pieces == ((Span("a", 0, 4), Span("a", 5, 9)),)
        assert evidence.unlocated == unlocated


def test_an_article_that_is_not_in_the_library_is_a_piece_that_nothing_holds() -> None:
    evidence = locate_evidence(question(articles=("gone",)), TEXTS, (Place(Span("a", 0, 4)),))
    assert evidence.pieces == ((),)
    assert not holds(Span("a", 0, 4), evidence.pieces)


def test_a_near_duplicate_that_stands_for_the_article_counts_if_it_has_the_words() -> None:
    copy = Place(Span("wire", 9, 13), also_in=("a",))
    assert holds(copy.span, locate_evidence(question("Two."), TEXTS, (copy,)).pieces)
    assert not holds(copy.span, locate_evidence(question("One."), TEXTS, (copy,)).pieces)
    assert holds(copy.span, locate_evidence(question(), TEXTS, (copy,)).pieces)
    other = Place(copy.span, also_in=("b",))
    assert not holds(other.span, locate_evidence(question("Two."), TEXTS, (other,)).pieces)


def test_an_unanswerable_question_has_nothing_to_find() -> None:
    asked = Question("q", "?", (), ("a",))
    assert locate_evidence(asked, TEXTS, (Place(Span("a", 0, 4)),)).pieces == ()


def test_spans_that_only_touch_do_not_overlap() -> None:
    assert not Span("a", 0, 4).overlaps(Span("a", 4, 9))
    assert Span("a", 0, 5).overlaps(Span("a", 4, 9))
    assert not Span("a", 0, 5).overlaps(Span("b", 0, 5))
    assert not Span("a", 2, 2).overlaps(Span("a", 0, 5))
