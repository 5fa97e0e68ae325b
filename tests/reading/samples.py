"""Small files of every format, made for the tests."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

LEADING = 14
FONT_SIZE = 11

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def pdf(pages: Sequence[Sequence[str]], title: str | None = None, password: str = "") -> bytes:
    """A PDF of these lines, each page from its head; "" leaves a line free.

    Four spaces indent a line, "# " sets it larger.
    """
    written = io.BytesIO()
    encryption = StandardEncryption(password) if password else None
    canvas = Canvas(written, pagesize=(595, 842), encrypt=encryption, invariant=1)
    if title is not None:
        canvas.setTitle(title)
    for lines in pages:
        for number, line in enumerate(lines):
            size = 2 * FONT_SIZE if line.startswith("# ") else FONT_SIZE
            indent = 20 if line.startswith("    ") else 0
            canvas.setFont("Helvetica", size)
            canvas.drawString(72 + indent, 780 - LEADING * number, line.removeprefix("# ").strip())
        canvas.showPage()
    canvas.save()
    return written.getvalue()


@dataclass(frozen=True)
class Set:
    """Words set at a place on a page: points from the left and from the foot."""

    left: float
    foot: float
    text: str
    size: float = 10
    turned: float = 0


def set_pdf(*pages: Iterable[Set], font: str = "Times-Roman") -> bytes:
    """A PDF whose file holds these words in this order, on pages of 595 by 842 points."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(595, 842), invariant=1)
    for page in pages:
        for one in page:
            canvas.saveState()
            canvas.translate(one.left, one.foot)
            canvas.rotate(one.turned)
            canvas.setFont(font, one.size)
            canvas.drawString(0, 0, one.text)
            canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def scanned_pdf(pages: int = 1) -> bytes:
    """A PDF whose pages hold a drawing and no letter."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(595, 842), invariant=1)
    for _ in range(pages):
        canvas.rect(72, 72, 300, 500, fill=1)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def mixed_pdf(pages: Sequence[str]) -> bytes:
    """A PDF with a line of text on each page, and a drawing alone where it is empty."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(595, 842), invariant=1)
    for text in pages:
        if text:
            canvas.drawString(72, 700, text)
        else:
            canvas.rect(72, 72, 300, 500, fill=1)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def picture(size: tuple[int, int], kind: str = "PNG", mode: str = "L", **saved: object) -> bytes:
    """A picture that is not blank: white, its lower right quarter black."""
    drawn = Image.new(mode, size, "white")
    drawn.paste("black", (size[0] // 2, size[1] // 2, *size))
    written = io.BytesIO()
    drawn.save(written, kind, **saved)
    return written.getvalue()


def tiff(widths: Sequence[int], height: int = 50) -> bytes:
    """A TIFF of two colours, as fax machines and scanners write it, with a page of each width."""
    pages = [Image.new("1", (width, height), 1) for width in widths]
    for page in pages:
        page.paste(0, (0, 0, page.width // 2, height // 2))
    written = io.BytesIO()
    pages[0].save(written, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    return written.getvalue()


def printed(lines: Sequence[str], size: int = 30) -> Image.Image:
    """A page at 200 dots per inch with these lines of print."""
    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    font = ImageFont.truetype(fonts / "DejaVuSerif.ttf", size)
    page = Image.new("L", (1200, 120 + 2 * size * len(lines)), "white")
    for number, line in enumerate(lines):
        ImageDraw.Draw(page).text((60, 60 + 2 * size * number), line, "black", font)
    return page


def docx(body: str, title: str = "") -> bytes:
    """A Word document of this WordprocessingML: what stands between <w:body> and </w:body>."""
    return zipped(
        {
            "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/"
            "content-types'><Default Extension='xml' ContentType='application/xml'/></Types>",
            "_rels/.rels": f"<Relationships xmlns='{RELATIONSHIPS}'><Relationship Id='r1'"
            f" Type='{OFFICE}' Target='word/document.xml'/></Relationships>",
            "word/document.xml": f"<w:document xmlns:w='{WORD}'><w:body>{body}</w:body>"
            "</w:document>",
            "docProps/core.xml": "<cp:coreProperties xmlns:cp='http://schemas.openxmlformats.org/"
            "package/2006/metadata/core-properties' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
            f"<dc:title>{title}</dc:title></cp:coreProperties>",
        }
    )


def paragraph(text: str, style: str = "", run: str = "") -> str:
    """A paragraph of WordprocessingML in a named style, its words with these run properties."""
    styled = f"<w:pPr><w:pStyle w:val='{style}'/></w:pPr>" if style else ""
    return f"<w:p>{styled}<w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of these members."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()
