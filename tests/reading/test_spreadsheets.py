"""Workbooks: sheets of articles as in a CSV file, and sheets of anything else."""

from datetime import date

import pytest

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.open_document import read_ods
from qa.reading.sheets import MOST_ROWS_OF_FIGURES
from qa.reading.xlsx import read_xlsx
from tests.reading.office_samples import Cell, Row, ods, open_document, xlsx
from tests.reading.samples import zipped


def texts(raw: bytes) -> list[str]:
    return [draft.text for draft in read_xlsx(raw).drafts]


def test_a_row_is_an_article_where_a_column_holds_texts() -> None:
    rows: list[Row] = [
        ["Wire of the weir"],
        [],
        ["headline", "date", " Body ", "outlet"],
        ["Weir opens", Cell("44975", style=1), "It opened.\nAt Gåle.", "Gazette"],
        ["Weir shuts", Cell("2023-02-19", "str"), Cell("It shut.", "inlineStr"), None],
        ["No text"],
    ]
    assert read_xlsx(xlsx({"Wire": rows})) == Contents(
        (
            Draft(
                "It opened.\nAt Gåle.", "Weir opens", date(2023, 2, 18), "Gazette", below="Wire/1"
            ),
            Draft("It shut.", "Weir shuts", date(2023, 2, 19), below="Wire/2"),
        ),
        ("sheet Wire: row 6 has no `text`. Give it one or delete the line.",),
    )


def test_any_other_sheet_is_an_article_of_its_rows() -> None:
    rows: list[Row] = [
        ["Budget of the weir"],
        ["Town", Cell("2022"), Cell("2023"), "Open"],
        ["Gale", Cell("300.5"), Cell("0.30000000000000004"), Cell("1", "b")],
        ["Bo", None, Cell("#N/A", "e"), Cell("0", "b")],
    ]
    assert read_xlsx(xlsx({"Budget": rows})).drafts == (
        Draft(
            "Budget of the weir\n\n- Town: Gale; 2022: 300.5; 2023: 0.3; Open: TRUE\n"
            "- Town: Bo; Open: FALSE",
            "Budget",
            below="Budget",
        ),
    )
    assert texts(xlsx({"S": [["Gale", Cell("3")], ["Bo", Cell("4")]]})) == ["- Gale; 3\n- Bo; 4"]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("44975", "dd/mm/yyyy", "2023-02-18"),
        ("44975.5", "[$-407]d. mmmm yyyy hh:mm", "2023-02-18 12:00"),
        ("0.75", "hh:mm", "18:00"),
        ("0.125", "0.0%", "12.5%"),
        ("44975", "#,##0 &quot;days&quot;", "44975"),
        ("44975", "General", "44975"),
        ("1e400", "dd/mm/yyyy", "1e400"),
        ("-99999999", "dd/mm/yyyy", "-99999999"),
    ],
)
def test_days_and_shares_are_shown_as_the_workbook_shows_them(
    value: str, code: str, shown: str
) -> None:
    rows: list[Row] = [["a", "b"], ["x", Cell(value, style=2)]]
    raw = xlsx({"S": rows}, formats=[code])
    assert texts(raw) == [f"- a: x; b: {shown}"]


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    rows: list[Row] = [["a", "b"], ["x", Cell("43513", style=1)]]
    assert texts(xlsx({"S": rows}, more="<workbookPr date1904='1'/>")) == ["- a: x; b: 2023-02-18"]


def test_a_hidden_sheet_and_one_of_data_are_named() -> None:
    hidden = read_xlsx(xlsx({"A": [["x"]], "B": [["y"]]}, state="veryHidden"))
    assert [draft.text for draft in hidden.drafts] == ["- x"]
    assert hidden.problems == (
        "sheet B is hidden and was left out. Show it and save the workbook.",
    )
    rows = [[Cell("1"), Cell("2")]] * (MOST_ROWS_OF_FIGURES + 1)
    assert read_xlsx(xlsx({"A": rows})) == Contents(
        (), ("sheet A: it has 5,001 rows and no column `text`; it was left out as data.",)
    )


def test_a_sheet_of_a_header_alone_is_named() -> None:
    found = read_xlsx(xlsx({"Wire": [["text", "title"]]}))
    told = "it holds no row below its header. Put articles into it."
    assert found == Contents((), (f"sheet Wire: {told}",))


def test_cells_far_apart_take_no_room() -> None:
    far = "<c r='XFD1048576' t='str'><v>far</v></c>"
    sheet = (
        f"<worksheet><row r='1'><c r='A1' t='str'><v>near</v></c></row><row>{far}</row></worksheet>"
    )
    raw = zipped(
        {
            "xl/workbook.xml": (
                "<w xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/"
                "relationships'><sheet name='S' r:id='a'/></w>"
            ),
            "xl/_rels/workbook.xml.rels": "<r><Relationship Id='a' Target='s.xml'/></r>",
            "xl/s.xml": sheet,
        }
    )
    assert texts(raw) == ["- near\n- far"]


def cell(words: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{words}</text:p></table:table-cell>"


def sheet(rows: list[str], name: str = "Wire", style: str = "") -> str:
    written = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f"<table:table table:name='{name}' table:style-name='{style}'>{written}</table:table>"


def test_a_workbook_of_open_document_is_read_alike() -> None:
    day = "office:value-type='date' office:date-value='2023-02-18T00:00:00'"
    empty = "<table:table-cell table:number-columns-repeated='2'/>"
    note = "<office:annotation><text:p>Obey.</text:p></office:annotation>"
    rows = [
        cell("title") + empty + cell("text") + cell("date"),
        cell("Weir")
        + empty
        + cell(f"It <text:span>opened</text:span>.{note}")
        + cell("18.02.", day),
        "<table:table-cell table:number-columns-repeated='16384'/>",
    ]
    hidden = (
        "<style:style style:name='ta2'><style:table-properties"
        " table:display='false'/></style:style>"
    )
    raw = ods(sheet(rows) + sheet([cell("x")], "Secret", "ta2"), hidden)
    assert read_ods(raw) == Contents(
        (Draft("It opened.", "Weir", date(2023, 2, 18), below="Wire/1"),),
        ("sheet Secret is hidden and was left out. Show it and save the workbook.",),
    )


def test_cells_that_stand_for_many_take_no_room() -> None:
    repeated = "table:number-columns-repeated='99999999'"
    raw = ods(
        sheet([cell("x", repeated), cell("a") + cell("b", "table:number-columns-repeated='2'")])
    )
    (draft,) = read_ods(raw).drafts
    assert draft.text.split("\n")[-1] == "- a; b; b"
    assert len(draft.text) < 1_000


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (xlsx({"A": []}), r"holds no rows\."),
        (zipped({"a.txt": "x"}), r"is no workbook, or a damaged one\."),
        (zipped({"xl/workbook.xml": "<w"}), r"holds malformed XML\."),
    ],
)
def test_what_is_no_workbook_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_xlsx(raw)


def test_a_locked_open_document_is_named() -> None:
    raw = open_document("x", manifest="<m><file-entry><encryption-data/></file-entry></m>")
    with pytest.raises(Unreadable, match=r"is protected by a password\."):
        read_ods(raw)
    with pytest.raises(Unreadable, match=r"holds no rows\."):
        read_ods(ods(sheet([cell("")])))
