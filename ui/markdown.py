"""How the words of a Markdown article look: what is emphasis or code, and which signs say so. Pure.

The text itself stays as it is, and so does every offset in it: a look is told of each character,
and signs are drawn, but not shown. What is a sign, CommonMark decides, by `markdown-it-py`; that
gives no offsets, so its rules are made to write them down.
"""

import re
from collections.abc import Callable, Iterator
from enum import IntFlag
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.rules_inline import StateInline, backtick, emphasis, escape, image, link
from markdown_it.token import Token
from markupsafe import Markup
from markupsafe import escape as escaped

LINK_END = "link_close"

_LINE_END = re.compile(r"\r\n?|\n")


class Look(IntFlag):
    """How a character is shown, where it is not shown as it stands."""

    STRONG = 1
    EMPHASIS = 2
    CODE = 4
    HIDDEN = 8


_TAGS = {Look.STRONG: "strong", Look.EMPHASIS: "em", Look.CODE: "code"}


def plain(text: str) -> bytes:
    """The looks of a text that is not Markdown."""
    return bytes(len(text))


def looks_of(markdown: str) -> bytes:
    """The `Look` of each character: of emphasis, code, links' words, and the signs that say so.

    Signs of headings, lists and tables stand as they are.
    """
    looks = bytearray(len(markdown))
    lines = _lines(markdown)
    for block in _PARSER.parse(markdown):
        if block.type != "inline" or block.map is None:
            continue
        places = _places(block.content, lines[slice(*block.map)])
        if places is None:
            continue
        for start, end, look in _spans(block.children or []):
            for place in places[start:end]:
                looks[place] |= look
    return bytes(looks)


def drawn(text: str, looks: bytes) -> Markup:
    """The text as HTML: its signs in it, but hidden; removing the tags gives all of the text."""
    pieces, at = [], 0
    for look, run in groupby(looks, key=lambda look: Look.HIDDEN if look & Look.HIDDEN else look):
        end = at + len(list(run))
        piece = escaped(text[at:end])
        if look is Look.HIDDEN:
            piece = Markup("<span hidden>{}</span>").format(piece)
        for one, tag in _TAGS.items():
            if look & one:
                piece = Markup("<{0}>{1}</{0}>").format(Markup(tag), piece)
        pieces.append(piece)
        at = end
    return Markup("").join(pieces)


def shown(text: str, looks: bytes) -> str:
    """What a reader sees of a text."""
    return "".join(
        character for character, look in zip(text, looks, strict=True) if not look & Look.HIDDEN
    )


def _lines(text: str) -> list[tuple[int, str]]:
    """Each line without its end, and the offset at which it begins."""
    starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
    return list(zip(starts, _LINE_END.split(text), strict=True))


def _places(content: str, lines: list[tuple[int, str]]) -> list[int] | None:
    """The offset of each character of a block's content, which lacks what says that it is a block.

    None where a line of it does not stand there so, as one with a tab in its indent may not.
    """
    places: list[int] = []
    for line, (start, whole) in zip(content.split("\n"), lines, strict=False):
        at = whole.rfind(line)
        if at < 0:
            return None
        places += range(start + at, start + at + len(line) + 1)  # and the end of the line
    return places[: len(content)] if len(places) > len(content) else None


def _spans(tokens: list[Token]) -> Iterator[tuple[int, int, Look]]:
    """The spans in a block's content that look otherwise than they stand, as rules noted them."""
    opened: list[int] = []
    for token in tokens:
        for start, end in token.meta.get("hidden", ()):
            yield start, end, Look.HIDDEN
        if token.type == "code_inline":
            yield *token.meta["code"], Look.CODE
        at = token.meta.get("at")
        if at is None or token.content:  # no sign, or one that says nothing
            continue
        yield at, at + 1, Look.HIDDEN
        if token.nesting > 0:
            opened.append(at)
        elif token.nesting < 0:
            look = Look.STRONG if token.tag == "strong" else Look.EMPHASIS
            yield opened.pop(), at, look


# CommonMark's own rules, each followed by a note of where in the text the signs stand that it read.

_Note = Callable[[StateInline, int], None]
"""Writes down what a rule read from an offset up to where the state stands now."""


def _note_emphasis(state: StateInline, at: int) -> None:
    """Every `*` and `_` is a token; those that say something are left without content later."""
    signs = state.pos - at
    for place, token in enumerate(state.tokens[-signs:]):
        token.meta["at"] = at + place


def _note_label(state: StateInline, at: int) -> None:
    """Of a link or a picture the words between its brackets are shown, if there are any."""
    bracket = state.src.index("[", at)
    label_end = state.md.helpers.parseLinkLabel(state, bracket, state.tokens[-1].type == LINK_END)
    if label_end > bracket + 1:
        state.tokens[-1].meta["hidden"] = ((at, bracket + 1), (label_end, state.pos))


def _note_code(state: StateInline, at: int) -> None:
    """A run of backticks that no other closes is no code, and no token either."""
    token = state.tokens[-1] if state.tokens else None
    if token and token.type == "code_inline" and "code" not in token.meta:
        fence = len(token.markup)
        token.meta["hidden"] = ((at, at + fence), (state.pos - fence, state.pos))
        token.meta["code"] = (at + fence, state.pos - fence)


def _note_escape(state: StateInline, at: int) -> None:
    """The backslash before a sign that is to be shown; before anything else it is one itself."""
    token = state.tokens[-1]
    if token.content != token.markup:
        token.meta["hidden"] = ((at, at + 1),)


def _noting(rule: RuleFuncInlineType, note: _Note) -> RuleFuncInlineType:
    def noting(state: StateInline, silent: bool) -> bool:
        at = state.pos
        if not rule(state, silent):
            return False
        if not silent:  # else it only looks ahead
            note(state, at)
        return True

    return noting


def _parser() -> MarkdownIt:
    """CommonMark's, which notes down offsets and leaves the signs of emphasis tokens apart."""
    parser = MarkdownIt("commonmark")
    for name, rule, note in (
        ("emphasis", emphasis.tokenize, _note_emphasis),
        ("link", link, _note_label),
        ("image", image, _note_label),
        ("backticks", backtick, _note_code),
        ("escape", escape, _note_escape),
    ):
        parser.inline.ruler.at(name, _noting(rule, note))
    parser.inline.ruler2.disable("fragments_join")
    parser.core.ruler.disable("text_join")
    return parser


_PARSER = _parser()
