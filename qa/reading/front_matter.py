"""What an article says of itself at its top, between `---` lines (YAML) or `+++` lines (TOML).

Pure: text in, values out. Fields other than those of `fields.NAMES` are left to whoever wrote them.
A block that is not quite YAML, as a title with a colon makes it, is read line by line.
"""

import re
import tomllib

import yaml

from qa.reading.fields import Stated, stated

YAML_BLOCK = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
TOML_BLOCK = re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)

_LINE = re.compile(r"^\s*(?P<name>[^\W\d][\w -]*?)\s*[:=](?:\s+(?P<value>.*?))?\s*$", re.MULTILINE)
_QUOTED = re.compile(r"""(["'])(.*)\1(?:\s+#.*)?""")


def split_front_matter(text: str) -> tuple[Stated, str]:
    """What the front matter states and the text after it; a block of no fields is part of the text.

    Lines must end in a bare newline.
    """
    for block, read in ((YAML_BLOCK, _yaml), (TOML_BLOCK, _toml)):
        match = block.match(text)
        if match:
            fields = read(match.group(1))
            if isinstance(fields, dict):
                rest = text[match.end() :]
                return stated(fields, rest), rest
    return Stated(), text


def _yaml(block: str) -> object:
    try:
        # The base loader builds strings, lists and dicts only: `title: No` stays "No".
        return yaml.load(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return _by_lines(block)


def _toml(block: str) -> object:
    try:
        return tomllib.loads(block)
    except (tomllib.TOMLDecodeError, RecursionError):
        return _by_lines(block)


def _by_lines(block: str) -> dict[str, str] | None:
    """Each line with a name and a value as it stands, quotes around it left out."""
    fields: dict[str, str] = {}
    for match in _LINE.finditer(block):
        value = match["value"] or ""
        quoted = _QUOTED.fullmatch(value)
        fields.setdefault(match["name"], quoted[2] if quoted else value)
    return fields or None
