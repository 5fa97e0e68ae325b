"""`qa backup`: all that people have made in a home, written into one file beside its place.

The file gets its name when it was read again and found whole; until then an earlier one stays.
Nothing in the home is changed, and whoever uses it meanwhile is not disturbed.
"""

import hashlib
import os
import sqlite3
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import tomlkit

from qa import __version__
from qa.backup.contents import (
    FORMAT,
    INDEX,
    LIST,
    Manifest,
    Member,
    Report,
    Tell,
    counting,
    is_name,
    settings_that_leave,
    to_json,
)
from qa.backup.databases import copy_database, strip_secrets
from qa.backup.reading import check_backup, is_backup
from qa.backup.workplace import workplace
from qa.conversing.archive import FILE_NAME as CONVERSATIONS
from qa.errors import BackupError, ConversationError, CuttingsError, LibraryError
from qa.files import flush
from qa.library.database import FILE_NAME as LIBRARY
from qa.library.database import damaged
from qa.library.places import library_folders, refuse_shared
from qa.library.scanned_pages import FILE_NAME as SCANS
from qa.service.uploads import UPLOADS
from qa.settings import FILE_NAME as SETTINGS
from qa.settings import Settings

PIECE_BYTES = 1 << 20

PACKED_BY = 1
"""zlib's fastest: texts shrink to half, vectors hardly, and it keeps up with a disk."""


def write_backup(settings: Settings, file: Path, report: Report) -> Manifest:
    """Write a backup of a home; what it holds.

    Raises BackupError, or LibraryError or ConversationError for what is damaged; then, and after
    any other end, a file that had the name before is as it was.
    """
    refuse_shared(settings, "qa backup", "PostgreSQL backs it up with: pg_dump")
    if (file.exists() or file.is_symlink()) and not is_backup(file):
        raise BackupError(f"{file} is there already and no backup. Name another file.")
    databases = _databases(settings)
    if not databases:
        raise BackupError(
            f"There is nothing to back up in {settings.home}. See which home it is: qa doctor"
        )
    with _disk_errors(file), workplace(file.with_name(f"{file.name}.partial")) as folder:
        copies = _copied(databases, folder, report)
        uploads = _uploads(settings.home)
        parts = {**copies, **uploads}  # an upload of meanwhile is read by the next `qa index`
        total = sum(one.stat().st_size for one in parts.values())
        tell = counting("Packing", total, report)
        packed = folder / "packed"
        packed.touch(mode=0o600)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=PACKED_BY) as archive:
            members = [_pack(archive, name, one, tell) for name, one in parts.items()]
            members += _pack_settings(archive, settings.home)
            manifest = Manifest(
                FORMAT,
                __version__,
                datetime.now(UTC).isoformat(timespec="seconds"),
                str(settings.home).encode("utf-8", "replace").decode(),
                tuple(members),
            )
            archive.writestr(LIST, to_json(manifest))
        flush(packed)
        check_backup(packed, report)
        packed.replace(file)
        return manifest


def _databases(settings: Settings) -> dict[str, Path]:
    """The databases of a home, by their names in a backup."""
    found: dict[str, Path] = {}
    for collection, folder in library_folders(settings.index_dir).items():
        found |= {f"{INDEX}/{collection}/{name}": folder / name for name in (LIBRARY, SCANS)}
    found[CONVERSATIONS] = settings.home / CONVERSATIONS
    return {name: file for name, file in found.items() if is_name(name) and file.is_file()}


def _uploads(home: Path) -> dict[str, Path]:
    """The files that were uploaded or clipped, by their names in a backup; no hidden ones."""
    found = {}
    for file in sorted((home / UPLOADS).rglob("*")):
        below = file.relative_to(home)
        if file.is_file() and not any(part.startswith(".") for part in below.parts):
            name = below.as_posix()
            if not is_name(name) or name != name.encode("utf-8", "replace").decode():
                raise BackupError(f"{file} has no name that can be packed. Rename it.")
            found[name] = file
    return found


def _copied(databases: dict[str, Path], folder: Path, report: Report) -> dict[str, Path]:
    """A copy of each database at rest, fit to be packed."""
    copies = {}
    tell = counting("Copying", sum(one.stat().st_size for one in databases.values()), report)
    for number, (name, file) in enumerate(databases.items()):
        copies[name] = folder / f"{number}.db"
        try:
            copy_database(file, copies[name], tell)
            if name == CONVERSATIONS:
                strip_secrets(copies[name])
        except sqlite3.Error as error:
            raise _not_copied(file, error) from error
    return copies


def _not_copied(file: Path, error: sqlite3.Error) -> CuttingsError:
    nothing = "No backup was written."
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return BackupError(
            f"{nothing} {file} cannot be copied ({error}). Check the rights of its folder, and"
            " whether the disk that the backup is for is full."
        )
    if file.name == LIBRARY:
        return LibraryError(f"{nothing} {damaged(file, error)}")
    if file.name == SCANS:
        return LibraryError(
            f"{nothing} {file} is damaged ({error}). It is a cache of what was read of scans:"
            " delete it, and back up again."
        )
    return ConversationError(
        f"{nothing} The conversations in {file} are damaged ({error}). Move that file away, and"
        " back up again."
    )


def _pack_settings(archive: zipfile.ZipFile, home: Path) -> list[Member]:
    """`qa.toml` as far as it leaves; its comments stay here, for keys may stand in them."""
    file = home / SETTINGS
    if not file.is_file():
        return []
    values = settings_that_leave(tomllib.loads(file.read_text(encoding="utf-8")))
    text = tomlkit.dumps(values).encode()
    archive.writestr(SETTINGS, text)
    return [Member(SETTINGS, len(text), hashlib.sha256(text).hexdigest())]


def _pack(archive: zipfile.ZipFile, name: str, file: Path, tell: Tell) -> Member:
    digest, size = hashlib.sha256(), 0
    with ExitStack() as opened:
        source: BinaryIO = opened.enter_context(file.open("rb"))
        packed = opened.enter_context(archive.open(_packed_as(name), "w", force_zip64=True))
        while piece := source.read(PIECE_BYTES):
            digest.update(piece)
            size += len(piece)
            packed.write(piece)
            tell(len(piece))
    return Member(name, size, digest.hexdigest())


def _packed_as(name: str) -> zipfile.ZipInfo:
    packed = zipfile.ZipInfo(name)  # of no day: what it holds tells when it was made
    packed.compress_type = zipfile.ZIP_DEFLATED
    return packed


@contextmanager
def _disk_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(
            f"The backup {file} cannot be written: {os.strerror(error.errno or 0)}. Check the disk"
            " and the rights of its folder; what stood there before still does."
        ) from error
