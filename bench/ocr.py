"""OCR, measured on pages set for it: character errors and seconds a page, by engine.

    python bench/ocr.py                       # our engine, and Tesseract where it is on PATH
    python bench/ocr.py --text FILE           # the same pages, set with another text

A character error is one of the letters, signs and spaces that must be put in, taken out or changed
to come from what was read to what is printed, as a share of what is printed. Quotation marks and
apostrophes count as the plain ones: which of them stand there changes no word. Seconds are the
least of several readings of a page, so that other work on the machine counts less.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ocr_pages import TEXTS, SetPage, set_page, settings

from qa.reading.ocr import RapidOcr
from qa.reading.page_text import join_pages
from qa.reading.reading_order import in_reading_order
from qa.reading.scans import mean_confidence

TESSERACT_LANGUAGES = {
    "English": "eng",
    "German": "deu",
    "French": "fra",
    "Polish": "pol",
    "Czech": "ces",
}

PLAIN_QUOTES = str.maketrans({**dict.fromkeys("“”„", '"'), "’": "'"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine read of a page; its own confidence, from 0 to 1, where it tells one."""

    text: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A page's share of errors, counted strictly and as said above, and its seconds."""

    strict: float
    errors: float
    seconds: float
    processor_seconds: float
    confidence: float | None


def main() -> None:
    """Measure each engine on each page, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, help="a text to set in place of ours")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3, help="readings of each page")
    parser.add_argument("--engine", help="measure this engine alone")
    options = parser.parse_args()
    texts = dict(TEXTS)
    if options.text:
        own = options.text.read_text(encoding="utf-8").split("\n\n")
        texts = dict.fromkeys(TEXTS, tuple(own))
    print("| engine | page | character errors | strictly | s a page | processor s | confidence |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, read in _engines(options.threads).items():
        if options.engine not in (None, name):
            continue
        rows: dict[str, list[Measured]] = defaultdict(list)
        pages = [set_page(one, texts[one.language]) for one in settings()]
        read(pages[0])  # loads the models
        for page in pages:
            measured = _measure(read, page, options.repeats)
            rows[page.setting.kind].append(measured)
            rows[page.setting.language].append(measured)
        for kind, of_kind in sorted(rows.items()):
            print(_row(name, kind, of_kind), flush=True)


def _engines(threads: int) -> dict[str, Callable[[SetPage], Reading]]:
    engines = {"cuttings": _ours(threads)}
    if shutil.which("tesseract"):
        engines["Tesseract, told the language"] = _tesseract(threads, told=True)
        engines["Tesseract, five languages"] = _tesseract(threads, told=False)
    return engines


def _ours(threads: int) -> Callable[[SetPage], Reading]:
    reader = RapidOcr(threads)

    def read(page: SetPage) -> Reading:
        lines = reader.read(page.picture)
        text = join_pages([in_reading_order(lines)]).text
        return Reading(text, mean_confidence(lines))

    return read


def _tesseract(threads: int, *, told: bool) -> Callable[[SetPage], Reading]:
    def read(page: SetPage) -> Reading:
        languages = "+".join(TESSERACT_LANGUAGES.values())
        if told:
            languages = TESSERACT_LANGUAGES[page.setting.language]
        with tempfile.NamedTemporaryFile(suffix=".png") as file:
            page.picture.save(file, "PNG", dpi=(page.setting.dots_per_inch,) * 2)
            file.flush()
            done = subprocess.run(
                ["tesseract", file.name, "-", "-l", languages],
                env={**os.environ, "OMP_THREAD_LIMIT": str(threads)},
                capture_output=True,
                text=True,
                check=True,
            )
        return Reading(done.stdout)

    return read


def _measure(read: Callable[[SetPage], Reading], page: SetPage, repeats: int) -> Measured:
    seconds, processor_seconds = [], []
    for _ in range(repeats):
        started, used = time.perf_counter(), _processor_seconds()
        reading = read(page)
        seconds.append(time.perf_counter() - started)
        processor_seconds.append(_processor_seconds() - used)
    text = " ".join(reading.text.split())
    plain = text.translate(PLAIN_QUOTES), page.text.translate(PLAIN_QUOTES)
    return Measured(
        strict=edits(text, page.text) / len(page.text),
        errors=edits(*plain) / len(page.text),
        seconds=min(seconds),
        processor_seconds=min(processor_seconds),
        confidence=reading.confidence,
    )


def _processor_seconds() -> float:
    """Of this process and of those that it waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def edits(text: str, other: str) -> int:
    """How many characters must be put in, taken out or changed to make one text the other."""
    codes = np.array([ord(char) for char in other])
    places = np.arange(len(codes) + 1)
    row = places
    for number, char in enumerate(text, start=1):
        changed = np.minimum(row[1:] + 1, row[:-1] + (codes != ord(char)))
        # What is put in costs one for each character since the best place before it.
        row = np.minimum.accumulate(np.concatenate([[number], changed]) - places) + places
    return int(row[-1])


def _row(name: str, kind: str, measured: list[Measured]) -> str:
    def mean(values: list[float]) -> float:
        return statistics.mean(values)

    told = [one.confidence for one in measured if one.confidence is not None]
    cells = (
        name,
        kind,
        f"{mean([one.errors for one in measured]):.2%}",
        f"{mean([one.strict for one in measured]):.2%}",
        f"{mean([one.seconds for one in measured]):.2f}",
        f"{mean([one.processor_seconds for one in measured]):.2f}",
        f"{mean(told):.3f}" if told else "",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
