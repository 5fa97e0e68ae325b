"""The signals of a finding, worked out by hand, and what they are worth."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from qa.answering.trust import LEAST_LOGPROB, Calibration, calibration, signals_of
from qa.library.embedder import Vectors
from tests.answering.builders import hit
from tests.answering.findings import signals

SHIPS = hit(
    "Leth Agencies counted 237 ships on Friday.",
    title="Owner hopes",
    published=date(2021, 3, 26),
    article_id="owner",
    cosine=0.6,
)
OWNER = hit("The owner is Shoei Kisen.", title="Owner hopes", article_id="owner", start=50)
FERRY = hit("The ferry carries 76 cars.", title="The ferry", article_id="ferry", published=None)
HITS = [SHIPS, OWNER, FERRY]


def test_every_signal_of_a_finding() -> None:
    question = "How many ships of Shoei did Leth count on 26 March 2021?"
    found = signals_of(question, question, "237 ships", [-0.1, -0.5], 1.5, SHIPS, HITS)
    assert found.states == 1.5
    assert found.mean_logprob == pytest.approx(-0.3)
    assert found.least_logprob == -0.5
    assert found.score == 1.0  # the builder's hits score alike
    assert found.cosine == 0.6
    # Leth, count, 26, March, 2021 stand in sentence and header; Shoei and "many" do not, and
    # "ships" is found, not asked.
    assert found.asked_there == pytest.approx(5 / 7)
    # Shoei, Leth, March, 26, 2021: all in what is at hand of the article.
    assert found.names_there == 1.0
    assert found.days_there == 1.0
    assert found.answer_there == 1.0
    assert found.kind_fits == 1.0


class Counting:
    """An embedder of two dimensions: how often "ship" is in a text, and 1; not of unit length."""

    digest, dimension, max_tokens = "counting", 2, 100

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.array([[text.count("ship"), 1.0] for text in texts], np.float32)

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Vectors, ...]:
        return tuple(self.embed(text.split()) for text in texts)


def test_the_cosine_is_that_of_the_sentence_which_holds_the_finding() -> None:
    quay = hit("Two ships and a third ship left. The port counted 237. It was full of ships.")
    found = signals_of(
        "How many ships did the port count?",
        "How many ships did the port count?",
        "237",
        [-0.1],
        0,
        quay,
        [quay],
        Counting(),
    )
    assert found.cosine == 1 * 0 + 1 * 1  # the second sentence names no ship
    elsewhere = signals_of(
        "How many ships?", "How many ships?", "many", [-0.1], 0, quay, [quay], Counting()
    )
    assert (
        elsewhere.cosine == 1 * 2 + 1 * 1
    )  # none holds it: the first that has the question's words


def test_a_day_that_the_passage_does_not_touch() -> None:
    earlier = signals_of(
        "How many on 25 March 2021?", "How many on 25 March 2021?", "237", [-0.1], 0, SHIPS, HITS
    )
    assert earlier.days_there == 0.0
    month = signals_of(
        "How many in March 2021?", "How many in March 2021?", "237", [-0.1], 0, SHIPS, HITS
    )
    assert month.days_there == 1.0
    undated = signals_of(
        "How many on 25 March 2021?", "How many on 25 March 2021?", "76", [-0.1], 0, FERRY, HITS
    )
    assert undated.days_there == 1.0  # nobody knows


def test_a_follow_up_is_of_its_own_kind_about_what_it_leans_on() -> None:
    asked = "And how many did Leth count?"
    standing = f"Who owns the ships of Shoei? {asked}"
    found = signals_of(asked, standing, "237 ships", [-0.1], 0, SHIPS, HITS)
    assert found.kind_fits == 1.0  # a number: not somebody
    assert found.asked_there == pytest.approx(2 / 3)  # Leth and count, not "many"
    assert found.names_there == 1.0  # Shoei and Leth, in what is at hand of the article


def test_a_token_can_only_be_so_unlikely_and_nothing_is_unlikely() -> None:
    assert signals_of("Who?", "Who?", "x", [-40.0], 0, FERRY, HITS).least_logprob == LEAST_LOGPROB
    assert signals_of("Who?", "Who?", "", [], 0, FERRY, HITS).mean_logprob == LEAST_LOGPROB


def test_trust_is_a_logistic_function_of_the_weighed_signals() -> None:
    alone = Calibration(-1.0, (2.0, *[0.0] * 9))
    assert alone.trust(signals(states=0.5)) == 0.5
    assert alone.trust(signals(states=1.0)) == pytest.approx(0.7311, abs=1e-4)


def test_a_passage_of_other_days_is_half_as_trusted() -> None:
    alone = Calibration(0.0, (1.0, *[0.0] * 9))
    assert alone.trust(signals(states=0.0, days_there=0.0)) == 0.25
    assert alone.trust(signals(states=0.0, days_there=0.5)) == 0.375


@pytest.mark.parametrize("model", ["qwen2.5-coder-1.5b", "qwen2.5-coder-0.5b"])
def test_the_program_comes_with_numbers_for_its_models(model: str) -> None:
    fitted = calibration(model)
    assert fitted is calibration(model)
    sure = signals(states=3.0, mean_logprob=-0.01, least_logprob=-0.05)
    unsure = signals(states=-3.0, mean_logprob=-2.0, least_logprob=-5.0, asked_there=0.2)
    assert fitted.trust(sure) > 0.5 > fitted.trust(unsure)


def test_a_model_that_was_never_asked_is_trusted_like_the_default() -> None:
    assert calibration("mine.gguf") == calibration("qwen2.5-coder-1.5b")
    assert calibration("mine.gguf") != calibration("qwen2.5-coder-0.5b")
