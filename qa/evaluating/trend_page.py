"""The page of a history: the measures of the runs over one set, one behind the other. Pure."""

from collections.abc import Sequence

from markupsafe import Markup

from qa.evaluating.history import History, PastRun
from qa.evaluating.measure_cells import breakable, cell
from qa.evaluating.plots import plot_trend
from qa.evaluating.report_style import page

DRAWN = ("right", "recall@5", "refusal_false")
COLUMNS = (*DRAWN, "refusal_right", "citation_recall", "augrc", "total_s_p50")


def render_trend(history: History) -> str:
    """The page; the set that was asked last comes first."""
    return page(
        "Runs over time",
        Markup('<p class="quiet">With 95% bootstrap intervals over n questions.</p>'),
        Markup("\n").join(_set(runs) for runs in history.sets()),
    )


def _set(runs: Sequence[PastRun]) -> Markup:
    """The runs over one set: drawn where there are several, and as a table."""
    name, digest = runs[-1].folder.name, runs[-1].questions_digest[:8]
    shown = [one for one in COLUMNS if any(one in run.measures for run in runs)]
    series = {one: [run.measures.get(one) for run in runs] for one in DRAWN if one in shown}
    drawn = plot_trend(series, digest) if len(runs) > 1 else None
    figure = Markup('<section class="plots"><figure>{}</figure></section>').format(drawn)
    heads = [Markup("<th>{}</th>").format(head) for head in ("", "begun", "model")]
    heads += [Markup('<th class="number">{}</th>').format(breakable(one)) for one in shown]
    return Markup(
        "<h2>{name} and others over the same {count} questions</h2>\n{figure}\n"
        '<div class="scroll"><table class="cards"><thead><tr>{heads}</tr></thead>'
        "<tbody>{rows}</tbody></table></div>"
    ).format(
        name=name,
        count=runs[-1].questions,
        figure=figure if drawn else "",
        heads=Markup("").join(heads),
        rows=Markup("\n").join(_row(at, run, shown) for at, run in enumerate(runs, 1)),
    )


def _row(number: int, run: PastRun, shown: Sequence[str]) -> Markup:
    about = Markup(
        '<th scope="row">{}</th><td data-name="begun">{}</td><td data-name="model">{}</td>'
    ).format(number, run.started[:16].replace("T", " "), run.model)
    cells = Markup("").join(cell(name, run.measures.get(name)) for name in shown)
    return Markup("<tr>{}{}</tr>").format(about, cells)
