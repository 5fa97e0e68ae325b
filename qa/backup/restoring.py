"""`qa restore`: what a backup holds becomes a home again, a new one or one in which nothing is yet.

All of it is unpacked beside its place, checked and made fit for this home; only then each part gets
its name, the main library last. A process that is killed before has changed nothing.
"""

import os
import shutil
import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from qa.backup.contents import (
    INDEX,
    OF_THE_MACHINE,
    Manifest,
    Report,
    counting,
    place_below_index,
    settings_that_leave,
)
from qa.backup.databases import count, settle_conversations, settle_library
from qa.backup.reading import Backup
from qa.backup.workplace import workplace
from qa.conversing.archive import FILE_NAME as CONVERSATIONS
from qa.errors import BackupError
from qa.files import flush
from qa.library.database import FILE_NAME as LIBRARY
from qa.library.places import refuse_shared
from qa.library.scanned_pages import FILE_NAME as SCANS
from qa.service.uploads import UPLOADS
from qa.settings import BETWEEN_ADDRESSES, COLLECTIONS, Settings
from qa.settings import FILE_NAME as SETTINGS

WORKPLACE = ".restoring"
"""In the home and in the folder of libraries, which may lie on another disk."""

BEFORE = f"{SETTINGS}.before-restore"
"""What `qa.toml` was before, where it was another."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a home has now; `generator`: the servers to which its settings send questions."""

    manifest: Manifest
    collections: int
    articles: int
    conversations: int
    uploads: int
    kept_settings: Path | None
    generator: str


@dataclass(frozen=True, slots=True)
class _Part:
    """Something to be restored: where it is made ready, and where it belongs."""

    ready: Path
    place: Path


def restore_backup(settings: Settings, file: Path, report: Report) -> Restored:
    """Restore a backup into the home of these settings; what it has then.

    Raises BackupError where something is in the way there, where the backup is damaged, or of a
    version that cannot be read here; then, and after any other end, the home is as it was.
    """
    refuse_shared(settings, "qa restore", "Take `index` out of the settings first.")
    home, index_dir = settings.home, settings.index_dir
    with Backup.opened(file) as backup, _disk_errors(home):
        _check_free(home, index_dir)
        home.mkdir(parents=True, exist_ok=True)
        index_dir.mkdir(parents=True, exist_ok=True)
        with workplace(home / WORKPLACE) as at_home, workplace(index_dir / WORKPLACE) as at_index:
            parts = {
                member.name: _Part(
                    at_index / place_below_index(member.name),
                    index_dir / place_below_index(member.name),
                )
                if member.name.startswith(f"{INDEX}/")
                else _Part(at_home / member.name, home / member.name)
                for member in backup.manifest.members
            }
            _unpack(backup, parts, report)
            with _content_errors(file):
                restored = _settled(backup.manifest, parts, home)
            for part in parts.values():
                flush(part.ready)
            if restored.kept_settings:
                shutil.copy2(home / SETTINGS, restored.kept_settings)
            _publish(parts, _Part(at_home / UPLOADS, home / UPLOADS))
            return restored


def _check_free(home: Path, index_dir: Path) -> None:
    """Raise BackupError, which names what is there, where a home is neither new nor empty."""
    libraries = [index_dir, *sorted((index_dir / COLLECTIONS).glob("*"))]
    there = [
        file
        for name in (LIBRARY, SCANS)
        for folder in libraries
        for file in sorted(folder.glob(f"{name}*"))
    ]
    there += sorted(home.glob(f"{CONVERSATIONS}*")) + sorted(home.glob(BEFORE))
    uploads = home / UPLOADS
    if uploads.is_symlink() or (uploads.exists() and any(uploads.iterdir())):
        there.append(uploads)
    if there:
        raise BackupError(
            f"{home} is not empty: {', '.join(map(str, there))}. Restore into a new home, with"
            " QA_HOME=FOLDER before the command, or move these away first. Nothing was changed."
        )


def _unpack(backup: Backup, parts: dict[str, _Part], report: Report) -> None:
    tell = counting("Unpacking", backup.manifest.size_bytes, report)
    for member in backup.manifest.members:
        ready = parts[member.name].ready
        ready.parent.mkdir(parents=True, exist_ok=True)
        ready.touch(mode=0o600, exist_ok=False)
        with ready.open("wb") as unpacked:
            for piece in backup.pieces(member):
                unpacked.write(piece)
                tell(len(piece))


def _settled(manifest: Manifest, parts: dict[str, _Part], home: Path) -> Restored:
    """Make what is unpacked fit for this home, and count it."""
    libraries = [name for name in parts if name.endswith(f"/{LIBRARY}")]
    for name in libraries:
        settle_library(parts[name].ready, f"The library {name}", manifest.home, home)
    if CONVERSATIONS in parts:
        settle_conversations(parts[CONVERSATIONS].ready)
    values: dict[str, Any] = {}
    kept_settings = None
    if SETTINGS in parts:
        values = tomllib.loads(parts[SETTINGS].ready.read_text(encoding="utf-8"))
        kept_settings = _settle_settings(parts, values)
    servers = values.get("generator", "")
    return Restored(
        manifest,
        len(libraries),
        sum(count(parts[name].ready, "articles") for name in libraries),
        count(parts[CONVERSATIONS].ready, "conversations") if CONVERSATIONS in parts else 0,
        sum(name.startswith(f"{UPLOADS}/") for name in parts),
        kept_settings,
        BETWEEN_ADDRESSES.join(map(str, servers)) if isinstance(servers, list) else str(servers),
    )


def _settle_settings(parts: dict[str, _Part], values: dict[str, Any]) -> Path | None:
    """Join the settings of a backup with those here that are of this machine.

    Where they say the same already, the file here stays with its comments. Else it is kept beside;
    the path.
    """
    part = parts[SETTINGS]
    if not part.place.is_file():
        return None
    here = tomllib.loads(part.place.read_text(encoding="utf-8"))
    if settings_that_leave(here) == values:
        del parts[SETTINGS]
        return None
    own = {key: here[key] for key in OF_THE_MACHINE if key in here}
    part.ready.write_text(tomlkit.dumps({**own, **values}), encoding="utf-8")
    return part.place.with_name(BEFORE)


def _publish(parts: dict[str, _Part], uploads: _Part) -> None:
    """Give everything its name; the main library, without which nothing is answered, last."""
    if uploads.ready.is_dir():
        uploads.ready.replace(uploads.place)
    rest = [part for name, part in parts.items() if not name.startswith(f"{UPLOADS}/")]
    for part in sorted(rest, key=lambda part: (part.place.name == LIBRARY, -len(part.place.parts))):
        part.place.parent.mkdir(parents=True, exist_ok=True)
        part.ready.replace(part.place)


@contextmanager
def _content_errors(file: Path) -> Iterator[None]:
    """For what has the right hash and is nothing that this program has written, or a full disk."""
    try:
        yield
    except (sqlite3.Error, ValueError) as error:
        raise BackupError(
            f"What is in {file} cannot be made a home here ({error}). See whether the disk is full,"
            " or take another backup; nothing was restored."
        ) from error


@contextmanager
def _disk_errors(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or home
        raise BackupError(
            f"The backup cannot be restored: {where}: {os.strerror(error.errno or 0)}. Check the"
            f" disk and the rights of {home}, or name another home with QA_HOME."
        ) from error
