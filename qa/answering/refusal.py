"""When there is no answer to give, and what to say instead.

Pure. Two moments: before the model is asked (nothing found bears on the question) and after it has
answered (it abstains, or no sentence of it stands in the sources).
"""

import re
from collections.abc import Sequence

from qa.answering import wording
from qa.answering.citations import CheckedText
from qa.answering.prompt import abstains
from qa.reading.passages import header
from qa.types import Hit, Refusal, RefusalReason


def refuse_before(question: str, hits: Sequence[Hit], relevance_floor: float) -> Refusal | None:
    """A refusal where the model need not be asked at all.

    Nothing is relevant when the best cosine stays below `relevance_floor` (0 to 1), or when the
    question names a year that no source knows of: neither its words nor its date.
    """
    if not hits or max(hit.cosine for hit in hits) < relevance_floor:
        return Refusal(
            RefusalReason.NOTHING_RELEVANT,
            "Nothing in the articles bears on this question. Ask with words that the articles "
            f"themselves would use, in their language.{_closest(hits)}",
        )
    unknown = sorted(_years(question) - _known_years(hits))
    if unknown and all(hit.passage.published for hit in hits):
        return Refusal(
            RefusalReason.NOT_IN_SOURCES,
            f"The articles don't say: none of those found speaks of {', '.join(unknown)}."
            f"{_closest(hits)}",
        )
    return None


def refuse_unsupported(
    model_text: str, checked: CheckedText, hits: Sequence[Hit]
) -> Refusal | None:
    """A refusal where the model abstained, or wrote nothing that a source supports."""
    if abstains(model_text) or not any(sentence.supported for sentence in checked.sentences):
        return Refusal(RefusalReason.NOT_IN_SOURCES, f"The articles don't say.{_closest(hits)}")
    return None


def _closest(hits: Sequence[Hit]) -> str:
    """The way on: which article comes nearest."""
    if not hits:
        return ""
    passage = max(hits, key=lambda hit: hit.score).passage
    return f" Closest: {header(passage.title, passage.published)}."


def _years(text: str) -> set[str]:
    return set(re.findall(r"\b(?:1[5-9]|20)\d\d\b", text))


def _known_years(hits: Sequence[Hit]) -> set[str]:
    """Years that a source states, and those its own words may mean by "last" or "next" year."""
    known: set[str] = set()
    for hit in hits:
        known |= wording.figures(hit.passage.text) | _years(hit.passage.text + hit.passage.title)
        if hit.passage.published:
            year = hit.passage.published.year
            known |= {str(year - 1), str(year), str(year + 1)}
    return known
