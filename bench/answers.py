"""Whether answers can be trusted, and whether they are given: every goal of answering, measured.

    python bench/answers.py [--data FOLDER] [--quick] [--arms everyday,squad] [--out FOLDER]
    python bench/answers.py --data FOLDER --arms everyday --read

Each question goes through the assistant that everybody asks, on the default model. The arms:

- everyday: what people ask (everyday.jsonl, whose form everyday.py tells): why, who, lists, lookups
  of the library, near misses that nothing answers, in four folders of articles.
- strangers: the like over articles of their own (strangers/), both written by who had seen neither
  the program nor an answer of it; `a`, `c` and `d` were read while it was mended, `b`, `e` and
  `f` were not. The last four have long articles.
- squad: a sample of SQuAD 2.0, half of it unanswerable, over a library of eight articles.
- repliqa: 200 questions of RepLiQA with whole-sentence answers, half of them unanswerable, over
  invented articles; of articles that nothing was fitted on.
- blind: everyday questions (training/everyday.jsonl) on other such articles, half of them
  unanswerable, written from the articles alone, before any answer to one was seen.
- blind_squad: the like on the eight articles of squad.
- stories: the like on our own stories (training/stories/), told in several articles each.
- rgb_2_of_5, rgb_4_of_5: five passages, two or four of them noise (RGB, Chen et al., AAAI 2024).
- rgb_noise: up to five noise passages that are free of the answer; not to be answered.
- rgb_conflict: two true passages, two false ones, one of noise; both sides are to be shown.
- seeds, followups: the project's own questions over seeds/; followups come with earlier turns.
- injections: an article that gives orders among harmless ones (tests/answering/injections/).
- small: the packaged small model on a sample of these.
- stock: what a tutorial makes of the default model (recipe.py), on a sample of these.

--data names a folder with data/squad2, data/rgb, data/repliqa, seeds (news), cases/desk and
cases/lang, which are no part of the project; what is not there is left out, and without it only
what needs seeds/ alone is measured. Replies go to --out (runs/answers below the home), a line on
the disk as soon as each is there, so that a run that was interrupted goes on; a changed question,
setting, model or program is asked anew, a changed judgement is not. A whole run takes under an hour
on two cores and writes the figures into bench/answers.md; --quick takes ten minutes and prints
them. --limit N asks the first N of each arm, always the same; --no-model answers by quotes alone.

--over LIBRARY,… asks all that the chosen arms have over these libraries, and nothing else: of
strangers a run without it asks 120 of the 360, from every desk.

--read prints every question of the chosen arms with its outcome, text, first quotes and verdict in
place of the tables; --faults only those that are not as they should be.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

from answers_table import (
    Asked,
    Results,
    everyday_table,
    goals_table,
    markdown,
    ways_table,
)
from arms import (
    ARMS,
    KINDS,
    LIBRARIES,
    SMALL_MODEL,
    Arm,
    Who,
    articles_of,
    cases_of,
    deciding,
    digest,
    files_digest,
    missing_sets,
)
from asking import Replying, build_library, opened_desk, opened_stock
from cases import Case
from listing import listing
from machine import machine
from replies import Journal, Reply

from qa.errors import CuttingsError, ModelError
from qa.models.catalogue import ModelKind, resolve_model
from qa.reading.articles import walk
from qa.settings import Settings, load_settings

REPORT = Path(__file__).with_suffix(".md")
BEGIN, END = "<!-- figures -->", "<!-- end -->"
LOADING_S = 25
"""Planned for loading a model, or bringing the libraries up to date beside it."""


@dataclass(frozen=True, slots=True)
class Item:
    """A case of an arm, and the digest that a reply to it must have."""

    arm: Arm
    case: Case
    digest: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What a reply to it is known by."""
        return self.arm.name, self.case.id, self.digest


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured: the settings, the data, the folder of the replies, and how much."""

    settings: Settings
    data: Path | None
    out: Path
    quick: bool = False
    limit: int | None = None
    with_model: bool = True
    over: Sequence[str] | None = None

    @property
    def whole(self) -> bool:
        """Whether a run is the one that is published."""
        return not (self.quick or self.over) and self.limit is None and self.with_model

    def count(self, arm: Arm) -> int | None:
        """How many cases of each kind an arm is asked; None for all."""
        return self.limit if self.over else arm.count(quick=self.quick, limit=self.limit)

    def settings_of(self, who: Who) -> Settings:
        """The settings, with the small model where that answers."""
        if who is Who.SMALL:
            return self.settings.model_copy(update={"model": SMALL_MODEL})
        return self.settings

    def model_of(self, who: Who) -> Path | None:
        """The file of the model that answers; None where none does. ModelError if it is missing."""
        if not self.with_model:
            return None
        settings = self.settings_of(who)
        return resolve_model(settings.model, settings.models_dir, ModelKind.LANGUAGE)

    def library(self, name: str) -> Path:
        """Where the library of that name is kept."""
        return self.out / f"library-{name}"


def main() -> None:
    """Ask what has not been asked, and tell of all that has been."""
    options = arguments()
    settings = load_settings()
    out = (options.out or settings.runs_dir / "answers").absolute()
    data = options.data and options.data.absolute()
    bench = Bench(
        settings, data, out, options.quick, options.limit, not options.no_model, options.over
    )
    print(f"replies: {out}", file=sys.stderr)
    try:
        items = planned(bench)
        chosen = [item for item in items if item.arm.name in options.arms]
        journal = Journal(out / "replies.jsonl")
        ask_missing(bench, chosen, journal)
        if options.read or options.faults:
            print(read(replied(chosen, journal.replies()), faults_only=options.faults))
            return
        report = told(bench, replied(items, journal.replies()))
    except CuttingsError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("interrupted; the same command goes on from here")
    print(report)
    missing = {arm.name for arm in ARMS} - {item.arm.name for item in items}
    if bench.whole and not missing and not unanswered(items, journal):
        publish(report)
    elif bench.whole:
        print(f"{REPORT.name} is left as it is: not all arms were measured", file=sys.stderr)


def arguments() -> argparse.Namespace:
    """The command line's."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder that holds data/, seeds/ and cases/")
    parser.add_argument("--quick", action="store_true", help="few questions: ten minutes")
    parser.add_argument("--limit", type=int, metavar="N", help="the first N questions of each arm")
    parser.add_argument("--no-model", action="store_true", help="answers by quotes alone")
    parser.add_argument("--read", action="store_true", help="print every question and its answer")
    parser.add_argument("--faults", action="store_true", help="print those that are at fault")
    parser.add_argument("--out", type=Path, help="folder of the replies and libraries")
    parser.add_argument("--over", type=lambda text: text.split(","), help="libraries: a,b,…")
    names = [arm.name for arm in ARMS]
    parser.add_argument("--arms", type=lambda text: text.split(","), default=names, help="a,b,…")
    options = parser.parse_args()
    for what, asked, known in (("arm", options.arms, names), ("library", options.over, LIBRARIES)):
        if unknown := sorted(set(asked or ()) - set(known)):
            parser.error(f"there is no {what} {unknown[0]!r}; there are {', '.join(known)}")
    return options


def planned(bench: Bench) -> list[Item]:
    """Everything that a run of this size asks, as far as it is here; what is not is told of."""
    missing = missing_sets(bench.data)
    for name, message in missing.items():
        print(f"Left out: what needs {name}. It {message}", file=sys.stderr)
    cases = {
        kind: [
            case
            for case in cases_of(kind, bench.data)
            if case.library not in missing and (not bench.over or case.library in bench.over)
        ]
        for kind, needs in KINDS.items()
        if needs not in missing
    }
    articles = {
        name: files_digest(walk(articles_of(name, bench.data)).files)
        for name in LIBRARIES
        if name not in missing
    }
    items = []
    for who, arms in groupby(ARMS, key=lambda arm: arm.who):
        if who is Who.STOCK and "squad2" in missing:
            print("Left out: stock, which looks things up in squad2", file=sys.stderr)
            continue
        if who is not Who.OURS and not bench.with_model:
            continue
        try:
            model = bench.model_of(who)
        except ModelError as error:
            if who is not Who.SMALL:
                raise
            print(f"Left out: small. {error}", file=sys.stderr)
            continue
        common = deciding(who, bench.settings_of(who), model)
        for arm in arms:
            count = bench.count(arm)
            items += [
                Item(
                    arm, case, digest(arm, case, common | {"articles": articles.get(case.library)})
                )
                for kind in arm.kinds
                for case in cases.get(kind, [])[:count]
            ]
    return items


def replied(items: Sequence[Item], replies: Sequence[Reply]) -> dict[str, list[Asked]]:
    """The items that have a reply, by arm."""
    by_key = {(reply.arm, reply.id, reply.digest): reply for reply in replies}
    results: dict[str, list[Asked]] = {}
    for item in items:
        if reply := by_key.get(item.key):
            results.setdefault(item.arm.name, []).append(Asked(item.case, reply))
    return results


def read(results: Results, *, faults_only: bool) -> str:
    """What a person reads: every question of every arm, in the order of their ids."""
    return "\n".join(
        listing(arm, sorted(asked, key=lambda one: one.case.id), faults_only=faults_only)
        for arm, asked in results.items()
    )


def unanswered(items: Sequence[Item], journal: Journal) -> list[Item]:
    """The items without a reply."""
    replied = {(reply.arm, reply.id, reply.digest) for reply in journal.replies()}
    return [item for item in items if item.key not in replied]


def ask_missing(bench: Bench, items: Sequence[Item], journal: Journal) -> None:
    """Ask what has no reply yet, after telling how long that takes."""
    todo = unanswered(items, journal)
    print(plan_table(items, todo), file=sys.stderr)
    for name in sorted({item.case.library for item in todo} - {""}):
        build_library(articles_of(name, bench.data), bench.library(name), bench.settings)
    for who, group in groupby(todo, key=lambda item: item.arm.who):
        some = list(group)
        with opened(bench, who, some) as reply_to:
            for item in some:
                reply = replace(reply_to(item.case, item.arm.name), digest=item.digest)
                journal.add(reply)
                outcome = reply.error or reply.outcome.value
                line = f"{item.arm.name} {item.case.id}: {reply.total_s:.1f} s, {outcome}"
                print(line, file=sys.stderr, flush=True)


@contextmanager
def opened(bench: Bench, who: Who, items: Sequence[Item]) -> Iterator[Replying]:
    """A way of answering, over the libraries that these items are asked over."""
    settings = bench.settings_of(who)
    names = sorted({item.case.library for item in items} - {""})
    if who is Who.STOCK:
        with opened_stock(settings, articles_of("squad2", bench.data)) as reply_to:
            yield reply_to
    else:
        libraries = {name: bench.library(name) for name in names}
        with opened_desk(settings, libraries, with_model=bench.with_model) as desk:
            yield desk.reply


def plan_table(items: Sequence[Item], todo: Sequence[Item]) -> str:
    """How many questions each arm has, how many are to be asked, and the minutes that takes."""
    rows = []
    for arm in dict.fromkeys(item.arm for item in items):
        every, left = (sum(one.arm == arm for one in some) for some in (items, todo))
        rows.append((arm.name, str(every), str(left), f"{left * arm.seconds / 60:.1f}"))
    loading_s = LOADING_S * len({item.arm.who for item in todo})
    minutes = (loading_s + sum(item.arm.seconds for item in todo)) / 60
    rows.append(("all, with loading", str(len(items)), str(len(todo)), f"{minutes:.1f}"))
    return markdown(("arm", "questions", "to ask", "planned minutes"), rows)


def told(bench: Bench, results: Results) -> str:
    """The report on every item that has a reply."""
    model = bench.model_of(Who.OURS)
    return render(results, machine(bench.settings, model) if model else "no model, quotes alone")


def render(results: Results, made_on: str) -> str:
    """The report in Markdown; of the ways of answering only where there are several."""
    day = datetime.now().astimezone().date()
    count = sum(map(len, results.values()))
    minutes = sum(one.reply.total_s for some in results.values() for one in some) / 60
    parts = [
        f"{day}, {made_on}. {count} questions, {minutes:.0f} minutes of answering.\n",
        goals_table(results),
    ]
    for arm in ("everyday", "strangers"):
        if arm in results:
            parts += [f"Questions of `{arm}` by what they ask:\n", everyday_table(results[arm])]
    if results.keys() & {"small", "stock"}:
        parts += ["The same questions, answered in different ways:\n", ways_table(results)]
    return "\n".join(parts)


def publish(report: str, page: Path = REPORT) -> None:
    """Put the report between the marks of the page; what stands around them stays."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{page} has lost its marks {BEGIN} and {END}. Put them where the figures belong.")
    page.write_text(f"{before}{BEGIN}\n{report}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
