"""A run as one HTML page that needs no network. Pure.

Whatever comes from a question set, an article or a model is escaped by markupsafe, and the page's
own policy forbids every request and every script but the list's own, should that ever fail.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from qa.evaluating.attributing import Loss, Outcome
from qa.evaluating.finished_runs import who_answered
from qa.evaluating.judging import Judged, losses_of
from qa.evaluating.measure_tables import breakable, cell, interval, value
from qa.evaluating.metrics import DEFINITIONS, HEADLINES, Measure
from qa.evaluating.perturbing import drops
from qa.evaluating.plots import (
    plot_calibration,
    plot_latency,
    plot_refusals,
    plot_retrieval,
    plot_risk,
)
from qa.evaluating.question_list import SCRIPT, filter_rules, question_list
from qa.evaluating.report_style import figures_head, page, table
from qa.evaluating.weighing import bar_for, weighed
from qa.messages import counted

RISKS = (0.05, 0.1, 0.2)
"""Shares of wrong answers for which a report names the bar that keeps to them."""

BY_TAG = ("right", "recall@5", "contains_answer", "refusal_right", "refusal_false")


def render_report(
    config: Mapping[str, Any],
    measures: Sequence[Measure],
    by_tag: Mapping[str, Sequence[Measure]],
    judged: Sequence[Judged],
) -> str:
    """The report of a run; `config` is its config.json."""
    started = str(config.get("started", ""))[:16].replace("T", " ")
    parts = (
        _headlines(measures),
        _losses(judged),
        _stress(judged),
        _plots(measures, judged, config.get("settings", {}).get("refuse_below")),
        question_list(judged),
        _measure_section(measures),
        _tag_section(by_tag),
        _settings(config.get("settings", {})),
    )
    about = Markup('<p class="quiet">{} · started {} UTC · Cuttings</p>\n').format(
        counted(len(judged), "question"), started
    )
    return page(
        f"Evaluation of {who_answered(config.get('model'))}",
        about + Markup("\n").join(_notes(judged)),
        Markup("\n").join(parts),
        style=filter_rules(),
        script=SCRIPT,
    )


def _notes(judged: Sequence[Judged]) -> Iterable[Markup]:
    """What a reader must know before believing the figures."""
    failed = sum(one.outcome is Outcome.FAILED for one in judged)
    if failed:
        yield Markup(
            '<p class="note">{} failed. What failed counts in no measure but “failed”.</p>'
        ).format(counted(failed, "question"))
    unlocated = [one.question.id for one in judged if one.evidence.unlocated]
    if unlocated:
        shown = ", ".join(unlocated[:10]) + (", …" if len(unlocated) > 10 else "")
        yield Markup(
            '<p class="note">Evidence of {} stands in none of the articles named, as they are in '
            "the index, and was left out: {}.</p>"
        ).format(counted(len(unlocated), "question"), shown)


def _headlines(measures: Sequence[Measure]) -> Markup:
    by_name = {one.name: one for one in measures}
    tiles = [
        Markup(
            '<div class="tile"><span>{name}</span><b>{value}</b>'
            '<span class="quiet">{interval} · n = {count}</span>'
            '<span class="quiet tells">{tells}</span></div>'
        ).format(
            name=breakable(name),
            value=value(by_name[name]),
            interval=interval(by_name[name]),
            count=by_name[name].count,
            tells=DEFINITIONS[name].tells,
        )
        for name in HEADLINES
        if name in by_name
    ]
    return Markup('<section class="tiles">{}</section>').format(Markup("\n").join(tiles))


def _losses(judged: Sequence[Judged]) -> Markup:
    """How many questions each step lost, and what mending it would gain; empty where none did."""
    lost = losses_of(judged)
    if not lost:
        return Markup("")
    most = max(one.count for one in lost)
    heads = _heads("first step that went wrong", "", "questions", "right, were it mended alone")
    return Markup(
        "<h2>Where it went wrong</h2>\n"
        '<p class="quiet">Of {}; {:.1%} are right and cite the evidence. A mended step hands its '
        "questions on to the steps below, which are taken to lose as many of them as they lose "
        "now; in parentheses: if they lost none.</p>\n{}"
    ).format(
        counted(sum(one.outcome is not Outcome.NOT_JUDGED for one in judged), "question"),
        lost[0].at_most - lost[0].share,
        table(heads, [_loss_row(one, one.count / most) for one in lost], "cards losses"),
    )


def _loss_row(one: Loss, part: float) -> Markup:
    """One step; its bar is `part` as long as the longest."""
    return Markup(
        '<tr><th scope="row">{}<br><span class="quiet">{}</span></th>'
        '<td class="bar"><i style="width: {:.0%}"></i></td>'
        '<td class="number" data-name="questions"><div>{} '
        '<span class="quiet">{:.1%}</span></div></td>'
        '<td class="number" data-name="right, were it mended alone"><div>{:.1%} '
        '<span class="quiet">({:.1%})</span></div></td></tr>'
    ).format(one.outcome.value, one.tells, part, one.count, one.share, one.mended, one.at_most)


def _stress(judged: Sequence[Judged]) -> Markup:
    """What each kind of change to a question costs; empty for a set without such."""
    found = drops(judged)
    if not found:
        return Markup("")
    heads = _heads("change", "pairs", "right as asked", "right when changed", "drop")
    rows = [
        Markup(
            '<tr><th scope="row">{}</th><td class="number" data-name="pairs">{}</td>'
            '<td class="number" data-name="right as asked">{:.1%}</td>'
            '<td class="number" data-name="right when changed">{:.1%}</td>'
            '<td class="number" data-name="drop"><div>{:.1f} '
            '<span class="quiet">{:.1f} to {:.1f}</span></div></td></tr>'
        ).format(
            one.change, one.count, one.asked, one.changed,
            *(100 * points for points in (one.lost, one.low, one.high)),
        )
        for one in found
    ]  # fmt: skip
    return Markup(
        "<h2>Under stress</h2>\n"
        '<p class="quiet">Questions so changed that nothing answers them, beside those they were '
        "made of; a changed one is right where it is refused. The drop is in points, with its 95% "
        "interval.</p>\n{}"
    ).format(table(heads, rows, "cards losses"))


def _heads(first: str, *figures: str) -> list[Markup]:
    """The heads of a table whose first column holds words, and the others figures."""
    return [Markup("<th>{}</th>").format(first), *map(figures_head, figures)]


def _plots(measures: Sequence[Measure], judged: Sequence[Judged], bar: float | None) -> Markup:
    seconds = [one.prediction.said.total_s for one in judged if one.prediction.said]
    told = weighed(judged)
    asked = f"{sum(one.answerable for one in told)} answerable and"
    asked += f" {counted(sum(not one.answerable for one in told), 'unanswerable question')}"
    at = f"; dotted: the bar that was set, {bar:g}, with 95% intervals" if bar is not None else ""
    off = f"of {counted(len(told), 'question')}, with 95% intervals; dotted: confidence = right"
    off += _with_intervals(measures, brier="Brier score", ece="ECE")
    risked = f"of {counted(len(told), 'question')}, from the surest on"
    risked += _with_intervals(measures, aurc="AURC", augrc="AUGRC")
    risked += f"; the dot: refuse_below as set, {bar:g}" if bar is not None else ""
    kept = [(risk, bar_for(told, risk)) for risk in RISKS]
    bars = [f"{risk:.0%} from {at.bar:g} on" for risk, at in kept if at]
    risked += f"; at most so much is wrong: {', '.join(bars)}" if bars else ""
    plots = (
        ("Refusing more or less", f"{asked}{at}", plot_refusals(told, bar)),
        ("How much is risked", risked, plot_risk(told, bar)),
        ("Can the confidence be believed?", off, plot_calibration(told)),
        ("Evidence found, by k", "with 95% intervals", plot_retrieval(measures)),
        ("Latency", f"of {counted(len(seconds), 'question')}", plot_latency(seconds)),
    )
    figures = [
        Markup(
            '<figure><figcaption>{} <span class="quiet">{}</span></figcaption>{}</figure>'
        ).format(caption, about, plot)
        for caption, about, plot in plots
        if plot is not None
    ]
    if not figures:
        return Markup("")
    return Markup('<h2>At a glance</h2>\n<section class="plots">{}</section>').format(
        Markup("\n").join(figures)
    )


def _with_intervals(measures: Sequence[Measure], **names: str) -> str:
    """These measures in a caption, each under the name that people know."""
    return "".join(
        f"; {names[one.name]} {value(one)} ({interval(one)})"
        for one in measures
        if one.name in names
    )


def _measure_section(measures: Sequence[Measure]) -> Markup:
    return Markup(
        "<h2>All measures</h2>\n"
        '<p class="quiet">With 95% bootstrap intervals over n questions; where all of them score '
        "alike an interval has no width, however few they are.</p>\n{}"
    ).format(_measure_table(measures))


def _measure_table(measures: Sequence[Measure]) -> Markup:
    rows = [
        Markup('<tr><th scope="row">{}<br><span class="quiet">{}</span></th>{}</tr>').format(
            breakable(one.name), DEFINITIONS[one.name].tells, cell("", one)
        )
        for one in measures
    ]
    return Markup(
        '<div class="scroll"><table class="measures"><tbody>{}</tbody></table></div>'
    ).format(Markup("\n").join(rows))


def _tag_section(by_tag: Mapping[str, Sequence[Measure]]) -> Markup:
    if not by_tag:
        return Markup("")
    rows = []
    for tag, measures in by_tag.items():
        by_name = {one.name: one for one in measures}
        cells = [cell(name, by_name.get(name)) for name in BY_TAG]
        rows.append(
            Markup('<tr><th scope="row">{}</th>{}</tr>').format(tag, Markup("").join(cells))
        )
    return Markup("<h2>By tag</h2>\n{}\n{}").format(
        table(_heads("tag", *map(breakable, BY_TAG)), rows),
        Markup("\n").join(
            Markup('<details class="tag"><summary>All measures of {}</summary>{}</details>').format(
                tag, _measure_table(measures)
            )
            for tag, measures in by_tag.items()
        ),
    )


def _settings(settings: Mapping[str, Any]) -> Markup:
    rows = [
        Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(
            name,
            (value or "–") if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
        )
        for name, value in settings.items()
    ]
    if not rows:
        return Markup("")
    return Markup(
        '<h2>Settings</h2>\n<div class="scroll"><table><tbody>{}</tbody></table></div>'
    ).format(Markup("\n").join(rows))
