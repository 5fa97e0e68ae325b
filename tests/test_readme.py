"""The README tells the truth about commands and settings."""

import re
import subprocess
import sys
from pathlib import Path

from qa.reading.formats import READERS
from qa.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (?:`([^`]*)`|none) \|.*\|.*\|$", README, re.MULTILINE))
    for name, field in Settings.model_fields.items():
        if name != "home":
            assert rows.pop(name) == ("" if field.default == () else str(field.default)), name
    assert set(rows) == set(), "the table names settings that do not exist"


def test_every_format_stands_in_the_table_in_one_row() -> None:
    _, _, below = README.partition("| format | what becomes of it |")
    table = below.partition("\n\n")[0]
    rows = re.findall(r"^\| (`\..*?) \|", table, re.MULTILINE)
    named = [suffix for row in rows for suffix in re.findall(r"`([^`]+)`", row)]
    assert sorted(named) == sorted(READERS)


def test_every_make_target_it_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b(?! up)", README))
    assert {"chat", "test", "ask", "eval", "doctor"} <= named <= targets


def test_every_command_it_names_exists() -> None:
    named = set(re.findall(r"`(?:\.venv/bin/)?qa ([a-z]+)", README))
    help_text = subprocess.run(
        [sys.executable, "-c", "from qa.cli import main; main()", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert named
    for command in named:
        assert re.search(rf"\b{command}\b", help_text), command


def test_every_file_it_names_exists() -> None:
    for name in re.findall(r"`((?:qa|ui|tests|seeds|models|bench)/[\w./-]*\w)`", README):
        assert (ROOT / name).exists(), name
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / picture).is_file(), picture
