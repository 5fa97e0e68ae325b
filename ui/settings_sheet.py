"""The sheet of settings: the model that answers, and a person's preferences. Pure; see `sheets`."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from qa.evaluating.benching import BenchRow
from qa.models.choosing import ModelLine
from qa.settings import limits
from qa.types import Preferences

from .model_work import Work

STRICTNESS = {
    0.05: ("Bold", "refused 2 in 100 questions that have an answer, 20 in 100 that have none"),
    0.15: ("Balanced", "refused 11 in 100 and 57 in 100"),
    0.25: ("Strict", "refused 24 in 100 and 72 in 100"),
    0.4: ("Very strict", "refused 43 in 100 and 90 in 100"),
}
"""Bars of trust to choose from, with what came of 358 questions as people ask them, each judged by
a fit of others; those without an answer ask what an article only comes near (bench/answers.md)."""


HUB_FORM = Markup(
    '<form class="preferences" data-into="hub-models" method="get" action="cuttings/settings/hub">'
    '<label>A model of the hub<input name="name" required placeholder="hf:OWNER/REPO" '
    'spellcheck="false" autocapitalize="off" aria-describedby="about-hub"></label>'
    '<p class="where" id="about-hub">Hugging Face is asked for its GGUF files. The name '
    "goes there, and HF_TOKEN where whoever runs Cuttings set it; nothing else.</p>"
    '<p class="ways"><button>Look</button></p></form><div id="hub-models"></div>'
)


def settings_sheet(models: str, preferences: str, numbers: str, *, may_pull: bool) -> Markup:
    """The whole sheet, of what `model_list` and `preference_form` gave.

    `numbers` says whose numbers tell how likely an answer is.
    """
    return Markup(
        '<h2 id="sheet-title" tabindex="-1">Settings</h2>'
        '<section aria-labelledby="model-title"><h3 id="model-title">Model</h3>'
        '<div id="models">{}</div>{}</section>'
        '<section aria-labelledby="preference-title">'
        '<h3 id="preference-title">Your questions</h3>'
        '<p class="hint">What you set here holds for your own questions alone.</p>'
        '<div id="preferences">{}</div>'
        '<p class="where" id="numbers">How likely an answer is to be right is calculated from '
        "numbers. {}</p></section>"
    ).format(models, HUB_FORM if may_pull else "", preferences, numbers)


def model_list(
    lines: Iterable[ModelLine],
    work: Work | None,
    benched: Mapping[str, BenchRow],
    *,
    server: str,
    may_change: bool,
) -> Markup:
    """Every model with what is known of it, and how far the work on one is.

    `benched` is what `qa bench` measured, by the model's name.

    `server` is the model's name where a server answers: then there is nothing to choose here.
    """
    if server:
        return Markup(
            '<p class="hint">A server answers, by the model {}. Which one is set in qa.toml: '
            "<code>generator</code> and <code>model</code>.</p>"
        ).format(server)
    is_busy = work is not None and not work.is_done
    items = Markup("").join(
        _model_item(line, benched.get(line.name), may_act=may_change and not is_busy)
        for line in lines
    )
    said = (
        "It answers everybody who asks this page, until Cuttings is ended. To keep another one, "
        "name it in qa.toml as model."
        if may_change
        else "Which model answers is up to whoever runs Cuttings here."
    )
    return Markup(
        '<p class="hint">A larger model is more reliable and slower. {}</p>{}'
        '<ul class="lines"{}>{}</ul>'
    ).format(
        said,
        _work(work, may_stop=may_change) if work else "",
        Markup(' data-refresh="settings/models" data-into="models"') if is_busy else "",
        items,
    )


def hub_list(lines: Iterable[ModelLine], *, error: str = "") -> Markup:
    """The models of a repository of the hub, each to be fetched, or why there are none."""
    if error:
        return Markup('<p class="error" role="alert">{}</p>').format(error)
    items = Markup("").join(_model_item(line, None, may_act=not line.is_here) for line in lines)
    return Markup('<ul class="lines" aria-label="Found on the hub">{}</ul>').format(items)


def _model_item(line: ModelLine, row: BenchRow | None, *, may_act: bool) -> Markup:
    where = [_size(line.size_bytes), _pace(line) if line.is_here else "not on this machine"]
    if line.memory_bytes:
        free = ", more than is free now" if line.fits is False else ""
        where.append(f"needs about {_size(line.memory_bytes)} of memory{free}")
    benched = Markup('<p class="where">{}</p>').format(_benched(row)) if row else ""
    action = Markup("")
    if may_act and line.can_be_pulled:
        action = _button("pull", line, f"Download {_size(line.size_bytes)}")
    elif may_act and line.is_here and not line.in_use:
        action = _button("take", line, "Use")
    return Markup(
        '<li{}><span class="line">{}</span>{}<p class="where">{}</p>'
        '<p class="where">{}</p>{}{}</li>'
    ).format(
        Markup(' aria-current="true"') if line.in_use else "",
        line.name,
        Markup(' <span class="in-use">answers now</span>') if line.in_use else "",
        line.description,
        " · ".join(where),
        benched,
        action,
    )


def _pace(line: ModelLine) -> str:
    """How fast it has been here, in words of some tokens each: what a person can picture."""
    pace = line.pace
    if pace is None or pace.read_per_s is None:
        return "its speed here shows after some questions"
    written = pace.written_per_s
    writes = f", writes {written:.0f}" if written else ""
    return f"reads {pace.read_per_s:.0f}{writes} tokens a second here"


def _benched(row: BenchRow) -> str:
    """What came of it in `qa bench`."""
    memory = "" if row.memory_bytes is None else f", {_size(row.memory_bytes)} of memory"
    return (
        f"qa bench of {row.measured}: {row.right} of {row.questions} questions right "
        f"({row.wrote_right} by its own words), {row.seconds:.1f} s an answer{memory}"
    )


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def _button(action: str, line: ModelLine, label: str) -> Markup:
    return Markup(
        '<form data-into="models" method="post" action="cuttings/settings/{}">'
        '<input type="hidden" name="name" value="{}">'
        '<button aria-label="{}: {}">{}</button></form>'
    ).format(action, line.name, label, line.name, label)


def _work(work: Work, *, may_stop: bool) -> Markup:
    """How far it is, or what came of it."""
    notes = Markup("").join(Markup('<p class="where">{}</p>').format(note) for note in work.notes)
    if work.error:
        return notes + Markup('<p class="error" role="alert">{}</p>').format(work.error)
    if work.is_done:
        return Markup('<p class="done" role="status">{}</p>').format(work.aim)
    bar = Markup('<progress aria-label="{}"{} max="1"></progress>').format(
        work.stage, "" if work.share is None else Markup(' value="{:.3f}"').format(work.share)
    )
    percent = "" if work.share is None else f" {work.share:.0%}"
    stop = Markup("")
    if may_stop and work.share is not None:
        stop = Markup(
            '<form data-into="models" method="post" action="cuttings/settings/stop">'
            '<button id="stop-work">Stop</button></form>'
        )
    return Markup('<div class="work"><p>{}{}</p>{}{}{}</div>').format(
        work.stage, percent, bar, notes, stop
    )


def preference_form(
    chosen: Preferences, usual: Preferences, *, note: str = "", error: str = ""
) -> Markup:
    """What a person can set for their own questions, each in one line; empty leaves it as set."""
    said = Markup("")
    if note:
        said = Markup('<p class="done" role="status">{}</p>').format(note)
    if error:
        said = Markup('<p class="error" role="alert">{}</p>').format(error)
    return Markup(
        '<form class="preferences" data-into="preferences" method="post" '
        'action="cuttings/settings/prefer">{passages}{length}{strictness}'
        '<p class="ways"><button>Keep</button> '
        '<button class="plain" name="usual" value="yes">Back to what is usual here</button></p>'
        "{said}</form>"
    ).format(
        passages=_number(
            "passages",
            "Passages",
            "read for each question: more find more and take longer",
            chosen.passages,
            usual.passages,
        ),
        length=_number(
            "max_answer_tokens",
            "Longest sentence",
            "in tokens, about three quarters of a word each; each side of an answer is a sentence",
            chosen.max_answer_tokens,
            usual.max_answer_tokens,
        ),
        strictness=_strictness(chosen.refuse_below, usual.refuse_below),
        said=said,
    )


def _number(name: str, label: str, explained: str, chosen: int | None, usual: int | None) -> Markup:
    least, most = limits(name)
    return Markup(
        '<label>{label}<input type="number" name="{name}" min="{least}" max="{most}" step="1" '
        'value="{value}" placeholder="{usual}" aria-describedby="about-{name}"></label>'
        '<p class="where" id="about-{name}">{explained}; {usual} is usual here</p>'
    ).format(
        name=name,
        label=label,
        least=int(least),
        most=int(most),
        value="" if chosen is None else chosen,
        usual=usual,
        explained=explained,
    )


def _strictness(chosen: float | None, usual: float | None) -> Markup:
    bars = dict(STRICTNESS)
    for bar in (chosen, usual):
        if bar is not None:
            bars.setdefault(bar, (f"{bar:g}", "the bar that is set"))
    options = Markup('<option value="">As is usual here ({:g})</option>').format(usual) + Markup(
        ""
    ).join(
        Markup('<option value="{:g}"{}>{}: {}</option>').format(
            bar, Markup(" selected") if bar == chosen else "", name, explained
        )
        for bar, (name, explained) in sorted(bars.items())
    )
    return Markup(
        '<label>Strictness<select name="refuse_below" aria-describedby="about-refuse_below">{}'
        '</select></label><p class="where" id="about-refuse_below">how likely to be right an answer'
        " must be to be told: a stricter bar refuses more, rightly and wrongly</p>"
    ).format(options)
