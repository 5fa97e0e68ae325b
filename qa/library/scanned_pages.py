"""What OCR read of scanned pages, kept beside the library: a page is read once.

A cache: it can be deleted, and then the pages are read again. A page is committed as soon as it is
read, so an interrupted run goes on with the next one. What is kept is what the engine found, so
that the order of reading may be mended without reading again.
"""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from qa.errors import LibraryError
from qa.reading.draft import Scan
from qa.reading.ocr import OcrLine, PageReader
from qa.reading.scans import ReadPage, ScannedPage, read_page

FILE_NAME = "scans.db"

_TABLE = """
CREATE TABLE IF NOT EXISTS pages (
  document BLOB NOT NULL, -- SHA-256 of the scan
  number INTEGER NOT NULL,
  reader TEXT NOT NULL,
  file TEXT NOT NULL, -- digest of the file that holds the scan, as in the library
  page TEXT NOT NULL, -- its CRC-32 and JSON
  PRIMARY KEY (document, number, reader)
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Ocr:
    """Who reads the pages of scans, and the folder in which they are kept."""

    reader: PageReader
    folder: Path


class ScannedPages:
    """The kept pages of one folder; use it in a `with` block, from one thread."""

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self._connection, self._file = connection, file

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator[Self]:
        """The pages in a folder. Raises LibraryError where their file is damaged."""
        file = folder / FILE_NAME
        with _plain_errors(file):
            connection = sqlite3.connect(file, isolation_level=None)
        with closing(connection), _plain_errors(file):
            connection.execute("PRAGMA secure_delete = ON")  # a removed text is gone
            connection.execute(_TABLE)
            yield cls(connection, file)

    def page(self, document: bytes, number: int, reader: str) -> ScannedPage | None:
        """A page as this reader read it; None if it did not, or if its row is not what was kept."""
        row = self._connection.execute(
            "SELECT page FROM pages WHERE (document, number, reader) = (?, ?, ?)",
            (document, number, reader),
        ).fetchone()
        return _page_of(row[0]) if row else None

    def keep(self, document: bytes, number: int, reader: str, file: str, page: ScannedPage) -> None:
        """Keep a page that was read of a scan in a file of this digest."""
        self._connection.execute(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)",
            (document, number, reader, file, _row_of(page)),
        )

    def keep_only(self, files: Iterable[str]) -> None:
        """Forget the pages of all files but those of these digests."""
        kept = set(files)
        gone = [
            (file,)
            for (file,) in self._connection.execute("SELECT DISTINCT file FROM pages").fetchall()
            if file not in kept
        ]
        self._connection.executemany("DELETE FROM pages WHERE file = ?", gone)


@dataclass(frozen=True, slots=True)
class PageAtHand:
    """Which of the pages that a scan has for OCR is being read, from 1."""

    number: int
    of: int


def reading_pages(
    ocr: Ocr, pages: ScannedPages, file: str, report: Callable[[PageAtHand], None]
) -> ReadPage:
    """Reads the pages of the scans in a file of this digest, each only if nobody did yet."""
    documents: dict[int, bytes] = {}  # by the scan's id: it lives as long as its pages are read

    def read(scan: Scan, index: int) -> ScannedPage:
        report(PageAtHand(scan.pictures.index(index) + 1, len(scan.pictures)))
        if id(scan) not in documents:
            documents[id(scan)] = hashlib.sha256(scan.raw).digest()
        place = documents[id(scan)], index, ocr.reader.name
        page = pages.page(*place)
        if page is None:
            page = read_page(ocr.reader, scan, index)
            pages.keep(*place, file, page)
        return page

    return read


def _row_of(page: ScannedPage) -> str:
    kept = json.dumps(asdict(page), ensure_ascii=False)
    return f"{_digest(kept)} {kept}"


def _page_of(row: str) -> ScannedPage | None:
    """The page of a row; None where a bit of it has turned over, or it is of an older form."""
    digest, _, text = row.partition(" ")
    if digest != _digest(text):
        return None
    kept = json.loads(text)
    return ScannedPage(**kept | {"lines": tuple(OcrLine(**line) for line in kept["lines"])})


def _digest(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"


@contextmanager
def _plain_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise LibraryError(
            f"{file}, which keeps what was read of scans, cannot be used ({error}). Delete it; its"
            " pages are then read again."
        ) from error
