"""Small documents of the office programs, made for the tests as those programs write them."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.reading.samples import RELATIONSHIPS, zipped

SHEET_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SLIDE_NS = "http://schemas.openxmlformats.org/presentationml/2006/main"
DRAW_NS = "http://schemas.openxmlformats.org/drawingml/2006/main"
RELATION_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"
OPEN_NS = (
    f"xmlns:office='{OPEN}:office:1.0' xmlns:text='{OPEN}:text:1.0' xmlns:table='{OPEN}:table:1.0'"
    f" xmlns:style='{OPEN}:style:1.0' xmlns:draw='{OPEN}:drawing:1.0'"
    f" xmlns:presentation='{OPEN}:presentation:1.0' xmlns:meta='{OPEN}:meta:1.0'"
    " xmlns:dc='http://purl.org/dc/elements/1.1/'"
)


@dataclass(frozen=True)
class Cell:
    """A cell of a workbook: its value, its type (`t`) and the number of its style."""

    value: str
    kind: str = "n"
    style: int = 0


Row = Sequence[str | Cell | None]
"""The cells of a row; None leaves one free."""


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """The part that says what another refers to: id → kind and target."""
    rows = "".join(
        f"<Relationship Id='{name}' Type='{RELATION_NS}/{kind}' Target='{target}'/>"
        for name, (kind, target) in targets.items()
    )
    return f"<Relationships xmlns='{RELATIONSHIPS}'>{rows}</Relationships>"


def xlsx(
    sheets: Mapping[str, Sequence[Row]],
    formats: Sequence[str] = (),
    state: str = "visible",
    more: str = "",
) -> bytes:
    """A workbook of these sheets; `state` is that of the last, `more` stands in the workbook."""
    strings: list[str] = []
    parts: dict[str, str | bytes] = {}
    targets = {"s": ("sharedStrings", "sharedStrings.xml"), "f": ("styles", "styles.xml")}
    listed = ""
    for number, (name, rows) in enumerate(sheets.items(), 1):
        written = "".join(_row(line, row, strings) for line, row in enumerate(rows, 1))
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f"<worksheet xmlns='{SHEET_NS}'><sheetData>{written}</sheetData></worksheet>"
        )
        targets[f"r{number}"] = ("worksheet", f"/xl/worksheets/sheet{number}.xml")
        shown = state if number == len(sheets) else "visible"
        listed += f"<sheet name='{name}' sheetId='{number}' state='{shown}' r:id='r{number}'/>"
    codes = "".join(
        f'<numFmt numFmtId="{170 + number}" formatCode="{code}"/>'
        for number, code in enumerate(formats)
    )
    styles = "<xf numFmtId='0'/><xf numFmtId='14'/>" + "".join(
        f"<xf numFmtId='{170 + number}'/>" for number in range(len(formats))
    )
    return zipped(
        {
            "xl/workbook.xml": (
                f"<workbook xmlns='{SHEET_NS}' xmlns:r='{RELATION_NS}'>{more}"
                f"<sheets>{listed}</sheets></workbook>"
            ),
            "xl/_rels/workbook.xml.rels": relations(targets),
            "xl/sharedStrings.xml": f"<sst xmlns='{SHEET_NS}'>{''.join(strings)}</sst>",
            "xl/styles.xml": (
                f"<styleSheet xmlns='{SHEET_NS}'><numFmts>{codes}</numFmts>"
                f"<cellStyleXfs><xf/></cellStyleXfs><cellXfs>{styles}</cellXfs></styleSheet>"
            ),
            **parts,
        }
    )


def _row(line: int, row: Row, strings: list[str]) -> str:
    cells = ""
    for column, cell in enumerate(row):
        place = f"{chr(ord('A') + column)}{line}"
        if isinstance(cell, Cell):
            value = (
                f"<is><t>{cell.value}</t></is>"
                if cell.kind == "inlineStr"
                else f"<v>{cell.value}</v>"
            )
            cells += f"<c r='{place}' t='{cell.kind}' s='{cell.style}'>{value}</c>"
        elif cell is not None:
            strings.append(f"<si><r><t>{cell[:1]}</t></r><r><t>{cell[1:]}</t></r></si>")
            cells += f"<c r='{place}' t='s'><v>{len(strings) - 1}</v></c>"
    return f"<row r='{line}'>{cells}</row>" if cells else ""


def open_document(body: str, styles: str = "", title: str = "", manifest: str = "") -> bytes:
    """An OpenDocument of what stands in <office:body>, with these automatic styles."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument",
            "content.xml": (
                f"<office:document-content {OPEN_NS}><office:automatic-styles>{styles}"
                f"</office:automatic-styles><office:body>{body}</office:body></office:document-content>"
            ),
            "meta.xml": (
                f"<office:document-meta {OPEN_NS}><office:meta><dc:title>{title}</dc:title>"
                "</office:meta></office:document-meta>"
            ),
            "META-INF/manifest.xml": manifest or "<manifest/>",
        }
    )


def flat(document: bytes) -> bytes:
    """An OpenDocument as one file of XML, with a picture in it."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        parts = [archive.read(name).decode() for name in ("meta.xml", "content.xml")]
    inner = "".join(re.sub(r"\A<[^>]*>|<[^>]*>\Z", "", part) for part in parts)
    picture = "<office:binary-data>iVBORw0KGgo=</office:binary-data>"
    body = inner.replace("</office:body>", f"{picture}</office:body>")
    return f"<?xml version='1.0'?><office:document {OPEN_NS}>{body}</office:document>".encode()


def odt(body: str, styles: str = "", title: str = "") -> bytes:
    """A text document of this OpenDocument text."""
    return open_document(f"<office:text>{body}</office:text>", styles, title)


def ods(sheets: str, styles: str = "") -> bytes:
    """A workbook of these <table:table>."""
    return open_document(f"<office:spreadsheet>{sheets}</office:spreadsheet>", styles)


def odp(pages: str) -> bytes:
    """A presentation of these <draw:page>."""
    return open_document(f"<office:presentation>{pages}</office:presentation>")


def shape(text: str, place: str = "") -> str:
    """A shape of a slide with these paragraphs, one a line, for a place such as `title`."""
    lines = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.split("\n"))
    marked = (
        f"<p:nvSpPr><p:cNvPr id='1' name='x'/><p:nvPr><p:ph type='{place}'/></p:nvPr></p:nvSpPr>"
    )
    return f"<p:sp>{marked if place else ''}<p:txBody>{lines}</p:txBody></p:sp>"


def pptx(slides: Sequence[str], notes: Mapping[int, str] | None = None, title: str = "") -> bytes:
    """A presentation of these slides, each its shapes in XML, and the notes below some, from 0."""
    namespaces = f"xmlns:p='{SLIDE_NS}' xmlns:a='{DRAW_NS}' xmlns:r='{RELATION_NS}'"
    order = "".join(f"<p:sldId id='{256 + n}' r:id='r{n}'/>" for n in range(len(slides)))
    parts: dict[str, str | bytes] = {
        "ppt/presentation.xml": (
            f"<p:presentation {namespaces}><p:sldIdLst>{order}</p:sldIdLst></p:presentation>"
        ),
        "ppt/_rels/presentation.xml.rels": relations(
            {f"r{n}": ("slide", f"slides/slide{9 - n}.xml") for n in range(len(slides))}
        ),
        "docProps/core.xml": (
            f"<c xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>{title}</dc:title></c>"
        ),
    }
    for n, shapes in enumerate(slides):
        hidden = " show='0'" if shapes.startswith("<!--hidden-->") else ""
        parts[f"ppt/slides/slide{9 - n}.xml"] = (
            f"<p:sld {namespaces}{hidden}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
        )
    for n, shapes in (notes or {}).items():
        parts[f"ppt/slides/_rels/slide{9 - n}.xml.rels"] = relations(
            {"n": ("notesSlide", f"../notesSlides/notes{n}.xml")}
        )
        parts[f"ppt/notesSlides/notes{n}.xml"] = f"<p:notes {namespaces}>{shapes}</p:notes>"
    return zipped(parts)
