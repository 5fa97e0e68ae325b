"""The page of a sweep: every combination with its measures, and quality against seconds. Pure."""

from collections.abc import Sequence

from markupsafe import Markup

from qa.evaluating.plots import plot_quality
from qa.evaluating.report_style import page
from qa.evaluating.sweeping import Swept, best_for_their_time

COLUMNS = (
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
    shown = [name for name in COLUMNS if any(name in one.measures for one in swept)]
    drawn = plot_quality(
        [(one.quality, one.seconds, one in best) for one in swept if one.quality and one.seconds]
    )
    figure = Markup('<section class="plots"><figure>{}</figure></section>').format(drawn)
    heads = [Markup("<th>{}</th>").format(one) for one in ("", *settings)]
    heads += [Markup('<th class="number">{}</th>').format(one) for one in shown]
    rows = Markup("\n").join(
        _row(number, one, shown, best=one in best) for number, one in enumerate(swept, 1)
    )
    table = Markup(
        '<div class="scroll"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(Markup("").join(heads), rows)
    about = Markup(
        '<p class="quiet">With 95% bootstrap intervals. ★: no other is as good and quicker, or as '
        "quick and better. The numbers are those of the plot.</p>"
    )
    return page(f"Sweep {name}", about, (figure if drawn else Markup("")) + table)


def _row(number: int, one: Swept, shown: Sequence[str], *, best: bool) -> Markup:
    cells = [Markup("<td>{}{}</td>").format(number, " ★" if best else "")]
    cells += [Markup("<td>{}</td>").format(value) for value in one.combination.values()]
    for name in shown:
        measure = one.measures.get(name)
        cells.append(
            Markup(
                '<td class="number">{:.3f}<br><span class="quiet">{:.3f} to {:.3f}</span> '
                '<span class="quiet">n = {}</span></td>'
            ).format(measure.value, measure.low, measure.high, measure.count)
            if measure
            else Markup('<td class="number">–</td>')
        )
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))
