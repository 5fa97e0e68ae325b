"""The page on security names tests that are there."""

import re

from tests.docs.test_pages import ROOT

PAGE = ROOT / "docs" / "security.md"


def test_every_test_it_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 20
    gone = [
        (file, test)
        for file, test in named
        if not re.search(rf"^(async )?def {test}\(", (ROOT / file).read_text(), re.MULTILINE)
    ]
    assert gone == []


def test_every_door_has_a_test() -> None:
    rows = re.findall(r"^\| (?!door|---)(.+?) \| .+ \| (.+) \|$", PAGE.read_text(), re.MULTILINE)
    assert len(rows) > 15
    assert [door for door, tests in rows if "`tests/" not in tests] == []
