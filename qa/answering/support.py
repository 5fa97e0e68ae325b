"""Whether a sentence says no more and nothing else than the articles' own words. Pure.

The quote itself stands ready to be told, so a sentence of the model has to be beyond doubt to stand
in its place. All of this must hold: its figures, days, names and quotations stand in the words that
it rests on; so do its other words, but for a few light ones; what is denied, planned, doubted or
undone there is so here, and who does what to whom is the same (`assertions`); and its figures count
what they count there, as surely (`quantities`).
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from qa.answering.assertions import as_real, contradicts, same_roles
from qa.answering.quantities import free_figures, quantities_agree
from qa.answering.quotations import fold, quotations, stands_in
from qa.reading import wording
from qa.reading.dates import DateMention, days_of
from qa.reading.figures import Figure, read_figures, states
from qa.reading.partial_days import YEAR
from qa.reading.passages import header
from qa.reading.sentences import sentence_spans

OTHER_WORDS = 0.15
"""Share of a claim's plain words that need not stand in what it rests on: one in seven."""


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
    if share_met(claim, there) < 1 - OTHER_WORDS or _lent_by(question, claim, there):
        return False
    if not _facts_stand(claim, there):
        return False
    nearest = Words(_nearest(claim, there.text), there.published)
    return (
        _in_one_sentence(claim, nearest, there)
        and not contradicts(claim, there.text)
        and same_roles(claim, nearest.text)
        and as_real(claim, nearest.text, dated=bool(nearest.days))
        and quantities_agree(claim, nearest.text, there.text)
    )


def share_met(claim: str, there: Words) -> float:
    """The share of a claim's plain words, no names and no figures, that stand there."""
    plain = set(wording.plain_words(claim))
    return len(plain & there.words) / len(plain) if plain else 1.0


def _lent_by(question: str, claim: str, there: Words) -> frozenset[str]:
    """The plain words that a claim has from the question and not from there."""
    return frozenset({*wording.plain_words(claim)} & {*wording.words(question)} - there.words)


def _facts_stand(claim: str, there: Words) -> bool:
    """Whether the quotations, names, days and figures of a claim stand there."""
    if not all(stands_in(one.words, there.folded) for one in quotations(claim)):
        return False
    if not wording.claimed_names(claim, there.text) <= there.name_forms:
        return False
    days = days_of(claim, there.published)
    if not all(_day_stands(claim, day, there) for day in days):
        return False
    return all(
        states(there.figures, one) or _is_year_of(one, there) for one in free_figures(claim, days)
    )


def _nearest(claim: str, there: str) -> str:
    """The sentence that says most of a claim."""
    told = _undated_words(claim)
    sentences = [there[start:end] for start, end in sentence_spans(there)]
    return max(sentences, key=lambda one: len(told & {*wording.content_words(one)}), default="")


def _in_one_sentence(claim: str, nearest: Words, there: Words) -> bool:
    """Whether the sentence nearest to a claim says half of it, and tells of nobody else.

    Nor of other days: titles and neighbours lend a name to "he" and "it", and a day to "then", not
    to a sentence that names its own.
    """
    told = _undated_words(claim)
    if not told or 2 * len(told & {*wording.content_words(nearest.text)}) < len(told):
        return False
    names = wording.claimed_names(claim, there.text)
    own = wording.claimed_names(nearest.text, there.text)
    same_names = names <= wording.name_forms(nearest.text) or not own - names
    return same_names and _same_time(claim, nearest)


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
    """Whether a figure is the year of a day that is named there: "Tuesday" may be one of 2023."""
    years = {str(one.first.year) for one in there.days if one.first.year == one.last.year}
    return figure.unit is None and figure.values[0] in years


def _undated_words(claim: str) -> set[str]:
    """The words that carry facts, without those of days: "2 May 2022" may be "Monday" there."""
    for one in sorted(days_of(claim, None), key=lambda day: -day.start):
        claim = f"{claim[: one.start]} {claim[one.end :]}"
    return set(wording.content_words(claim))
