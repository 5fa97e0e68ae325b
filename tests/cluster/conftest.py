"""A real Ray cluster of two nodes on loopback, and a shared library for it."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.library.places import open_library
from qa.library.postgres.store import PostgresStore
from qa.settings import load_settings
from tests.postgres_server import Server

STORE_BYTES = 100_000_000

LOOKED_AFTER = {"health_check_initial_delay_ms": 500, "health_check_period_ms": 500}
"""A node that is lost is missed after five looks in vain; Ray's own look comes every 3 seconds."""


@pytest.fixture(scope="session")
def head() -> Iterator[Any]:
    """A cluster whose first node has one core; everything of it listens on loopback alone."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RAY_USAGE_STATS_ENABLED", "0")
        environment.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
        environment.setenv("RAY_AUTH_MODE", "disabled")
        from ray.cluster_utils import Cluster

        first = {
            "num_cpus": 1,
            "object_store_memory": STORE_BYTES,
            "include_dashboard": False,
            "_system_config": LOOKED_AFTER,
        }
        cluster = Cluster(initialize_head=True, head_node_args=first)
        try:
            yield cluster
        finally:
            cluster.shutdown()


@pytest.fixture
def ray_address(head: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where commands of a test find the cluster; each of its workers has one thread."""
    for name in ("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "RAY_AUTH_MODE"):
        monkeypatch.setenv(name, {"RAY_AUTH_MODE": "disabled"}.get(name, "0"))
    monkeypatch.setenv("QA_THREADS", "1")
    return str(head.address)


@pytest.fixture
def second(head: Any, ray_address: str) -> Iterator[Any]:
    """Its second node, of one core too; a test may take it away."""
    node = head.add_node(num_cpus=1, object_store_memory=STORE_BYTES)
    yield node
    if node in head.worker_nodes:
        head.remove_node(node)


@pytest.fixture
def shared_index(postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a shared library of the test's own, set for its commands."""
    name = hashlib.sha256(os.fsencode(tmp_path)).hexdigest()[:16]
    monkeypatch.setenv("QA_INDEX", postgres.address())
    monkeypatch.setenv("QA_COLLECTION", name)
    return postgres.address()


def opened_library() -> PostgresStore:
    """The shared library that the test's commands use."""
    store = open_library(load_settings())
    assert isinstance(store, PostgresStore)
    return store
