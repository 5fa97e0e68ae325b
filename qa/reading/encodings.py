"""In which encoding a text is written: UTF-8, by its mark, or by what it looks like. Pure.

A detector that knows only frequencies takes a French text in Windows-1252 for a Central European
one and turns "Lefèvre" into "Lefčvre". Here the code pages of Europe are held against the alphabets
of its languages: in the right one nearly every accented letter is of one language's.
"""

import codecs
import itertools
from collections import Counter
from dataclasses import dataclass

import charset_normalizer

from qa.reading.draft import Unreadable

MOST_CONTROL_CHARS = 0.02
"""Share of control characters above which something is no text; real articles hold none."""

CONTROL_CHARS = "".join(map(chr, {*range(32), 0x7F, 0xFFFD} - set(b"\t\n\r\f\v")))
"""Characters that text does not hold, U+FFFD for bytes that could not be decoded among them."""

DETECTION_BYTES = 1 << 20
"""So much of a text tells its encoding; detection over all of a long one takes minutes."""

FEW_NULS, MANY_NULS = 0.02, 0.4
"""Share of NUL among every other byte of UTF-16 in a European script, and among the rest."""

CODE_PAGES = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "iso8859-2": "ISO 8859-2",
    "cp1254": "Windows-1254",
    "cp1257": "Windows-1257",
    "mac-roman": "Mac Roman",
}
"""Those of languages in Latin letters, the commonest first: it counts where two look alike."""

ALPHABETS = tuple(
    frozenset(letters + letters.upper() + "ß")
    for letters in (
        *("äöü", "àâçèéêëîïôùûüÿœæ", "áéíóúüñ", "áâãàçéêíóôõú", "àèéìíòóù", "ëïéèöüáó"),
        *("åäöé", "æøåéö", "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž"),
        *("áéíóöőúüű", "ăâîșşțţ", "čćđšž", "çğıöşüâî", "ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"),
    )
)
"""Letters beyond a to z of German, French, Spanish, Portuguese, Italian, Dutch; Swedish, Danish,
Polish, Czech, Slovak; Hungarian, Romanian, Croatian, Turkish, Lithuanian, Latvian, Estonian."""

OPENING, SIGNS = frozenset("’‘“„«¿¡–—"), frozenset("”»…€£§°·•©®™ºª½¼¾²³×\u00a0")
"""Signs that may stand before a letter, and those that do not: Ma³gorzata is another encoding."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and the encoding that was guessed for it; empty where nothing had to be guessed."""

    text: str
    guessed: str = ""

    @property
    def problems(self) -> tuple[str, ...]:
        """That the encoding was guessed, as `Contents` has its problems; none if it was not."""
        if not self.guessed:
            return ()
        told = f"it is not UTF-8 and was read as {self.guessed}."
        return (f"{told} Save it as UTF-8 if letters are wrong.",)


def decode(raw: bytes) -> Decoded:
    """The text of a plain-text file: UTF-8, else UTF-16, else what its letters speak for.

    Raises Unreadable for what is not text.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        found = Decoded(decoded(raw, "utf-16"))
    elif b"\0" in raw:
        found = _utf16_without_mark(raw)
    else:
        try:
            found = Decoded(raw.decode("utf-8-sig"))
        except UnicodeDecodeError:
            encoding = _encoding_of(raw)
            name = CODE_PAGES.get(encoding, encoding.replace("_", "-"))
            found = Decoded(decoded(raw, encoding), name)
    if garbled(found.text):
        raise _no_text("it holds control characters")
    return found


def decode_text(raw: bytes) -> str:
    """The same, the text alone."""
    return decode(raw).text


def decoded(raw: bytes, encoding: str) -> str:
    """The text of bytes in a known encoding. Raises Unreadable."""
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise _no_text(f"byte {error.start} does not fit {error.encoding}") from error


def decoded_as_stated(raw: bytes, charset: str) -> str | None:
    """The text of bytes in the encoding that is stated of them; None where it does not fit.

    What calls itself Latin-1 is Windows-1252 (WHATWG Encoding Standard, 4.2).
    """
    try:
        name = codecs.lookup(charset).name
        text = raw.decode("cp1252" if name == "iso8859-1" else name)
    except (LookupError, ValueError):
        return None
    return None if garbled(text) else text


def is_utf8(raw: bytes) -> bool:
    """Whether bytes can be decoded as UTF-8."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def garbled(text: str) -> bool:
    """Whether more of a text are control characters than could be there by accident."""
    return sum(map(text.count, CONTROL_CHARS)) > MOST_CONTROL_CHARS * len(text)


def _utf16_without_mark(raw: bytes) -> Decoded:
    """Every other byte of UTF-16 in a European script is NUL; a binary has them anywhere."""
    halves = (raw[0::2], raw[1::2])
    shares = [half.count(0) / max(len(half), 1) for half in halves]
    for encoding, high, low in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        if shares[high] >= MANY_NULS and shares[low] <= FEW_NULS:
            text = raw.decode(encoding, "replace")
            if not garbled(text):
                return Decoded(text, encoding.upper())
    raise _no_text("it holds NUL bytes")


def _encoding_of(raw: bytes) -> str:
    if len(raw) > DETECTION_BYTES:
        raw = raw[: raw.rfind(b"\n", 0, DETECTION_BYTES) + 1] or raw[:DETECTION_BYTES]
    fitting = {page: _fitness(raw, page) for page in CODE_PAGES}
    best = charset_normalizer.from_bytes(raw).best()
    latin = best is None or _is_latin(str(best))
    page = max(fitting, key=lambda one: fitting[one])
    if latin and fitting[page] > 0:
        return page
    if best is None:
        raise _no_text("no encoding fits it")
    return best.encoding


def _fitness(raw: bytes, page: str) -> float:
    """The largest share of its letters and signs beyond ASCII that one language has; 0 to 1."""
    try:
        text = raw.decode(page)
    except UnicodeDecodeError:
        return 0.0
    beyond = [
        (char, behind)
        for char, behind in itertools.zip_longest(text, text[1:], fillvalue="")
        if not char.isascii()
    ]
    signs = sum(
        char in OPENING or (char in SIGNS and not behind.isalpha()) for char, behind in beyond
    )
    letters = Counter(char for char, _ in beyond)
    most = max(sum(letters[char] for char in alphabet) for alphabet in ALPHABETS)
    return (signs + most) / len(beyond) if beyond else 1.0


def _is_latin(text: str) -> bool:
    """Whether most letters are those of European languages, accented or not."""
    letters = [char for char in text if char.isalpha()]
    return 2 * sum(char < "\u0250" for char in letters) > len(letters)


def _no_text(reason: str) -> Unreadable:
    return Unreadable(f"is not text ({reason}). Delete it or save it as UTF-8 text.")
