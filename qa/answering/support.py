"""Whether a sentence says no more and nothing else than the articles' own words. Pure.

The quote itself stands ready to be told, so a sentence of the model has to be beyond doubt to stand
in its place. All of this must hold: its figures, days, names and quotations stand in the words that
it rests on; so do its other words, but for a few light ones; what is denied there is denied here;
and who does what to whom, and by how much, comes in the same order.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from qa.answering.quotations import fold, quotations, stands_in
from qa.reading import wording
from qa.reading.dates import DateMention, absolute_dates, relative_dates
from qa.reading.figures import Figure, read_figures, states
from qa.reading.partial_days import YEAR
from qa.reading.passages import header
from qa.reading.sentences import sentence_spans

UNDATED = date(2000, 7, 1)
"""Days without a year are read against it where an article has no date: alike in both texts."""

OTHER_WORDS = 0.15
"""Share of a claim's plain words that need not stand in what it rests on: one in seven."""

_DENIES = re.compile(
    r"\b(?:no|not|nor|never|none|nobody|nothing|neither|without|cannot|hardly|unable|unlikely"
    r"|unclear|unknown|unconfirmed|fail(?:s|ed|ing)?|refus(?:e|es|ed|ing)|den(?:y|ies|ied|ying)"
    r"|declin(?:e|es|ed|ing)|reject(?:s|ed|ing)?|lack(?:s|ed)?|kein\w*|nicht|nie|ne|pas|jamais"
    r"|ni|nunca|sin)\b|n[’']t\b|[不没未无]",
    re.IGNORECASE,
)
# "Not only" denies nothing.
_NO_DENIAL = re.compile(
    r"\bnot\s+(?:only|just|merely|least)\b|\bno\s+(?:doubt|fewer|less|later|more)\b", re.IGNORECASE
)
_CLAUSE = re.compile(
    r"[,;:—–()]\s|[.!?]\s|\b(?:but|although|though|while|whereas|when|because|after|before|which|who"
    r"|since|unless|until|aber|obwohl|während|mais|pero|aunque)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"\b(?:was|were|been|be|being|is|are)\s+(?:\w+ly\s+)?\w+(?:ed|en|n|t)\b")
_OPENING_NAME = re.compile(
    r"\W*(?:The\s+)?(?P<name>[A-ZÀ-Þ][\w’'-]*(?:\s+[A-ZÀ-Þ][\w’'-]*)*)\s+(?=[a-z])"
)
_BEHIND_PREPOSITION = re.compile(
    r"(?<!\w)(?:of|in|on|at|with|by|for|from|to|into|over|under|between|against|about|via|near)"
    r"\s+(?:(?:the|an?|its|his|her|their)\s+)?$"
)
_DIRECTION = frozenset("by from to after before over under than until since within per of".split())
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True)
class Words:
    """Some words of an article, or of a claim, with the facts that they state.

    `beside` is what stands with them and may be repeated: the article's title and day.
    """

    text: str
    published: date | None = None
    title: str = ""

    @cached_property
    def beside(self) -> str:
        """The line above them."""
        return header(self.title, self.published)

    @cached_property
    def words(self) -> frozenset[str]:
        """All words, those beside among them, in their compared form."""
        return frozenset(wording.words(f"{self.beside}\n{self.text}"))

    @cached_property
    def name_forms(self) -> frozenset[str]:
        """The same in the form in which names are compared."""
        return frozenset(wording.name_forms(f"{self.beside}\n{self.text}"))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The numbers, those beside among them."""
        return read_figures(self.text) + read_figures(self.beside)

    @cached_property
    def days(self) -> tuple[DateMention, ...]:
        """The days that they name; offsets are into `text`."""
        return days_of(self.text, self.published)

    @cached_property
    def folded(self) -> str:
        """What may be quoted of them."""
        return fold(f"{self.title}\n{self.text}")


def bears_out(claim: str, there: Words, question: str = "") -> bool:
    """Whether these words say all that a sentence claims, the sentence without source numbers.

    No word of the question's may come in beside them: what it takes for granted may be false.
    """
    return (
        share_met(claim, there) >= 1 - OTHER_WORDS
        and not lent_by(question, claim, there)
        and _facts_stand(claim, there)
        and _in_one_sentence(claim, there)
        and not contradicts(claim, there.text)
        and _roles_agree(claim, there.text)
    )


def share_met(claim: str, there: Words) -> float:
    """The share of a claim's plain words, no names and no figures, that stand there."""
    plain = set(wording.plain_words(claim))
    return len(plain & there.words) / len(plain) if plain else 1.0


def lent_by(question: str, claim: str, there: Words) -> frozenset[str]:
    """The plain words that a claim has from the question and not from there."""
    return frozenset({*wording.plain_words(claim)} & {*wording.words(question)} - there.words)


def contradicts(claim: str, there: str) -> bool:
    """Whether one denies what the other states, as far as words that deny tell.

    Of a source only those clauses count that share words with the claim.
    """
    told = set(wording.content_words(claim))
    clauses = [one for one in _clauses(there) if told & set(wording.content_words(one))]
    most = max((_shared(told, one) for one in clauses), default=0)
    bearing = [one for one in clauses if 2 * _shared(told, one) >= most]
    if _denies(claim):
        return not any(_denies(one) for one in clauses)
    return any(_denies(one) for one in bearing)


@lru_cache(maxsize=256)  # the days of one claim are asked for with every quote
def days_of(text: str, published: date | None) -> tuple[DateMention, ...]:
    """The days that a text names, read against a day of publication where they need one."""
    return absolute_dates(text) + relative_dates(text, published or UNDATED)


def _facts_stand(claim: str, there: Words) -> bool:
    if not all(stands_in(one.words, there.folded) for one in quotations(claim)):
        return False
    if not _names_of(claim, there.text) <= there.name_forms:
        return False
    days = days_of(claim, there.published)
    if not all(_day_stands(claim, day, there) for day in days):
        return False
    free = [one for one in read_figures(claim) if not one.loose and not _in_a_day(one, days)]
    return all(states(there.figures, one) or _is_year_of(one, there) for one in free)


def _names_of(claim: str, there: str) -> set[str]:
    """The names in a claim, its first word among them unless that is an ordinary word."""
    names = set(wording.names(claim))
    opening = wording.opening_word(claim)
    if opening and opening not in wording.small_words(there) and opening not in _OPENERS:
        names.add(opening)
    return names - wording.CALENDAR


def _in_one_sentence(claim: str, there: Words) -> bool:
    """Whether the sentence that says most of the claim says half of it, and tells of nobody else.

    Nor of other days: titles and neighbours lend a name to "he" and "it", and a day to "then", not
    to a sentence that names its own.
    """
    told = set(wording.content_words(_without_days(claim)))
    sentences = [there.text[start:end] for start, end in sentence_spans(there.text)]
    nearest = max(sentences, key=lambda one: _shared(told, one), default="")
    if not told or 2 * _shared(told, nearest) < len(told):
        return False
    names = _names_of(claim, there.text)
    own = _names_of(nearest, there.text)
    same_names = names <= wording.name_forms(nearest) or not own - names
    return same_names and _same_time(claim, Words(nearest, there.published))


def _same_time(claim: str, nearest: Words) -> bool:
    """Whether a sentence that names days or years names those of a claim."""
    days = days_of(claim, nearest.published)
    if nearest.days and not all(_day_stands(claim, day, nearest) for day in days):
        return False
    own_years = {*YEAR.findall(nearest.text), *(str(one.first.year) for one in nearest.days)}
    return not YEAR.search(nearest.text) or set(YEAR.findall(claim)) <= own_years


def _day_stands(claim: str, day: DateMention, there: Words) -> bool:
    """Whether the same words, or a day within the claimed ones, stand there."""
    if fold(claim[day.start : day.end]).lower() in there.folded.lower():
        return True
    return any(day.first <= one.first and one.last <= day.last for one in there.days)


def _is_year_of(figure: Figure, there: Words) -> bool:
    years = {str(one.first.year) for one in there.days if one.first.year == one.last.year}
    return figure.unit is None and figure.values[0] in years


def _without_days(claim: str) -> str:
    """The claim without the days that it names: "2 May 2022" may be "Monday" there."""
    for one in sorted(days_of(claim, None), key=lambda day: -day.start):
        claim = f"{claim[: one.start]} {claim[one.end :]}"
    return claim


def _in_a_day(figure: Figure, days: Sequence[DateMention]) -> bool:
    return any(day.start <= figure.start < day.end for day in days)


def _roles_agree(claim: str, there: str) -> bool:
    """Whether names come in the same order, unless the voice changes, and figures stand alike.

    "Ahead of Price" is not "behind"; "by 4,812 votes" is not "won 4,812 votes".
    """
    figures = [figure for figure in read_figures(claim) if not figure.loose]
    return (
        _same_order(claim, there)
        and not _subject_changed(claim, there)
        and all(_leads_alike(figure, claim, there) for figure in figures)
        and not (figures and _borrows(claim, figures, there))
    )


def _subject_changed(claim: str, there: str) -> bool:
    """Whether the name that a claim opens with stands only behind prepositions, in its own voice.

    "The talks, on the sidelines of the Munich summit, are …" does not say what the summit is.
    """
    match = _OPENING_NAME.match(claim)
    if not match or bool(_PASSIVE.search(claim)) != bool(_PASSIVE.search(there)):
        return False
    found = [one.start() for one in re.finditer(rf"(?<!\w){re.escape(match['name'])}(?!\w)", there)]
    return bool(found) and all(_BEHIND_PREPOSITION.search(there[:start]) for start in found)


def _borrows(claim: str, figures: Sequence[Figure], there: str) -> bool:
    """Whether a word of the claim stands only in clauses about other figures than the claim's.

    "140 were on board, of whom 47 died" lends "died" to 47 alone.
    """
    told = set(wording.content_words(claim)) | wording.names(claim)
    own: set[str] = set()
    others: set[str] = set()
    for clause in _clauses(there):
        counted = [one for one in read_figures(clause) if not one.loose]
        foreign = counted and not any(states(counted, figure) for figure in figures)
        (others if foreign else own).update(wording.words(clause), wording.name_forms(clause))
    return bool(told & others - own)


def _same_order(claim: str, there: str) -> bool:
    said = _first_places(claim, set(wording.names(claim)) - wording.CALENDAR)
    stated = _first_places(there, set(said))
    shared = [name for name in said if name in stated]
    order = sorted(shared, key=lambda name: stated[name])
    return order == shared or bool(_PASSIVE.search(claim)) != bool(_PASSIVE.search(there))


def _first_places(text: str, names: set[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for match in _WORD.finditer(text):
        form = wording.name_form(match.group())
        if form in names:
            places.setdefault(form, match.start())
    return places


def _leads_alike(figure: Figure, claim: str, there: str) -> bool:
    """Whether what is counted, and a small word before it that tells a direction, are the same."""
    found = [one for one in read_figures(there) if states((one,), figure)]
    if not found:
        return True  # it stands in the line above, or is a year
    counted = wording.content_words(claim[figure.end :])[:1]
    lead = _lead(claim, figure)
    return any(
        set(counted) <= set(wording.words(_clause_of(there, one)))
        and (lead not in _DIRECTION or lead == _lead(there, one))
        for one in found
    )


def _clause_of(text: str, figure: Figure) -> str:
    """The clause that a figure stands in, as far as signs tell: thousands are not parted."""
    cuts = [0, *(match.start() for match in _CLAUSE.finditer(text)), len(text)]
    start = max(cut for cut in cuts if cut <= figure.start)
    return text[start : min(cut for cut in cuts if cut >= figure.end)]


def _lead(text: str, figure: Figure) -> str:
    before = _WORD.findall(text[max(0, figure.start - 24) : figure.start])
    return before[-1].lower() if before else ""


def _clauses(text: str) -> list[str]:
    cuts = [0, *(match.start() for match in _CLAUSE.finditer(text)), len(text)]
    return [text[start:end] for start, end in itertools.pairwise(cuts)]


def _denies(text: str) -> bool:
    return _DENIES.search(_NO_DENIAL.sub(" ", text)) is not None


def _shared(told: set[str], clause: str) -> int:
    return len(told & set(wording.content_words(clause)))


# Words that open a sentence and are no names, though they may stand in no source.
_OPENERS = frozenset(
    wording.name_form(word)
    for word in """one some many several most both people over more less least since until before
    however although while later earlier today yesterday everyone everybody someone""".split()
)
