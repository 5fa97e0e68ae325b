"""Measures in tables: a cell of any page, the page of a sweep and the page of a history. Pure.

A sweep has a row for every combination, and quality against seconds; a history the runs over one
set, one behind the other.
"""

from collections.abc import Sequence

from markupsafe import Markup

from qa.evaluating.finished_runs import History, PastRun
from qa.evaluating.metrics import DEFINITIONS, Measure, Unit
from qa.evaluating.plots import plot_quality, plot_trend
from qa.evaluating.report_style import figures_head, page, table
from qa.evaluating.sweeping import Swept, best_for_their_time

SWEEP_COLUMNS = (
    "right",
    "contains_answer",
    "given_answers_right",
    "refusal_right",
    "refusal_false",
    "citation_recall",
    "recall@5",
    "article_recall@5",
    "total_s_p50",
)


def render_sweep(name: str, swept: Sequence[Swept]) -> str:
    """The page; a combination that none beats in both quality and time is marked."""
    best = best_for_their_time(swept)
    settings = list(swept[0].combination)
    shown = [name for name in SWEEP_COLUMNS if any(name in one.measures for one in swept)]
    drawn = plot_quality(
        [(one.quality, one.seconds, one in best) for one in swept if one.quality and one.seconds]
    )
    counts = sorted({one.quality.count for one in swept if one.quality})
    figure = Markup(
        '<section class="plots"><figure><figcaption>Quality against time '
        '<span class="quiet">of {} questions, with 95% intervals</span></figcaption>{}'
        "</figure></section>"
    ).format(" or ".join(map(str, counts)), drawn)
    heads = [Markup("<th>{}</th>").format(breakable(one)) for one in ("", *settings)]
    heads += [figures_head(breakable(one)) for one in shown]
    rows = [_sweep_row(number, one, shown, best=one in best) for number, one in enumerate(swept, 1)]
    about = "With 95% bootstrap intervals over n questions."
    if drawn:
        about += (
            " ★: no other is as good and quicker, or as quick and better. "
            "The numbers are those of the plot."
        )
    return page(
        f"Sweep {name}",
        Markup('<p class="quiet">{}</p>').format(about),
        (figure if drawn else Markup("")) + table(heads, rows),
    )


def _sweep_row(number: int, one: Swept, shown: Sequence[str], *, best: bool) -> Markup:
    cells = [Markup('<th scope="row">{}{}</th>').format(number, " ★" if best else "")]
    cells += [
        Markup('<td data-name="{}">{}</td>').format(setting, value)
        for setting, value in one.combination.items()
    ]
    cells += [cell(name, one.measures.get(name)) for name in shown]
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))


DRAWN = ("right", "recall@5", "refusal_false")
TREND_COLUMNS = (*DRAWN, "refusal_right", "citation_recall", "augrc", "total_s_p50")


def render_trend(history: History) -> str:
    """The page; the set that was asked last comes first."""
    return page(
        "Runs over time",
        Markup('<p class="quiet">With 95% bootstrap intervals over n questions.</p>'),
        Markup("\n").join(_trend(runs) for runs in history.sets()),
    )


def _trend(runs: Sequence[PastRun]) -> Markup:
    """The runs over one set: drawn where there are several, and as a table."""
    name, digest = runs[-1].folder.name, runs[-1].questions_digest[:8]
    shown = [one for one in TREND_COLUMNS if any(one in run.measures for run in runs)]
    series = {one: [run.measures.get(one) for run in runs] for one in DRAWN if one in shown}
    drawn = plot_trend(series, digest) if len(runs) > 1 else None
    figure = Markup('<section class="plots"><figure>{}</figure></section>').format(drawn)
    heads = [Markup("<th>{}</th>").format(head) for head in ("", "begun", "model")]
    heads += [figures_head(breakable(one)) for one in shown]
    over = "and others over the same" if len(runs) > 1 else "over"
    return Markup("<h2>{} {} {} questions</h2>\n{}\n{}").format(
        name,
        over,
        runs[-1].questions,
        figure if drawn else "",
        table(heads, [_trend_row(at, run, shown) for at, run in enumerate(runs, 1)]),
    )


def _trend_row(number: int, run: PastRun, shown: Sequence[str]) -> Markup:
    about = Markup(
        '<th scope="row">{}</th><td data-name="begun">{}</td><td data-name="model">{}</td>'
    ).format(number, run.started[:16].replace("T", " "), run.model)
    cells = Markup("").join(cell(name, run.measures.get(name)) for name in shown)
    return Markup("<tr>{}{}</tr>").format(about, cells)


def value(one: Measure) -> str:
    """Its value with its unit."""
    unit = DEFINITIONS[one.name].unit
    return _number(one.value, unit) + {Unit.PERCENT: "%", Unit.SECONDS: " s"}.get(unit, "")


def interval(one: Measure) -> str:
    """The ends of its interval, in the unit of its value."""
    unit = DEFINITIONS[one.name].unit
    return f"{_number(one.low, unit)} to {_number(one.high, unit)}"


def cell(name: str, one: Measure | None) -> Markup:
    """A table's cell; `name` stands before it where a phone has no room for heads."""
    told = Markup("–")
    if one:
        told = Markup(
            '{}<br><span class="quiet">{}</span> <span class="quiet">n = {}</span>'
        ).format(value(one), interval(one), one.count)
    return Markup('<td class="number" data-name="{}"><div>{}</div></td>').format(name, told)


def breakable(name: str) -> Markup:
    """A measure's name that may be broken at its underscores."""
    return Markup("_<wbr>").join(name.split("_"))


def _number(value: float, unit: Unit) -> str:
    match unit:
        case Unit.PERCENT:
            return f"{100 * value:.0f}" if value in (0, 1) else f"{100 * value:.1f}"
        case Unit.SECONDS:
            return f"{value:.2f}" if value < 10 else f"{value:.1f}"
        case Unit.TOKENS:
            return f"{value:.0f}"
        case Unit.RECIPROCAL | Unit.PLAIN:
            return f"{value:.3f}"
