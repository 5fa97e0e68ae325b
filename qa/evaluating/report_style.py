"""The frame and look of a report: light or dark with the reader's system, on a phone or printed."""

import base64
import hashlib
from collections.abc import Iterable

from markupsafe import Markup

_PAGE = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; img-src data:{allowed}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
{about}
</header>
<main>
{parts}
</main>
{script}
</body>
</html>
""")

STYLE = """
:root {
  color-scheme: light dark;
  --ink: #1c1e21; --muted: #5b616a; --line: #d9dce1; --page: #ffffff; --card: #f5f6f8;
  --accent: #0a5fb4; --wrong: #b3341f; --right: #1a7242; --mark: #ffe58a; --mark-ink: #1c1e21;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e7e9ec; --muted: #a2a9b3; --line: #383d45; --page: #15171a; --card: #1e2125;
    --accent: #6cb2f5; --wrong: #f08a74; --right: #6cc794; --mark: #6a5410; --mark-ink: #fff6d6;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 72rem; background: var(--page);
  color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere;
}
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0; }
header { margin-bottom: 1.25rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: .95rem; margin: 1rem 0 .25rem; }
p { margin: .25rem 0; max-width: 75ch; }
svg text { font-family: inherit; }
.quiet { color: var(--muted); font-size: .9rem; }
.note { border-left: 3px solid var(--wrong); padding-left: .75rem; margin-top: .75rem; }
.tiles { display: grid; gap: .75rem;
  grid-template-columns: repeat(auto-fit, minmax(11.5rem, 1fr)); }
.tile { background: var(--card); border-radius: .5rem; padding: .75rem .9rem; }
.tile b { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile span { display: block; }
.tells { font-size: .8rem; line-height: 1.35; margin-top: .25rem; }
.plots { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); }
.plots figure { margin: 0; max-width: 26rem; }
.plots figcaption { font-size: .9rem; font-weight: 600; margin-bottom: .25rem; }
.plots figcaption .quiet { font-weight: 400; }
.plots svg { width: 100%; height: auto; display: block; }
.scroll { overflow-x: auto; }
.plots + .scroll { margin-top: 1.5rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; overflow-wrap: normal; }
th .quiet { font-weight: 400; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
td:last-child, th:last-child { padding-right: 0; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number .quiet { display: inline-block; white-space: nowrap; }
td.number .quiet + .quiet { margin-left: .75rem; }
.measures { max-width: 46rem; }
.losses { max-width: 60rem; }
.losses .bar { width: 30%; }
.losses .bar i { display: block; height: 1.1rem; min-width: 2px; background: var(--wrong); }
.tag { margin-top: .6rem; }
summary { cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.filters { border: 0; padding: 0; margin: 0 0 .75rem; display: flex; flex-wrap: wrap; gap: .4rem; }
.filters legend { position: absolute; clip-path: inset(50%); width: 1px; height: 1px;
  overflow: hidden; }
.filters input { position: absolute; opacity: 0; }
.filters label { border: 1px solid var(--line); border-radius: 1rem; padding: .2rem .75rem;
  font-size: .9rem; cursor: pointer; }
.filters input:checked + label { background: var(--ink); color: var(--page);
  border-color: var(--ink); }
.filters input:focus-visible + label { outline: 2px solid var(--accent); outline-offset: 2px; }
.controls { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center;
  margin: 0 0 .75rem; font-size: .9rem; }
.controls[hidden] { display: none; }
.controls input, .controls select, .controls button { font: inherit; color: inherit;
  background: var(--page); border: 1px solid var(--line); border-radius: .4rem;
  padding: .3rem .5rem; min-height: 2.25rem; max-width: 100%; }
.controls button { cursor: pointer; }
.question[hidden] { display: none; }
.question { border-top: 1px solid var(--line); padding: .6rem 0; content-visibility: auto;
  contain-intrinsic-size: auto 3.5rem; }
.question > summary { display: grid; grid-template-columns: 9.5rem 1fr 1fr 7rem; gap: 0 1rem;
  position: relative; padding-right: 1.5rem; }
.question > summary::after { content: "\\203a"; position: absolute; right: .4rem; top: 0;
  color: var(--muted); }
.question[open] > summary::after { transform: rotate(90deg); }
.question > summary:hover { color: var(--accent); }
.question > div { padding: .25rem 0 1rem 10.5rem; }
.outcome { font-size: .85rem; font-weight: 600; color: var(--wrong); }
.outcome::before { content: "\\2715\\00a0"; }
.outcome.right { color: var(--right); }
.outcome.right::before { content: "\\2713\\00a0"; }
.outcome.not-judged { color: var(--muted); }
.outcome.not-judged::before { content: "\\2013\\00a0"; }
.sources, .quotes { list-style: none; margin: 0; padding: 0; }
.sources li { background: var(--card); border-radius: .5rem; padding: .6rem .8rem;
  margin: .5rem 0; }
.passage { white-space: pre-wrap; font-size: .95rem; }
.cited { background: var(--mark); color: var(--mark-ink); }
.evidence { text-decoration: underline dotted 2px var(--accent); text-underline-offset: 3px; }
.unsupported { text-decoration: underline wavy 1px var(--wrong); text-underline-offset: 3px; }
.wrong { color: var(--wrong); }
.figures { font-variant-numeric: tabular-nums; }
.figures span { display: inline-block; margin-right: .6rem; white-space: nowrap; }
@media (max-width: 44rem) {
  .tiles { grid-template-columns: 1fr 1fr; }
  .tile { padding: .6rem .7rem; }
  .tile b { font-size: 1.35rem; }
  .question > summary { grid-template-columns: 1fr; }
  .question > div { padding-left: 0; }
  .cards thead { display: none; }
  .cards tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  .cards th, .cards td { display: flex; justify-content: space-between; gap: 1rem; border: 0;
    padding: .1rem 0; }
  .cards td::before { content: attr(data-name); color: var(--muted); }
  .losses th { display: block; }
  .losses .bar { width: 100%; }
  .losses .bar::before { content: none; }
}
@media print {
  :root { --ink: #000; --muted: #444; --line: #bbb; --page: #fff; --card: #f5f6f8;
    --accent: #0a5fb4; --wrong: #b3341f; --right: #1a7242; --mark: #ffe58a; --mark-ink: #000; }
  body { padding: 0; max-width: none; font-size: 10pt; print-color-adjust: exact; }
  .filters, .controls { display: none; }
  .cards { font-size: 7.5pt; }
  .cards th, .cards td { padding-right: .3rem; }
  .cards td.number .quiet { font-size: 7pt; white-space: normal; }
  .cards td.number .quiet + .quiet { margin-left: 0; }
  .question { content-visibility: visible; }
  .tile, .plots figure, .sources li, .question > summary, tr { break-inside: avoid; }
}
"""


def page(title: str, about: Markup, parts: Markup, *, style: str = "", script: str = "") -> str:
    """A page that needs nothing else; of all scripts it lets `script` alone run, by its hash."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return str(
        _PAGE.format(
            title=title,
            allowed=f"; script-src 'sha256-{digest}'" if script else "",
            style=Markup(STYLE + style),
            about=about,
            parts=parts,
            script=Markup(f"<script>{script}</script>") if script else "",
        )
    )


def table(heads: Iterable[Markup], rows: Iterable[Markup], kind: str = "cards") -> Markup:
    """A table that can be scrolled sideways; where it is of cards, on a phone each row is one."""
    return Markup(
        '<div class="scroll"><table class="{}"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(kind, Markup("").join(heads), Markup("\n").join(rows))


def figures_head(name: str | Markup) -> Markup:
    """The head of a column of figures."""
    return Markup('<th class="number">{}</th>').format(name)
