"""Whether a sentence says no where its source says yes, or the other way round. Pure.

A list of cues and how far each reaches, no grammar. What is compared is the word that a cue bears
on: in "the company did not sign the contract" it is "sign". Rather too much is found to contradict
than too little.
"""

import re
from dataclasses import dataclass

from qa.answering.wording import content_words

LONGEST_REACH = 4
"""A cue bears on so many content words behind it, within its clause."""

# "Not only", "no doubt", "not until Monday" and the like deny nothing.
_NO_DENIAL = re.compile(
    r"\bnot\s+(?:only|just|merely|simply|least|to mention|until|unlike|surprisingly)\b"
    r"|\bno\s+(?:doubt|matter|sooner|fewer|less|later|more)\b|\bno\.\s*\d"
    r"|\bwhether\s+or\s+not\b|\bif\s+not\b|\bwhy\s+not\b|\bnothing\s+(?:but|short)\b"
    r"|\bnot\s+(?:be\s+)?(?:ruled\s+out|excluded|denied)\b|\bcannot\s+be\s+(?:ruled\s+out|denied)\b"
    r"|\b(?:not|n[’']t|never)\s+(?:fail|refuse|denied|deny|without)\b"
    r"|(?:\bnot|n[’']t)\s+(?:\w+\s+){1,4}until\b"
    r"|\bwarn\w*\b[^.;]{0,60}?\bnot\s+to\b",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?P<whole>no\s+one|no|nobody|none|nothing|nowhere|neither|nor|without"
    r"|lack(?:s|ed|ing)?|free\s+of)\b"
    r"|(?P<verb>\b(?:not|never|cannot|hardly|scarcely|unable|unclear|unknown|uncertain|unlikely"
    r"|impossible|instead\s+of|rather\s+than|stopp?(?:s|ed)?\s+short\s+of"
    r"|fail(?:s|ed|ing)?\s+to|refus(?:es?|ed|ing)(?:\s+to)?|declin(?:es?|ed|ing)\s+to"
    r"|den(?:y|ies|ied|ying)|ruled\s+out|rules\s+out|gave\s+up|avoid(?:s|ed|ing)?)\b|n[’']t\b)",
    re.IGNORECASE,
)
# What denies without a cue, in a source: it bears out a denial, and denies no word of its own.
_SILENT_DENIAL = re.compile(
    r"\bin\s+vain\b|\b(?:left|is|was|remains?)\s+open\b|\b(?:against|put\s+off|except|only|wrong)\b"
    r"|\b(?:unharmed|unhurt|uninjured|unmanned|uncrewed|safe|missed|closed|suspended)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[.,;:!?—–()]\s|\b(?:but|although|though|while|whereas|when|because|after|before|which|who|why|how|where"
    r"|since|unless|until|as|so|if|and\s+(?:that|then|he|she|it|they))\b",
    re.IGNORECASE,
)
# "Not the main reason" denies the reason.
_PASSED_OVER = re.compile(
    r"\b(?:yet|even|ever|main|only|single|real|new|further|own|\w+ly)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Polarity:
    """The content words of a text that are denied, and those that are stated, both as stems.

    `heads` are the denied words that a cue bears on first. `denies` tells of any cue at all.
    """

    heads: frozenset[str]
    denied: frozenset[str]
    stated: frozenset[str]
    denies: bool


def polarity(text: str, *, source: bool = False) -> Polarity:
    """Read a text's cues; a source may deny in other words, too ("in vain")."""
    blanked = _NO_DENIAL.sub(lambda match: " " * len(match.group()), text)
    heads: set[str] = set()
    denied: set[str] = set()
    plain, place, any_cue = [], 0, False
    for cue in _CUE.finditer(blanked):
        if cue.start() < place:
            continue
        any_cue = True
        clause_end = _CLAUSE_END.search(blanked, cue.end())
        reach = text[cue.end() : clause_end.start() if clause_end else len(text)]
        bound = content_words(_PASSED_OVER.sub(" ", reach))[:LONGEST_REACH]
        denied |= set(bound)
        # A verb behind "not"; behind "no" a noun and what is said of it.
        heads |= set(bound[: 2 if cue["whole"] else 1])
        plain.append(text[place : cue.start()])
        place = cue.end() + len(reach)
    plain.append(text[place:])
    return Polarity(
        frozenset(heads),
        frozenset(denied),
        frozenset(content_words(" ".join(plain))),
        denies=any_cue or (source and _SILENT_DENIAL.search(text) is not None),
    )


def contradicts(claim: Polarity, source: Polarity) -> bool:
    """Whether the claim denies what the source states, or states what the source denies.

    A denial that the source has no words for stands only where the source denies something, too.
    """
    if claim.denies and not source.denies:
        return True
    reversed_ = (claim.heads & source.stated) - source.denied - claim.stated
    if reversed_ and not claim.heads & source.denied:
        return True
    return bool((source.heads & claim.stated) - source.stated - claim.denied)
