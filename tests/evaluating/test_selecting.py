"""Which questions of a set are asked."""

import pytest

from qa.errors import BadQuestionSet
from qa.evaluating.questions import Question, select

TEN = [Question(str(n), "?", (), tags=("even",) if n % 2 == 0 else ("odd", "x")) for n in range(10)]


def ids(questions: tuple[Question, ...]) -> list[str]:
    return [question.id for question in questions]


def test_all_the_first_and_those_with_a_tag() -> None:
    assert select(TEN) == tuple(TEN)
    assert ids(select(TEN, limit=3)) == ["0", "1", "2"]
    assert ids(select(TEN, tags=["x"])) == ["1", "3", "5", "7", "9"]
    assert ids(select(TEN, tags=["x", "even"], limit=4)) == ["0", "1", "2", "3"]


def test_a_sample_is_the_same_every_time_and_the_beginning_of_a_larger_one() -> None:
    four = select(TEN, sample=4, seed=1)
    assert four == select(TEN, sample=4, seed=1)
    assert four == select(TEN, sample=8, seed=1)[:4] == select(TEN, sample=8, seed=1, limit=4)
    assert len(set(ids(four))) == 4
    assert four != select(TEN, sample=4, seed=2)
    assert sorted(ids(select(TEN, sample=99))) == ids(tuple(TEN))
    assert set(ids(select(TEN, sample=3, tags=["even"]))) < {"0", "2", "4", "6", "8"}


def test_a_tag_that_nothing_has_is_named() -> None:
    with pytest.raises(BadQuestionSet, match=r"tag 'odds'\. Tags there are: even, odd, x"):
        select(TEN, tags=["odds"])
