"""Writes the table of `docs/settings.md` from `qa/settings.py`: python docs/settings_table.py

A test holds the page to it. What stands outside the marks is written by hand.
"""

import re
from enum import Enum
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from qa.settings import Settings, limits

PAGE = Path(__file__).parent / "settings.md"
BEGIN, END = "<!-- settings -->", "<!-- end -->"


def table() -> str:
    """Every setting as a row in Markdown: its name, default, range and description."""
    rows = ["| key | default | range | what |", "| --- | --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        if name != "home":  # it is found, never set in `qa.toml`
            rows.append(f"| `{name}` | {_default(field)} | {_range(name)} | {field.description} |")
    return "\n".join(rows)


def with_table(page: str) -> str:
    """The page with the table of today between its marks; raises ValueError if it lacks them."""
    between = re.compile(f"{BEGIN}.*{END}", re.DOTALL)
    if not between.search(page):
        raise ValueError(f"{PAGE.name} has lost its marks {BEGIN} and {END}; put them back.")
    return between.sub(lambda _: f"{BEGIN}\n{table()}\n{END}", page)


def _default(field: FieldInfo) -> str:
    default = field.default
    plain = default.get_secret_value() if isinstance(default, SecretStr) else default
    return f"`{plain}`" if plain not in ("", ()) else "none"


def _range(name: str) -> str:
    kind = Settings.model_fields[name].annotation
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(f"`{member.value}`" for member in kind)
    if kind in (int, float):
        least, most = limits(name)
        return f"{least:g} to {most:g}"
    return ""


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
