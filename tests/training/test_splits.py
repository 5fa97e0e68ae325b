from collections import Counter

from splits import Part, answerability_part, own_part, repliqa_part


def test_parts_stay_what_they_are() -> None:
    # SHA-256 of "Oslo" begins 4315, of "Bergen" deae, of "Turin" 7844: 0.26, 0.87 and 0.47.
    assert answerability_part("Oslo") is Part.TRAINING
    assert answerability_part("Bergen") is Part.CALIBRATION
    assert own_part("Oslo") is Part.TRAINING
    assert own_part("Bergen") is Part.CALIBRATION
    assert repliqa_part("Oslo") is Part.TRAINING
    assert repliqa_part("Turin") is Part.CALIBRATION
    assert repliqa_part("Bergen") is Part.REPORT


def test_parts_have_the_shares_that_are_written_down() -> None:
    passages = Counter(answerability_part(f"passage {n}") for n in range(10_000))
    articles = Counter(repliqa_part(f"article-{n}") for n in range(10_000))
    assert abs(passages[Part.TRAINING] - 8500) < 150
    assert passages[Part.REPORT] == 0
    assert abs(articles[Part.TRAINING] - 4500) < 150
    assert abs(articles[Part.CALIBRATION] - 2000) < 150
