"""Databases in exports of Notion become articles of their rows."""

from pathlib import Path

from qa.reading.formats import read_contents
from tests.reading.samples import zipped

ID = "0123456789abcdef0123456789abcdef"


def test_a_database_is_an_article_of_its_rows(tmp_path: Path) -> None:
    export: dict[str, str | bytes] = {
        f"Weirs/Log {ID}.csv": "Name,Day\nGale,18 February 2023\n",
        f"Weirs/Log {ID}_all.csv": "\ufeffName,Day\nGale,18 February 2023\nAlm,\n",
        f"Weirs/Log {ID}/Gale {ID}.md": "# Gale\n\nIt opened.",
        f"Notes {ID}.csv": "Name,Text\nGale,It opened.\nAlm,\n",
        f"Empty {ID}.csv": "",
        f"Broken {ID}.csv": b"\0\1\2\3" * 50,
        "own.csv": "a,b\n1,2\n",
    }
    (tmp_path / "a.zip").write_bytes(zipped(export))
    found = read_contents(tmp_path / "a.zip")
    assert [(one.below, one.title, one.text) for one in found.drafts] == [
        ("Weirs/Log", "Log", "- Name: Gale; Day: 18 February 2023\n- Name: Alm"),
        ("Notes/1", None, "It opened."),
        (f"Weirs/Log {ID}/Gale {ID}", "Gale", "# Gale\n\nIt opened."),
    ]
    assert [problem[:60] for problem in found.problems] == [
        "member Notes 0123456789abcdef0123456789abcdef.csv, sheet Not",
        "member Empty 0123456789abcdef0123456789abcdef.csv holds no r",
        "member Broken 0123456789abcdef0123456789abcdef.csv is not te",
        "member own.csv has no column `text` in its first line ('a,b'",
    ]
