"""Whether two sentences of much the same words assert the same. Pure.

Who does what to whom has to be the same: "the dog bit the man" is not "the man bit the dog". And so
has whether it is a fact: what is denied, planned, doubted or undone in one is so in the other.
"""

import itertools
import re
from collections.abc import Sequence

from qa.reading import wording
from qa.reading.sentences import clause_cuts


def _any_of(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


# Words that deny, and such as deny by what they mean: who "did not deny" has not denied.
_DENIES = re.compile(
    r"(?P<small>\b(?:no|not|nor|never|none|nobody|nothing|neither|without|cannot|hardly|kein\w*"
    r"|nicht|nie|ne|pas|jamais|ni|nunca|sin)\b|n[’']t\b|[不没未无])|\b(?:unable|unlikely|unclear"
    r"|unknown|unconfirmed|fail(?:s|ed|ing)?|refus(?:e|es|ed|ing)|den(?:y|ies|ied|ying)"
    r"|declin(?:e|es|ed|ing)|reject(?:s|ed|ing)?|lack(?:s|ed)?)\b",
    re.IGNORECASE,
)
# "Not only" denies nothing.
_NO_DENIAL = re.compile(
    r"\bnot\s+(?:only|just|merely|least)\b|\bno\s+(?:doubt|fewer|less|later|more)\b", re.IGNORECASE
)
# What is no fact yet, or none: a condition, a plan, a suspicion, what came to nothing.
_CONDITION = _any_of(
    r"if|unless|would|could|(?-i:may)|might|should|whether|possibl[ey]|perhaps|probably|likely"
    r"|doubt\w*|possibility|wenn|könnten?|würden?|pourrai\w+|podrían?"
)
# Of all that a sentence says.
_IF = _any_of("if|unless|whether|wenn")
_FALSE = _any_of(r"false\w*|untrue")
_PLAN = _any_of(
    r"(?:was|were)(?: due| set| meant| supposed| scheduled)? to|been due to|set for|expect\w*"
    r"|plan(?:s|ned|ning)?|aims? to|intend\w*|hop(?:e|es|ed|ing)|want(?:s|ed)? to|propos\w+"
    r"|draft|demand\w*|calls? for|called (?:for|on)|urg(?:e|es|ed)|threat\w*|fear\w*|warn\w*"
    r"|sollte\w*"
)
_SUSPICION = _any_of(
    r"accus\w+|alleg\w+|charg(?:es|ed) (?:with|that)|suspected|suspicion"
    r"|claim(?:ed)?(?!\s+(?:[$€£]|victory|responsibility|\S+\s+lives\b))"
    r"|claims(?=\s+(?:that|to|he|she|it|they|the|(?-i:[A-ZÀ-Þ])))"
    r"|rumou?r\w*|believ\w+|reportedly|apparently|angeblich"
    r"|mutmaßlich\w*|supuest\w+"
)
_UNDONE = _any_of(
    r"false\w*|untrue|scrap\w*|cancel\w*|call(?:s|ed)? off|abandon\w*|postpon\w+|put off"
    r"|rul(?:e|es|ed|ing) out|acquit\w*|cleared of|dismiss\w*|prevent\w*|avert\w*|avoid\w*"
    r"|escap\w+|overturn\w*|(?:almost|nearly) [a-z]+ed|until"
)
_FORMER = re.compile(r"\b(?:former|ex|deputy|vice|acting)\b[\s-]+(\w+)", re.IGNORECASE)
_FUTURE = re.compile(
    r"(?:\b(?:will|shall|won[’']t|(?:is|are) (?:(?:due|set|going) )?to)|\w[’']ll)"
    r"\s+(?:not\s+)?(?:\w+ly\s+)?(\w+)"
)
# "Won and will take office" are two clauses, where the second is no fact or comes to nothing.
_AND = re.compile(
    r"\sand\s+(?=(?:[^\W\d]+\s+){0,5}?(?:"
    + "|".join(one.pattern for one in (_CONDITION, _PLAN, _SUSPICION, _UNDONE, _FUTURE))
    + "))",
    re.IGNORECASE,
)
SHORT_CLAUSE = 4
"""Words of a clause such as ", prosecutors alleged": it says no more than how sure another is."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# "Sued by Carl Rowe", "the invasion of Ukraine by Russia"; no measure, "by 30 metres".
_DOER = re.compile(
    r"\b(?:by|par)\s+(?:"
    r"(?!(?:in|on|at|to|from|of|for|with|near|over|after|before|during|into|dans|à|de)\b)"
    r"[^\W\d_A-ZÀ-Þ][\w’'-]*\s+){0,3}"
    r"(?P<name>[A-ZÀ-Þ][\w’'.-]*(?:\s+[A-ZÀ-Þ][\w’'-]*)*)"
)
_IS = re.compile(r"\b(?:be|been|being|is|are|was|were)\b")
_OPENING_NAME = re.compile(
    r"\W*(?:The\s+)?(?P<name>[A-ZÀ-Þ][\w’'-]*(?:\s+[A-ZÀ-Þ][\w’'-]*)*)\s+(?=[a-z])"
)
_BEHIND_PREPOSITION = re.compile(
    r"(?<!\w)(?:of|in|on|at|with|by|for|from|to|into|over|under|between|against|about|via|near)"
    r"\s+(?:(?:the|an?|its|his|her|their)\s+)?$"
)
# Those that turn the meaning of what they stand before.
_PREPOSITIONS = frozenset(
    """for against from to into after before until till since despite because with without over
    above under below by at than during down due""".split()
)
_ALIKE = {"into": "to", "till": "until", "above": "over", "below": "under", "due": "because"}
# "From 4.5 per cent to 4.1" turns nothing round.
_MEASURES = frozenset(
    wording.words("percent point dollar euro pound yen metre kilometre mile degree tonne year day")
)
_ARTICLES = frozenset("the a an of his her its their this that".split())


def contradicts(claim: str, there: str) -> bool:
    """Whether one denies what the other states, as far as words that deny tell.

    Of a source only those clauses count that share words with the claim; for what the claim denies
    those that share most of them, of those with the first word denied where there are such.
    """
    told = set(wording.content_words(claim))
    clauses = [one for one in _clauses(there) if _shared(told, one)]
    denied = [one for one in _clauses(claim) if _denials(one)]
    if denied:
        return not all(_denied_in(clauses, one) for one in denied)
    most = max((_shared(told, one) for one in clauses), default=0)
    return any(_denials(one) for one in clauses if 2 * _shared(told, one) >= most)


def as_real(claim: str, there: str, *, dated: bool) -> bool:
    """Whether what is planned, doubted, alleged, undone or to come there is told so.

    What has its day, in a sentence that is `dated`, may be told in the present: "begins on Monday"
    is "will begin on Monday".
    """
    told = set(wording.words(claim))
    if _IF.search(there) and not _CONDITION.search(claim):
        return False
    if _FALSE.search(there) and not _UNDONE.search(claim):
        return False
    near, aside = _told_by(claim, there)
    unreal = [(one, f"{near} {aside}") for one in (_CONDITION, _SUSPICION, _UNDONE)]
    for one, text in (*unreal, (_PLAN, near)):  # "unions warned" stands aside
        if one.search(text) and not one.search(claim):
            return False
    ranks = {word for one in _FORMER.finditer(there) for word in wording.content_words(one[1])}
    ranks -= set(wording.words(_FORMER.sub(" ", there)))
    if ranks & told and not _FORMER.search(claim):
        return False
    return all(
        _FUTURE.search(other) or (dated and re.search(rf"\b{future[1]}(?:e?s)?\b", other))
        for one, other in ((claim, near), (near, claim))
        if (future := _FUTURE.search(one))
    )


def _told_by(claim: str, there: str) -> tuple[str, str]:
    """The clauses that say what a claim does, and short ones that say how sure it is.

    One that shares no word with it but such as stand in a nearer one tells of something else.
    """
    cuts = sorted({*clause_cuts(there), *(one.start() for one in _AND.finditer(there))})
    clauses = [there[start:end] for start, end in itertools.pairwise(cuts)]
    missing = set(wording.words(claim))
    near: list[str] = []
    while any(_shared(missing, one) for one in clauses):
        most = max(_shared(missing, one) for one in clauses)
        nearest = [one for one in clauses if _shared(missing, one) == most]
        near += nearest
        missing -= {word for one in nearest for word in wording.content_words(one)}
    short = [one for one in clauses if len(one.split()) <= SHORT_CLAUSE and one not in near]
    aside = [one for one in short if not _AND.match(one)]
    return " ".join(near), " ".join(aside)


def same_roles(claim: str, there: str) -> bool:
    """Whether who does what to whom is the same, as far as the order of words tells."""
    said, stated = _doer_first(claim), _doer_first(there)
    return (
        _same_order(said, stated)
        and not _subject_changed(said, stated)
        and not _turned_round(claim, there)
        and _same_prepositions(claim, there)
    )


def _denied_in(clauses: Sequence[str], claim: str) -> bool:
    """Whether the clauses nearest to one that denies deny the same way."""
    told = set(wording.content_words(claim))
    first = set(wording.plain_words(_DENIES.split(_NO_DENIAL.sub(" ", claim))[-1])[:1])
    about = [one for one in clauses if _shared(first, one)] or clauses
    most = max((_shared(told, one) for one in about), default=0)
    return any(_denials(one) == _denials(claim) for one in about if _shared(told, one) == most)


def _denials(text: str) -> int:
    """0 where nothing is denied, 1 where it is, 2 where a denial is."""
    return len({one.lastgroup for one in _DENIES.finditer(_NO_DENIAL.sub(" ", text))})


def _clauses(text: str) -> list[str]:
    return [text[start:end] for start, end in itertools.pairwise(clause_cuts(text))]


def _shared(told: set[str], clause: str) -> int:
    return len(told & set(wording.content_words(clause)))


def _doer_first(text: str) -> str:
    """The active voice, as far as the order of names goes: "Ann Dale was sued by Carl Rowe"."""
    doer = _DOER.search(text)
    return f"{doer['name']} {text[: doer.start('name')]}{text[doer.end() :]}" if doer else text


def _same_order(claim: str, there: str) -> bool:
    """Whether names come in the same order: "ahead of Price" is not "behind"."""
    names = wording.claimed_names(claim, there)
    said, stated = (
        list(dict.fromkeys(wording.name_form(word) for word in _WORD.findall(text)))
        for text in (claim, there)
    )
    shared = [name for name in said if name in names and name in stated]
    return shared == sorted(shared, key=stated.index)


def _subject_changed(claim: str, there: str) -> bool:
    """Whether the name that a claim opens with stands only behind prepositions.

    "The talks, on the sidelines of the Munich summit, are …" does not say what the summit is.
    """
    match = _OPENING_NAME.match(claim)
    if not match:
        return False
    found = [one.start() for one in re.finditer(rf"(?<!\w){re.escape(match['name'])}(?!\w)", there)]
    return bool(found) and all(_BEHIND_PREPOSITION.search(there[:start]) for start in found)


def _turned_round(claim: str, there: str) -> bool:
    """Whether three words stand there in reverse: "the man bit the dog", in the same voice."""
    said, stated = wording.content_words(claim), wording.content_words(there)
    runs = set(zip(said, said[1:], said[2:], strict=False))
    back = set(zip(stated[2:], stated[1:], stated, strict=False))
    turned = any(
        first != last and not (first[:1].isdigit() and last[:1].isdigit() and middle in _MEASURES)
        for first, middle, last in runs & back
    )
    return turned and bool(_IS.search(claim)) == bool(_IS.search(there))


def _same_prepositions(claim: str, there: str) -> bool:
    """Whether no word stands only behind others: "for the plan" is not "against the plan".

    What only does something there ("fined by the court") is not what it is done to, which stands
    behind the verb.
    """
    said, stated = _prepositions(claim), _prepositions(there)
    order = {word: place for place, word in enumerate(said)}
    done_to = {
        word
        for verb, word in _done_by(there)
        if stated.get(word) == {"by"} and order.get(verb, len(order)) < order.get(word, -1)
    }
    return all(
        ("" in said[word] and word not in done_to)
        or "" in stated.get(word, [""])
        or said[word] & stated[word]
        for word in said
    )


def _done_by(text: str) -> list[tuple[str, str]]:
    """The words next to each "by": what is done, and who or what does it."""
    found: list[tuple[str, str]] = []
    for one in re.finditer(r"\bby\b", text):
        before = wording.content_words(text[: one.start()])[-1:]
        behind = wording.content_words(text[one.end() :])[:1]
        found += zip(before, behind, strict=False)
    return found


def _prepositions(text: str) -> dict[str, set[str]]:
    """For each word the prepositions that it stands behind, an empty one where it stands freely."""
    found: dict[str, set[str]] = {}
    before: set[str] = set()
    for word in re.findall(r"[^\W_]+", text.lower()):
        if word in _PREPOSITIONS:
            before.add(_ALIKE.get(word, word))
        elif word not in _ARTICLES:
            for compared in wording.plain_words(word):  # figures have their own check
                found.setdefault(compared, set()).update(before or {""})
            before = set()
    return found
