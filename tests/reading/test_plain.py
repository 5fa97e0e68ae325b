"""Text files: their encoding is found, or it is said why they are no text."""

import codecs
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.encodings import decode, decode_text
from qa.reading.plain import read_markdown, read_text

CZECH = "Žluťoučký kůň úpěl ďábelské ódy v Praze. Řeka se vylila z břehů."
FRENCH = "L’évêque a visité le marché couvert près de la mairie, où il a goûté le pâté."


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_utf8_is_read_as_it_stands(text: str) -> None:
    expected = text.removeprefix("\ufeff")
    if expected.count("\ufffd") <= 0.02 * len(expected):
        assert decode_text(text.encode()) == expected


@pytest.mark.parametrize(
    "raw",
    [
        codecs.BOM_UTF8 + CZECH.encode(),
        codecs.BOM_UTF16_LE + CZECH.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + CZECH.encode("utf-16-be"),
        CZECH.encode("cp1250"),
    ],
)
def test_an_encoding_is_declared_by_a_mark_or_found(raw: bytes) -> None:
    assert decode_text(raw) == CZECH


def test_western_text_without_a_mark_is_found() -> None:
    assert decode_text(FRENCH.encode("cp1252")) == FRENCH


@pytest.mark.parametrize(
    ("text", "encoding", "guessed"),
    [
        (FRENCH, "cp1252", "Windows-1252"),
        ("Die Gemeinde eröffnet am Samstag die Brücke über den Fluß.", "cp1252", "Windows-1252"),
        ("¿Cuánto costó? Íñigo Muñoz, de 41 años, dijo «nada».", "cp1252", "Windows-1252"),
        ("The £4.5m crane – it’s “ready” – opens at the café.", "cp1252", "Windows-1252"),
        ("Małgorzata Wiśniewska powiedziała, że budowa w Łodzi trwała.", "iso8859-2", "ISO 8859-2"),
        ("Małgorzata Wiśniewska powiedziała, że budowa w Łodzi trwała.", "cp1250", "Windows-1250"),
        (CZECH, "cp1250", "Windows-1250"),
        ("Az árvízről szóló hírt őrzik a főváros hűvös könyvtárában.", "cp1250", "Windows-1250"),
        (
            "İstanbul'da köprü açıldı, şehir halkı çok sevindi, yağmur yağdı.",
            "cp1254",
            "Windows-1254",
        ),
        ("Der Bürgermeister grüßte die Gäste in der schönen Höhle.", "mac-roman", "Mac Roman"),
        ("Мост через Лену открыли в субботу, сказала Анна Петрова.", "koi8-r", "koi8-r"),
        ("新しい橋が土曜日に開通した。市長は三年かかったと述べた。", "shift_jis", "cp932"),
        ("The lighthouse at Morn was lit again.", "utf-16-le", "UTF-16-LE"),
        ("The lighthouse at Morn was lit again.", "utf-16-be", "UTF-16-BE"),
    ],
)
def test_what_the_text_looks_like_decides_and_the_guess_is_told(
    text: str, encoding: str, guessed: str
) -> None:
    found = decode(text.encode(encoding))
    assert (found.text, found.guessed) == (text, guessed)
    (problem,) = read_text(text.encode(encoding)).problems
    assert problem.startswith(f"it is not UTF-8 and was read as {guessed}.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_where_nothing_was_guessed_nothing_is_told(encoding: str) -> None:
    assert decode(FRENCH.encode(encoding)).guessed == ""
    assert read_text(FRENCH.encode(encoding)).problems == ()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "it holds NUL bytes"),
        (b"\x01\x02\x03\x04 abc", "it holds control characters"),
        (codecs.BOM_UTF16_LE + b"a", "byte 2 does not fit utf-16-le"),
    ],
)
def test_a_binary_is_no_text(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        decode_text(raw)
    assert str(caught.value) == f"is not text ({reason}). Delete it or save it as UTF-8 text."


def test_a_long_file_in_another_encoding_is_read_to_its_end() -> None:
    long = "\n".join([CZECH] * 20_000)
    assert decode_text(long.encode("cp1250")) == long


def test_front_matter_is_read_and_lines_end_in_one_way() -> None:
    raw = b"---\r\ntitle: Flood\r\npublished: 3 May 2021\r\n---\r\n# H\r\nB."
    expected = Draft("# H\nB.", "Flood", date(2021, 5, 3))
    assert read_text(raw) == read_markdown(raw) == Contents((expected,))


def test_only_markdown_has_headings() -> None:
    assert read_markdown(b"Intro.\n\n# Head #\n").drafts[0].title == "Head"
    assert read_text(b"Intro.\n\n# Head #\n").drafts[0].title is None


def test_a_field_of_front_matter_that_is_left_out_is_a_problem() -> None:
    problem = (
        "its front matter has a `source` that is no single value; the article is kept without it."
    )
    raw = b"---\ntitle: a: b\nsource:\n---\nText."
    assert read_text(raw) == Contents((Draft("Text.", "a: b"),))
    listed = b"---\ntitle: T\nsource: [x, y]\n---\nText."
    assert (
        read_text(listed) == read_markdown(listed) == Contents((Draft("Text.", "T"),), (problem,))
    )


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_reason(raw: bytes) -> None:
    try:
        text = decode_text(raw)
    except ValueError:
        return
    assert text.encode().decode() == text
