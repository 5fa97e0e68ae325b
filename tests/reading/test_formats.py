"""Bytes become text, or a BadArticle that says why not."""

import codecs
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import BadArticle
from qa.reading.formats import decode_text, read_text

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
    ("raw", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "it holds NUL bytes"),
        (b"\x01\x02\x03\x04 abc", "it holds control characters"),
        (codecs.BOM_UTF16_LE + b"a", "byte 2 does not fit utf-16-le"),
    ],
)
def test_a_binary_is_no_text(tmp_path: Path, raw: bytes, reason: str) -> None:
    file = tmp_path / "photo.txt"
    file.write_bytes(raw)
    with pytest.raises(BadArticle, match=r"photo\.txt is not text") as caught:
        read_text(file)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_reason(raw: bytes) -> None:
    try:
        text = decode_text(raw)
    except ValueError:
        return
    assert text.encode().decode() == text


@pytest.mark.parametrize("raw", [b"", b" \n\t "])
def test_an_empty_file_is_named(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "empty.md"
    file.write_bytes(raw)
    with pytest.raises(BadArticle, match=r"empty\.md is empty\. Delete it"):
        read_text(file)


def test_an_unreadable_file_and_a_strange_format_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadArticle, match="cannot be read: No such file"):
        read_text(tmp_path / "gone.txt")
    with pytest.raises(BadArticle, match=r"a\.pdf is not one of the formats read here: \.txt, "):
        read_text(tmp_path / "a.pdf")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_rights_is_named(tmp_path: Path) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("a")
    file.chmod(0)
    with pytest.raises(BadArticle, match=r"secret\.txt cannot be read: Permission denied"):
        read_text(file)
