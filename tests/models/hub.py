"""A model hub on loopback, and packages in a folder: what a pull meets, small and breakable."""

import hashlib
import json
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
    `stops_after` cuts the connection after so many bytes and answers 503 from then on. The API
    lists the files of any repository but "nobody/nothing", at `commit`; with `gated`, files are
    let out to those who bring the token "let-me-in" alone. `asked` are the paths asked of the API,
    `told` what came as Authorization, to the API, to the repository and to where it points.
    """

    files: dict[str, bytes]
    announced: dict[str, str] = field(default_factory=dict)
    served: dict[str, bytes] = field(default_factory=dict)
    stops_after: int | None = None
    is_down: bool = False
    gets: list[tuple[str, str | None]] = field(default_factory=list)
    endpoint: str = ""
    commit: str = COMMIT
    gated: bool = False
    asked: list[str] = field(default_factory=list)
    told: dict[str, str | None] = field(default_factory=dict)

    def listing(self) -> dict[str, object]:
        """What the API says of the repository."""
        siblings = [
            {
                "rfilename": path,
                "size": len(content),
                "lfs": {"sha256": self.etag(path), "size": len(content), "pointerSize": 134},
            }
            for path, content in self.files.items()
        ]
        return {
            "id": "someone/tiny-GGUF",
            "sha": self.commit,
            "gated": "manual" if self.gated else False,
            "tags": ["gguf", "license:apache-2.0"],
            "siblings": siblings,
        }

    def etag(self, path: str) -> str:
        """The SHA-256 that is announced for a file."""
        return self.announced.get(path, hashlib.sha256(self.files[path]).hexdigest())


@contextmanager
def running(hub: FakeHub) -> Iterator[FakeHub]:
    """The hub, listening on a free port of loopback; `hub.endpoint` is its HF_ENDPOINT."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            hub.told["repository"] = self.headers.get("Authorization")
            if hub.gated and hub.told["repository"] != "Bearer let-me-in":
                self._refuse(401, "GatedRepo")
                return
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
            if self.path.startswith("/api/models/"):
                self._list()
                return
            if "/resolve/" in self.path:
                self.do_HEAD()
                return
            path = self.path.removeprefix("/cdn/")
            wanted = self.headers.get("Range")
            hub.gets.append((path, wanted))
            hub.told["elsewhere"] = self.headers.get("Authorization")
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

        def _list(self) -> None:
            hub.asked.append(self.path)
            hub.told["api"] = self.headers.get("Authorization")
            if "/nobody/nothing" in self.path:
                self._refuse(401, "RepoNotFound")
                return
            content = json.dumps(hub.listing()).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _refuse(self, status: int, code: str = "") -> None:
            self.send_response(status)
            if code:
                self.send_header("X-Error-Code", code)
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
