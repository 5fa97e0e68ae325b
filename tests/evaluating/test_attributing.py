"""Forty failures made on purpose, each attributed to its cause; and what mending one would gain."""

import pytest

from qa.evaluating.attributing import Loss, Outcome, losses
from qa.evaluating.judging import judge
from qa.evaluating.predictions import (
    Place,
    Prediction,
    Quote,
    Said,
    SaidSentence,
    ShownSource,
    Span,
)
from qa.evaluating.questions import Question
from qa.types import Outcome as CameTo

FACTS = (
    ("bridge", "What did the bridge cost?", "42 million euros", "It cost 42 million euros."),
    ("strike", "What does the union ask for?", "6 per cent", "The union asks for 6 per cent."),
    ("harbour", "Who opened the harbour?", "Ana Lima", "Ana Lima opened the harbour."),
    ("market", "When did the market open?", "3 May 2021", "The market opened on 3 May 2021."),
    ("tower", "How high is the tower?", "88 metres", "The tower is 88 metres high."),
)
OTHER = "It rained all day in Porto."
TEXTS = {id_: f"{OTHER} {quote}" for id_, _, _, quote in FACTS} | {"rain": OTHER}


def held(id_: str) -> Span:
    """Where the words that answer stand."""
    return Span(id_, len(OTHER) + 1, len(TEXTS[id_]))


def beside(id_: str) -> Span:
    return Span(id_, 0, len(OTHER))


def quote(span: Span) -> Quote:
    return Quote(1, span, TEXTS[span.article_id][span.start : span.end])


def failure(fact: tuple[str, str, str, str], made: Outcome) -> tuple[Question, Prediction]:
    """A question of this fact and a prediction that goes wrong at one step, at none before it."""
    id_, asked, answer, evidence = fact
    question = Question(id_, asked, (answer,), (id_,), (evidence,))
    found: tuple[Span, ...] = (held(id_),)
    chosen, cited = found, held(id_)
    text, refused = f"{OTHER} [1]", False
    written: tuple[str, ...] = ()
    match made:
        case Outcome.NOT_IN_LIBRARY:
            question = Question(id_, asked, (answer,), ("gone",), (evidence,))
            found, chosen, refused = (beside("rain"),), (), True
        case Outcome.NOT_RETRIEVED:
            found, chosen, cited = (beside(id_),), (beside(id_),), beside(id_)
        case Outcome.NOT_IN_EVIDENCE:
            chosen, cited, written = (beside(id_),), beside(id_), (OTHER,)
        case Outcome.LOST_BY_BAR:
            refused = True
        case Outcome.OTHER_QUOTE:
            chosen, cited = (beside(id_), held(id_)), beside(id_)
        case Outcome.MISREAD:
            text, written = "Nobody knows [1].", ("Nobody knows.",)
        case Outcome.LOST_IN_CHECK:
            written = (f"They say {answer}, surely.",)
        case Outcome.BADLY_CITED:
            text, cited = f"{answer} [1].", beside(id_)
    sentences = (SaidSentence(0, len(text), True, (quote(cited),)),)
    said = Said(
        text,
        refused,
        () if refused else sentences,
        None,
        1.0,
        {},
        outcome=(CameTo.CLOSE if chosen else CameTo.NOTHING) if refused else CameTo.ANSWERED,
        evidence=tuple(map(quote, chosen)),
        written=written,
    )
    places = tuple(Place(span) for span in found)
    sources = tuple(
        ShownSource(number, "", None, place, quote(place.span).text)
        for number, place in enumerate(places, 1)
    )
    return question, Prediction(id_, None, said, sources, places)


CAUSES = (
    Outcome.NOT_IN_LIBRARY,
    Outcome.NOT_RETRIEVED,
    Outcome.NOT_IN_EVIDENCE,
    Outcome.LOST_BY_BAR,
    Outcome.OTHER_QUOTE,
    Outcome.MISREAD,
    Outcome.LOST_IN_CHECK,
    Outcome.BADLY_CITED,
)


@pytest.mark.parametrize("cause", CAUSES, ids=[cause.value for cause in CAUSES])
def test_forty_made_failures_are_attributed_to_their_cause(cause: Outcome) -> None:
    made = [failure(fact, cause) for fact in FACTS]
    assert [judge(*one, TEXTS).outcome for one in made] == [cause] * 5


def test_an_article_without_the_words_that_are_quoted_from_it_is_as_good_as_none() -> None:
    question, prediction = failure(FACTS[0], Outcome.NOT_RETRIEVED)
    rain = {**TEXTS, "bridge": OTHER}
    assert judge(question, prediction, rain).outcome is Outcome.NOT_IN_LIBRARY
    # the answer stands there in other words than the set quotes
    reworded = {**TEXTS, "bridge": f"{OTHER} 42 million euros were paid for it."}
    assert judge(question, prediction, reworded).outcome is not Outcome.NOT_IN_LIBRARY


def test_where_no_article_is_named_the_words_of_an_answer_tell_where_it_stands() -> None:
    for cause in (Outcome.NOT_RETRIEVED, Outcome.NOT_IN_EVIDENCE, Outcome.LOST_BY_BAR):
        question, prediction = failure(FACTS[0], cause)
        nowhere = Question(question.id, question.question, question.answers)
        assert judge(nowhere, prediction, TEXTS).outcome is cause


def test_the_search_alone_finds_or_does_not() -> None:
    for cause, outcome in (
        (Outcome.NOT_IN_LIBRARY, Outcome.NOT_IN_LIBRARY),
        (Outcome.NOT_RETRIEVED, Outcome.NOT_RETRIEVED),
        (Outcome.MISREAD, Outcome.RIGHT),
    ):
        question, prediction = failure(FACTS[0], cause)
        searched = Prediction("q", None, None, prediction.sources, prediction.retrieved)
        assert judge(question, searched, TEXTS).outcome is outcome


def test_what_mending_one_step_would_gain() -> None:
    # of 12 judged ones 4 are right, 1 of them a refusal; behind retrieval 2 + 1 are lost
    ended = [(Outcome.RIGHT, True)] * 3 + [(Outcome.RIGHT, False)]
    ended += [(Outcome.NOT_RETRIEVED, True)] * 4 + [(Outcome.LOST_BY_BAR, True)] * 2
    ended += [(Outcome.BADLY_CITED, True), (Outcome.WRONGLY_ANSWERED, False)]
    ended += [(Outcome.NOT_JUDGED, True)]
    assert losses(ended) == (
        # 4 more get on, of whom 3 of 6 end well: 4 + 2
        Loss(Outcome.NOT_RETRIEVED, 4, 4 / 12, 6 / 12, 8 / 12),
        # 2 more, of whom 3 of 4 end well
        Loss(Outcome.LOST_BY_BAR, 2, 2 / 12, 5.5 / 12, 6 / 12),
        Loss(Outcome.BADLY_CITED, 1, 1 / 12, 5 / 12, 5 / 12),
        Loss(Outcome.WRONGLY_ANSWERED, 1, 1 / 12, 5 / 12, 5 / 12),
    )
    assert losses([(Outcome.RIGHT, True)]) == ()
    # nothing ends well behind the search now, so to mend it alone gains nothing
    (search, _) = losses([(Outcome.NOT_RETRIEVED, True), (Outcome.MISREAD, True)])
    assert (search.mended, search.at_most) == (0.0, 0.5)
