"""What is in other languages is ranked by its meaning; the other models are not asked of it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.finding import Finder
from qa.answering.meaning import ACROSS, is_foreign, likely_by, logit_of
from qa.answering.scoring import score_sentences
from qa.library.embedder import Vectors
from qa.types import EVERYTHING, Hit, Scope
from tests.answering.builders import hit
from tests.fakes import FakeCrossEncoder, FakeReader

BRIDGE = hit(
    "Die alte Brücke ist seit Montag für alle Lastwagen gesperrt. Der Bau einer neuen kostet die"
    " Stadt neun Millionen Euro.",
    title="Brücke",
    article_id="bruecke",
)
FERRY = hit(
    "The ferry will run until the new bridge is built. It costs two crowns to cross.",
    title="Ferry",
    article_id="ferry",
)


@dataclass
class Near:
    """How near a text is to any question, by words that stand in it: else 0."""

    cosines: Mapping[str, float]
    read: list[str] = field(default_factory=list)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of two numbers, the cosine with a question the first."""
        self.read += texts
        near = [max((c for w, c in self.cosines.items() if w in text), default=0) for text in texts]
        return np.array([(one, math.sqrt(1 - one**2)) for one in near], dtype=np.float32)

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        """All alike."""
        return np.array([(1, 0)] * len(questions), dtype=np.float32)


class FixedSearch:
    """Finds the same, whatever is asked."""

    def __init__(self, *hits: Hit) -> None:
        self.hits = hits

    def retrieve(
        self, question: str, k: int, scope: Scope = EVERYTHING, *, rough: bool = False
    ) -> tuple[Hit, ...]:
        """The first k."""
        return self.hits[:k]


@pytest.mark.parametrize(
    ("question", "one", "foreign"),
    [
        ("Was kostet der Bau einer neuen Brücke?", BRIDGE, True),
        ("What does the new bridge cost?", BRIDGE, True),
        ("What does the ferry cost?", FERRY, False),
        ("Was kostet die Fähre?", FERRY, True),
    ],
)
def test_what_is_foreign(question: str, one: Hit, foreign: bool) -> None:
    assert is_foreign(question, one.passage) is foreign


def test_a_sentence_is_read_below_its_title_and_scored_by_its_likeness_alone() -> None:
    cross_encoder, meaning = FakeCrossEncoder(), Near({"kostet": 0.86, "gesperrt": 0.83})
    asked = "Was kostet der Bau einer neuen Brücke?"
    best, other = score_sentences(asked, [BRIDGE], cross_encoder, (), meaning)
    assert cross_encoder.scored == []
    assert meaning.read == [
        "Brücke. Die alte Brücke ist seit Montag für alle Lastwagen gesperrt.",
        "Brücke. Der Bau einer neuen kostet die Stadt neun Millionen Euro.",
    ]
    # .05 and .02 above what says nothing, two hundred times, and twice that in sum
    assert best.score == pytest.approx(20, abs=1e-3)
    assert other.score == pytest.approx(8, abs=1e-3)
    assert BRIDGE.passage.text[best.start : best.goes_on].startswith("Der Bau")
    assert best.goes_on == best.end
    assert best.span is None


def test_an_english_question_ranks_german_sentences_beside_english_ones() -> None:
    """Two languages lie farther apart: what crosses them counts .015 more."""
    cross_encoder, meaning = FakeCrossEncoder(), Near({"kostet": 0.86})
    asked = "What does it cost to cross?"
    scored = score_sentences(asked, [FERRY, BRIDGE], cross_encoder, (), meaning)
    assert {text for _, text in cross_encoder.scored if "Brücke" in text} == set()
    by_number = {(one.number, one.start): one for one in scored}
    (_, _, _, building) = (by_number[key] for key in sorted(by_number))
    assert building.likeness == pytest.approx(0.86 + ACROSS, abs=1e-5)
    assert building.score == pytest.approx(2 * 200 * (0.86 + 0.015 - 0.81), abs=1e-2)
    assert [one.number for one in scored][:2] == [2, 1]  # 26; all of the question's words: 20
    assert all(one.likeness is None for one in scored if one.number == 1)


def test_the_reader_reads_what_it_was_taught_and_the_rest_is_kept() -> None:
    """Of eight passages four are kept where the reader finds most; it cannot judge the German."""
    english = [
        hit(f"The hills have {n} mills by the river. They are old.", article_id=f"hills-{n}")
        for n in range(7)
    ]
    reader, meaning = FakeReader({"two crowns": 3.0}), Near({"kostet": 0.9})
    finder = Finder(
        FixedSearch(*english[:6], FERRY, BRIDGE), FakeCrossEncoder(), reader, meaning=meaning
    )
    found = finder.find("What does it cost to cross?", 4)
    assert len(reader.texts) == 7
    assert not any("Brücke" in text for text in reader.texts)
    assert [one.article_id for one in found.evidence][:2] == ["bruecke", "ferry"]


def test_the_probability_is_that_of_the_best_and_its_lead() -> None:
    """-40.9 + 45.2 x .86 + 91 x (.86 - .84) = -.208, and with nothing beside it -2.028."""
    assert likely_by([0.83, 0.86, 0.85]) == pytest.approx(1 / (1 + math.exp(0.208)))
    assert likely_by([0.86]) == pytest.approx(1 / (1 + math.exp(2.028)))
    # nineteen beside the best: what is farther away does not count
    near = [0.9, *[0.85] * 19]
    assert likely_by([*near, *[0.1] * 30]) == pytest.approx(likely_by(near))


def test_an_answer_in_another_language_is_found_with_its_probability() -> None:
    meaning = Near({"kostet": 0.88, "gesperrt": 0.8})
    finder = Finder(FixedSearch(BRIDGE), FakeCrossEncoder(), FakeReader({}), meaning=meaning)
    found = finder.find("Was kostet der Bau einer neuen Brücke?", 4)
    assert found.evidence[0].quote.endswith("neun Millionen Euro.")
    assert found.confidence == pytest.approx(likely_by([0.88, 0.8]), abs=1e-4)
    assert found.signals is None  # what these say of German was never fitted


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=60))
def test_it_is_a_probability_whatever_the_order(likenesses: list[float]) -> None:
    likely = likely_by(likenesses)
    assert 0 <= likely <= 1
    assert likely_by(likenesses[::-1]) == pytest.approx(likely)


def test_the_scale_of_logits() -> None:
    assert logit_of(0.81) == pytest.approx(0)
    assert logit_of(0.79) == pytest.approx(-4)
