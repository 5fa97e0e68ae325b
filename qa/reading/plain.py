"""Text files and Markdown: front matter is read, and all else left as it is but for note marks.

Pure: bytes in, values out.
"""

from dataclasses import replace

from qa.reading.draft import Contents, Draft
from qa.reading.encodings import decode
from qa.reading.front_matter import split_front_matter
from qa.reading.note_marks import without_note_marks
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
