"""What the writer of a mail says in it: without earlier mails below and the signature. Pure.

What others wrote stands in their own mails; here it would be told as this writer's, under this
mail's day. It is kept where the mail makes no sense without: forwarded, or answered line by line.
"""

import itertools
import re
from collections.abc import Sequence

MOST_INTRODUCING_LINES = 3
"""Mail programs break "On …, … wrote:" where it grows long."""

MOST_SIGNATURE_LINES = 8
"""Below a mark without its space ("-- " is the one of RFC 3676): it may also part paragraphs."""

_INTRODUCTION = re.compile(
    r".{1,250}\b(?:wrote|writes|schrieb|écrit|escribió|escreveu|scritto|schreef|skrev"
    r"|napisał(?:\(a\)|a)?|napsala?|пишет|написала?)\b.{0,120}[:：]|.{4,250}<\S+@\S+>\s?:",
)
_DIVIDER = re.compile(
    r"^-{2,} ?(?:Original|Reply|Ursprüngliche|Urspr|Message d|Mensaje|Messaggio|Oorspronkelijk)"
    r"[^\n]{0,40}-{2,}$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^\*?(?:From|Von|De|Da|Van|Från|Fra|Od|От)\s?:\*? \S")
_NEXT_HEADER = re.compile(
    r"^\*?(?:Sent|Date|To|Subject|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado|Enviado el|Para"
    r"|Asunto|Inviato|Data|A|Oggetto|Verzonden|Aan|Onderwerp|Skickat|Sendt|Til|Emne|Wysłano)\s?:"
)
_FORWARDED = re.compile(r"^\s*(?:fwd?|wg|tr|rv|enc|doorst|vs|pd|i)\s?:", re.IGNORECASE)


def own_words(text: str, subject: str = "") -> str:
    """The text of a mail as its writer's own; a forwarded mail, told by its subject, stays whole.

    Quotes that are answered below them stay, in one paragraph each, marked `>`; those in quotes go.
    Where nothing would be left, all of it stays.
    """
    whole = text.split("\n")
    if is_forwarded(subject):
        return _tidied(whole)
    kept = _without_history([line.rstrip() for line in _without_signature(whole)])
    while kept and (not kept[-1] or kept[-1].startswith(">")):
        kept.pop()
    return _tidied(_joined_quotes(_without_introduction(kept))) or _tidied(whole)


def is_forwarded(subject: str) -> bool:
    """Whether a mail says in its subject that it brings another."""
    return _FORWARDED.match(subject) is not None


def _without_signature(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        is_mark = line == "-- " or (line == "--" and len(lines) - number <= MOST_SIGNATURE_LINES)
        if is_mark and any(one.strip() for one in lines[:number]):
            return lines[:number]
    return lines


def _without_history(lines: list[str]) -> list[str]:
    """The lines above an earlier mail that follows without marks, if there are any."""
    written = [(number, line) for number, line in enumerate(lines) if line]
    for (number, line), (_, following) in itertools.pairwise([*written, (0, "")]):
        if _DIVIDER.match(line) or (_HEADER.match(line) and _NEXT_HEADER.match(following)):
            above = lines[:number]
            while above and not above[-1].strip("_- "):
                above.pop()
            if above:
                return above
    return lines


def _without_introduction(lines: list[str]) -> list[str]:
    """Without "On …, Anna wrote:" at the end, where nothing is left below it."""
    for count in range(1, MOST_INTRODUCING_LINES + 1):
        last = lines[-count:]
        if len(last) == count and last[0] and _INTRODUCTION.fullmatch(" ".join(last)):
            return lines[:-count]
    return lines


def _joined_quotes(lines: Sequence[str]) -> list[str]:
    """Each block of quoted lines as one paragraph, quotes in quotes left out."""
    written: list[str] = []
    block: list[str] = []
    for line in [*lines, ""]:
        if line.startswith(">"):
            quoted = line[1:].strip()
            if not quoted.startswith(">"):
                block.append(quoted)
            continue
        words = " ".join(" ".join(block).split())
        if words:
            written += ["", f"> {words}", ""]
        block = []
        written.append(line)
    return written


def _tidied(lines: Sequence[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
