"""Which questions train the reader, which calibrate, which are reported on. Pure and fixed.

A passage or an article falls into its part by the SHA-256 of its text or id, so that the parts are
the same on every machine, whatever is read first, and stay so when questions are added.

| set | training | calibration | report |
| --- | --- | --- | --- |
| `answerability/train.jsonl`, by the passage's text | 85% | 15% | – |
| `repliqa`, by the article's id | 45% | 20% | 35% |
| `articles/`, our own, by the article's id | 85% | 15% | – |
| `stories/`, our own, told in several articles each | – | – | all |
| `squad2` | – | – | all |
"""

import hashlib
from enum import Enum


class Part(Enum):
    """What a question is used for; the reader has never seen one of the last two in training."""

    TRAINING = "training"
    CALIBRATION = "calibration"
    REPORT = "report"


def answerability_part(passage: str) -> Part:
    """The part of a row of `answerability/train.jsonl`, from its `passage` as it stands there."""
    return passage_part(passage_id(passage))


def passage_id(passage: str) -> str:
    """How we name a passage of `answerability/train.jsonl`: 16 hex digits of its SHA-256."""
    return _digest(passage)


def passage_part(named: str) -> Part:
    """The part of a passage from its id."""
    return Part.TRAINING if _share(named) < 0.85 else Part.CALIBRATION


def own_part(article_id: str) -> Part:
    """The part of an article of our own, from its id."""
    return passage_part(_digest(article_id))


def repliqa_part(article_id: str) -> Part:
    """The part of a RepLiQA article and of every question asked of it, from the article's id."""
    share = _share(_digest(article_id))
    if share < 0.45:
        return Part.TRAINING
    return Part.CALIBRATION if share < 0.65 else Part.REPORT


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def _share(digest: str) -> float:
    """A number in [0, 1) that only the text decides, evenly spread over texts."""
    return float(int(digest, 16) / 2**64)
