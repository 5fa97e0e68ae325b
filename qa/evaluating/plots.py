"""Plots of a report, as inline SVG that takes its colours and its type from the page.

matplotlib writes each colour as a hexadecimal number; the four used here stand for CSS variables
of the page and are put in their place, so that a plot is light or dark with the page.
"""

import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from qa.evaluating.metrics import RECALL_AT, Measure
from qa.evaluating.resampling import wilson
from qa.evaluating.weighing import Weighed, at_bar, bins, sweep

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

INK, MUTED, ACCENT, WRONG = "#010101", "#020202", "#030303", "#040404"
VARIABLES = {INK: "--ink", MUTED: "--muted", ACCENT: "--accent", WRONG: "--wrong"}

SIZE_IN = (3.7, 2.5)
"""Narrow enough that its type is still legible on a phone, where a plot fills the width."""


def plot_retrieval(measures: Sequence[Measure]) -> Markup | None:
    """recall@k over k with its intervals, or nothing where retrieval was not measured."""
    by_name = {one.name: one for one in measures}
    figure, axes = _axes()
    drawn = False
    for prefix, label, colour, aside in (
        ("", "passages", ACCENT, 0.0),
        ("article_", "articles", MUTED, 0.12),  # their intervals are often the same
    ):
        points = [by_name.get(f"{prefix}recall@{k}") for k in RECALL_AT]
        known = [point for point in points if point]
        if len(known) == len(RECALL_AT):
            values = [point.value for point in known]
            below = [point.value - point.low for point in known]
            above = [point.high - point.value for point in known]
            axes.errorbar([k + aside for k in RECALL_AT], values, yerr=[below, above], color=colour,
                          label=f"{label}, n = {known[0].count}",
                          marker="o", markersize=4, capsize=3)  # fmt: skip
            drawn = True
    if not drawn:
        return None
    axes.set_xticks(RECALL_AT)
    axes.set_ylim(0, 1.03)
    _label(axes, "among the first k", "found")
    axes.legend(loc="lower right", frameon=False, fontsize=9, labelcolor=INK)
    return _svg(figure, "Share of the evidence and of the articles found among the first k")


def plot_refusals(questions: Sequence[Weighed], bar: float | None) -> Markup | None:
    """What every bar would refuse; `bar` is the one that was set, if it is known.

    There each share has its 95% Wilson interval: three bands along the lines would cover them.
    """
    if not questions:
        return None
    points = sweep(questions)
    answerable = sum(one.answerable for one in questions)
    unanswerable = len(questions) - answerable
    figure, axes = _axes()
    for total, name, label, colour, line, aside in (
        (answerable, "right", "answerable: right", ACCENT, "-", -0.008),
        (answerable, "refused_answerable", "answerable: refused", WRONG, "-", 0.008),
        (unanswerable, "refused_unanswerable", "unanswerable: refused", INK, "--", 0.0),
    ):
        if not total:
            continue
        axes.step([one.bar for one in points], [getattr(one, name) / total for one in points],
                  where="pre", color=colour, linestyle=line, label=label)  # fmt: skip
        if bar is not None:
            count = getattr(at_bar(questions, bar), name)
            axes.errorbar([bar + aside], [count / total], yerr=_wilson(count, total), color=colour,
                          marker="o", markersize=3, capsize=3, elinewidth=0.8)  # fmt: skip
    if bar is not None:
        axes.axvline(bar, color=MUTED, linewidth=1, linestyle=":")
    axes.set(xlim=(0, 1), ylim=(0, 1.03))
    _label(axes, "refused below this confidence", "share")
    _legend_above(axes)
    return _svg(figure, "What would be right and what refused, by the confidence that is asked for")


def plot_risk(questions: Sequence[Weighed], bar: float | None) -> Markup | None:
    """Which share is wrong of so many that are told, from the surest on; the set bar with a dot."""
    told = [one for one in sweep(questions) if one.told][::-1]
    if not told:
        return None
    figure, axes = _axes()
    axes.plot([one.told / len(questions) for one in told], [one.risk for one in told],
              color=ACCENT, marker=".", markersize=4)  # fmt: skip
    set_to = at_bar(questions, bar) if bar is not None else None
    if set_to and set_to.told:
        axes.errorbar([set_to.told / len(questions)], [set_to.risk], color=WRONG, marker="o",
                      yerr=_wilson(set_to.wrong, set_to.told), markersize=5, capsize=3)  # fmt: skip
    axes.set(xlim=(0, 1.03), ylim=(0, 1.03))
    _label(axes, "told, of all questions", "wrong, of what is told")
    return _svg(figure, "What is wrong of what is told, by how much is told")


def plot_calibration(questions: Sequence[Weighed]) -> Markup | None:
    """How many were right of those with some confidence, with 95% Wilson intervals."""
    if not questions:
        return None
    figure, axes = _axes()
    axes.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=":")
    for one in bins(questions):
        share = one.right / one.count
        axes.errorbar([one.mean], [share], yerr=_wilson(one.right, one.count), color=ACCENT,
                      marker="o", markersize=4, capsize=3)  # fmt: skip
        axes.annotate(str(one.count), (one.mean, share), xytext=(5, 5), color=INK,
                      textcoords="offset points", fontsize=8)  # fmt: skip
    axes.set(xlim=(0, 1.03), ylim=(0, 1.03))
    _label(axes, "confidence", "right")
    return _svg(figure, "Share of the questions that were right, by confidence")


def plot_latency(seconds: Sequence[float]) -> Markup | None:
    """How many questions took how many seconds, or nothing where none was answered."""
    if not seconds:
        return None
    figure, axes = _axes()
    axes.hist(seconds, bins=min(20, max(5, len(seconds) // 3)), color=ACCENT, rwidth=0.92)
    _label(axes, "seconds to the whole answer", "questions")
    _count_in_whole_numbers(axes.yaxis)
    return _svg(figure, "Questions by the seconds they took")


def plot_quality(points: Sequence[tuple[Measure, Measure, bool]]) -> Markup | None:
    """Quality against seconds a question, each with its interval, numbered from 1 in their order.

    Those that no other beats in both are drawn strongly. Nothing where there is no point.
    """
    if not points:
        return None
    figure, axes = _axes()
    for number, (quality, seconds, best) in enumerate(points, 1):
        axes.errorbar(
            [seconds.value],
            [quality.value],
            xerr=[[seconds.value - seconds.low], [seconds.high - seconds.value]],
            yerr=[[quality.value - quality.low], [quality.high - quality.value]],
            color=ACCENT if best else MUTED,
            marker="o",
            markersize=6 if best else 4,
            elinewidth=0.8,
        )
        axes.annotate(str(number), (seconds.value, quality.value), xytext=(5, 5), color=INK,
                      textcoords="offset points", fontsize=9)  # fmt: skip
    axes.set_xlim(left=0)
    axes.set_ylim(0, 1.03)
    _label(axes, "seconds a question, median", points[0][0].name)
    return _svg(figure, "Quality against seconds a question")


def plot_trend(series: Mapping[str, Sequence[Measure | None]], name: str) -> Markup | None:
    """The measures of runs numbered from 1, each a line with its intervals; `name` is the set's."""
    if not series:
        return None
    figure, axes = _axes()
    for (measured, points), colour, aside in zip(series.items(), (ACCENT, INK, WRONG),
                                                 (0.0, 0.05, -0.05), strict=False):  # fmt: skip
        known = [(number, one) for number, one in enumerate(points, 1) if one]
        axes.errorbar([number + aside for number, _ in known], [one.value for _, one in known],
                      yerr=[[one.value - one.low for _, one in known],
                            [one.high - one.value for _, one in known]],
                      color=colour, label=measured, marker="o", markersize=4, capsize=3,
                      elinewidth=0.8)  # fmt: skip
    axes.set_ylim(0, 1.03)
    axes.set_xlabel("run", color=INK)
    _count_in_whole_numbers(axes.xaxis)
    _legend_above(axes)
    return _svg(figure, f"Measures of the runs over the set {name}")


def _wilson(count: int, total: int) -> list[list[float]]:
    """How far the 95% interval of a share reaches below and above it."""
    low, high = wilson(count, total)
    return [[count / total - low], [high - count / total]]


def _axes() -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_IN, layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(MUTED)
    axes.tick_params(colors=MUTED, labelcolor=INK, labelsize=9)
    return figure, axes


def _label(axes: "Axes", across: str, up: str) -> None:
    axes.set_xlabel(across, color=INK)
    axes.set_ylabel(up, color=INK)


def _legend_above(axes: "Axes") -> None:
    """Above the lines, which cross everywhere below."""
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), frameon=False, fontsize=9, labelcolor=INK)


def _count_in_whole_numbers(axis: "Axis") -> None:
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=5, integer=True))


def _svg(figure: "Figure", label: str) -> Markup:
    """The figure without a background, as an SVG element that a screen reader calls by `label`."""
    from matplotlib import rc_context

    buffer = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": label}):
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    svg = buffer.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font-size: \1", svg)
    for colour, variable in VARIABLES.items():
        svg = svg.replace(colour, f"var({variable})")
    # two plots in one page must not share ids
    prefix = re.sub(r"\W+", "-", label.lower())
    svg = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{prefix}-", svg)
    opening = Markup('<svg role="img" aria-label="{}" ').format(label)
    return Markup(svg.replace("<svg ", opening, 1))
