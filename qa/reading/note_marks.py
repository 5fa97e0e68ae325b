"""The marks that note programs such as Obsidian put into Markdown become their words. Pure.

Links are read as the words that they show, and what is not shown is left out: embedded files,
comments, the names of blocks and of the kinds of a callout. Code stays as it is.
"""

import re

_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_CODE = re.compile(r"(`[^`\n]+`)")
_EMBED = re.compile(r"!\[\[[^\[\]\n]{1,400}\]\]")
_LINK = re.compile(r"\[\[(?=[^\s\[\]])([^\[\]\n|]{1,400})(?:\|([^\[\]\n]{1,400}))?\]\]")
_CALLOUT = re.compile(r"^([ \t]*(?:>[ \t]*)+)\[!\w[\w -]*\][-+]?[ \t]*(.*)$", re.MULTILINE)
_COMMENT = re.compile(r"%%(?!%)[^%]{1,20000}%%")
_BLOCK_NAME = re.compile(r"[ \t]\^[a-z0-9]{6}[ \t]*$", re.MULTILINE)
_HIGHLIGHT = re.compile(r"==(?=[^\s=])([^=\n]{1,400}?)(?<=\S)==")


def without_note_marks(markdown: str) -> str:
    """The text as its program shows it, as far as these marks go."""
    if not any(mark in markdown for mark in ("[[", "[!", "%%", "==", " ^")):
        return markdown
    written: list[str] = []
    fenced, block = False, list[str]()
    for line in [*markdown.splitlines(keepends=True), "```"]:
        if _FENCE.match(line):
            written.append("".join(block) if fenced else _without_marks("".join(block)))
            written.append(line)
            fenced, block = not fenced, []
        else:
            block.append(line)
    return "".join(written[:-1])


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
