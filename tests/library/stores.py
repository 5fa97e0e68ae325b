"""The engines that keep a library, for tests of what each must do alike."""

import hashlib
from pathlib import Path
from typing import Protocol

from qa.library.postgres.address import Address
from qa.library.postgres.store import PostgresStore
from qa.library.storage import Storage
from qa.library.store import Store
from tests.postgres_server import Server


class Stores(Protocol):
    """Opens libraries of one engine, each in a place of its own that a folder names."""

    def create(self, folder: Path) -> Storage:
        """The library of a folder, made first where there is none."""

    def open(self, folder: Path) -> Storage:
        """The library of a folder."""


class FileStores:
    """Libraries in files."""

    def create(self, folder: Path) -> Storage:
        return Store.create(folder)

    def open(self, folder: Path) -> Storage:
        return Store.open(folder)


class PostgresStores:
    """Libraries on a server, in a collection named after the folder."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def address(self, folder: Path) -> Address:
        name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        return Address.of(self.server.address(), name)

    def create(self, folder: Path) -> PostgresStore:
        return PostgresStore.create(self.address(folder), folder)

    def open(self, folder: Path) -> PostgresStore:
        return PostgresStore.open(self.address(folder), folder)
