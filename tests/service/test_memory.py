"""What finds passages is not loaded where there is no memory for it."""

import re
import subprocess
import sys

import pytest

from qa.errors import ModelError
from qa.service.opening import ensure_embedder_fits
from tests.conftest import ROOT


def test_too_little_memory_for_finding_is_said_before_it_is_taken() -> None:
    ensure_embedder_fits(400_000_000, 1_000_000_000)
    ensure_embedder_fits(None, None)
    with pytest.raises(ModelError, match=r"about 0\.4 GB of memory, and 0\.30 GB is free\. Close"):
        ensure_embedder_fits(300_000_000, None)
    with pytest.raises(ModelError, match=r"1\.0 GB of address space, and 0\.30 .* ulimit -v"):
        ensure_embedder_fits(None, 300_000_000)


def test_a_larger_embedder_needs_more() -> None:
    """.4 GB, and three bytes for each of 145 MB more of weights."""
    weights = 235_550_136
    ensure_embedder_fits(840_000_000, None, weights)
    with pytest.raises(ModelError, match=r"about 0\.8 GB of memory, and 0\.83 GB is free"):
        ensure_embedder_fits(830_000_000, None, weights)


@pytest.mark.slow
def test_a_limit_of_300_mb_is_told_in_one_line() -> None:
    limit = 300_000_000
    script = (
        f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({limit}, {limit}));"
        "from qa.service.opening import open_embedder; from qa.settings import load_settings;"
        "open_embedder(load_settings())"
    )
    command = [sys.executable, "-c", script]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert re.search(r"address space, and 0\.\d+ GB is free", ended.stderr.splitlines()[-1])
