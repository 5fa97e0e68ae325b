"""A file becomes Articles: front matter, title, date and source read, boilerplate dropped.

Nothing is guessed from the file itself but the id and, last of all, the title.
"""

import hashlib
import os
import re
import unicodedata
from datetime import date
from pathlib import Path

from qa.errors import BadArticle
from qa.reading.formats import READERS, read_text
from qa.reading.front_matter import BadFrontMatter, split_front_matter
from qa.types import Article

LONGEST_TITLE_CHARS = 150
"""A first line longer than this is a paragraph, not a title."""

BOILERPLATE_LINES = frozenset({"source link", "read more", "advertisement", "share this article"})
"""Lines that sites leave below an article; dropped where they stand last, in any case."""

READING_VERSION = 1
"""Raise it when the same bytes are read to another text, so that libraries read them again."""

_HEADING = re.compile(r"^# +(.+?)[ #]*$", re.MULTILINE)
_OUTLET = re.compile(r"\s+\|\s+[^|]{1,40}$")


def find_files(root: Path) -> tuple[Path, ...]:
    """The files below a folder (or the one file named) in a format read here, sorted.

    Hidden files and folders are left out, and so are links to folders.
    """
    if root.is_file():
        return (root,) if root.suffix.lower() in READERS else ()
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            Path(folder, name)
            for name in names
            if not name.startswith(".") and Path(name).suffix.lower() in READERS
        ]
    return tuple(sorted(path for path in found if path.is_file()))


def article_id(path: Path, root: Path) -> str:
    """The id of a file below a root: its path without suffix, lower-cased, the rest made `-`.

    `2023/Wang visit.md` → `2023/wang-visit`.
    """
    below = path.relative_to(root if root.is_dir() else root.parent)
    return re.sub(r"[^a-z0-9._/-]", "-", below.with_suffix("").as_posix().lower())


def read_articles(path: Path, root: Path) -> tuple[Article, ...]:
    """The articles in a file below an indexed root; every format so far holds one a file.

    Raises BadArticle, naming the file.
    """
    text = _normalised(read_text(path))
    try:
        stated, body = split_front_matter(text)
    except BadFrontMatter as error:
        raise BadArticle(f"{path}: its front matter is malformed: {error}.") from error
    body = _without_boilerplate(body)
    if not body:
        raise BadArticle(f"{path} holds no text. Delete it or put the article into it.")
    title = stated.title or _title(body, path)
    return (
        Article(
            id=stated.id or article_id(path, root),
            title=title,
            text=body,
            source=stated.source,
            published=stated.published,
            digest=_digest(title, stated.source, stated.published, body),
        ),
    )


def _normalised(text: str) -> str:
    """Newlines as one character and accents composed, so that offsets mean one thing only."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _without_boilerplate(text: str) -> str:
    lines = text.strip().split("\n")
    while lines and (not lines[-1].strip() or lines[-1].strip().lower() in BOILERPLATE_LINES):
        lines.pop()
    return "\n".join(lines).strip()


def _title(text: str, path: Path) -> str:
    heading = _HEADING.search(text) if path.suffix.lower() != ".txt" else None
    if heading:
        return heading.group(1)
    first_line = " ".join(text.split("\n", 1)[0].lstrip("# ").split())
    if 0 < len(first_line) <= LONGEST_TITLE_CHARS:
        return _OUTLET.sub("", first_line)
    return " ".join(re.sub(r"[-_]+", " ", path.stem).split()) or path.stem


def _digest(title: str, source: str | None, published: date | None, text: str) -> str:
    stated = (title, source or "", published.isoformat() if published else "", text)
    return hashlib.sha256("\0".join(stated).encode()).hexdigest()
