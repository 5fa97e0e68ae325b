"""What a file is, by its first bytes and by its name: what is not read here is named. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from qa.reading.draft import Unreadable

ZIP, RTF, GZIP = b"PK\x03\x04", b"{\\rtf", b"\x1f\x8b"

SIGNATURES: Mapping[bytes, str] = MappingProxyType(
    {
        b"%PDF-": "a PDF",
        ZIP: "a zip archive or an office document",
        b"\x89PNG": "a PNG picture",
        b"\xff\xd8\xff": "a JPEG picture",
        b"II*\0": "a TIFF picture",
        b"MM\0*": "a TIFF picture",
        b"GIF8": "a GIF picture",
        b"RIFF": "a picture, sound or film",
        b"\xd0\xcf\x11\xe0": "an old or password-protected office document",
        RTF: "an RTF document",
        GZIP: "a gzip archive",
        b"SQLite format 3\0": "a database",
    }
)
"""The first bytes of files that are no text, and what they are."""

OWN_SIGNATURE: Mapping[str, bytes] = MappingProxyType(
    {".pdf": b"%PDF-", ".rtf": RTF, ".warc.gz": GZIP}
    | dict.fromkeys(
        (".docx", ".odt", ".odp", ".ods", ".xlsx", ".xlsm", ".pptx", ".epub", ".zip", ".wacz"), ZIP
    )
)
"""Suffix → the first bytes of what it names, where it names no text."""

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
_PICTURE_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"RIFF")
"""A picture is read whichever of their suffixes it has."""

NOT_READ: Mapping[str, str] = MappingProxyType(
    {
        ".doc": "is an old Word document. Save it as .docx.",
        ".xls": "is an old Excel workbook. Save it as .xlsx.",
        ".xlsb": "is a binary Excel workbook. Save it as .xlsx.",
        ".ppt": "is an old PowerPoint presentation. Save it as .pptx.",
        ".pages": "is a Pages document. Export it as .docx.",
        ".numbers": "is a Numbers spreadsheet. Export it as .xlsx.",
        ".key": "is a Keynote presentation, or a key. Export a presentation as .pptx.",
        ".wpd": "is a WordPerfect document. Save it as .docx, with LibreOffice for example.",
        ".wps": "is a Works document. Save it as .docx, with LibreOffice for example.",
        ".pub": "is a Publisher document. Export it as PDF.",
        ".one": "is a OneNote section. Export it as PDF.",
        ".msg": "is an Outlook message. Save it as .eml.",
        ".pst": "is an Outlook mailbox. Export its messages as .eml or .mbox.",
        ".ost": "is an Outlook mailbox. Export its messages as .eml or .mbox.",
        ".maff": "is a page in Mozilla's archive format. Open it and save it as .html or .mhtml.",
        ".webarchive": "is a page in Safari's archive format. Save it as .html or PDF.",
        ".mobi": "is a Kindle book. Convert it to .epub, with Calibre for example.",
        ".azw": "is a Kindle book. Convert it to .epub, with Calibre for example.",
        ".azw3": "is a Kindle book. Convert it to .epub, with Calibre for example.",
        ".fb2": "is a FictionBook. Convert it to .epub, with Calibre for example.",
        ".djvu": "is a DjVu scan. Convert it to PDF.",
        ".rar": "is a RAR archive. Unpack it into a folder.",
        ".7z": "is a 7-Zip archive. Unpack it into a folder.",
        ".tgz": "is a tar archive. Unpack it into a folder.",
        ".tar": "is a tar archive. Unpack it into a folder.",
        ".gz": "is a gzip archive. Unpack it into a folder.",
    }
)
"""Suffix → what such a file is and the next step, as `Unreadable` has it; it may hold articles."""


_COMPANIONS = (
    *("_files", "-files", ".files", "_file", "-Dateien", "_fichiers", "_archivos", "_arquivos"),
    *("_bestanden", "_pliki", "_soubory", "-filer", "_elemei", "_dosyalar", "_tiedostot"),
)
"""What browsers and offices add to the name of a page for the folder of what belongs to it."""


def page_of_companions(folder: str) -> str | None:
    """The page, without its suffix, whose frames and pictures a browser keeps in this folder."""
    return next((folder[: -len(one)] for one in _COMPANIONS if folder.endswith(one)), None)


def page_stem(name: str) -> str | None:
    """The name of a page without its suffix, None for other files."""
    suffix = suffix_of(name)
    return name[: -len(suffix)] if suffix in {".html", ".htm", ".xhtml"} else None


def suffix_of(name: str) -> str:
    """The suffix of a file's name in small letters, `.warc.gz` whole; "" where it has none."""
    stem, dot, ending = name.lower().rpartition("/")[2].rpartition(".")
    if not (stem and dot and ending):
        return ""
    return ".warc.gz" if ending == "gz" and stem.endswith(".warc") else f".{ending}"


def check_kind(raw: bytes, suffix: str) -> None:
    """Raise Unreadable for the bytes of a file that is not what its suffix says, or not read."""
    if not raw.strip():
        raise Unreadable("is empty. Delete it or put the article into it.")
    if suffix in NOT_READ:
        raise Unreadable(NOT_READ[suffix])
    for signature, kind in SIGNATURES.items():
        if suffix in PICTURES and signature in _PICTURE_SIGNATURES:
            continue
        if raw.startswith(signature) and signature != OWN_SIGNATURE.get(suffix):
            raise Unreadable(f"is {kind} under another name. Give it its own suffix or delete it.")


def is_mislabelled_text(raw: bytes, suffix: str) -> bool:
    """Whether a file whose suffix names something else is a text in UTF-8, without a doubt."""
    own = OWN_SIGNATURE.get(suffix)
    if own is None or own in raw[:1024] or b"\0" in raw:
        return False
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return False
    return text.isprintable() or all(char.isprintable() or char in "\t\n\r\f" for char in text)
