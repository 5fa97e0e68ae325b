"""A model hub on loopback, and packages in a folder: what a pull meets, small and breakable."""

import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.loopback import on_loopback

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class FakeHub:
    """Serves `files` by their path in the repository, the way the hub does.

    A HEAD answers with hash and size and points elsewhere (here: "localhost" for "127.0.0.1"), a
    GET there delivers, ranges included. `announced` and `served` override what is true;
    `stops_after` cuts the connection after so many bytes and answers 503 from then on.
    """

    files: dict[str, bytes]
    announced: dict[str, str] = field(default_factory=dict)
    served: dict[str, bytes] = field(default_factory=dict)
    stops_after: int | None = None
    is_down: bool = False
    gets: list[tuple[str, str | None]] = field(default_factory=list)
    endpoint: str = ""

    def etag(self, path: str) -> str:
        """The SHA-256 that is announced for a file."""
        return self.announced.get(path, hashlib.sha256(self.files[path]).hexdigest())


@contextmanager
def running(hub: FakeHub) -> Iterator[FakeHub]:
    """The hub, listening on a free port of loopback; `hub.endpoint` is its HF_ENDPOINT."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            path = self.path.split("/resolve/")[-1].partition("/")[2]
            if path not in hub.files:
                self._refuse(404)
                return
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_port}/cdn/{path}")  # type: ignore[attr-defined]
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("X-Linked-Etag", f'"{hub.etag(path)}"')
            self.send_header("X-Linked-Size", str(len(hub.files[path])))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            if "/resolve/" in self.path:
                self.do_HEAD()
                return
            path = self.path.removeprefix("/cdn/")
            wanted = self.headers.get("Range")
            hub.gets.append((path, wanted))
            if hub.is_down:
                self._refuse(503)
                return
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
            whole = hub.served.get(path, hub.files[path])
            self.send_response(206 if wanted else 200)
            if wanted:
                self.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
            self.send_header("Content-Length", str(len(whole) - start))
            self.end_headers()
            if hub.stops_after is None:
                self.wfile.write(whole[start:])
                return
            self.wfile.write(whole[start : start + hub.stops_after])
            hub.is_down = True
            self.close_connection = True

        def _refuse(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with on_loopback(Handler) as url:
        hub.endpoint = url
        yield hub


def write_wheel(folder: Path, name: str, version: str, files: Mapping[str, bytes]) -> Path:
    """A wheel that pip accepts, holding nothing but these files."""
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    wheel = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    described = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(wheel, "w") as package:
        for path, content in described.items():
            package.writestr(path, content)
        package.writestr(f"{info}/RECORD", "".join(f"{path},,\n" for path in described))
    return wheel
