"""What an article says of itself between `---` lines at its top: id, title, published, source.

Pure: text in, values out. Keys other than these four are left to whoever wrote them.
"""

import re
from dataclasses import dataclass
from datetime import date

import yaml

from qa.reading.datelines import stated_day

BLOCK = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


class BadFrontMatter(ValueError):
    """The block is not YAML or a value is of the wrong kind; the text names the line or key."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The four things an article may state of itself; None where it does not."""

    id: str | None = None
    title: str | None = None
    published: date | None = None
    source: str | None = None


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The front matter and the text after it; a block that is no mapping is part of the text.

    Lines must end in a bare newline. Raises BadFrontMatter.
    """
    block = BLOCK.match(text)
    if block is None:
        return FrontMatter(), text
    try:
        # The base loader builds strings, lists and dicts only: `title: No` stays "No".
        fields = yaml.load(block.group(1), Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        # The mark counts lines from 0, and the block begins on the second line of the file.
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise BadFrontMatter(f"line {line}: {error.problem}") from error
    except yaml.YAMLError as error:
        raise BadFrontMatter(str(error).splitlines()[0]) from error
    except RecursionError as error:
        raise BadFrontMatter("it is nested too deeply") from error
    if not isinstance(fields, dict):
        return FrontMatter(), text
    stated = FrontMatter(
        id=_one_line(fields, "id"),
        title=_one_line(fields, "title"),
        published=_date(_one_line(fields, "published")),
        source=_one_line(fields, "source"),
    )
    return stated, text[block.end() :]


def _one_line(fields: dict[object, object], key: str) -> str | None:
    value = fields.get(key, "")
    if not isinstance(value, str):
        raise BadFrontMatter(f"{key} must be a single value")
    return " ".join(value.split()) or None


def _date(written: str | None) -> date | None:
    if written is None:
        return None
    day = stated_day(written)
    if day is None:
        raise BadFrontMatter(f"published: {written[:40]!r} is not a date; write it like 2023-02-18")
    return day
