"""Articles written out of a library, a Markdown file each, so that `qa index` reads them back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from qa.errors import LibraryError
from qa.library.database import missing
from qa.library.salvage import rescued_articles
from qa.types import Article

LONGEST_NAME_CHARS = 80
"""Of one folder or file; a file system's own limit is 255 bytes."""


@dataclass(frozen=True, slots=True)
class Exported:
    """How many articles were written, and how many could not be read."""

    written: int
    unreadable: int


def export_file(file: Path, folder: Path) -> Exported:
    """Write the articles of a library file, damaged or whole; raises IndexMissing, and as below."""
    if not file.is_file():
        raise missing(file)
    return export_articles(rescued_articles(file), str(file), folder)


def export_articles(articles: Iterable[Article | None], place: str, folder: Path) -> Exported:
    """Write articles of the library in a place into a folder, new or empty.

    None stands for one that cannot be read. Read from there they have the same id, title, date,
    source and text. Raises LibraryError when something is in the folder already or no article can
    be read; OSError when it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise LibraryError(f"{folder} is not an empty folder. Name a new one; nothing was written.")
    taken: set[str] = set()
    unreadable = 0
    for article in articles:
        if article is None:
            unreadable += 1
            continue
        written = folder / _free_name(article.id, taken)
        written.parent.mkdir(parents=True, exist_ok=True)
        with written.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(_as_markdown(article))
    if not taken:
        raise LibraryError(f"No article can be read in {place}. Nothing was written.")
    return Exported(len(taken), unreadable)


def _as_markdown(article: Article) -> str:
    stated = {
        "id": article.id,
        "title": article.title,
        "published": article.published,
        "source": article.source,
    }
    front_matter = yaml.safe_dump(
        {key: value for key, value in stated.items() if value is not None},
        allow_unicode=True,
        sort_keys=False,
        width=float("inf"),
    )
    return f"---\n{front_matter}---\n\n{article.text}\n"


def _free_name(article_id: str, taken: set[str]) -> str:
    """A path for an article that no other has; folders hold no dot, so none is called as a file."""
    *folders, name = map(_plain, article_id.split("/"))
    below = "".join(f"{one.replace('.', '-')}/" for one in folders if one)[:LONGEST_NAME_CHARS]
    below = below.rpartition("/")[0] + "/" if "/" in below else ""
    number, free = 1, f"{below}{name or 'article'}.md"
    while free in taken:
        number += 1
        free = f"{below}{name or 'article'}-{number}.md"
    taken.add(free)
    return free


def _plain(name: str) -> str:
    """A name in small letters that no file system minds, and that is not a hidden file's."""
    return re.sub(r"[^a-z0-9._-]+", "-", name.lower()).lstrip(".")[:LONGEST_NAME_CHARS]
