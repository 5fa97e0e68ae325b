"""When there is no answer to give, and what to say instead.

Pure. Two moments: before the model is asked (nothing found bears on the question) and after it has
answered (it abstains, or nothing that it found is to be trusted).
"""

import re
from collections.abc import Sequence

from qa.reading import wording
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


def refuse(question: str, hits: Sequence[Hit]) -> Refusal:
    """The refusal where nothing that was found is to be trusted: what is missing, what is near."""
    missing = sorted(_missing_names(question, hits))
    needed = f" None of those found speaks of {' or '.join(missing)}." if missing else ""
    return Refusal(RefusalReason.NOT_IN_SOURCES, f"The articles don't say.{needed}{_closest(hits)}")


def abstains(text: str) -> bool:
    """Whether the model says, in its own words or ours, that the passage holds no answer."""
    return _ABSTENTIONS.search(text) is not None


_ABSTENTIONS = re.compile(
    r"^\W*(the )?(articles?|passages?|sources?|text)( provided)? (do|does)(n['’]t| not) "
    r"(say|state|mention|specify|provide|contain|include|give|name|answer)"
    r"|^\W*there is no (information|mention|answer)\b"
    r"|^\W*no (information|mention|answer) (is |was )?(given|provided|available|found|about|on)\b"
    r"|^\W*(not|un)[ -]?(stated|mentioned|specified|provided|given|known)\b"
    r"|\b(is|are|was|were) not (stated|mentioned|specified|provided|given|named) in the "
    r"(articles?|passages?|sources?|text)",
    re.IGNORECASE,
)


def _closest(hits: Sequence[Hit]) -> str:
    """The way on: which article comes nearest."""
    if not hits:
        return ""
    passage = max(hits, key=lambda hit: hit.score).passage
    named = header(passage.title, passage.published)
    return f" Closest: {named}." if named else ""


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


def _missing_names(question: str, hits: Sequence[Hit]) -> set[str]:
    """Names of the question, as it spells them, that stand in no source and no title."""
    texts = " ".join(f"{hit.passage.title} {hit.passage.text}" for hit in hits)
    known = wording.name_forms(texts) | set(wording.words(texts))
    wanted = wording.names(question) - wording.CALENDAR - known
    spelt = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", question)
    return {word for word in spelt if word[0].isupper() and wording.name_form(word) in wanted}
