"""Text files and Markdown: front matter is read, and all else left as it is but for note marks.

Pure: bytes in, values out. Front matter stands at the top between `---` lines (YAML) or `+++` lines
(TOML). Fields other than those of `fields.NAMES` are left to whoever wrote them, and a block that
is not quite YAML, as a title with a colon makes it, is read line by line. The marks that programs
such as Obsidian put into Markdown become the words that they show; what is not shown is left out:
embedded files, comments, the names of blocks and of the kinds of a callout. Code stays as it is.
"""

import re
import tomllib
from dataclasses import replace

import yaml

from qa.reading.draft import Contents, Draft
from qa.reading.encodings import decode
from qa.reading.fields import Stated, stated
from qa.reading.titles import heading


def read_text(raw: bytes) -> Contents:
    """The article in a text file, perhaps below front matter. Raises Unreadable."""
    draft, problems = _draft(raw)
    return Contents((draft,), problems)


def read_markdown(raw: bytes) -> Contents:
    """The article in a Markdown file; its title may be its first heading. Raises Unreadable."""
    draft, problems = _draft(raw)
    text = without_note_marks(draft.text)
    return Contents((replace(draft, text=text, title=draft.title or heading(text)),), problems)


def _draft(raw: bytes) -> tuple[Draft, tuple[str, ...]]:
    found = decode(raw)
    text = found.text.replace("\r\n", "\n").replace("\r", "\n")
    stated, body = split_front_matter(text)
    draft = Draft(body, stated.title, stated.published, stated.source, stated.id)
    problems = [f"its front matter {problem}" for problem in stated.problems]
    return draft, (*found.problems, *problems)


def read_mislabelled(raw: bytes) -> Contents:
    """The article in a text file whose name says that it is something else. Raises Unreadable."""
    found = read_text(raw)
    told = "it is plain text under another name, and was read as such. Name it .txt."
    return replace(found, problems=(*found.problems, told))


YAML_BLOCK = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
TOML_BLOCK = re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)

_LINE = re.compile(r"^\s*(?P<name>[^\W\d][\w -]*?)\s*[:=](?:\s+(?P<value>.*?))?\s*$", re.MULTILINE)
_QUOTED = re.compile(r"""(["'])(.*)\1(?:\s+#.*)?""")


def split_front_matter(text: str) -> tuple[Stated, str]:
    """What the front matter states and the text after it; a block of no fields is part of the text.

    Lines must end in a bare newline.
    """
    for block, read in ((YAML_BLOCK, _yaml), (TOML_BLOCK, _toml)):
        match = block.match(text)
        if match:
            fields = read(match.group(1))
            if isinstance(fields, dict):
                rest = text[match.end() :]
                return stated(fields, rest), rest
    return Stated(), text


def _yaml(block: str) -> object:
    try:
        # The base loader builds strings, lists and dicts only: `title: No` stays "No".
        return yaml.load(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return _by_lines(block)


def _toml(block: str) -> object:
    try:
        return tomllib.loads(block)
    except (tomllib.TOMLDecodeError, RecursionError):
        return _by_lines(block)


def _by_lines(block: str) -> dict[str, str] | None:
    """Each line with a name and a value as it stands, quotes around it left out."""
    fields: dict[str, str] = {}
    for match in _LINE.finditer(block):
        value = match["value"] or ""
        quoted = _QUOTED.fullmatch(value)
        fields.setdefault(match["name"], quoted[2] if quoted else value)
    return fields or None


_OPENING = re.compile(r" {0,3}(`{3,}(?!.*`)|~{3,})")
_CLOSING = re.compile(r" {0,3}(`{3,}|~{3,})\s*")
_CODE = re.compile(r"(`[^`\n]+`)")
_EMBED = re.compile(r"!\[\[[^\[\]\n]{1,400}\]\]")
_LINK = re.compile(r"\[\[(?=[^\s\[\]])([^\[\]\n|]{1,400})(?:\|([^\[\]\n]{1,400}))?\]\]")
_CALLOUT = re.compile(r"^([ \t]*(?:>[ \t]*)+)\[!\w[\w -]*\][-+]?[ \t]*(.*)$", re.MULTILINE)
_COMMENT = re.compile(r"%%(?!%)[^%]{1,20000}%%")
_BLOCK_NAME = re.compile(r"[ \t]\^[a-z0-9]{6}[ \t]*$", re.MULTILINE)
_HIGHLIGHT = re.compile(r"==(?=[^\s=])([^=\n]{1,400}?)(?<=\S)==")


def without_note_marks(markdown: str) -> str:
    """The text as its program shows it, as far as these marks go.

    A block of code ends at a fence of the sign that opened it, at least as long, or with the text
    (CommonMark 0.31, section 4.5).
    """
    if not any(mark in markdown for mark in ("[[", "[!", "%%", "==", " ^")):
        return markdown
    written, prose = list[str](), list[str]()
    fence = ""  # that opened the block of code at hand
    for line in markdown.splitlines(keepends=True):
        if fence:
            written.append(line)
            closing = _CLOSING.fullmatch(line)
            if closing and closing[1].startswith(fence):
                fence = ""
        elif opening := _OPENING.match(line):
            written += [_without_marks("".join(prose)), line]
            fence, prose = opening[1], []
        else:
            prose.append(line)
    return "".join([*written, _without_marks("".join(prose))])


def _without_marks(text: str) -> str:
    return "".join(
        piece if number % 2 else _shown(piece) for number, piece in enumerate(_CODE.split(text))
    )


def _shown(text: str) -> str:
    text = _COMMENT.sub("", _EMBED.sub("", text))
    text = _CALLOUT.sub(_callout, _LINK.sub(_link, text))
    return _HIGHLIGHT.sub(r"\1", _BLOCK_NAME.sub("", text))


def _link(match: re.Match[str]) -> str:
    """`[[Folder/Note#Part|words]]` → words; without words, what is linked to."""
    if match[2]:
        return match[2].strip()
    note, _, part = match[1].partition("#")
    shown = [note.rpartition("/")[2].strip(), *part.split("#")]
    return " > ".join(one.strip() for one in shown if one.strip() and not one.startswith("^"))


def _callout(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2]}".rstrip()
