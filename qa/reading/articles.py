"""A file becomes Articles: found below a folder, named, normalised, its date and title settled.

Nothing is guessed from the file itself but the id and, last of all, the title.
"""

import hashlib
import itertools
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath

from qa.errors import BadArticle
from qa.reading.downloads import HALF_FOLDER, is_half_a_file
from qa.reading.draft import Draft
from qa.reading.fields import day_in
from qa.reading.formats import format_of, is_looked_into, printable, read_contents
from qa.reading.kinds import page_of_companions, page_stem
from qa.reading.scans import ReadPage, read_draft
from qa.reading.titles import title_of
from qa.types import Article

BOILERPLATE_LINES = frozenset({"source link", "read more", "advertisement", "share this article"})
"""Lines that sites leave below an article; dropped where they stand last, in any case."""

READING_VERSION = 8
"""Raise it when the same bytes are read to another text, so that libraries read them again."""

NAME_DIGEST_CHARS = 6
"""Hexadecimal digits that tell names in other scripts apart: two of a thousand in one folder
agree with a chance of 3%."""

HIDDEN_PREFIXES = (".", "~$")
"""Hidden files, and those that Word keeps beside a document while it is open."""

_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
"""Halves of characters, which UTF-8 cannot write, and NUL, at which SQLite may end a text."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What lies below a folder: files to read, sorted; others by suffix; folders not entered.

    `passed_over` counts files in other formats by their suffix, lower-cased ("" without one).
    Each problem is a whole message about a folder that could not be listed, or a broken link.
    """

    files: tuple[Path, ...]
    passed_over: Mapping[str, int]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileContent:
    """What one file gave: its articles, and whole messages about the parts that were left out.

    `unread` says that it holds scans which nobody was there to read.
    """

    articles: tuple[Article, ...]
    problems: tuple[str, ...] = ()
    unread: bool = False


def walk(root: Path) -> Walk:
    """Everything below a folder, or the one file named.

    Hidden files and folders are left out without being counted, and so is the folder that a browser
    saved beside a page. A link to a folder is entered after
    the folders themselves, each folder once, so that loops end; a link that leads nowhere is named.
    """
    if root.is_file():
        suffix = format_of(root)
        return Walk((root,), {}, ()) if is_looked_into(suffix) else Walk((), {suffix: 1}, ())
    files: list[str] = []
    others: Counter[str] = Counter()
    problems: list[str] = []
    folders, linked = [str(root)], list[str]()
    entered: set[tuple[int, int]] = set()
    while folders or linked:
        folder = folders.pop() if folders else linked.pop()
        try:
            status = Path(folder).stat()
            if (status.st_dev, status.st_ino) in entered:
                continue
            entered.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as listed:
                entries = list(listed)
                pages = {page_stem(entry.name) for entry in entries} - {None}
                for entry in entries:
                    if entry.name.startswith(HIDDEN_PREFIXES):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        if is_half_a_file(entry.name):
                            others[HALF_FOLDER] += 1
                        elif page_of_companions(entry.name) not in pages:
                            folders.append(entry.path)
                    elif not _leads_somewhere(entry):
                        reason = f"{entry.path} is a link that leads nowhere. Mend or delete it."
                        problems.append(printable(reason))
                    elif entry.is_dir():
                        linked.append(entry.path)
                    elif entry.is_file():
                        suffix = format_of(Path(entry.path))
                        if is_looked_into(suffix):
                            files.append(entry.path)
                        else:
                            others[suffix] += 1
        except OSError as error:
            reason = f"{folder} cannot be listed: {error.strerror}. Check its rights."
            problems.append(printable(reason))
    paths = sorted((Path(file) for file in files), key=lambda path: path.parts)
    return Walk(tuple(paths), dict(sorted(others.items())), tuple(sorted(problems)))


def _leads_somewhere(entry: "os.DirEntry[str]") -> bool:
    """Whether it is no link, or one to something; a link to itself is none."""
    return not entry.is_symlink() or Path(entry.path).exists()


def article_id(path: Path, root: Path) -> str:
    """The id of a file below a root: its path without suffix, lower-cased, the rest made `-`.

    `2023/Wang visit.md` → `2023/wang-visit`. A digest follows each name that holds letters of
    another script, or of which nothing is left, so that such names stay apart: `статья.txt` →
    `-------1347fb`.
    """
    below = path.relative_to(root if root.is_dir() else root.parent)
    return id_of_path(below.with_suffix("").as_posix())


def id_below(whole: str, place: str) -> str:
    """The id of an article at a place in a file that has this id itself.

    The place is not said again where the file's path says it: `gazette.example/weir.warc` is named
    after the one page that it keeps.
    """
    below = id_of_path(place)
    return whole if not place or f"/{whole}".endswith(f"/{below}") else f"{whole}/{below}"


def is_text_of(draft: Draft, article: Article) -> bool:
    """Whether a draft, its scan read, has become this article's text."""
    return _settled(draft)[0] == article.text


def read_file(path: Path, root: Path, read: ReadPage | None = None) -> FileContent:
    """The articles in a file below an indexed root; none, and no problem, in a question set.

    `read` reads the pages of scans; without it they are named. Raises BadArticle, naming the file,
    when the file as a whole cannot be read.
    """
    if _UNSTORABLE.search(str(path)):
        raise BadArticle(f"{printable(path)} has a name that is not UTF-8. Rename it.")
    contents = read_contents(path)
    problems = [f"{path}, {problem}" for problem in contents.problems]
    articles: dict[str, Article] = {}
    unread = False
    for draft in contents.drafts:
        place = f"{path}, article {draft.below}" if draft.below else str(path)
        whole = read_draft(draft, read)
        unread |= whole.unread
        article = _article(whole.draft, path, root)
        problems += [f"{place}, {problem}" for problem in whole.problems]
        if article.text:
            others = (f"{article.id}-{number}" for number in itertools.count(2))
            kept = next(one for one in itertools.chain([article.id], others) if one not in articles)
            articles[kept] = replace(article, id=kept)
        else:
            problems.append(f"{place} {whole.nothing}")
    if len(problems) == 1 and not articles and not unread:
        raise BadArticle(printable(problems[0]))
    return FileContent(tuple(articles.values()), tuple(map(printable, problems)), unread)


def _article(draft: Draft, path: Path, root: Path) -> Article:
    text, page_starts = _settled(draft)
    title = _storable(draft.title or title_of(text, PurePath(draft.below).name or path.stem))
    source = _storable(draft.source) if draft.source else None
    published = draft.published or day_in(text)
    return Article(
        id=draft.id or id_below(article_id(path, root), draft.below),
        title=title,
        text=text,
        source=source,
        published=published,
        digest=_digest(title, source, published, text, page_starts),
        page_starts=page_starts,
    )


def _settled(draft: Draft) -> tuple[str, tuple[int, ...]]:
    """The text of a draft in its one form, boilerplate dropped, and where its pages begin there."""
    cuts = [*(draft.page_starts or (0,)), len(draft.text)]
    pages = [_normalised(draft.text[start:end]) for start, end in itertools.pairwise(cuts)]
    whole = "".join(pages)
    text = _without_boilerplate(whole)
    if not draft.page_starts:
        return text, ()
    cut = len(whole) - len(whole.lstrip())
    starts = itertools.accumulate(map(len, pages[:-1]), initial=0)
    return text, tuple(min(max(start - cut, 0), len(text)) for start in starts)


def _normalised(text: str) -> str:
    """Newlines as one character and accents composed, so that offsets mean one thing only."""
    return _storable(text.replace("\r\n", "\n").replace("\r", "\n"))


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", unicodedata.normalize("NFC", text))


def _without_boilerplate(text: str) -> str:
    lines = text.strip().split("\n")
    while lines and (not lines[-1].strip() or lines[-1].strip().lower() in BOILERPLATE_LINES):
        lines.pop()
    return "\n".join(lines).strip()


def id_of_path(path: str) -> str:
    """The id of what lies under a path; see `article_id`."""
    return "/".join(map(_id_of_name, unicodedata.normalize("NFC", path).lower().split("/")))


def _id_of_name(name: str) -> str:
    made = re.sub(r"[^a-z0-9._-]", "-", name)
    nothing_left = made != name and not re.search(r"[a-z0-9]", made)
    other_script = not name.isascii() and any(
        char.isalnum() and not char.isascii() and "LATIN" not in unicodedata.name(char, "")
        for char in name
    )
    if not (nothing_left or other_script):
        return made
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()
    return f"{made}-{digest[:NAME_DIGEST_CHARS]}"


def _digest(
    title: str, source: str | None, published: date | None, text: str, pages: tuple[int, ...]
) -> str:
    stated = [title, source or "", published.isoformat() if published else "", text]
    if pages:
        stated.append(",".join(map(str, pages)))
    return hashlib.sha256("\0".join(stated).encode()).hexdigest()
