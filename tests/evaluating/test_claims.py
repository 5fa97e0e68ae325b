"""Measures of claims, worked out by hand."""

from collections.abc import Sequence

from qa.evaluating.citing import claim_scores
from qa.evaluating.evidence import Piece
from qa.evaluating.metrics import Share
from qa.evaluating.predictions import Quote
from qa.evaluating.questions import Question
from tests.evaluating.test_citing import GOOD, TEXTS, WRONG, answered, evidence

QUESTION = Question("q", "What did the bridge cost?", ("42 million euros",))
COST = evidence(0, 25)


def scores(
    *sentences: tuple[str, tuple[Quote, ...]],
    asked: Question = QUESTION,
    quoted: Sequence[Piece] = (COST,),
) -> dict[str, Share]:
    return claim_scores(asked, answered(*sentences), quoted, TEXTS)


def test_what_was_fed_is_held_against_the_evidence() -> None:
    fed = scores(("It cost 42 million euros [1].", (GOOD,)))
    # the bridge's source holds the one claim, the strike's none
    assert (fed["claim_recall"], fed["context_precision"]) == (Share(1, 1), Share(1, 2))
    assert (fed["unsupported_claims"], fed["noise_sensitivity"]) == (Share(0, 1), Share(0, 1))


def test_what_was_told_is_held_against_all_that_was_fed() -> None:
    told = scores(
        ("It cost 42 million euros [1].", (GOOD,)),
        ("The union asks for 6 per cent [2].", (WRONG,)),  # it stands there, and is no answer
        ("The ferry sank [1].", (WRONG,)),
        ("It cost 42 million euros.", ()),  # uncited, and right
    )
    assert (told["unsupported_claims"], told["noise_sensitivity"]) == (Share(1, 4), Share(1, 4))


def test_where_nothing_answers_whatever_is_told_is_noise() -> None:
    nothing = Question("q", "What did the tunnel cost?", ())
    told = scores(("It cost 42 million euros [1].", (GOOD,)), asked=nothing, quoted=())
    assert told == {"unsupported_claims": Share(0, 1), "noise_sensitivity": Share(1, 1)}
