"""Files become articles: ids, titles, dates, and what is dropped."""

from datetime import date
from pathlib import Path

import pytest

from qa.errors import BadArticle
from qa.reading.articles import article_id, find_files, read_articles
from qa.types import Article


def read(tmp_path: Path, content: str, name: str = "a.txt") -> Article:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode())
    (article,) = read_articles(file, tmp_path)
    return article


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2023/Wang visit.md", "2023/wang-visit"),
        ("Café.txt", "caf-"),
        ("v1.2_final.txt", "v1.2_final"),
    ],
)
def test_an_id_is_the_path_below_the_root(tmp_path: Path, name: str, expected: str) -> None:
    assert read(tmp_path, "Text.", name).id == expected


def test_a_file_that_is_its_own_root_is_named_after_itself(tmp_path: Path) -> None:
    file = tmp_path / "One Story.txt"
    file.write_text("Text.")
    assert article_id(file, file) == "one-story"


def test_front_matter_wins(tmp_path: Path) -> None:
    article = read(
        tmp_path,
        "---\nid: flood-1\ntitle: Flood\npublished: 3 May 2021\nsource: Gazette\n---\n\n# H\n\nB.",
        "x/y.md",
    )
    assert (article.id, article.title, article.source) == ("flood-1", "Flood", "Gazette")
    assert article.published == date(2021, 5, 3)
    assert article.text == "# H\n\nB."


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a.md", "Intro.\n\n# The *real* title #\n\nBody.", "The *real* title"),
        ("a.txt", "Intro.\n\n# not a heading here\n", "Intro."),
        (
            "a.txt",
            "Envoy to visit as tensions mount | CNN\n\nBody.",
            "Envoy to visit as tensions mount",
        ),
        ("a.md", "## Second level\nBody.", "Second level"),
        ("a.txt", "w" * 150 + "\nBody.", "w" * 150),
        ("port-strike_2.txt", "w" * 151 + "\nBody.", "port strike 2"),
    ],
)
def test_titles(tmp_path: Path, name: str, text: str, title: str) -> None:
    article = read(tmp_path, text, name)
    assert article.title == title
    assert article.text == text.strip()


def test_newlines_and_accents_are_brought_to_one_form(tmp_path: Path) -> None:
    assert read(tmp_path, "Cafe\u0301\r\n\r\nopen\rnow").text == "Café\n\nopen\nnow"


@pytest.mark.parametrize("tail", ["Source link", "\nSOURCE LINK\n", "Read more\n\nSource link  \n"])
def test_boilerplate_is_dropped_at_the_end_only(tmp_path: Path, tail: str) -> None:
    text = "Title\n\nSource link\n\nIt was the source link."
    assert read(tmp_path, f"{text}\n\n{tail}").text == text


def test_a_date_is_never_taken_from_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, "Text of 3 May 2021.").published is None


def test_the_digest_covers_what_is_shown_and_nothing_else(tmp_path: Path) -> None:
    first = read(tmp_path, "---\nsource: A\n---\nText.")
    assert read(tmp_path, "---\nsource: A\nnote: x\n---\n\nText.\n", "other.txt").digest == (
        first.digest
    )
    assert read(tmp_path, "---\nsource: B\n---\nText.").digest != first.digest
    assert read(tmp_path, "---\nsource: A\n---\nText!").digest != first.digest


@pytest.mark.parametrize("text", ["---\ntitle: Only\n---\n", "Source link", "\ufeff"])
def test_a_file_without_a_text_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadArticle, match=r"a\.txt"):
        read(tmp_path, text)


def test_malformed_front_matter_names_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(BadArticle, match=r"bad\.md: its front matter is malformed: line 2: map"):
        read(tmp_path, "---\ntitle: a: b\n---\nText.", "bad.md")


def test_files_are_found_by_suffix_and_sorted(tmp_path: Path) -> None:
    for name in (
        *("b.md", "a/z.TXT", "a/y.markdown", ".hidden.txt", ".git/x.txt", "questions.jsonl"),
        *("photo.jpg", "folder.txt/inner.txt"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere")
    names = [path.relative_to(tmp_path).as_posix() for path in find_files(tmp_path)]
    assert names == ["a/y.markdown", "a/z.TXT", "b.md", "folder.txt/inner.txt"]
    assert find_files(tmp_path / "b.md") == (tmp_path / "b.md",)
    assert find_files(tmp_path / "photo.jpg") == ()
