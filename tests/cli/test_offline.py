"""Indexing, asking and evaluating connect to nothing beyond this machine, and look no name up."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SEEDS

WATCHED = """
import ipaddress, json, os, socket, sys

def is_here(address):
    if not isinstance(address, tuple):
        return True  # a socket of this machine's own, by its path
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return address[0] in ("localhost", "")

def watch(event, arguments):
    asked = {
        "socket.connect": lambda: arguments[1],
        "socket.sendto": lambda: arguments[1],
        "socket.sendmsg": lambda: arguments[1],
        "socket.getaddrinfo": lambda: (arguments[0],),
        "socket.gethostbyname": lambda: (arguments[0],),
    }
    if event in asked and asked[event]() and not is_here(asked[event]()):
        os.write(2, f"BEYOND {event} {asked[event]()}\\n".encode())

sys.addaudithook(watch)
"""
"""Told by Python itself, whatever library opens the socket."""

PROGRAM = f"""
{WATCHED}
from qa.cli import app

for arguments in json.loads(sys.argv[1]):
    try:
        app(arguments)
    except SystemExit as ending:
        assert not ending.code, arguments
"""

BEYOND = f"""
{WATCHED}
for what in (
    lambda: socket.socket().connect(("192.0.2.1", 9)),
    lambda: socket.getaddrinfo("gazette.example", 80),
    lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 9)),
    lambda: socket.socket().connect(("127.0.0.1", 1)),
):
    try:
        if sys.argv[1] == "ask":
            what()
    except OSError:
        pass
"""


def said(program: str, argument: str) -> list[str]:
    """What a program says of connections beyond this machine."""
    done = subprocess.run(
        [sys.executable, "-c", program, argument],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return [line for line in done.stderr.splitlines() if line.startswith("BEYOND")]


@pytest.mark.model
def test_index_ask_and_eval_stay_on_this_machine(tmp_path: Path) -> None:
    commands = [
        ["index", str(SEEDS / "czechia")],
        ["search", "prezident Petr Pavel"],
        ["ask", "Who was sworn in as president?", "--json"],
        ["eval", str(SEEDS / "questions.jsonl"), "--limit", "1", "--out", str(tmp_path / "run")],
    ]
    assert said(PROGRAM, json.dumps(commands)) == []
    assert (tmp_path / "run" / "report.html").is_file()


def test_this_test_would_see_it() -> None:
    seen = [line.split()[1] for line in said(BEYOND, "ask")]
    assert seen == ["socket.connect", "socket.getaddrinfo", "socket.sendto"]
    assert said(BEYOND, "stay") == []
