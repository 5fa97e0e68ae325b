"""What people choose for their own questions: read from a form, kept as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict

from pydantic import TypeAdapter, ValidationError

from qa.errors import BadSettings
from qa.settings import limits
from qa.types import AS_SET, Preferences

_KEPT = TypeAdapter(Preferences)


def chosen(given: Mapping[str, str]) -> Preferences:
    """The preferences that texts name; what is missing or empty stays as it is set.

    Raises BadSettings for what is no number, or none in the range of the setting of that name.
    """
    passages, length, bar = (
        _number(name, given.get(name, "").strip())
        for name in ("passages", "max_answer_tokens", "refuse_below")
    )
    return Preferences(
        None if passages is None else int(passages), None if length is None else int(length), bar
    )


def _number(name: str, text: str) -> float | None:
    if not text:
        return None
    least, most = limits(name)
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    whole = name == "refuse_below" or number.is_integer()
    if not (least <= number <= most and whole):
        kind = "a number" if name == "refuse_below" else "a whole number"
        raise BadSettings(f"{name} is {kind} from {least:g} to {most:g}, not {text[:40]!r}.")
    return number


def to_json(preferences: Preferences) -> str:
    """Preferences as JSON, from which `from_json` makes the same value again."""
    return json.dumps(asdict(preferences))


def from_json(text: str) -> Preferences:
    """The preferences that were written so; none from what another version wrote."""
    try:
        return _KEPT.validate_json(text)
    except ValidationError:
        return AS_SET
