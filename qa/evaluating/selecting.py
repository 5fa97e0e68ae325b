"""Which questions of a set are asked. Pure."""

import random
from collections.abc import Sequence

from qa.errors import BadQuestionSet
from qa.evaluating.questions import Question


def select(
    questions: Sequence[Question],
    *,
    tags: Sequence[str] = (),
    sample: int | None = None,
    seed: int = 0,
    limit: int | None = None,
) -> tuple[Question, ...]:
    """Those with one of the tags, of these a random sample, of that the first `limit`.

    A sample is the beginning of one random order that the seed decides, so a larger one begins
    with the smaller one and a run over it can go on from there. Raises BadQuestionSet for a tag
    that no question has.
    """
    known = sorted({tag for one in questions for tag in one.tags})
    missing = [tag for tag in tags if tag not in known]
    if missing:
        raise BadQuestionSet(
            f"No question has the tag {missing[0]!r}. Tags there are: {', '.join(known) or 'none'}."
        )
    chosen = [one for one in questions if not tags or not set(tags).isdisjoint(one.tags)]
    if sample is not None:
        random.Random(seed).shuffle(chosen)
        chosen = chosen[:sample]
    return tuple(chosen[:limit])
