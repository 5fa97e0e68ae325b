"""A run that is bad in one way scores worse in the measures of it, and in no other."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from qa.errors import CuttingsError
from tests.evaluating.fake_assistant import (
    REFUSES,
    RIGHT_REPLIES,
    FakeAssistant,
    Reply,
)
from tests.evaluating.running import replies, run, values

ALWAYS_REFUSES = dict.fromkeys(RIGHT_REPLIES, REFUSES)
NEVER_REFUSES = replies(
    tunnel=Reply("It cost 42 million euros [1].", (("bridge", "It cost 42 million euros."),)),
    captain=Reply(
        "Ferry crews went on strike [1].", (("strike", "Ferry crews went on strike on Monday."),)
    ),
)
MISCITED = replies(
    cost=Reply("It cost 42 million euros [1].", (("bridge", "The Aldera bridge opened"),)),
    mayor=Reply("Inês Duarte did [1].", (("strike", "The owner"),)),
    demand=Reply("The union asks for 6 per cent [1].", (("strike", "The owner"),)),
)
UNSUPPORTED = replies(
    cost=Reply("It cost 42 million euros [1].", (("bridge", "It cost 42 million euros."),),
               supported=False),
)  # fmt: skip
INVENTED = replies(
    cost=Reply("It cost 42 million euros and sank [1].", (("bridge", "It cost 42 million euros."),))
)
MISREAD = replies(
    mayor=Reply("The mayor cut the ribbon [1].", (("bridge", "Mayor Inês Duarte cut"),))
)
SHUFFLED = dict(
    zip(RIGHT_REPLIES, [*RIGHT_REPLIES.values()][1:] + [*RIGHT_REPLIES.values()][:1], strict=True)
)
"""Every question gets the reply to the next one: two right refusals become one, and one false."""

TOTALS = {"right", "squad2_em", "squad2_f1"}
ANSWERS = {"answer_f1", "contains_answer"}
COSTS = {"first_token_s_p50", "first_token_s_p95", "total_s_p50", "total_s_p95",
         "prompt_tokens", "reused_tokens", "completion_tokens"}  # fmt: skip
REFUSED = {"refusal_false", "refusal_false:not_in_sources"}
NOT_REFUSED = {"refusal_right", "refusal_right:not_in_sources"}
WORDS = {"answer_f1", "squad2_f1"}
MORE_IS_WORSE = {"noise_sensitivity", "unsupported_claims"}
EVIDENCE = {"citation_holds_evidence", "cited_words_in_evidence",
            "citation_sentence_precision", "citation_sentence_recall"}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bad", "differ"),
    [
        (ALWAYS_REFUSES, {"right", "squad2_f1"} | ANSWERS | REFUSED),
        (NEVER_REFUSES, TOTALS | NOT_REFUSED | {"given_answers_right", "noise_sensitivity"}),
        (MISCITED, {"citation_recall", "citation_precision"} | EVIDENCE),
        (UNSUPPORTED, {"sentences_supported"}),
        (INVENTED, {"unsupported_claims", "citation_recall", "citation_precision"} | WORDS),
        (MISREAD, {"right", "squad2_f1", "given_answers_right"} | ANSWERS),
        (
            SHUFFLED,
            TOTALS
            | ANSWERS
            | REFUSED
            | NOT_REFUSED
            | EVIDENCE
            | {"given_answers_right", "noise_sensitivity"},
        ),
    ],
    ids=[
        "always refuses",
        "never refuses",
        "mis-cited",
        "unsupported",
        "invented",
        "misread",
        "random",
    ],
)
def test_a_bad_run_is_worse_in_the_right_measure_and_only_there(
    tmp_path: Path, bad: Mapping[str, Reply | CuttingsError], differ: set[str]
) -> None:
    good_values = values(run(tmp_path / "good", FakeAssistant(fed=6)).measures)
    bad_values = values(run(tmp_path / "bad", FakeAssistant(bad, fed=6)).measures)
    shared = (good_values.keys() & bad_values.keys()) - COSTS
    assert {name for name in shared if good_values[name] != bad_values[name]} == differ
    for name in differ:
        worse = bad_values[name] > good_values[name]
        assert worse if name in REFUSED | MORE_IS_WORSE else not worse


@pytest.mark.slow
def test_a_run_fed_one_passage_misses_evidence_and_one_fed_everything_is_fed_noise(
    tmp_path: Path,
) -> None:
    one = values(run(tmp_path / "one", FakeAssistant(ALWAYS_REFUSES, fed=1)).measures)
    everything = values(run(tmp_path / "all", FakeAssistant(ALWAYS_REFUSES, fed=6)).measures)
    assert {name for name in one if one[name] != everything[name]} == {
        "claim_recall",
        "context_precision",
    }
    # what the bridge cost stands second for its question; the other two stand first
    assert (one["claim_recall"], everything["claim_recall"]) == (2 / 3, 1)
    assert (one["context_precision"], everything["context_precision"]) == (2 / 3, 3 / 18)
