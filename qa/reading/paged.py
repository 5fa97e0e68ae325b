"""Slides and other pages that are texts by themselves become one text with its pages. Pure."""

import itertools
from collections.abc import Sequence

from qa.reading.draft import Draft

_BETWEEN = "\n\n"


def paged_draft(pages: Sequence[str], title: str | None) -> Draft:
    """The pages as paragraphs; an empty one begins, and ends, where the next begins."""
    written = [f"{page.strip()}{_BETWEEN}" if page.strip() else "" for page in pages]
    text = "".join(written).strip()
    starts = itertools.accumulate(map(len, written[:-1]), initial=0)
    return Draft(text, title, page_starts=tuple(min(start, len(text)) for start in starts))
