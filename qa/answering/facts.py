"""Whether the facts of a claim stand in the words that would be cited. Pure.

Facts are figures, days, names and quotations, and whether something is denied: each must stand in
the cited words or their header. What the question itself names need only stand somewhere in the
article: an answer repeats it.
"""

import re
from collections.abc import Sequence
from datetime import date

from qa.answering import wording
from qa.answering.claims import Claim, Source, Words, days_of
from qa.reading.dates import DateMention
from qa.answering.figures import Figure, read_figures, states
from qa.answering.negation import contradicts
from qa.answering.quotations import fold, stands_in

_REPORTED = re.compile(
    r"\b(?:report|publish|announc|print|accord|articl|stat|said|says|wrote)\w*", re.IGNORECASE
)
_SEGMENT_END = re.compile(r"[,;:.!?]\s|\b(?:and|but|while)\b")
_LASTS = re.compile(r"\b(?P<until>until|till)\b|\bsince\b", re.IGNORECASE)

# Words that open a sentence and are no names, though they may stand in no source.
_OPENERS = frozenset(
    wording.name_form(word)
    for word in """one some many several most both people over more less least since until before
    however although while later earlier today yesterday everyone everybody someone""".split()
)


def facts_stand(claim: Claim, there: Words, source: Source) -> bool:
    """Whether figures, days, names and quotations of the claim stand there.

    `there` is the part of the source that would be cited.
    """
    return (
        all(stands_in(words, source.folded) for words in claim.quoted)
        and _names_stand(claim, there, source)
        and _days_and_figures_stand(claim, there, source)
    )


def is_contradicted(claim: Claim, there: Words) -> bool:
    """Whether what is denied there is stated by the claim, or the other way round."""
    return contradicts(claim.polarity, there.polarity)


def _names_stand(claim: Claim, there: Words, source: Source) -> bool:
    """Names of the question stand in the article; a new one in the words that are cited.

    "It claimed 916 million": a new one may also be a name of the article, unless the words that are
    cited tell of somebody else.
    """
    names = claim.names | opening_name(claim, source)
    if not names <= source.known_names:
        return False
    elsewhere = names - claim.asked_names - there.name_forms
    others = there.actors - claim.names - claim.asked_names
    return not elsewhere or not others


def opening_name(claim: Claim, source: Source) -> frozenset[str]:
    """The word that opens the claim, where neither article nor question has it in small letters."""
    word = wording.opening_word(claim.text)
    if not word or word.endswith(("ly", "ing")) or word in wording.CALENDAR | _OPENERS:
        return frozenset()
    small = source.small_words | wording.small_words(claim.question)
    return frozenset({word}) - small


def _days_and_figures_stand(claim: Claim, there: Words, source: Source) -> bool:
    published = source.passage.published
    days = days_of(claim.text, published)
    asked = days_of(claim.question, published)
    for day in days:
        repeated = any((day.first, day.last) == (one.first, one.last) for one in asked)
        here = source.whole if repeated else _nearest_with_days(claim, there)
        if not _day_stands(day, claim, here, repeated=repeated):
            return False
    for figure in read_figures(claim.text):
        if figure.loose or any(day.start <= figure.start < day.end for day in days):
            continue
        asked_too = states(claim.asked_figures, figure)
        stated = source.article_figures if asked_too else there.figures
        if not (states((*stated, *source.header_figures), figure) or _in_year(figure, there)):
            return False
        if not asked_too and _is_of_another(figure, claim, days, there):
            return False
    return True


def _is_of_another(figure: Figure, claim: Claim, days: Sequence[DateMention], there: Words) -> bool:
    """Whether the figure stands there only beside other days or names than the claim's.

    In "237 ships were waiting on Friday, after 150 the day before" the 150 are not Friday's.
    """
    found = [one for one in there.figures if states((one,), figure)]
    return bool(found) and all(_stands_beside_others(one, claim, days, there) for one in found)


def _stands_beside_others(
    figure: Figure, claim: Claim, days: Sequence[DateMention], there: Words
) -> bool:
    breaks = [0, *(end for one in _SEGMENT_END.finditer(there.text) for end in one.span())]
    start = max(place for place in breaks if place <= figure.start)
    end = min((place for place in breaks if place >= figure.end), default=len(there.text))
    beside = [one for one in there.days if start <= one.start < end]
    if days and beside and not any(_overlap(one, day) for one in beside for day in days):
        return True
    segment = there.text[start:end]
    names = wording.names(f"- {segment}") - wording.CALENDAR
    return bool(claim.names and names) and not names & (claim.names | claim.asked_names)


def _overlap(one: DateMention, other: DateMention) -> bool:
    return one.first <= other.last and other.first <= one.last


def _nearest_with_days(claim: Claim, there: Words) -> Words:
    """Of several sentences the one that has most of the claim's words, if it names a day at all.

    A day that only the next sentence names is then that sentence's own.
    """
    nearest = max(there.sentences, key=lambda one: len(claim.plain_words & one.words))
    return nearest if nearest.days else there


def _day_stands(day: DateMention, claim: Claim, here: Words, *, repeated: bool) -> bool:
    """Whether some day that is named here lies within the claimed days.

    The day of publication counts where the claim is about the report, or the question named it.
    """
    said = fold(claim.text[day.start : day.end]).lower()
    if said in fold(here.text).lower():
        return True
    if any(day.first <= one.first and one.last <= day.last for one in here.days):
        return True
    published = here.passage.published
    if published is None:
        return False
    within = day.first <= published <= day.last
    if within and (repeated or day.first < day.last or _REPORTED.search(claim.text)):
        return True
    return _lasts_over(day, here, published)


def _lasts_over(day: DateMention, here: Words, published: date) -> bool:
    """ "He remains in office until 9 March": so he is in February, said in January."""
    for lasting in _LASTS.finditer(here.text):
        behind = [one for one in here.days if one.start >= lasting.start()]
        named = behind or list(here.days)
        until = lasting["until"]
        if until and any(published <= day.first and day.last <= one.last for one in named):
            return True
        if not until and any(one.first <= day.first and day.last <= published for one in named):
            return True
    return False


def _in_year(figure: Figure, here: Words) -> bool:
    """Whether the figure is the year of a day that is named here, "last year" among them."""
    years = {str(one.first.year) for one in here.days if one.first.year == one.last.year}
    return figure.unit is None and figure.values[0] in years
