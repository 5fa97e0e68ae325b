"""What is said where `--engine ray` cannot work; no cluster and no server is asked."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.typed import fails, qa
from tests.conftest import ROOT, SEEDS


def test_a_library_in_a_file_is_not_for_a_cluster(tmp_path: Path) -> None:
    fails(qa("index", SEEDS, "--engine", "ray"), "need a shared library", "QA_INDEX=postgresql://")
    assert not (tmp_path / "home" / "index").exists()


def test_an_address_is_for_ray_and_a_watch_is_not() -> None:
    assert qa("index", SEEDS, "--address", "127.0.0.1:1").returncode == 2
    assert qa("index", SEEDS, "--watch", "--engine", "ray").returncode == 2
    assert qa("eval", SEEDS / "questions.jsonl", "--address", "127.0.0.1:1").returncode == 2


@pytest.mark.slow
def test_packages_that_are_not_here() -> None:
    script = (
        "import sys\nsys.modules['ray'] = None\n"
        "from qa.errors import ClusterError\nfrom qa.cluster.connecting import connected\n"
        "from qa.settings import load_settings\n"
        "try:\n    with connected(load_settings(index='postgresql://u@h/d'), None, print): pass\n"
        "except ClusterError as error:\n    print(error)\n"
    )
    run = [sys.executable, "-c", script]
    done = subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == (
        "--engine ray needs packages that are not here. Install them with:"
        " pip install 'cuttings[cluster]'\n"
    )
