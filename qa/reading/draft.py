"""What a reader makes of the bytes of a file: drafts of articles, not yet named or normalised.

Pure values; every format gives the same. Slides, whose texts are known one by one, become one draft
with pages here (`paged_draft`).
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from qa.reading.page_line import Line

if TYPE_CHECKING:
    from PIL import Image


class Unreadable(ValueError):
    """Bytes that are not what they should be.

    Its text is the rest of a sentence that begins with the name of the file, or of a part of it,
    and says what to do: "is empty. Delete it or put the article into it."
    """


@dataclass(frozen=True, slots=True)
class Scan:
    """A document of which some pages, or all, are pictures: they must be read by OCR.

    `pages` are the lines of its pages, None where one is a picture; `picture` renders a page of
    `raw` by its index, and raises Unreadable where it is damaged or too large.
    """

    raw: bytes
    pages: tuple[tuple[Line, ...] | None, ...]
    picture: "Callable[[bytes, int], Image.Image]"

    @property
    def pictures(self) -> tuple[int, ...]:
        """The indices of the pages that are pictures."""
        return tuple(index for index, lines in enumerate(self.pages) if lines is None)


@dataclass(frozen=True, slots=True)
class Draft:
    """One text and what is stated of it; None where nothing is.

    `below` is its place in a file that holds several ("17", "2023/visit"), empty for a file's one
    text; `id` is an id that the article itself states. `page_starts` are as in `Article`. Where
    there is a `scan`, the text is made of it (`qa.reading.scans`), and until then empty.
    """

    text: str
    title: str | None = None
    published: date | None = None
    source: str | None = None
    id: str | None = None
    below: str = ""
    page_starts: tuple[int, ...] = ()
    scan: Scan | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A file inside a file, whose name says how it is to be read: an attachment, a member.

    `place` is its path there, without which its articles would have no name; `noun` says what it
    is. `source` and `published` are what the whole states of it, for where it states none itself.
    """

    noun: str
    place: str
    suffix: str
    raw: bytes
    source: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """What one file holds: articles, and files that are yet to be read.

    Each problem is about a part that was left out; it reads on from the file's name and a comma:
    "line 7 is not JSON. Correct or delete it."
    """

    drafts: tuple[Draft, ...]
    problems: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


_BETWEEN = "\n\n"


def paged_draft(pages: Sequence[str], title: str | None) -> Draft:
    """The pages as paragraphs; an empty one begins, and ends, where the next begins."""
    written = [f"{page.strip()}{_BETWEEN}" if page.strip() else "" for page in pages]
    text = "".join(written).strip()
    starts = itertools.accumulate(map(len, written[:-1]), initial=0)
    return Draft(text, title, page_starts=tuple(min(start, len(text)) for start in starts))
