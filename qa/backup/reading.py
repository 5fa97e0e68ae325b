"""A backup read again: each file in it is held against the list of hashes before it is used."""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.backup.contents import FORMAT, LIST, Manifest, Member, Report, counting, from_json
from qa.errors import BackupError

PIECE_BYTES = 1 << 20

MOST_LIST_BYTES = 1 << 28
"""Of the list of members: more than a million of them."""

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # of a compression or a version that there is not
    RuntimeError,  # as if it were encrypted
    KeyError,
    ValueError,
    struct.error,
)
"""What `zipfile` raises for a file with broken bytes."""


class Backup:
    """A backup that is open to be read."""

    def __init__(self, file: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._file, self._archive = file, archive
        self.manifest = manifest

    @classmethod
    @contextmanager
    def opened(cls, file: Path) -> Iterator["Backup"]:
        """Open a backup. Raises BackupError for a file that is none, is damaged, or is newer."""
        if not file.is_file():
            raise BackupError(f"There is no backup {file}. Name the file that qa backup wrote.")
        try:
            archive = zipfile.ZipFile(file)
        except _DAMAGE as error:
            raise BackupError(
                f"{file} is no backup, or is cut short ({error}). Take another copy of it."
            ) from error
        with archive:
            if any(one.header_offset < 0 for one in archive.infolist()):
                raise _damaged(file, "its list of files", "it points before the beginning")
            yield cls(file, archive, cls._listed(file, archive))

    @staticmethod
    def _listed(file: Path, archive: zipfile.ZipFile) -> Manifest:
        if LIST not in archive.namelist():
            raise BackupError(f"{file} is no backup: it has no {LIST}. Name one of qa backup's.")
        try:
            if archive.getinfo(LIST).file_size > MOST_LIST_BYTES:
                msg = "it is too long"
                raise ValueError(msg)
            manifest = from_json(archive.read(LIST))
        except _DAMAGE as error:
            raise _damaged(file, LIST, error) from error
        if manifest.format > FORMAT:
            raise BackupError(
                f"{file} was written by a newer version of this program ({manifest.program})."
                " Restore it with that one."
            )
        held = sorted(archive.namelist())
        if held != sorted([LIST, *(member.name for member in manifest.members)]):
            raise _damaged(file, LIST, "it does not list what is there")
        return manifest

    def pieces(self, member: Member) -> Iterator[bytes]:
        """What a member holds. Raises BackupError, in the end at latest, where it is damaged."""
        digest, size = hashlib.sha256(), 0
        try:
            with self._archive.open(member.name) as packed:
                while piece := packed.read(PIECE_BYTES):
                    digest.update(piece)
                    size += len(piece)
                    if size > member.size_bytes:
                        break
                    yield piece
        except _DAMAGE as error:
            raise _damaged(self._file, member.name, error) from error
        if (size, digest.hexdigest()) != (member.size_bytes, member.sha256):
            raise _damaged(self._file, member.name, "it is not what was packed")


def check_backup(file: Path, report: Report) -> Manifest:
    """Read all of a backup; what it holds. Raises BackupError where a byte is not as it was."""
    with Backup.opened(file) as backup:
        tell = counting("Checking", backup.manifest.size_bytes, report)
        for member in backup.manifest.members:
            for piece in backup.pieces(member):
                tell(len(piece))
        return backup.manifest


def is_backup(file: Path) -> bool:
    """Whether a file is a backup, be it damaged inside."""
    try:
        with zipfile.ZipFile(file) as archive:
            return LIST in archive.namelist()
    except (*_DAMAGE, OSError):
        return False


def _damaged(file: Path, name: str, error: Exception | str) -> BackupError:
    return BackupError(
        f"The backup {file} is damaged in {name} ({error}). Take another copy of it, or an earlier"
        " backup; nothing was restored."
    )
