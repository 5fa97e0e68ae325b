"""What README.md and the pages in docs/ tell is there: commands, formats, files, links."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from qa.cli import app
from qa.reading.formats import READERS

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
MOST_LINES_OF_README = 200

COMMANDS: Any = typer.main.get_command(app)
"""The tree of commands that typer makes: a group has `commands`, each command its `params`."""

FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def prose(page: Path) -> str:
    """The page without what stands in fences."""
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def code_lines(page: Path) -> list[str]:
    """Every line in a fence and every span of code."""
    fenced = FENCED.findall(page.read_text(encoding="utf-8"))
    spans = re.findall(r"`([^`]+)`", prose(page))
    return [line for block in fenced for line in block.splitlines()] + spans


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made on the web: `## A b` is `a-b`."""
    lines = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in lines}


def unknown_in(line: str) -> str | None:
    """The first word of a line `qa …` that is no command and no flag of one; None if all are."""
    called = re.search(r"(?:^|(?<!from)\s)(?:\.venv/bin/)?qa ([a-z-].*)", line)
    if not called:
        return None
    command = COMMANDS
    for word in shlex.split(called[1], comments=True):
        if word in (">", ">>", "|", "&&"):
            return None
        if word.startswith("-"):
            options = {name for one in command.params for name in one.opts + one.secondary_opts}
            if word.split("=")[0] not in options | {"--help"}:
                return word
        elif hasattr(command, "commands"):
            if word not in command.commands:
                return word
            command = command.commands[word]
    return None


def broken(target: str, page: Path) -> bool:
    """Whether a relative link of a page leads to no file, or to no heading of it."""
    path, _, anchor = target.partition("#")
    file = (page.parent / path) if path else page
    return not file.exists() or (anchor != "" and anchor not in headings(file))


def test_the_readme_is_read_in_minutes() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= MOST_LINES_OF_README


def test_the_readme_leads_to_every_page() -> None:
    linked = set(re.findall(r"\]\((docs/\w[\w-]*\.md)\)", prose(README)))
    assert linked >= {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")}


@every_page
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", prose(page))
    local = [target for target in targets if not target.startswith("https://")]
    assert [target for target in local if broken(target, page)] == []


@every_page
def test_every_file_it_names_exists(page: Path) -> None:
    folders = "qa|ui|tests|seeds|models|bench|docs|training"
    named = re.findall(rf"`((?:{folders})/[\w./-]*\w)`", prose(page))
    assert [name for name in named if not (ROOT / name).exists()] == []


@every_page
def test_every_command_and_flag_it_names_exists(page: Path) -> None:
    unknown = {line: unknown_in(line) for line in code_lines(page)}
    assert {line: word for line, word in unknown.items() if word} == {}


def test_every_make_target_they_name_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    lines = [line for page in PAGES for line in code_lines(page)]
    named = {name for line in lines for name in re.findall(r"(?:^|\s)make ([a-z-]+)\b", line)}
    assert {"chat", "test", "ask", "eval", "doctor"} <= named <= targets


def test_every_format_stands_in_the_table_in_one_row() -> None:
    _, _, below = prose(ROOT / "docs" / "articles.md").partition("| format | what becomes of it |")
    table = below.partition("\n\n")[0]
    rows = re.findall(r"^\| (`\..*?) \|", table, re.MULTILINE)
    named = [suffix for row in rows for suffix in re.findall(r"`([^`]+)`", row)]
    assert sorted(named) == sorted(READERS)


def test_these_tests_would_see_what_is_wrong() -> None:
    assert unknown_in("qa models fetch NAME") == "fetch"
    assert unknown_in("$ .venv/bin/qa ask --modle x 'Who?'") == "--modle"
    assert unknown_in("qa index ~/a --watch --no-ocr  # --follow") is None
    assert unknown_in("the module qa.types") is None
    assert broken("nowhere.md", README)
    assert broken("CONTRIBUTING.md#nowhere", README)
    assert not broken("#architecture", README)
