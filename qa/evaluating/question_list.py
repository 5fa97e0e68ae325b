"""The questions of a report, with what filters and sorts them.

The filter by outcome is CSS. Searching, the filter by tag and sorting are the page's one script,
which is fixed: nothing of a run is ever in it, and the page's policy allows it alone, by its hash.
Without it the list is in the order of the set, and its controls are not shown.
"""

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from qa.conversing.showing import UNSUPPORTED
from qa.evaluating.attributing import Outcome
from qa.evaluating.judging import Judged
from qa.evaluating.question_rows import outcome_class, question_row

SCRIPT = """
const list = document.getElementById("questions");
const rows = Array.from(list.children);
const find = document.getElementById("find");
const tag = document.getElementById("tag");
const sort = document.getElementById("sort");
const shown = document.getElementById("shown");
const texts = rows.map((row) =>
  Array.from(row.querySelectorAll("summary, .about"), (one) => one.textContent)
    .join(" ").toLowerCase());

function filter() {
  const words = find.value.toLowerCase().split(/\\s+/).filter(Boolean);
  rows.forEach((row, at) => {
    const tags = JSON.parse(row.dataset.tags);
    const tagged = !tag.value || tags.includes(tag.value);
    row.hidden = !(tagged && words.every((word) => texts[at].includes(word)));
  });
  count();
}

function count() {
  const seen = rows.filter((row) => row.checkVisibility()).length;
  shown.textContent = `${seen} of ${rows.length} shown`;
}

function order() {
  const [key, direction] = sort.value.split(" ");
  const sign = direction === "down" ? -1 : 1;
  const value = (row) => (key === "set" ? rows.indexOf(row) : row.dataset[key]);
  const compare = (a, b) => {
    const one = value(a), two = value(b);
    if (one === "" || two === "") return (one === "") - (two === "");
    return sign * (isNaN(one) ? one.localeCompare(two) : one - two);
  };
  list.append(...rows.slice().sort(compare));
}

find.addEventListener("input", filter);
tag.addEventListener("change", filter);
sort.addEventListener("change", order);
document.querySelector(".filters").addEventListener("change", count);
document.getElementById("open").addEventListener("click", () => {
  const seen = rows.filter((row) => row.checkVisibility());
  const opening = seen.some((row) => !row.open);
  seen.forEach((row) => { row.open = opening; });
});
document.querySelector(".controls").hidden = false;
count();
"""

SORTS = (
    ("set", "as in the set"),
    ("outcome", "outcome"),
    ("f1", "F1, worst first"),
    ("f1 down", "F1, best first"),
    ("confidence", "confidence, lowest first"),
    ("confidence down", "confidence, highest first"),
    ("seconds down", "slowest first"),
    ("rank down", "evidence found latest first"),
)


def question_list(judged: Sequence[Judged]) -> Markup:
    """The section: filters, controls, a legend of the marks, and every question."""
    counts = Counter(one.outcome for one in judged)
    chips = [_chip("all", "all", len(judged), checked=True)]
    chips += [
        _chip(outcome_class(outcome), outcome.value, counts[outcome], checked=False)
        for outcome in Outcome
        if counts[outcome]
    ]
    tags = sorted({tag for one in judged for tag in one.question.tags})
    return Markup(
        "<h2>Questions</h2>\n"
        '<fieldset class="filters"><legend>Show the questions that are</legend>{chips}</fieldset>\n'
        '<div class="controls" hidden>'
        '<label>Find <input id="find" type="search" placeholder="words, an id"></label>'
        '<label>Tag <select id="tag"><option value="">any</option>{tags}</select></label>'
        '<label>Sort <select id="sort">{sorts}</select></label>'
        '<button id="open" type="button">Open or close all</button>'
        '<span id="shown" class="quiet" role="status"></span></div>\n'
        '<p class="quiet">Open a question to see its sources: <mark class="cited">words the '
        'answer cites</mark>, <span class="evidence">words that hold the evidence</span>, '
        '<span class="unsupported">sentences {unsupported}</span>.</p>\n'
        '<div id="questions">{rows}</div>'
    ).format(
        chips=Markup("").join(chips),
        unsupported=UNSUPPORTED,
        tags=Markup("").join(
            Markup('<option value="{tag}">{tag}</option>').format(tag=tag) for tag in tags
        ),
        sorts=Markup("").join(
            Markup('<option value="{}">{}</option>').format(value, label) for value, label in SORTS
        ),
        rows=Markup("\n").join(question_row(one) for one in judged),
    )


def filter_rules() -> str:
    """CSS: while the button of an outcome is on, the questions with another are not shown."""
    names = [outcome_class(outcome) for outcome in Outcome]
    return "\n".join(
        f"body:has(#only-{name}:checked) .question:not(.{name}) {{ display: none; }}"
        for name in names
    )


def _chip(css_class: str, label: str, count: int, *, checked: bool) -> Markup:
    return Markup(
        '<input type="radio" name="outcome" id="only-{css_class}"{checked}>'
        '<label for="only-{css_class}">{label} {count}</label>'
    ).format(
        css_class=css_class,
        checked=Markup(" checked") if checked else "",
        label=label,
        count=count,
    )
