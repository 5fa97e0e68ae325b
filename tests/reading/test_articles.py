"""Files become articles: ids, titles, dates, and what is dropped."""

import itertools
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import BadArticle
from qa.reading.articles import (
    FileContent,
    Walk,
    _normalised,
    _settled,
    article_id,
    read_file,
    walk,
)
from qa.reading.draft import Draft
from qa.types import Article
from tests.reading.samples import pdf, zipped


def read(tmp_path: Path, content: str, name: str = "a.txt") -> Article:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode())
    read_from = read_file(file, tmp_path)
    assert read_from.problems == ()
    (article,) = read_from.articles
    return article


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2023/Wang visit.md", "2023/wang-visit"),
        ("Café.txt", "caf-"),
        ("v1.2_final.txt", "v1.2_final"),
        ("_.txt", "_"),
        ("Straße Łódź.txt", "stra-e---d-"),
        ("статья.txt", "-------1347fb"),
        ("北京2023.txt", "--2023-b93bd2"),
        ("2023/новости/1.txt", "2023/--------b936c4/1"),
        ("!!.txt", "---233d26"),
    ],
)
def test_an_id_is_the_path_below_the_root(tmp_path: Path, name: str, expected: str) -> None:
    assert read(tmp_path, "Text.", name).id == expected


def test_a_file_that_is_its_own_root_is_named_after_itself(tmp_path: Path) -> None:
    file = tmp_path / "One Story.txt"
    file.write_text("Text.")
    assert article_id(file, file) == "one-story"


def test_names_in_other_scripts_stay_apart(tmp_path: Path) -> None:
    names = ["статья", "портал", "нового", "сайт 1", "день 1", "🙂", "🎉", "!!!", "???"]
    assert len({article_id(tmp_path / f"{name}.txt", tmp_path) for name in names}) == len(names)


def test_an_id_is_the_same_however_the_disk_composes_accents(tmp_path: Path) -> None:
    assert article_id(tmp_path / "Cafe\u0301.txt", tmp_path) == "caf-"


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


def test_the_digest_covers_where_pages_begin(tmp_path: Path) -> None:
    digests = set()
    for pages in (["One.", "Two.", "Three."], ["One.", "", "Two.", "Three."]):
        (tmp_path / "a.pdf").write_bytes(pdf([[line] for line in pages]))
        (article,) = read_file(tmp_path / "a.pdf", tmp_path).articles
        assert article.text == "One.\n\nTwo.\n\nThree."
        digests.add(article.digest)
    assert len(digests) == 2


def test_a_dateline_dates_an_article_that_states_no_date(tmp_path: Path) -> None:
    line = "MUNICH, Feb. 18, 2023 (Reuters) - They met."
    assert read(tmp_path, line).published == date(2023, 2, 18)
    assert read(tmp_path, line).text == line
    assert read(tmp_path, f"---\npublished: 2023-02-19\n---\n{line}").published == date(2023, 2, 19)


def test_many_articles_in_one_file(tmp_path: Path) -> None:
    file = tmp_path / "in" / "Wire Copy.jsonl"
    file.parent.mkdir()
    file.write_text(
        '{"id": "Über/A 1", "text": "One.", "title": "T", "source": "S"}\n'
        '{"text": "Cafe\\u0301\\r\\nopen \\ud800 \\u0000", "published": "2023-02-18"}\n'
        '{"text": "Read more"}\n{"id": "2", "text": "Twice."}\n'
    )
    content = read_file(file, tmp_path)
    first, second, third = content.articles
    assert (first.id, first.title, first.source) == ("in/wire-copy/-ber/a-1", "T", "S")
    assert (second.id, second.text) == ("in/wire-copy/2", "Café\nopen \ufffd \ufffd")
    assert second.published == date(2023, 2, 18)
    assert (third.id, third.text) == ("in/wire-copy/2-2", "Twice.")  # kept apart
    assert content.problems == (
        f"{file}, article 3 holds no text. Delete it or put the article into it.",
    )


def test_members_of_a_zip_are_named_below_it(tmp_path: Path) -> None:
    (tmp_path / "Old.zip").write_bytes(zipped({"2023/Visit A.txt": "x" * 151, "b.txt": "\n"}))
    content = read_file(tmp_path / "Old.zip", tmp_path)
    assert [(one.id, one.title) for one in content.articles] == [("old/2023/visit-a", "Visit A")]
    assert content.problems == (
        f"{tmp_path / 'Old.zip'}, member b.txt is empty. Delete it or put the article into it.",
    )


def test_a_question_set_is_no_article_and_no_problem(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text('{"id": "q1", "question": "Who?", "answers": []}\n')
    assert read_file(tmp_path / "questions.jsonl", tmp_path) == FileContent(())


def test_a_file_whose_only_part_is_at_fault_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": ""}\n')
    with pytest.raises(BadArticle, match=r"a\.jsonl, line 1 has no `text`\. Give it one"):
        read_file(tmp_path / "a.jsonl", tmp_path)


def test_a_name_that_is_not_utf8_is_named_on_one_line(tmp_path: Path) -> None:
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    file.write_text("Text.")
    with pytest.raises(BadArticle, match=r"caf\ufffd\.txt has a name that is not UTF-8\."):
        read_file(file, tmp_path)


@given(
    st.lists(st.text(alphabet="a\u0301 .\n\ud800\0Read mo", max_size=12), min_size=1, max_size=6)
)
def test_pages_begin_where_they_did_in_the_draft(pages: list[str]) -> None:
    starts = tuple(itertools.accumulate(map(len, pages[:-1]), initial=0))
    text, settled = _settled(Draft("".join(pages), page_starts=starts))
    assert len(settled) == len(pages)
    assert list(settled) == sorted(settled)
    assert all(0 <= start <= len(text) for start in settled)
    kept = "".join(_normalised(page) for page in pages)
    assert text in kept.strip()
    for number, start in enumerate(settled):
        before = "".join(map(_normalised, pages[:number])).lstrip()
        assert text[:start] == before[: len(text)]


@pytest.mark.parametrize("text", ["---\ntitle: Only\n---\n", "Source link", "\ufeff"])
def test_a_file_without_a_text_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadArticle, match=r"a\.txt"):
        read(tmp_path, text)


def test_a_field_that_cannot_be_read_is_left_out_and_the_article_kept(tmp_path: Path) -> None:
    file = tmp_path / "odd.md"
    file.write_text("---\ntitle: a: b\npublished: soon\n---\nText.")
    content = read_file(file, tmp_path)
    (article,) = content.articles
    assert (article.title, article.published, article.text) == ("a: b", None, "Text.")
    assert content.problems == (
        f"{file}, its front matter has a `published` that cannot be told; the article is kept "
        "without it. Write it like 2023-02-18.",
    )


def test_links_to_folders_are_entered_once_and_broken_ones_named(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "in", tmp_path / "elsewhere"
    for file in (root / "real" / "a.txt", elsewhere / "b.txt"):
        file.parent.mkdir(parents=True)
        file.write_text("x")
    (root / "again").symlink_to(root / "real")  # a folder that is there under its own name
    (root / "real" / "up").symlink_to(root)  # a loop
    (root / "to elsewhere").symlink_to(elsewhere)
    (root / "itself").symlink_to(root / "itself")
    (root / "nowhere").symlink_to(root / "gone")
    found = walk(root)
    assert [str(file.relative_to(root)) for file in found.files] == [
        "real/a.txt",
        "to elsewhere/b.txt",
    ]
    assert found.problems == tuple(
        f"{root / name} is a link that leads nowhere. Mend or delete it."
        for name in ("itself", "nowhere")
    )


def test_files_are_found_by_suffix_and_sorted(tmp_path: Path) -> None:
    for name in (
        *("b.md", "a/z.TXT", "a/y.markdown", ".hidden.txt", ".git/x.txt", "questions.jsonl"),
        *("photo.gif", "old/photo.GIF", "Makefile", "folder.txt/inner.txt", "~$b.docx"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    names = [path.relative_to(tmp_path).as_posix() for path in walk(tmp_path).files]
    assert names == ["a/y.markdown", "a/z.TXT", "b.md", "folder.txt/inner.txt", "questions.jsonl"]
    assert walk(tmp_path).passed_over == {"": 1, ".gif": 2}
    assert walk(tmp_path).problems == ()
    assert walk(tmp_path / "b.md") == Walk((tmp_path / "b.md",), {}, ())
    assert walk(tmp_path / "photo.gif") == Walk((), {".gif": 1}, ())


@pytest.mark.skipif(os.geteuid() == 0, reason="root lists every folder")
def test_a_folder_without_rights_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Text.")
    (tmp_path / "locked").mkdir(mode=0)
    found = walk(tmp_path)
    assert found.files == (tmp_path / "a.txt",)
    assert found.problems == (
        f"{tmp_path / 'locked'} cannot be listed: Permission denied. Check its rights.",
    )


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    assert walk(tmp_path / "gone").problems == (
        f"{tmp_path / 'gone'} cannot be listed: No such file or directory. Check its rights.",
    )
