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

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

INK, MUTED, ACCENT, WRONG = "#010101", "#020202", "#030303", "#040404"
VARIABLES = {INK: "--ink", MUTED: "--muted", ACCENT: "--accent", WRONG: "--wrong"}

SIZE_IN = (3.7, 2.5)
"""Narrow enough that its type is still legible on a phone, where a plot fills the width."""


def plot_retrieval(measures: Sequence[Measure]) -> Markup | None:
    """recall@k over k with its intervals, or nothing where retrieval was not measured."""
    by_name = {one.name: one for one in measures}
    points = [by_name[f"recall@{k}"] for k in RECALL_AT if f"recall@{k}" in by_name]
    if not points:
        return None
    figure, axes = _axes()
    values = [point.value for point in points]
    below = [point.value - point.low for point in points]
    above = [point.high - point.value for point in points]
    axes.errorbar(
        RECALL_AT, values, yerr=[below, above], color=ACCENT, marker="o", markersize=4, capsize=3
    )
    axes.set_xticks(RECALL_AT)
    axes.set_ylim(0, 1.03)
    axes.set_xlabel("first k passages", color=INK)
    axes.set_ylabel("evidence found", color=INK)
    return _svg(figure, "Share of the evidence found among the first k passages")


def plot_latency(seconds: Sequence[float]) -> Markup | None:
    """How many questions took how many seconds, or nothing where none was answered."""
    if not seconds:
        return None
    figure, axes = _axes()
    axes.hist(seconds, bins=min(20, max(5, len(seconds) // 3)), color=ACCENT, rwidth=0.92)
    axes.set_xlabel("seconds to the whole answer", color=INK)
    axes.set_ylabel("questions", color=INK)
    axes.yaxis.set_major_locator(_whole_numbers())
    return _svg(figure, "Questions by the seconds they took")


def plot_errors(counts: Mapping[str, int]) -> Markup | None:
    """One bar a kind of error, or nothing where there is none."""
    if not any(counts.values()):
        return None
    figure, axes = _axes()
    names = list(counts)[::-1]
    bars = axes.barh(names, [counts[name] for name in names], color=WRONG, height=0.62)
    axes.bar_label(bars, padding=3, color=INK, fontsize=9)
    axes.margins(x=0.12)
    axes.xaxis.set_major_locator(_whole_numbers())
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("questions", color=INK)
    return _svg(figure, "Questions that went wrong, by the first step that did")


def _axes() -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_IN, layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(MUTED)
    axes.tick_params(colors=MUTED, labelcolor=INK, labelsize=9)
    return figure, axes


def _whole_numbers() -> "MaxNLocator":
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=5, integer=True)


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
