"""What an article says of itself in fields, under whatever names: front matter, columns. Pure.

People and programs name the same thing differently (`date`, `publishedAt`, `headline`), and write a
day as they are used to. A field that cannot be read is left out and named; the article is kept.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType

from qa.reading.datelines import dateline, head_lines, stated_day
from qa.reading.languages import language_of

NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "id": ("id",),
        "title": ("title", "headline"),
        "published": (
            *("published", "publishedat", "publishedon", "datepublished", "publishdate"),
            *("publicationdate", "pubdate", "date"),
        ),
        "source": ("source", "publication", "publisher", "newspaper", "outlet"),
        "text": ("text", "content", "body", "fulltext", "articlebody"),
    }
)
"""What is known of an article → the names of fields that tell it, the first that does counts."""

DAY_FIRST = frozenset("de fr es it pt nl ru pl cs sv da no fi tr uk".split())
"""Languages in which 03/04/2023 is the third of April, whoever writes."""

_FLAGS = frozenset({"true", "false", "yes", "no", "draft"})
_NUMERIC = re.compile(r"(\d{1,2})(?P<mark>[./-])(\d{1,2})(?P=mark)((?:1[6-9]|20)\d\d)(?!\d)")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_MILLISECONDS = 10**11
_LABEL = re.compile(
    r"(?:veröffentlicht|erschienen|publié|publicado|publicada|publicat|pubblicato|gepubliceerd"
    r"|opublikowano|опубликовано|yayınlanma)\w*\b\D{0,12}(?=\d)",
    re.IGNORECASE,
)
_LONGEST_DATE_CHARS = 60


@dataclass(frozen=True, slots=True)
class Stated:
    """What fields state; None where they do not.

    Each problem is of a field that was left out, and reads on from what has it: "has a `date` that
    cannot be told; the article is kept without it. Write it like 2023-02-18."
    """

    id: str | None = None
    title: str | None = None
    published: date | None = None
    source: str | None = None
    problems: tuple[str, ...] = ()


def stated(fields: Mapping[str, object], text: str) -> Stated:
    """What these fields state of an article with this text, whose language tells how it dates."""
    problems: list[str] = []
    words = {what: _words_of(fields, what, problems) for what in ("id", "title", "source")}
    published, unread = None, None
    for name, value in values(fields, "published"):
        if isinstance(value, bool) or str(value).strip().lower() in _FLAGS:
            continue  # `published: true` is no date
        published = day_of(value, text)
        if published:
            break
        unread = unread or name
    if unread and not published:
        problems.append(
            f"has a `{unread}` that cannot be told; the article is kept without it. Write it like "
            "2023-02-18."
        )
    return Stated(words["id"], words["title"], published, words["source"], tuple(problems))


def values(fields: Mapping[str, object], what: str) -> list[tuple[str, object]]:
    """The fields that tell this, those that hold something, in the order of `NAMES`."""
    plain = {re.sub(r"[\s_-]", "", str(name)).lower(): name for name in reversed(list(fields))}
    return [
        (str(plain[name]), fields[plain[name]])
        for name in NAMES[what]
        if name in plain and fields[plain[name]] not in (None, "", [], {})
    ]


def text_of(fields: Mapping[str, object]) -> str | None:
    """The text that the fields hold, paragraphs of a list apart; None where it is something else.

    Empty where there is none.
    """
    for _, value in values(fields, "text"):
        paragraphs = value if isinstance(value, list) else [value]
        texts = [one for one in paragraphs if isinstance(one, str)]
        if len(texts) < len(paragraphs):
            return None
        text = "\n\n".join(texts)
        if text.strip():
            return text
    return ""


def day_of(value: object, text: str) -> date | None:
    """The day that a value states, or None: ISO 8601, as newspapers, mail and programs write it.

    Days in numbers are read where one reading is possible (02/18/2023), where dots part them, which
    is day first everywhere, or where the text's language decides; else they are two days.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    written = " ".join(str(value).split())
    if _EPOCH.fullmatch(written):
        seconds = int(written) / (1000 if int(written) >= _MILLISECONDS else 1)
        return datetime.fromtimestamp(seconds, UTC).date()
    if len(written) > _LONGEST_DATE_CHARS:
        return None
    return stated_day(written) or _numeric_day(written, text) or _day_in_words(written)


def day_in(text: str) -> date | None:
    """The day that a text states at its head, in any language that is read here."""
    return dateline(text) or labelled_day(text)


def labelled_day(text: str) -> date | None:
    """The day that the head of a text labels as that of publication, in other languages.

    For those in English see `datelines.dateline`.
    """
    for line in head_lines(text):
        label = _LABEL.match(line)
        if label and len(line) <= _LONGEST_DATE_CHARS:
            return day_of(line[label.end() :], text)
    return None


def _words_of(fields: Mapping[str, object], what: str, problems: list[str]) -> str | None:
    for name, value in values(fields, what):
        inner = value.get("name") if isinstance(value, dict) else value
        if isinstance(inner, str | int | float) and not isinstance(inner, bool):
            line = " ".join(str(inner).split())
            if line:
                return line
        elif inner is not None:
            problems.append(
                f"has a `{name}` that is no single value; the article is kept without it."
            )
    return None


def _numeric_day(written: str, text: str) -> date | None:
    match = _NUMERIC.match(written)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    day_first = match["mark"] == "." or first > 12 or first == second
    if not day_first and second <= 12:
        if language_of(text) not in DAY_FIRST:
            return None
        day_first = True
    day, month = (first, second) if day_first else (second, first)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_in_words(written: str) -> date | None:
    """A day with the name of its month in one of the ten commonest languages of the press."""
    if not re.search(r"[^\W\d_]{3}", written) or not re.search(r"\b(?:1[6-9]|20)\d\d\b", written):
        return None
    import dateparser  # half a second, for the few that need it

    found = dateparser.parse(
        written,
        languages=["en", "de", "fr", "es", "pt", "it", "nl", "ru", "pl", "tr"],
        settings={"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"]},
    )
    return found.date() if found else None
