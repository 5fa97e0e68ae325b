"""Whether a sentence looks back or ahead from a day that it names. Pure.

"Rabie said on Saturday" is over; "is to be afloat on Saturday" is not. Decided by the verb that
stands nearest before the day, else by the first one behind it in the same clause: a list of cues,
no grammar.
"""

import re

_PLANS = "expect|schedul|plan|hope|hop|want|intend|aim|promis|agree|vow|pledg|decid|prepar"
_GIVEN_UP = r"had (?:hoped|planned|wanted|expected|intended)|(?:was|were|had been) put off"
_AHEAD = (
    r"(?:is|are|was|were) to\b|(?:will|would|shall|could|should|may|might|can|must)\b|[’']ll\b"
    rf"|(?:{_PLANS})(?:e?s|ed|ing)? (?:to|for)\b|(?:hopes|plans|expects|wants|intends|aims)\b"
    r"|(?:is|are|was|were|be) (?:\w+ )?(?:expected|due|scheduled|planned|set|likely)\b"
    r"|(?:due|set|likely|ready|about|going|starting|beginning) (?:to|for)\b|upcoming|coming"
    r"|(?:is|are) \w+ing\b"
    r"|(?:leaves|opens|closes|begins|starts|ends|expires|arrives|departs|returns|resumes|travels"
    r"|flies|meets|votes|visits|takes place|sets out|sets off|goes on trial)\b"
)
_BACK = (
    r"(?:said|says|told|was|were|had|did|went|came|met|took|held|saw|began|got|gave|left|sent|won"
    r"|lost|led|ran|became|made|found|fell|rose|spoke|wrote|struck|thought|put|shot|broke|knew"
    r"|[Ss]ince)\b"
    r"|(?<!\bbe )(?<!\bis )(?<!\bare )(?<!\bbeing )(?<!\bthe )(?!hundred)[a-z]+[^\We]ed\b"
)
# Small letters only: May is a month, and a sentence rarely opens with its verb.
_CUE = re.compile(rf"(?<![\w’'-])(?:(?P<given_up>{_GIVEN_UP})|(?P<ahead>{_AHEAD})|{_BACK})")
_SENTENCE_END = re.compile(r"[.!?;:][\"”’)»]*\s|\n")
_CLAUSE_END = re.compile(r"[,.!?;:]|\n|day\b")

FARTHEST_CUE_CHARS = 300
"""A verb that stands farther away belongs to something else."""


def looks_ahead(text: str, start: int, end: int) -> bool | None:
    """Whether what is said of the day named at `text[start:end]` was yet to come.

    None where no verb tells.
    """
    before = text[max(0, start - FARTHEST_CUE_CHARS) : start]
    sentence_ends = [match.end() for match in _SENTENCE_END.finditer(before)]
    cues = list(_CUE.finditer(before, sentence_ends[-1] if sentence_ends else 0))
    if cues:
        return cues[-1]["ahead"] is not None
    clause_end = _CLAUSE_END.search(text, end, end + FARTHEST_CUE_CHARS)
    cue = _CUE.search(text, end, clause_end.start() if clause_end else end + FARTHEST_CUE_CHARS)
    return cue["ahead"] is not None if cue else None
