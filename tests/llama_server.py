"""The real server of llama-cpp-python with a small model, in a process of its own on loopback."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from qa.engine.server import listed_models
from qa.engine.server_connection import Server
from qa.errors import ServerFailed
from qa.models.catalogue import find_model
from qa.models.pulling import pull
from tests.conftest import ROOT

MODEL = "smollm2-135m"
CONTEXT_TOKENS = 1024
STARTED_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class LlamaServer:
    """A running server: its address, its process, and what it printed."""

    url: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def kill(self) -> None:
        """End it as a lack of memory does: at once, in the middle of a word."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running(*flags: str) -> Iterator[LlamaServer]:
    """A server with the small model under its name in the catalogue, on one thread."""
    file = pull(find_model(MODEL), ROOT / "models", lambda _: None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(file)]
    command += ["--model_alias", MODEL, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--n_ctx", str(CONTEXT_TOKENS), "--n_threads", "1", "--n_threads_batch", "1"]
    with tempfile.TemporaryDirectory(prefix="cuttings-llama-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as written:
            process = subprocess.Popen([*command, *flags], stdout=written, stderr=written)
        server = LlamaServer(f"http://127.0.0.1:{port}/v1", process, log)
        try:
            _wait_for(server)
            yield server
        finally:
            server.kill()


def _wait_for(server: LlamaServer) -> None:
    until = time.monotonic() + STARTED_WITHIN_S
    while True:
        with suppress(ServerFailed):
            listed_models(Server(server.url))
            return
        if server.process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(server.log.read_text(encoding="utf-8", errors="replace"))
        time.sleep(0.1)
