"""The pages of a scan, read one by one, become the text of its draft; what was not read is said.

Who reads a page, and what is kept of it, is the caller's: here is what it means for the article.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qa.messages import some_of
from qa.reading.draft import Draft, Scan, Unreadable
from qa.reading.ocr import OcrLine, PageReader
from qa.reading.page_line import Line
from qa.reading.page_text import join_pages
from qa.reading.reading_order import height_of_most, in_reading_order

DOUBTFUL_CONFIDENCE = 0.95
"""Of a page. Below it one letter in thirty is wrong, or more; clean
print is read with .98 and above (`bench/ocr.md`)."""

UPRIGHT_CONFIDENCE = 0.75
"""Of a page: below it, it may lie on its side or its head, which are read with .6 to .7; so are
upright pages that nobody could read."""

SPARSE = 0.5
"""Letters for each height of a line in its length: print has two to three. A line with fewer was
not read but for some dots, as those in Cyrillic are."""

NAMED_PAGES = 10
"""So many pages of one kind are named; of more, the number."""

LET_OCR_READ = "Let OCR read it: qa index without --no-ocr."

BLANK_CONTRAST = 24
"""Grey levels of 255 by which the darkest and lightest parts of a blank page differ at most: paper
has a grain, and the page behind shines through."""

SPECKS = 1 / 10_000
"""Share of a page that specks of dust may take. A line of print takes ten times as much."""


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page as it was read: the lines that were found in its picture, in no order.

    Their places are those in the picture `turned` to the left by so many degrees, which made it
    upright. A `blank` page was not looked at any closer.
    """

    lines: tuple[OcrLine, ...]
    blank: bool = False
    turned: int = 0


ReadPage = Callable[[Scan, int], ScannedPage]
"""Reads a page of a scan by its index, or knows it; raises Unreadable."""


@dataclass(frozen=True, slots=True)
class ReadDraft:
    """A draft whose text is whole, and what is to be said of it; `unread` if pictures were not.

    Each problem is about some of its pages and reads on from the file's name and a comma;
    `nothing` is what to say after the name if there is no text.
    """

    draft: Draft
    problems: tuple[str, ...] = ()
    nothing: str = "holds no text. Delete it or put the article into it."
    unread: bool = False


def read_page(reader: PageReader, scan: Scan, index: int) -> ScannedPage:
    """A page of a scan, read now, whichever way it lies.

    Raises Unreadable when there is no picture of it.
    """
    picture = scan.picture(scan.raw, index)
    darkest, lightest = _ends(picture.convert("L").histogram())
    if lightest - darkest <= BLANK_CONTRAST:
        return ScannedPage((), blank=True)
    best = ScannedPage(reader.read(picture))
    for degrees in (90, 270, 180):
        if mean_confidence(best.lines) >= UPRIGHT_CONFIDENCE:
            break
        turned = ScannedPage(reader.read(picture.rotate(degrees, expand=True)), turned=degrees)
        best = max(best, turned, key=lambda page: mean_confidence(page.lines))
    return best


def read_draft(draft: Draft, read: ReadPage | None) -> ReadDraft:
    """A draft with the text of all its pages; without a way to read, of those that have their own.

    What interrupts `read` goes through: the pages before are with whoever gave it.
    """
    scan = draft.scan
    if scan is None:
        return ReadDraft(draft)
    pages = [lines or () for lines in scan.pages]
    if read is None:
        return ReadDraft(
            _with_text(draft, pages),
            (f"{_named(scan.pictures)}: no text there, perhaps a picture. {LET_OCR_READ}",)
            if any(pages)
            else (),
            f"holds no text of its own, only pictures. {LET_OCR_READ}",
            unread=True,
        )
    found: dict[int, tuple[OcrLine, ...]] = {}
    damaged: dict[int, str] = {}
    doubtful: list[int] = []
    empty: list[int] = []
    for index in scan.pictures:
        try:
            page = read(scan, index)
        except Unreadable as error:
            damaged[index] = str(error)
            continue
        found[index] = page.lines
        if mean_confidence(page.lines) < DOUBTFUL_CONFIDENCE:
            doubtful.append(index)
        if not page.lines and not page.blank:
            empty.append(index)
    usual_height = height_of_most(itertools.chain.from_iterable(found.values()))
    for index, lines in found.items():
        pages[index] = in_reading_order(lines, usual_height)
    if len(damaged) == len(pages) == 1:
        return ReadDraft(draft, nothing=damaged[0])
    problems = [f"{_named([index])} {reason}" for index, reason in damaged.items()]
    if doubtful:
        problems.append(f"{_named(doubtful)}: read with doubt. Compare the words with the picture.")
    if empty and any(pages):
        problems.append(f"{_named(empty)}: no text there that OCR could find.")
    nothing = "holds no text that OCR could find. Delete it, or scan it larger and upright."
    return ReadDraft(_with_text(draft, pages), tuple(problems), nothing)


def _with_text(draft: Draft, pages: Sequence[Sequence[Line]]) -> Draft:
    paged = join_pages(pages)
    return replace(draft, text=paged.text, page_starts=paged.page_starts)


def mean_confidence(lines: Sequence[OcrLine]) -> float:
    """How sure a page's reading is, each line by its length on the page; 1 where there is none."""
    widths = [max(line.right - line.left, 1.0) for line in lines]
    if not lines:
        return 1.0
    sure = (
        line.confidence * width
        for line, width in zip(lines, widths, strict=True)
        if len(line.text) * line.height >= SPARSE * width
    )
    return sum(sure) / sum(widths)


def _ends(histogram: Sequence[int]) -> tuple[int, int]:
    """The grey levels of the darkest and lightest parts of a picture, but for specks."""
    few = sum(histogram) * SPECKS
    ends = []
    for levels in (range(256), reversed(range(256))):
        count = 0
        for level in levels:
            count += histogram[level]
            if count > few:
                ends.append(level)
                break
    return ends[0], ends[1]


def _named(indices: Sequence[int]) -> str:
    """`page 3`, `pages 1, 2`."""
    named = some_of([index + 1 for index in indices], NAMED_PAGES)
    return f"{'page' if len(indices) == 1 else 'pages'} {named}"
