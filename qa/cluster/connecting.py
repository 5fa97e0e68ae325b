"""A Ray cluster: one of this machine's cores, or one that runs already, looked over before use.

Workers take from here what decides the work; models and home are their own machine's. Ray is told
to report nothing, and what it says of itself is not shown: its own logs have it. The address of the
shared library travels as a secret of the settings, and is in no message.
"""

import logging
import os
import re
import secrets
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import ClusterError, CuttingsError
from qa.library.places import require_shared
from qa.settings import Settings, load_settings

Carried = Mapping[str, Any]
"""Settings by name, as `load_settings` takes them."""

OWN = {"home", "models_dir", "runs_dir", "articles", "host", "port", "auth"}
"""What each machine of a cluster sets for itself."""

STORE_BYTES = 256_000_000
"""For what is under way between workers of a cluster of this machine: texts of passages, answers.
Ray would take a third of the memory."""

SHORT = "/tmp"
"""Where a cluster of this machine keeps its sockets, whose paths may be no longer than 107 bytes
(103 on macOS, whose own folder for such things is too long already)."""

CONNECT_S = 5

ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # else the C++ below writes into the terminal
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # no warning about graphics cards
}

LOOPBACK = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # on Linux too: it listens on 127.0.0.1 alone
    "RAY_AUTH_MODE": "token",
    "RAY_worker_niceness": "0",  # else all others on this machine come first
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that this process is connected to: so many workers fit, of so many threads each."""

    carried: Carried
    threads: int
    workers: int


@contextmanager
def connected(
    settings: Settings, address: str | None, check: Callable[[Carried], None]
) -> Iterator[Cluster]:
    """Connect to the cluster at an address, else start one of this machine's cores, until the end.

    `check` runs once on every machine, and raises a CuttingsError where something is missing there.
    Raises LibraryError where the library is not shared, ClusterError for all else.
    """
    require_shared(settings)
    with ExitStack() as stack:
        ray = _ray(stack, address)
        nodes = [node for node in ray.nodes() if node["Alive"]]
        cores = [int(node["Resources"].get("CPU", 0)) for node in nodes]
        threads = settings.threads or min((n for n in cores if n), default=1)
        workers = sum(n // threads for n in cores)
        if not workers:
            raise ClusterError(
                f"No machine of the cluster has {threads} cores. Set QA_THREADS to fewer."
            )
        own = OWN if address else set()
        carried = settings.model_dump(exclude=own) | {"threads": threads}
        _look_over(ray, nodes, lambda: check(carried))
        yield Cluster(carried, threads, workers)


def settings_of(carried: Carried) -> Settings:
    """The settings of a worker: what it was given, over its own machine's."""
    return load_settings(**carried)


def cause_of(error: BaseException) -> str:
    """What Ray's error says to a person: the message of ours in it, else its last line.

    Ray writes the tracebacks of other processes into its message, and there they end in ours.
    """
    ours = re.findall(r"^qa\.errors\.\w+: (.+)$", str(error), re.MULTILINE)
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return ours[-1] if ours else re.sub(r"^[\w.]+: ", "", lines[-1]) if lines else ""


def _ray(stack: ExitStack, address: str | None) -> Any:
    """Ray, connected; the stack disconnects it, and takes away what a local one has written."""
    os.environ.update(ENVIRONMENT)
    local: dict[str, Any] = {}
    if address is None:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="qa-ray-", dir=SHORT))
        os.environ.update(LOOPBACK, RAY_AUTH_TOKEN=secrets.token_hex(16))
        local = {
            "include_dashboard": False,
            "object_store_memory": STORE_BYTES,
            "_temp_dir": str(Path(folder).resolve()),
        }
    else:
        _knock(address)
    try:
        with _no_stderr():
            import ray
    except ImportError as error:
        raise ClusterError(
            "--engine ray needs packages that are not here. Install them with:"
            " pip install 'cuttings[cluster]'"
        ) from error
    logging.getLogger("ray").setLevel(logging.CRITICAL)
    stack.enter_context(redirect_stdout(sys.stderr))  # where Ray tells of a worker that died
    try:
        with _no_stderr():
            ray.init(
                address=address or "local",
                logging_level=logging.ERROR,
                log_to_driver=False,
                **local,
            )
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise ClusterError(
            f"The cluster at {address or 'this machine'} cannot be used: {cause_of(error)} See that"
            " its Ray and Python are of the same versions as here, and that this machine is part of"
            " it: ray start --address=HOST:6379"
        ) from error
    stack.callback(ray.shutdown)
    return ray


@contextmanager
def _no_stderr() -> Iterator[None]:
    """Ray's C++ writes a line there before it can be told not to."""
    sys.stderr.flush()
    kept = os.dup(2)
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _knock(address: str) -> None:
    """Raise ClusterError where nothing listens: Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), CONNECT_S).close()
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"There is no cluster at {address}. Start one with: ray start --head; then name it:"
            " --address HOST:6379"
        ) from error


def _look_over(ray: Any, nodes: list[dict[str, Any]], check: Callable[[], None]) -> None:
    """Run the check on every machine at once; ClusterError naming one that lacks something."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    run = ray.remote(_said_by)
    asked = [
        run.options(
            num_cpus=0, scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], False)
        ).remote(check)
        for node in nodes
    ]
    for node, answer in zip(nodes, asked, strict=True):
        name = f"The machine {node['NodeManagerHostname']} ({node['NodeManagerAddress']})"
        try:
            said = ray.get(answer)
        except ray.exceptions.RayError as error:
            raise ClusterError(
                f"{name} of the cluster cannot run this program: {cause_of(error)}. Install the"
                " same version there: pip install 'cuttings[cluster]'"
            ) from error
        if said:
            raise ClusterError(f"{name} of the cluster cannot help. {said}")


def _said_by(check: Callable[[], None]) -> str:
    try:
        check()
    except CuttingsError as error:
        return str(error)
    return ""
