"""Whether a sentence looks back or ahead from a day that it names. Pure.

"Rabie said on Saturday" is over; "is to be afloat on Saturday" is not. Decided by the verb that
stands nearest before the day, else by the first one behind it in the same clause: a list of cues,
no grammar.
"""

import re

_PLANS = "expect|schedul|plan|hope|hop|want|intend|aim|promis|agree|vow|pledg|decid|prepar"
_GIVEN_UP = r"had (?:hoped|planned|wanted|expected|intended)|(?:was|were|had been) put off"
# Present tense that news uses of what is fixed: in -s not behind an article, and bare (most are
# nouns, too) only behind what may be the subject.
_FIXED = (
    "leave|open|close|reopen|begin|start|end|expire|arrive|depart|return|resume|travel|meet|vote"
    "|visit|play|face|host"
)
_SUBJECT = (
    r"(?:(?!(?:was|has|his|its|this|does|always) )\w+(?<!ou)(?<!s)s|people|[Tt]hey|[Ww]e|who)"
)
_AHEAD = (
    r"(?:is|are|was|were) to\b|(?:will|would|shall|could|should|may|might|can|must)\b|[’']ll\b"
    rf"|(?:{_PLANS})(?:e?s|ed|ing)? (?:to|for)\b|(?:hopes|plans|expects|wants|intends|aims)\b"
    r"|(?:is|are|was|were|be) (?:\w+ )?(?:expected|due|scheduled|planned|set|likely)\b"
    r"|(?:due|set|likely|ready|about|going|starting|beginning) (?:to|for)\b|upcoming|coming"
    r"|(?:is|are) (?:\w+ing|on|until|from)\b|(?:needs|lasts|continues|runs? (?:until|from|to))\b"
    rf"|(?P<fixed>(?<!the )(?:(?:{_FIXED}|flie|goe)s|takes place|sets o(?:ut|ff))\b"
    rf"|{_SUBJECT} (?:{_FIXED}|fly|go|take place)\b"
    r"|[A-Z]\w+ (?:play|face|host|meet|begin)\b)"
)
_BACK = (
    r"(?<!\bbe )(?:said|says|told|was|were|had|did|went|came|met|took|held|saw|began|got|gave|left"
    r"|sent|won|lost|led|ran|became|made|found|fell|rose|spoke|wrote|struck|thought|put|shot|broke|knew|beat"
    r"|hit|sold|brought|bought|caught|fought|sought|taught|felt|grew|heard|kept|paid|sank|stood"
    r"|threw|drew|drove|flew|fled|built|chose|stole|sued|agreed|freed|[Ss]ince)\b"
    r"|(?<!\bbe )(?<!\bis )(?<!\bare )(?<!\bbeing )(?<!\bthe )(?!hundred)[a-z]+[^\We]ed\b"
)
# Small letters only: May is a month, and a sentence rarely opens with its verb.
_CUE = re.compile(rf"(?<![\w’'-])(?:(?P<given_up>{_GIVEN_UP})|(?P<ahead>{_AHEAD})|{_BACK})")
_SENTENCE_END = re.compile(r"[.!?;:][\"”’)»]*\s|\n")
_PUT_OFF = re.compile(
    r"(?:adjourn|postpon|delay|deferr|reschedul|mov|suspend|remand|call|book|list)ed$|put off$"
)
_UNTIL = re.compile(r"\b(?:until|till|for)\s+(?:early |late )?$")
# "Faces jail after a raid on Sunday"; what stands right behind the verb is its own, and so is a
# place: "goes to the polls in Lund".
_APART = re.compile(
    r"\S.*\b(?:of|from|to|for|about|with|by|into|on|against|between|among|as)\s+\S"
    r"|\S.*\b(?:in|at)\s+[^\sA-Z]"
    r"|\b(?:after|over|following|amid|during|despite)\b",
    re.DOTALL,
)
_IS = re.compile(r"\b(?:is|are)\s+$")
_OPENING = re.compile(r"\W*(?:\w+\s+){0,2}")
_CLAUSE_END = re.compile(r"[,.!?;:]|\n|day\b")

FARTHEST_CUE_CHARS = 300
"""A verb that stands farther away belongs to something else."""


def tells(sentence: str) -> bool:
    """Whether it has a verb that looks back or ahead."""
    return _CUE.search(sentence) is not None


def looks_ahead(text: str, start: int, end: int) -> bool | None:
    """Whether what is said of the day named at `text[start:end]` was yet to come.

    None where no verb tells.
    """
    before = text[max(0, start - FARTHEST_CUE_CHARS) : start]
    sentence_ends = [match.end() for match in _SENTENCE_END.finditer(before)]
    sentence = sentence_ends[-1] if sentence_ends else 0
    cues = list(_CUE.finditer(before, sentence))
    until = _UNTIL.search(before) and not text.startswith(("'", "’"), end)
    if _IS.search(before) or (until and (not cues or _PUT_OFF.search(cues[-1][0]))):
        return True
    if cues and cues[-1]["fixed"] and _APART.search(before, cues[-1].end()):
        return None
    if cues:
        return cues[-1]["ahead"] is not None
    opens = _OPENING.fullmatch(before, sentence) and text.startswith(",", end)
    clause_end = _CLAUSE_END.search(text, end + bool(opens), end + FARTHEST_CUE_CHARS)
    cue = _CUE.search(text, end, clause_end.start() if clause_end else end + FARTHEST_CUE_CHARS)
    return cue["ahead"] is not None if cue else None
