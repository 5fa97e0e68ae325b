"""Rows become articles; bad rows are named by their lines."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.tables import read_csv, read_json, read_json_lines

VISIT = Draft("Wang Yi came.\nHe left.", "Visit", date(2023, 2, 18), "Gazette", below="v-1")


def test_json_lines() -> None:
    raw = (
        '{"id": "v-1", "title": " Visit ", "text": "Wang Yi came.\\nHe left.",'
        ' "published": "2023-02-18T10:00:00Z", "source": "Gazette", "author": ["x"]}\n'
        "\n"
        '{"text": "Only a text.\u2028It goes on."}\n'
        '{"id": 7, "text": "Numbered.", "title": null, "published": ""}\r\n'
    )
    assert read_json_lines(raw.encode()) == Contents(
        (
            VISIT,
            Draft("Only a text.\u2028It goes on.", below="3"),
            Draft("Numbered.", below="7"),
        )
    )


def test_bad_lines_of_json_are_named_and_the_rest_is_read() -> None:
    raw = b"\n".join(
        [
            b'{"text": "One."}',
            b'{"text": "Two."',
            b'["a"]',
            b'{"text": ["a", 2]}',
            b'{"title": "x"}',
            b'{"text": " "}',
            b'{"question": "Who?"}',
            b'{"text": "Eight.", "published": "03/04/2023"}',
            b"[" * 100_000,
        ]
    )
    contents = read_json_lines(raw)
    assert [(draft.below, draft.published) for draft in contents.drafts] == [
        ("1", None),
        ("8", None),
    ]
    assert contents.problems == (
        "lines 2, 3, 9: each is not a JSON object. Correct or delete it.",
        "line 4 has a `text` that is not text. Put it in quotes.",
        "lines 5, 6: each has no `text`. Give it one or delete the line.",
        "line 7 has a `question` and no `text`. Keep question sets elsewhere.",
        "line 8 has a `published` that cannot be told; the article is kept without it. Write it "
        "like 2023-02-18.",
    )


def test_a_question_set_is_passed_over_in_silence() -> None:
    assert read_json_lines(b'{"question": "Who?"}\n\n{"question": "When?", "answers": []}\n') == (
        Contents(())
    )


def test_many_lines_with_one_fault_make_one_problem() -> None:
    contents = read_json_lines(b'{"text": ""}\n' * 100)
    assert contents.problems == (
        "lines 1, 2, 3, 4, 5 and 95 more: each has no `text`. Give it one or delete the line.",
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_as_programs_write_it(delimiter: str, newline: str, mark: str) -> None:
    rows = [
        ["Id", " TITLE", "text", "published", "author", "source"],
        ["v-1", '"Visit"', '"Wang Yi came.\nHe left."', "18 Feb 2023", "x, y; z|", "Gazette"],
        ["", "", '"He said ""no""."', "", "", ""],
    ]
    rows[1][4] = '"x, y; z|"'
    raw = mark + newline.join(delimiter.join(row) for row in rows) + newline
    assert read_csv(raw.encode()) == Contents((VISIT, Draft('He said "no".', below="2")))


def test_a_field_may_be_as_long_as_an_article() -> None:
    text = "word " * 100_000
    assert read_csv(f"text,title\n{text},Long\n".encode()).drafts[0].text == text


def test_bad_rows_of_csv_are_named_and_the_rest_is_read() -> None:
    raw = (
        b'title,text\nA,One.\nB,"Two\nlines."\nC\nD,Three, four and five.\nE,"Six" odd.\nF,Last.\n'
    )
    contents = read_csv(raw)
    assert [(draft.title, draft.below) for draft in contents.drafts] == [
        ("A", "1"),
        ("B", "2"),
        ("F", "5"),
    ]
    assert contents.problems == (
        "line 5 has no `text`. Give it one or delete the line.",
        "line 6 has more fields than the header. Put quotes around each field.",
        "line 7 has quotes that do not pair up. Double those inside a field.",
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"a,b\n1,2\n", "has no column `text` in its first line ('a,b'). Name its columns text,"),
        (b"text,title\n\n", "holds no row below its header."),
        (b"\0\0", "is not text (it holds NUL bytes)."),
    ],
)
def test_a_table_without_articles_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_csv(raw)
    assert str(caught.value).startswith(reason)


def test_csv_as_excel_marks_it() -> None:
    raw = b"sep=;\r\ntext;title;published\r\nThe kiln was lit.;Kiln;01.02.2023\r\n"
    (draft,) = read_csv(raw).drafts
    assert (draft.text, draft.title) == ("The kiln was lit.", "Kiln")
    assert draft.published == date(2023, 2, 1)


def test_columns_under_other_names() -> None:
    (draft,) = read_csv(b"headline,body,date\nKiln,It was lit.,2023-02-01\n").drafts
    assert draft == Draft("It was lit.", "Kiln", date(2023, 2, 1), below="1")


@pytest.mark.parametrize(
    "raw",
    [
        b'[{"id": "v-1", "text": "One."}, {"content": "Two."}]',
        b'{"status": "ok", "articles": [{"id": "v-1", "text": "One."}, {"body": "Two."}]}',
    ],
)
def test_json_with_a_list_of_articles(raw: bytes) -> None:
    assert read_json(raw) == Contents((Draft("One.", below="v-1"), Draft("Two.", below="2")))


def test_json_with_one_article() -> None:
    assert read_json(b'{"title": "Kiln", "text": "Lit."}').drafts == (
        Draft("Lit.", "Kiln", below="1"),
    )


def test_bad_items_of_json_are_named_and_the_rest_is_read() -> None:
    contents = read_json(b'[{"text": "One."}, {"text": 7}, {"question": "Who?"}]')
    assert [draft.below for draft in contents.drafts] == ["1"]
    assert contents.problems == ("item 2 has a `text` that is not text. Put it in quotes.",)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "is not JSON."),
        (b"[" * 100_000, "is not JSON."),
        (b'{"name": "x"}', "holds no article"),
        (b"[1, 2]", "holds no article"),
        (b'{"a": {"text": "deep"}}', "holds no article"),
    ],
)
def test_json_without_articles_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_json(raw)
    assert str(caught.value).startswith(reason)


def test_a_list_of_questions_is_passed_over_in_silence() -> None:
    assert read_json(b'[{"question": "Who?", "answers": []}]') == Contents(())


@given(st.text(alphabet='text,;\t|"\n\r a{}[]:\\ud8', max_size=120))
def test_any_text_gives_rows_or_a_reason(text: str) -> None:
    for reader in (read_csv, read_json_lines, read_json):
        for prefix in ("", "text,id\n", '{"text": "'):
            try:
                contents = reader((prefix + text).encode())
            except Unreadable:
                continue
            assert all(draft.text.strip() for draft in contents.drafts)
