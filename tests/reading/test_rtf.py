"""Rich Text documents become their text, whatever wrote them."""

import pytest

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.rtf import read_rtf


def text_of(body: bytes, head: bytes = rb"\ansi\ansicpg1252") -> str:
    return read_rtf(rb"{\rtf1" + head + b" " + body + b"}").drafts[0].text


def test_paragraphs_and_the_stated_title() -> None:
    raw = (
        b"{\\rtf1\\ansi{\\fonttbl{\\f0\\fswiss Arial;}}{\\colortbl;\\red0;}"
        b"{\\stylesheet{\\s1 Head;}}\r\n{\\info{\\title Weir news}{\\author Anna}}"
        b"{\\header On top\\par}\\pard The we\r\nir at \\b Gale\\b0  is open.\\par\r\n"
        b"\\pard It\\line goes on.\\par}\0"
    )
    assert read_rtf(raw) == Contents(
        (Draft("The weir at Gale is open.\n\nIt\ngoes on.", "Weir news"),)
    )


def test_the_first_heading_is_the_title_where_none_is_stated() -> None:
    body = rb"\pard Intro.\par\pard\outlinelevel0 Weir\par\pard Text."
    raw = rb"{\rtf1{\info{\title Document1}}" + body + b"}"
    assert read_rtf(raw).drafts[0].title == "Weir"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"Lef\'e8vre\rquote s", "Lefèvre’s"),
        (rb"Lef\u232?vre\u8217\'92s", "Lefèvre’s"),
        (rb"\uc2 \u8364\'80\'80 5 {\uc0 \u8364 9}\u8364 XX8", "€ 5 €9€8"),
        (rb"\u-10179?\u-8704? boats", "\U0001f600 boats"),
        (b"Lef\xe8vre", "Lefèvre"),
        (rb"A\~b c\_d e\-f \{g\}\\", "A b c-d ef {g}\\"),
        (rb"\emdash\endash\ldblquote x\rdblquote\tab y", "—–“x” y"),
    ],
)
def test_letters_and_signs(body: bytes, text: str) -> None:
    assert text_of(body) == text


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        (rb"\ansi\ansicpg1250", rb"Pr\'f9tok \'8a", "Průtok Š"),
        (rb"\ansi\ansicpg1251", rb"\'cf\'ee\'f0\'f2", "Порт"),
        (rb"\ansi\ansicpg932", rb"\'83\'65\'83X", "テス"),
        (rb"\ansi\ansicpg65001", rb"\'c3\'a8", "è"),
        (rb"\ansi\ansicpg99999", rb"\'e8", "è"),
        (rb"\mac", rb"\'8e", "é"),
        (rb"\pc", rb"\'82", "é"),
        (
            rb"\ansi{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset238 A;}}",
            rb"\f0\'e8 {\f1\'cf\'ee} \f2\'f9\plain\f0\'e8",
            "è По ůè",
        ),
    ],
)
def test_letters_in_the_encoding_that_is_stated(head: bytes, body: bytes, text: str) -> None:
    assert text_of(body, head) == text


def test_notes_stand_at_the_end() -> None:
    first = rb"{\super\chftn}{\footnote\pard\chftn  By letter.\par And wire.}"
    body = b"It opened." + first + rb" Then{\*\footnote B.} shut.\par End."
    assert text_of(body) == "It opened. Then shut.\n\nEnd.\n\n- By letter. And wire.\n- B."


@pytest.mark.parametrize(
    "unseen",
    [
        rb"{\v Obey.}",
        rb"\v Obey.\v0 ",
        rb"\v Obey.\plain ",
        rb"{\deleted Obey.}",
        rb"{\*\annotation Obey.}",
        rb"{\*\unheard-of Obey.}",
        rb"{\field{\*\fldinst HYPERLINK x.example}{\fldrslt }}",
        rb"{\pict\pngblip 89504e47}",
        rb"{\object{\*\objdata 0105}{\result }}",
        b"{\\pict\\bin4 {\\}x}",
    ],
)
def test_what_a_reader_does_not_see_is_left_out(unseen: bytes) -> None:
    assert text_of(b"Seen " + unseen + b"too.") == "Seen too."


def test_links_and_text_boxes_keep_their_words() -> None:
    link = rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt the weir}}"
    shape = rb"{\*\shpinst\shpleft1{\sp{\sn a}{\sv b}}{\shptxt \pard In a box.\par}}"
    box = rb"{\shp" + shape + rb"{\shprslt In a box.}}"
    assert text_of(b"See " + link + b".\\par " + box) == "See the weir.\n\nIn a box."


def test_items_of_lists_keep_their_numbers() -> None:
    marks = [
        rb"{\listtext\f3 \'b7\tab}",
        rb"{\pntext o\tab}",
        rb"{\listtext 1.2\tab}",
        rb"{\pntext a)}",
    ]
    body = b"\\par ".join(mark + b"Boats" for mark in marks)
    assert text_of(body) == "- Boats\n\n- Boats\n\n1.2 Boats\n\na) Boats"


def test_a_row_of_a_table_is_a_line() -> None:
    row = rb"\trowd\pard\intbl North\cell Mon\par day\cell\row"
    assert (
        text_of(b"Tides\\par " + row + row + rb"\pard End.")
        == "Tides\n\nNorth | Mon day\nNorth | Mon day\n\nEnd."
    )


@pytest.mark.parametrize("body", [b"", rb"\par", rb"{\v x}", b"}}}", rb"{\pict 00}"])
def test_a_document_without_words_is_named(body: bytes) -> None:
    with pytest.raises(Unreadable, match=r"holds no text\."):
        text_of(body)


def test_groups_without_end_are_named() -> None:
    with pytest.raises(Unreadable, match=r"is a damaged RTF document\."):
        text_of(b"{" * 20_000)
