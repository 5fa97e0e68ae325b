"""Articles that say different things: what each was found to say, side by side. Pure.

Each passage was read alone, so what one says cannot colour what is found in another.
"""

import math
from collections.abc import Sequence
from datetime import date

from qa.answering import wording
from qa.types import Finding, Hit

SHOWN_FROM = 0.6
"""A side is shown from this trust on; what is trusted less contradicts nothing."""

NEARLY_AS_LIKELY = 0.15
"""Share of the first side's odds that another needs: beside what is all but certain, what is merely
likely is a misreading. With both, 17 of 25 conflicts of RGB are shown, and 3 of 53 where there is
none; from .5 alone, 20 and 9 (chosen on these same questions)."""

FULLER_FROM = 0.2
"""From this trust on, a finding is heard that says more than the most trusted one: of 50 answers to
RGB's questions 40 are told rightly without it, and 45 with it."""

CERTAIN = 0.9999
"""Nothing found is trusted more than this: its odds would leave no room for anything else."""


def grouped(
    question: str, findings: Sequence[Finding], hits: Sequence[Hit]
) -> tuple[tuple[Finding, ...], ...]:
    """The findings that agree, together; the most trusted group first, and so within each."""
    groups: list[list[Finding]] = []
    for finding in sorted(findings, key=lambda one: -one.trust):
        group = next((one for one in groups if compared(question, one[0].text, finding.text)), None)
        if group:
            group.append(finding)
        else:
            groups.append([finding])
    ranked = sorted(groups, key=lambda one: -joint_trust(one, hits))
    return tuple(tuple(group) for group in ranked)


def fullest_first(group: Sequence[Finding]) -> tuple[Finding, ...]:
    """The group, first the finding that tells all that the most trusted one does, and most more.

    "12 November 2020" stands for "12 November", and "Ashleigh Barty" for "Barty". More words that
    are no names or figures are no more of an answer.
    """

    def more(finding: Finding) -> int:
        words = set(wording.content_words(finding.text))
        if finding.trust < FULLER_FROM or not set(wording.content_words(group[0].text)) <= words:
            return 0
        return len(_facts(finding.text) - _facts(group[0].text))

    return tuple(sorted(group, key=lambda one: (-more(one), -one.trust)))


def joint_trust(group: Sequence[Finding], hits: Sequence[Hit]) -> float:
    """The probability that one at least of several findings that agree is right.

    As if articles were independent (noisy or: Pearl, 1988); passages of one article are not, so of
    each article only the most trusted finding counts.
    """
    best: dict[str, float] = {}
    for finding in group:
        article = hits[finding.number - 1].passage.article_id
        best[article] = max(finding.trust, best.get(article, 0.0))
    return 1 - math.prod(1 - trust for trust in best.values())


def standing(
    told: Sequence[Sequence[Finding]], groups: Sequence[Sequence[Finding]], hits: Sequence[Hit]
) -> float:
    """The probability that one of the groups that are told is right, where one of all is, or none.

    Answers to one question exclude each other, so what speaks for one speaks against the rest:
    their odds are shared out (Bayes' rule over exclusive hypotheses).
    """
    odds = [_odds(group, hits) for group in told]
    return sum(odds) / (1 + sum(_odds(group, hits) for group in groups))


def sides(
    question: str, groups: Sequence[Sequence[Finding]], hits: Sequence[Hit]
) -> tuple[tuple[Finding, ...], ...]:
    """The most trusted group and those that contradict it, the newest first.

    A group contradicts when it says something else, is trusted nearly as much, and rests on other
    articles: one that says two things is no conflict between articles.
    """
    shown: list[tuple[Finding, ...]] = []
    heard: set[str] = set()
    for group in groups:
        own = {hits[finding.number - 1].passage.article_id for finding in group}
        other = all(compared(question, one[0].text, group[0].text) is False for one in shown)
        if not shown or (other and not own & heard and _rivals(group, shown[0], hits)):
            shown.append(tuple(group))
            heard |= own
    return tuple(sorted(shown, key=lambda one: _newest(one, hits), reverse=True))


def compared(question: str, one: str, other: str) -> bool | None:
    """Whether two short answers say the same (True), something else (False), or cannot be compared.

    What they repeat of the question does not count. They say the same where the figures of one are
    among those of the other, or, without figures, where they share a word. An answer in figures and
    one in words are not compared ("Monday", "29 March"), nor one that only repeats the question.
    """
    if wording.words(one) == wording.words(other):
        return True
    verdicts = {_verdict(one), _verdict(other)}
    if verdicts <= {"yes", "no"}:
        return len(verdicts) == 1
    asked_figures = wording.figures(question)
    figures, others = wording.figures(one), wording.figures(other)
    if figures and others:
        told, told_too = figures - asked_figures, others - asked_figures
        return told <= others or told_too <= figures
    asked = set(wording.content_words(question))
    words = set(wording.content_words(one)) - asked
    words_too = set(wording.content_words(other)) - asked
    if figures or others or not words or not words_too:
        return None
    return bool(words & words_too)


def _rivals(group: Sequence[Finding], first: Sequence[Finding], hits: Sequence[Hit]) -> bool:
    """Whether a group is trusted enough to be shown beside the most trusted one."""
    near = _odds(group, hits) >= NEARLY_AS_LIKELY * _odds(first, hits)
    return near and joint_trust(group, hits) >= SHOWN_FROM


def _odds(group: Sequence[Finding], hits: Sequence[Hit]) -> float:
    trust = min(joint_trust(group, hits), CERTAIN)
    return trust / (1 - trust)


def _facts(text: str) -> set[str]:
    return wording.figures(text) | wording.names(text)


def _verdict(text: str) -> str:
    return next(iter(wording.words(text)), "")


def _newest(group: Sequence[Finding], hits: Sequence[Hit]) -> date:
    """The date of the newest article in a group; the undated are the oldest."""
    dates = [hits[finding.number - 1].passage.published for finding in group]
    return max((day for day in dates if day), default=date.min)
