from qa.types import Answer, Citation, Sentence, Timings, Usage
from tests.ui.harbour import (
    EVIDENCE,
    FERRY,
    FERRY_ANSWER,
    FERRY_QUESTION,
    FIRE,
    HITS,
    ON_BOARD,
    SAILED,
    answer,
    cite,
    refused,
)
from ui.exchange import Exchange, Stage
from ui.marks import Mark, Quote, find_marks, find_quotes, quoted_span


def exchange(answer: Answer, number: int = 1) -> Exchange:
    return Exchange(
        number,
        answer.question,
        Stage.ANSWERED,
        hits=answer.hits,
        evidence=answer.evidence,
        answer=answer,
    )


def plain_answer(text: str, *sentences: Sentence) -> Answer:
    return Answer("?", text, sentences, HITS, None, None, "m", Timings(0, 0, 0), Usage())


def test_marks_are_the_spelt_out_numbers_in_reading_order() -> None:
    marks = find_marks(exchange(FERRY_ANSWER, number=7))
    assert [(mark.id, mark.sentence, mark.number) for mark in marks] == [
        ("cite-7-1", 0, 1),
        ("cite-7-2", 0, 1),
        ("cite-7-3", 0, 2),
        ("cite-7-4", 1, 1),
    ]
    assert [FERRY_ANSWER.text[mark.at : mark.end] for mark in marks] == ["[1]", "[1]", "[2]", "[1]"]


def test_a_number_behind_the_full_stop_belongs_to_the_sentence_before_it() -> None:
    said = cite(FERRY, 1, "212 passengers")
    answer = plain_answer(
        "So many. [1] More.",
        Sentence("So many.", 0, 8, True, (said,)),
        Sentence("More.", 13, 18, False, ()),
    )
    assert find_marks(exchange(answer)) == (Mark("cite-1-1", 0, 1, 9, 12, (said,)),)


def test_a_citation_that_is_not_spelt_out_gets_a_place_at_the_end_of_its_sentence() -> None:
    said = cite(FIRE, 2, "Nobody was hurt")
    answer = plain_answer("No.Yes.", Sentence("No.", 0, 3, True, (said,)),
                          Sentence("Yes.", 3, 7, False, ()))  # fmt: skip
    assert find_marks(exchange(answer)) == (Mark("cite-1-1", 0, 2, 3, 3, (said,)),)


def test_numbers_of_no_source_are_text() -> None:
    text = "A [0] b [4] c [99] d [x]."
    answer = plain_answer(text, Sentence(text, 0, len(text), False, ()))
    assert find_marks(exchange(answer)) == ()


def test_a_refusal_has_no_marks() -> None:
    assert find_marks(exchange(refused("Who won?"))) == ()
    assert find_marks(Exchange(1, FERRY_QUESTION)) == ()


def test_cited_words_are_cut_to_the_passage() -> None:
    assert quoted_span(FERRY, Citation(1, FERRY.id, 210, 216)) == (10, 16)
    assert quoted_span(FERRY, Citation(1, FERRY.id, 190, 204)) == (0, 4)
    assert quoted_span(FERRY, Citation(1, FERRY.id, 470, 500)) == (270, 272)
    assert quoted_span(FERRY, Citation(1, FERRY.id, 480, 500)) == (0, 0)
    assert quoted_span(FERRY, ON_BOARD) == (96, 154)


def test_every_quote_has_an_id_and_is_listed_until_a_sentence_repeats_it() -> None:
    reading = Exchange(7, "When?", Stage.READING, hits=HITS, evidence=EVIDENCE)
    assert [(one.id, one.listed) for one in find_quotes(reading)] == [
        ("cite-7-quote-1", True),
        ("cite-7-quote-2", True),
        ("cite-7-quote-3", True),
        ("cite-7-quote-4", True),
    ]
    said = (("Nobody was hurt [2].", (cite(FIRE, 2, "Nobody was hurt."),)),)
    told = exchange(answer("Was anybody hurt?", said, evidence=EVIDENCE), number=7)
    assert [one.listed for one in find_quotes(told)] == [True, True, True, False]
    assert find_quotes(told)[0] == Quote("cite-7-quote-1", SAILED, listed=True)
    assert find_quotes(Exchange(1, "When?")) == ()
