"""What `qa index` shows: a bar while it works, its summary, and lines while it watches."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic_core import to_jsonable_python
from rich.markup import escape
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from qa.cli.terminal import err, out, print_json, say
from qa.errors import CuttingsError
from qa.library.summary import IndexProgress, IndexSummary
from qa.messages import counted, some_of
from qa.reading.formats import printable

NAMED = 5
"""So many articles are named in a line."""

_CHANGES = ("added", "updated", "moved", "removed", "unchanged")


@contextmanager
def index_progress() -> Iterator[Callable[[IndexProgress], None]]:
    """A bar on stderr for each phase, with the articles so far, their rate and the time left."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    ) as progress:
        tasks = {}

        def report(step: IndexProgress) -> None:
            if step.phase not in tasks:
                tasks[step.phase] = progress.add_task(step.phase.value.capitalize(), articles=0)
            progress.update(
                tasks[step.phase],
                completed=step.done,
                total=max(step.total, 1),
                description=_said_of(step),
                articles=step.articles,
            )

        yield report


def _said_of(step: IndexProgress) -> str:
    """`Reading`, or `Reading scan.pdf, page 3 of 40`."""
    phase = step.phase.value.capitalize()
    if step.page is None:
        return phase
    name = escape(printable(Path(step.current).name))
    return f"{phase} {name}, page {step.page.number} of {step.page.of}"


class _Rate(ProgressColumn):
    """`1,204 articles, 41/s`."""

    def render(self, task: Task) -> Text:
        """The articles of a phase so far, and how many a second."""
        articles = task.fields["articles"]
        return Text(f"{articles:,} articles, {articles / max(task.elapsed or 0, 1):.0f}/s")


def print_summary(summary: IndexSummary, total: int, *, as_json: bool) -> None:
    """What a run changed, with every skipped file and why."""
    if as_json:
        print_json(_as_json(summary, total))
        return
    _print_skipped(summary, set())
    for problem in summary.problems:
        say(f"[yellow]warning[/yellow] {escape(problem)}")
    if summary.passed_over:
        files = sum(summary.passed_over.values())
        kinds = ", ".join(
            f"{count:,} {suffix or 'without a suffix'}"
            for suffix, count in sorted(
                summary.passed_over.items(), key=lambda item: (-item[1], item[0])
            )
        )
        say(f"{counted(files, 'file')} passed over: {escape(kinds)}.")
    skipped = sum(not one.kept for one in summary.skipped)
    counts = f"{_counts(summary, _CHANGES)}, {skipped:,} skipped"
    if summary.reembedded:
        counts += f"; {len(summary.reembedded):,} embedded again"
    if summary.missing:
        counts += f"; {len(summary.missing):,} kept though their files are gone"
    out.print(f"{total:,} articles in the library: {counts}.")


@dataclass
class WatchLog:
    """Prints what each run of a watch changed, on one line, and says each problem once."""

    as_json: bool
    _said: set[str] = field(default_factory=set)
    _begun: bool = False
    _missing: set[str] = field(default_factory=set)

    def show(self, run: Callable[[], tuple[IndexSummary, int]]) -> None:
        """Run once; a failure is a line too, for the next change may mend it."""
        now = f"{datetime.now().astimezone():%H:%M:%S}"
        try:
            summary, total = run()
        except CuttingsError as error:
            if str(error) not in self._said:
                say(f"{now} [red]{escape(str(error))}[/red]")
            self._said = {str(error)}
            return
        changes = [name for name in _CHANGES[:-1] if getattr(summary, name)]
        missing = set(summary.missing) - self._missing
        if self.as_json and (changes or not self._begun):
            print_json(_as_json(summary, total), indent=None)
        elif not self.as_json and not self._begun:
            print_summary(summary, total, as_json=False)
        elif not self.as_json:
            _print_skipped(summary, self._said)
            if changes:
                out.print(f"{now} {total:,} articles: {_counts(summary, changes)}.")
            if summary.removed:
                say(
                    f"{_named(summary.removed)}: removed, for the file, or the place in it, is"
                    " gone. With --keep-missing articles of such files stay."
                )
            if missing:
                say(f"{_named(missing)}: kept, though the file is gone.")
        self._begun = True
        self._missing = set(summary.missing)
        self._said = {one.reason for one in summary.skipped}


def _named(article_ids: Iterable[str]) -> str:
    """Some of these by name, the number of the others."""
    return escape(some_of(sorted(article_ids), NAMED))


def _print_skipped(summary: IndexSummary, said: set[str]) -> None:
    for one in summary.skipped:
        if one.reason not in said:
            said_of = "kept, but" if one.kept else "skipped"
            say(f"[yellow]{said_of}[/yellow] {escape(one.reason)}")


def _counts(summary: IndexSummary, names: Iterable[str]) -> str:
    return ", ".join(f"{len(getattr(summary, name)):,} {name}" for name in names)


def _as_json(summary: IndexSummary, total: int) -> Mapping[str, Any]:
    skipped = [
        {"path": printable(one.path), "reason": one.reason, "kept": one.kept}
        for one in summary.skipped
    ]
    told = to_jsonable_python(replace(summary, skipped=()))
    return {**told, "skipped": skipped, "articles": total}
