"""Which words are the title of an article. Pure."""

import re

LONGEST_TITLE_CHARS = 150
"""A first line longer than this is a paragraph, not a title."""

_HEADING = re.compile(r"^# +(.+?)[ #]*$", re.MULTILINE)
_OUTLET = re.compile(r"\s+\|\s+[^|]{1,40}$")
_MADE_BY_A_PROGRAM = re.compile(
    r"microsoft (word|powerpoint|excel)\b.*|power ?point presentation|(no|kein) (title|titel)"
    r"|(untitled|unbenannt|document|dokument|doc|slide|scan|layout|print|template|book)[ _-]?\d*"
    r"|\S+\.[a-z]{2,5}|.*\.(docx?|dotx?|pdf|indd|qxd|rtf|odt|pptx?|xlsx?|tex|dvi|ps|html?|txt|md)",
    re.IGNORECASE,
)

_EXPORT_ID = re.compile(r"(?<=\S)[ _-][0-9a-f]{32}$")
"""What Notion adds to the names of the files that it exports."""


def heading(markdown: str) -> str | None:
    """The first heading of the first level in a Markdown text."""
    found = _HEADING.search(markdown)
    return found.group(1) if found else None


def stated_title(written: str | None) -> str | None:
    """The title in a file's properties, in one line, or None for what programs put there.

    They leave file names, "Microsoft Word - minutes.doc", "Untitled-1" and "Document1".
    """
    title = " ".join((written or "").split())
    if not any(char.isalpha() for char in title) or len(title) > LONGEST_TITLE_CHARS:
        return None
    return None if _MADE_BY_A_PROGRAM.fullmatch(title) else title


def title_of(text: str, name: str) -> str:
    """The first line when it is short, without a site's name after a bar; else the file's name."""
    first_line = " ".join(text.split("\n", 1)[0].lstrip("# ").split())
    if any(map(str.isalpha, first_line)) and len(first_line) <= LONGEST_TITLE_CHARS:
        return _OUTLET.sub("", first_line)
    plain = _EXPORT_ID.sub("", name)
    return " ".join(re.sub(r"[-_/]+", " ", plain).split()) or name
