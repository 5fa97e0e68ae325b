"""A Rich Text document (.rtf) becomes its text. Pure: bytes in, values out.

Read after the specification (RTF 1.9.1). Deleted and hidden words, comments, pictures, headers and
footers are no part of it, as in a Word document; its notes stand at the end.
"""

import codecs
import re
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.markup import INVISIBLE
from qa.reading.titles import stated_title

MOST_DEPTH = 10_000
"""Of groups in groups. Word writes some twenty."""

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)"
)
_CHARSETS = MappingProxyType(
    {77: "mac-roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950"}
    | {161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257"}
    | {204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850"}
)
_CODE_PAGES = MappingProxyType({"mac": "mac-roman", "pc": "cp437", "pca": "cp850"})
_SIGNS = MappingProxyType(
    {"emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’"}
    | {"ldblquote": "“", "rdblquote": "”", "tab": " ", "emspace": " ", "enspace": " "}
    | {"line": "\n", "softline": "\n", "cell": " | ", "nestcell": " | ", "~": " ", "_": "-"}
    | {sign: sign for sign in "{}\\"}
)
_BREAKS = frozenset({"par", "sect", "page", "column", "\n", "\r"})
_ROWS = frozenset({"row", "nestrow"})
_NO_TEXT = frozenset(
    "annotation atnauthor atndate atnicn atnid atnref atntime author bkmkend bkmkstart buptim"
    " category colorschememapping colortbl comment company creatim datafield datastore doccomm"
    " filetbl fldinst footer footerf footerl footerr ftncn ftnsep ftnsepc generator header headerf"
    " headerl headerr info keywords latentstyles listoverridetable listtable manager nonshppict"
    " objdata object operator pict printim private revtbl revtim rsidtbl rxe shprslt sn stylesheet"
    " subject sv tc tcn template themedata txe upr userprops xe xmlnstbl".split()
)
_STARRED_TEXT = frozenset({"shpinst", "shptxt", "footnote"})
_NUMBERED = re.compile(r"\(?(?:[0-9.]+[.)]?|[a-zA-Z]{1,5}[.)])")
_WHITE = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a group and ends with it: where its words go, and how they are written."""

    into: str = "text"
    hidden: bool = False
    deleted: bool = False
    font: int | None = None
    skipped: int = 1


@dataclass(slots=True)
class _Document:
    """What has been read so far."""

    code_page: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    blocks: list[tuple[str, bool]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    block: list[str] = field(default_factory=list)
    note: list[str] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    mark: list[str] = field(default_factory=list)
    heading: str = ""
    is_heading: bool = False
    in_table: bool = False

    def add(self, words: str, into: str) -> None:
        """Words that go into the text, a note, the title, or before the item of a list."""
        places = {"text": self.block, "note": self.note, "title": self.title, "mark": self.mark}
        places.get(into, []).append(words)

    def end_block(self, *, row: bool = False) -> None:
        """A paragraph ends, or a row of a table."""
        text = _tidied("".join(self.block)).strip(" |" if row else " ")
        self.block = []
        if text:
            self.blocks.append((text, row))
            self.heading = self.heading or (text if self.is_heading else "")

    def end_note(self) -> None:
        """A note ends."""
        text = _tidied("".join(self.note)).replace("\n", " ")
        self.note = []
        self.notes += [f"- {text}"] if text else []

    def end_mark(self) -> None:
        """A number before an item of a list ends, or a bullet in whatever font."""
        mark = _tidied("".join(self.mark))
        self.mark = []
        self.block.append(f"{mark} " if _NUMBERED.fullmatch(mark) else "- ")

    def text(self) -> str:
        """All paragraphs, then the notes."""
        written: list[str] = []
        after_row = False
        for text, row in self.blocks:
            written += ["\n" if row and after_row else "\n\n", text]
            after_row = row
        return "".join([*written, "\n\n", "\n".join(self.notes)]).strip()


def read_rtf(raw: bytes) -> Contents:
    """The article in a Rich Text document. Raises Unreadable when it holds none."""
    document = _read(raw.decode("latin-1"))
    text = document.text()
    if not text:
        raise Unreadable("holds no text. Delete it or put the article into it.")
    title = stated_title(_tidied("".join(document.title)))
    return Contents((Draft(text, title or stated_title(document.heading)),))


def _read(text: str) -> _Document:
    document = _Document()
    stack: list[_State] = []
    state = _State()
    written = bytearray()  # bytes in the encoding of the font at hand
    to_skip = place = 0
    while (match := _TOKEN.search(text, place)) is not None:
        place = match.end()
        word, number, hexed, sign, brace, run = match.groups()
        if hexed or run:
            new = bytes.fromhex(hexed) if hexed else run.encode("latin-1")
            written += new[to_skip:]
            to_skip = max(0, to_skip - len(new))
            continue
        if written:
            _add(document, state, _decoded(written, _encoding(document, state)))
            written = bytearray()
        to_skip = 0
        if brace == "{":
            stack.append(state)
            if len(stack) > MOST_DEPTH:
                raise Unreadable("is a damaged RTF document. Save it again, or as text.")
        elif brace:
            before, state = state, stack.pop() if stack else _State("nothing")
            if before.into != state.into and before.into == "note":
                document.end_note()
            elif before.into != state.into and before.into == "mark":
                document.end_mark()
            if not stack:
                break
        elif word == "bin":
            place += max(0, int(number or 0))
        elif word == "u":
            code = int(number or 0) % 0x10000
            _add(document, state, chr(code))
            to_skip = state.skipped
        elif sign == "*":
            if text[place : place + 1] == "\\" and not _names_text(text, place):
                state = replace(state, into="nothing")
        else:
            state = _applied(word or sign, None if number is None else int(number), state, document)
    if written:
        _add(document, state, _decoded(written, _encoding(document, state)))
    document.end_block()
    document.end_note()
    return document


def _names_text(text: str, place: int) -> bool:
    found = _TOKEN.match(text, place)
    return found is not None and found[1] in _STARRED_TEXT


def _applied(word: str, number: int | None, state: _State, document: _Document) -> _State:
    """The state after a control word, whose words and breaks go into the document."""
    if word in _NO_TEXT:
        return replace(state, into="info" if word == "info" else "nothing")
    if word == "fonttbl":
        return replace(state, into="fonts")
    if word == "title" and state.into == "info":
        return replace(state, into="title")
    if word == "footnote" and state.into == "text":
        return replace(state, into="note")
    if word in {"listtext", "pntext"} and state.into == "text":
        return replace(state, into="mark")
    if word == "shptxt" and state.into == "nothing":
        return replace(state, into="text")
    if word in _SIGNS:
        _add(document, state, _SIGNS[word])
    elif word in _BREAKS or word in _ROWS:
        _break(word, state, document)
    elif word in {"v", "deleted"}:
        on = number != 0
        return replace(state, hidden=on) if word == "v" else replace(state, deleted=on)
    elif word == "plain":
        return replace(state, hidden=False)
    elif word == "f":
        return replace(state, font=number)
    elif word == "uc":
        return replace(state, skipped=max(0, number or 0))
    elif state.into == "fonts" and word == "fcharset" and state.font is not None:
        document.fonts[state.font] = _CHARSETS.get(number or 0, "")
    elif word in {"pard", "intbl", "outlinelevel"}:
        document.in_table = word == "intbl" or (word != "pard" and document.in_table)
        document.is_heading = word == "outlinelevel" and number == 0
    elif word == "ansicpg" or word in _CODE_PAGES:
        document.code_page = _CODE_PAGES.get(word) or _known(f"cp{number}")
    return state


def _break(word: str, state: _State, document: _Document) -> None:
    if state.into == "note":
        document.note.append(" ")
    elif state.into == "text" and word in _ROWS:
        document.end_block(row=True)
    elif state.into == "text" and document.in_table:
        document.block.append(" ")
    elif state.into == "text":
        document.end_block()


def _add(document: _Document, state: _State, words: str) -> None:
    if not (state.hidden or state.deleted):
        document.add(words, state.into)


def _encoding(document: _Document, state: _State) -> str:
    named = document.fonts.get(state.font, "") if state.font is not None else ""
    return named or document.code_page


def _known(encoding: str) -> str:
    names = {"cp65001": "utf-8", "cp10000": "mac-roman", "cp936": "gbk", "cp0": "cp1252"}
    try:
        return codecs.lookup(names.get(encoding, encoding)).name
    except LookupError:
        return "cp1252"


def _decoded(raw: bytearray, encoding: str) -> str:
    return raw.decode(encoding, "replace")


def _tidied(text: str) -> str:
    # Characters beyond the first plane come as two surrogates.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = _WHITE.sub(" ", whole.translate(INVISIBLE)).split("\n")
    return "\n".join(line.strip() for line in lines).strip()
