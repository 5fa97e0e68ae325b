"""`qa index --engine ray`: the library of one process, whatever dies on the way."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from qa.library.places import create_library
from qa.library.store import Store
from qa.settings import load_settings
from tests.cli.typed import fails, printed, qa, qa_process
from tests.cluster.conftest import opened_library
from tests.conftest import ROOT, SEEDS
from tests.library.stories import content
from tests.postgres_server import PASSWORD

pytestmark = [pytest.mark.cluster, pytest.mark.model]

SMALL_STEPS = (
    "import qa.cluster.embedding as embedding; embedding.BATCH_TEXTS = 8;"
    " embedding.READ_AT_ONCE = 2; from qa.cli import main; main()"
)
"""The 66 passages of seeds/ go to the workers in nine batches or more."""

GATE = 20260
KEPT_FIRST = 10
WITHIN_S = 240


@contextmanager
def gate(address: str) -> Iterator[psycopg.Connection[Any]]:
    """Lets no worker keep more vectors once there are some, until the block ends."""
    settings = load_settings()
    create_library(settings).close()
    schema = f"cuttings_{settings.collection}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            f"CREATE FUNCTION {schema}.gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF (SELECT count(*) FROM {schema}.vectors) >= {KEPT_FIRST}"
            f" THEN PERFORM pg_advisory_xact_lock({GATE}); END IF; RETURN NULL; END $$;"
            f"CREATE TRIGGER gate AFTER INSERT ON {schema}.vectors"
            f" EXECUTE FUNCTION {schema}.gate()".encode()
        )
        connection.execute(f"SELECT pg_advisory_lock({GATE})".encode())
        yield connection


def at_the_gate(
    connection: psycopg.Connection[Any], process: "subprocess.Popen[str]", count: int
) -> list[int]:
    """The processes of so many workers that wait there; each says who it is to the server."""
    until = time.monotonic() + WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        rows = connection.execute(
            "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)"
            " WHERE locktype = 'advisory' AND objid = %s AND NOT granted",
            (GATE,),
        ).fetchall()
        if len(rows) >= count:
            return [int(name.split()[-1]) for (name,) in rows]
        time.sleep(0.05)
    process.kill()
    raise AssertionError(f"no worker came to the gate: {process.communicate()}")


@contextmanager
def indexing(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """`qa index` of seeds/ in a process of its own, in small steps."""
    command = [sys.executable, "-c", SMALL_STEPS, "index", str(SEEDS), "--engine", "ray"]
    with subprocess.Popen(
        [*command, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ended_well(process: "subprocess.Popen[str]") -> None:
    """It ended by itself, and every passage had its vector already."""
    stdout, stderr = process.communicate(timeout=WITHIN_S)
    assert process.returncode == 0, stderr
    assert '"embedded": 0,' in stdout
    assert PASSWORD not in stdout + stderr


def equals_the_library_of_one_process(seeds_store: Store) -> None:
    """Articles, texts, offsets and vectors, none of them twice."""
    with opened_library() as store:
        assert content(store) == content(seeds_store)
        ((kept, distinct),) = store._rows("SELECT count(*), count(DISTINCT digest) FROM vectors")
    assert kept == distinct == len({tuple(row) for row in seeds_store.vectors().matrix.tolist()})


def test_a_worker_that_is_killed_loses_nothing_and_nothing_is_stored_twice(
    shared_index: str, ray_address: str, second: object, seeds_store: Store
) -> None:
    with (
        gate(shared_index) as connection,
        indexing("--address", ray_address, "--json") as process,
    ):
        (killed, *_) = at_the_gate(connection, process, 1)
        os.kill(killed, signal.SIGKILL)
        connection.execute(f"SELECT pg_advisory_unlock({GATE})".encode())
        ended_well(process)
    equals_the_library_of_one_process(seeds_store)


def test_a_node_that_is_lost_loses_nothing_and_nothing_is_stored_twice(
    shared_index: str, ray_address: str, head: Any, second: Any, seeds_store: Store
) -> None:
    with (
        gate(shared_index) as connection,
        indexing("--address", ray_address, "--json") as process,
    ):
        at_the_gate(connection, process, 2)  # the worker of each node
        head.remove_node(second, allow_graceful=False)
        connection.execute(f"SELECT pg_advisory_unlock({GATE})".encode())
        ended_well(process)
    equals_the_library_of_one_process(seeds_store)


def addresses_and_words(process: psutil.Process) -> tuple[set[str], str]:
    """Where a process listens, and its command line; nothing of one that has ended meanwhile."""
    try:
        sockets = process.net_connections("inet")
        words = process.cmdline()
    except psutil.NoSuchProcess:
        return set(), ""
    listening = (socket for socket in sockets if socket.status == psutil.CONN_LISTEN)
    return {socket.laddr.ip.removeprefix("::ffff:") for socket in listening}, " ".join(words)


def test_a_cluster_of_this_machine_listens_on_loopback_alone_and_leaves_nothing(
    shared_index: str, seeds_store: Store
) -> None:
    with gate(shared_index) as connection, indexing("--json") as process:
        at_the_gate(connection, process, 1)
        driver = psutil.Process(process.pid)
        family = [driver, *driver.children(recursive=True)]
        addresses, words = zip(*map(addresses_and_words, family), strict=True)
        assert set().union(*addresses) == {"127.0.0.1"}
        (folder,) = set(re.findall(r"/tmp/qa-ray-\w+", " ".join(words)))
        logs = list(Path(folder).glob("session_2*/logs/**/*.*"))
        assert "raylet.out" in {file.name for file in logs}
        assert not any(PASSWORD.encode() in file.read_bytes() for file in logs)
        connection.execute(f"SELECT pg_advisory_unlock({GATE})".encode())
        ended_well(process)
    assert not Path(folder).exists()
    equals_the_library_of_one_process(seeds_store)


def test_another_passage_length_is_embedded_again_on_the_cluster(
    shared_index: str, ray_address: str
) -> None:
    few = SEEDS / "nobel"
    assert qa("index", few).returncode == 0
    again = printed(
        qa_process(
            *("index", few, "--engine", "ray", "--address", ray_address, "--json"),
            QA_PASSAGE_TOKENS="64",
        )
    )
    assert again["reembedded"] == ["2022-10-07-peace-prize"]
    assert again["embedded"] == 0


def test_what_stops_a_worker_is_told_in_one_line(shared_index: str, ray_address: str) -> None:
    settings = load_settings()
    create_library(settings).close()
    schema = f"cuttings_{settings.collection}"
    with psycopg.connect(shared_index, autocommit=True) as connection:
        connection.execute(
            f"CREATE FUNCTION {schema}.full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE disk_full; END $$; CREATE TRIGGER full_disk BEFORE INSERT"
            f" ON {schema}.vectors EXECUTE FUNCTION {schema}.full_disk()".encode()
        )
    refused = qa_process("index", SEEDS / "nobel", "--engine", "ray", "--address", ray_address)
    fails(refused, "The cluster could not embed everything: The shared library", "disk is full")


def test_a_machine_without_the_model_is_named_with_what_to_do(
    shared_index: str, ray_address: str, head: Any, tmp_path: Path
) -> None:
    node = head.add_node(num_cpus=1, env_vars={"QA_MODELS_DIR": str(tmp_path)})
    try:
        refused = qa_process("index", SEEDS, "--engine", "ray", "--address", ray_address)
    finally:
        head.remove_node(node)
    fails(refused, "The machine ", "of the cluster cannot help.", "qa models pull")
    assert PASSWORD not in refused.stderr


def test_where_no_cluster_is_one_line_says_so(shared_index: str) -> None:
    refused = qa_process("index", SEEDS, "--engine", "ray", "--address", "127.0.0.1:9")
    fails(refused, "There is no cluster at 127.0.0.1:9", "ray start --head")
