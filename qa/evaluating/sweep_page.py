"""The page of a sweep: every combination with its measures, and quality against seconds. Pure."""

from collections.abc import Sequence

from markupsafe import Markup

from qa.evaluating.measure_cells import breakable, cell
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
    counts = sorted({one.quality.count for one in swept if one.quality})
    figure = Markup(
        '<section class="plots"><figure><figcaption>Quality against time '
        '<span class="quiet">of {} questions, with 95% intervals</span></figcaption>{}'
        "</figure></section>"
    ).format(" or ".join(map(str, counts)), drawn)
    heads = [Markup("<th>{}</th>").format(breakable(one)) for one in ("", *settings)]
    heads += [Markup('<th class="number">{}</th>').format(breakable(one)) for one in shown]
    rows = Markup("\n").join(
        _row(number, one, shown, best=one in best) for number, one in enumerate(swept, 1)
    )
    table = Markup(
        '<div class="scroll"><table class="cards"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(Markup("").join(heads), rows)
    about = "With 95% bootstrap intervals over n questions."
    if drawn:
        about += (
            " ★: no other is as good and quicker, or as quick and better. "
            "The numbers are those of the plot."
        )
    return page(
        f"Sweep {name}",
        Markup('<p class="quiet">{}</p>').format(about),
        (figure if drawn else Markup("")) + table,
    )


def _row(number: int, one: Swept, shown: Sequence[str], *, best: bool) -> Markup:
    cells = [Markup('<th scope="row">{}{}</th>').format(number, " ★" if best else "")]
    cells += [
        Markup('<td data-name="{}">{}</td>').format(setting, value)
        for setting, value in one.combination.items()
    ]
    cells += [cell(name, one.measures.get(name)) for name in shown]
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))
