"""Articles that say different things: what each was found to say, side by side. Pure.

Each passage was read alone, so what one says cannot colour what is found in another.
"""

import math
from collections.abc import Sequence
from datetime import date

from qa.answering import wording
from qa.types import Finding, Hit

SHOWN_FROM = 0.5
"""A side is shown from this trust on; what is trusted less contradicts nothing."""


def grouped(
    question: str, findings: Sequence[Finding], hits: Sequence[Hit]
) -> tuple[tuple[Finding, ...], ...]:
    """The findings that agree, together; the most trusted group first, and so within each."""
    groups: list[list[Finding]] = []
    for finding in sorted(findings, key=lambda one: -one.trust):
        group = next((one for one in groups if agree(question, one[0].text, finding.text)), None)
        if group:
            group.append(finding)
        else:
            groups.append([finding])
    ranked = sorted(groups, key=lambda one: -joint_trust(one, hits))
    return tuple(tuple(group) for group in ranked)


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


def sides(
    groups: Sequence[Sequence[Finding]], hits: Sequence[Hit]
) -> tuple[tuple[Finding, ...], ...]:
    """The most trusted group and those that contradict it, the newest first.

    A group contradicts when it is trusted, too, and rests on other articles: one that says two
    things is no conflict between articles.
    """
    shown: list[tuple[Finding, ...]] = []
    heard: set[str] = set()
    for group in groups:
        own = {hits[finding.number - 1].passage.article_id for finding in group}
        if not shown or (not own & heard and joint_trust(group, hits) >= SHOWN_FROM):
            shown.append(tuple(group))
            heard |= own
    return tuple(sorted(shown, key=lambda one: _newest(one, hits), reverse=True))


def agree(question: str, one: str, other: str) -> bool:
    """Whether two short answers to a question can both be true, as far as their words tell.

    What they repeat of the question does not count. They agree where the figures of one are among
    those of the other, or, without figures, where they share a word; an answer in figures and one
    in words are not compared: "Monday", "29 March".
    """
    verdicts = {_verdict(one), _verdict(other)}
    if verdicts == {"yes", "no"}:
        return False
    asked_figures = wording.figures(question)
    figures, others = wording.figures(one), wording.figures(other)
    if figures and others:
        told, told_too = figures - asked_figures, others - asked_figures
        return told <= others or told_too <= figures
    asked = set(wording.content_words(question))
    words = set(wording.content_words(one)) - asked
    words_too = set(wording.content_words(other)) - asked
    if figures or others or not words or not words_too:
        return True
    return bool(words & words_too)


def _verdict(text: str) -> str:
    return next(iter(wording.words(text)), "")


def _newest(group: Sequence[Finding], hits: Sequence[Hit]) -> date:
    """The date of the newest article in a group; the undated are the oldest."""
    dates = [hits[finding.number - 1].passage.published for finding in group]
    return max((day for day in dates if day), default=date.min)
