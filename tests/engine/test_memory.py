"""Memory: the estimate worked out by hand, the refusals, what the system says is free."""

import os
from pathlib import Path

import pytest

from qa.engine.gguf import ModelShape, read_shape
from qa.engine.memory import (
    available_memory_bytes,
    ensure_fits,
    estimate_memory,
)
from qa.errors import ModelError
from tests.engine.gguf_headers import TINY

SHAPE = ModelShape("tiny", 3, 8, (4, 0, 2), 16, 24, 64, 512, 1000)


def test_the_parts_of_an_estimate() -> None:
    """KV: 6 heads of 16 + 24 numbers of 2 bytes, for each of 512 tokens.

    Attention: for each of 512 x 128 pairs of tokens 6 bytes a head, and 4 whether one sees the
    other. Activations: 20 times 64 numbers of 4 bytes for each of 128 tokens.
    """
    estimate = estimate_memory(1_000_000, SHAPE, 512, 128)
    assert estimate.weights_bytes == 1_000_000
    assert estimate.kv_bytes == 245_760
    assert estimate.compute_bytes == 20_000_000 + 1000 * 460 + 3_407_872 + 655_360
    assert estimate.total_bytes == 1_000_000 + 245_760 + 24_523_232


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A whole header and 2 GB of hole behind it."""
    file = tmp_path / "tiny.gguf"
    with file.open("wb") as out:
        out.write(TINY)
        out.truncate(2_000_000_000)
    return file


def test_a_model_that_does_not_fit_is_refused_with_the_numbers(model: Path) -> None:
    """KV: 3 layers of 8 heads, 16 numbers of 2 bytes, 4,096 times: 3.1 MB; attention 27 MB."""
    with pytest.raises(ModelError) as refused:
        ensure_fits(model, 4096, 128, 1_950_000_000)
    assert str(refused.value) == (
        "tiny.gguf needs about 2.05 GB (weights 2.00, context of 4,096 tokens 0.00, working memory "
        "0.05) and 1.95 GB is free. Close other programs, lower context_tokens, or set QA_MODEL "
        "to a smaller model: qa models list"
    )


def test_a_model_that_fits_passes(model: Path) -> None:
    need = estimate_memory(2_000_000_000, read_shape(model), 4096, 128)
    assert ensure_fits(model, 4096, 128, need.total_bytes) == need
    with pytest.raises(ModelError, match="needs about"):
        ensure_fits(model, 4096, 128, need.total_bytes - 1)


def test_where_nobody_knows_what_is_free_every_size_passes(model: Path) -> None:
    need = estimate_memory(2_000_000_000, read_shape(model), 4096, 128)
    assert ensure_fits(model, 4096, 128, None) == need


def test_a_context_longer_than_the_model_was_trained_on_is_refused(model: Path) -> None:
    with pytest.raises(ModelError) as refused:
        ensure_fits(model, 4097, 128, None)
    assert str(refused.value) == (
        "tiny.gguf was trained on texts of up to 4,096 tokens, and context_tokens is 4,097. "
        "Lower it, for example: QA_CONTEXT_TOKENS=4096"
    )


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


MEMINFO = {"proc/meminfo": "MemTotal:  8000 kB\nMemFree:  1 kB\nMemAvailable:  5000 kB\n"}


def test_what_the_machine_leaves(tmp_path: Path) -> None:
    write(tmp_path, MEMINFO)
    assert available_memory_bytes(tmp_path) == 5000 * 1024


def test_what_a_container_leaves(tmp_path: Path) -> None:
    """3,000,000 of 4,000,000 bytes in use, 600,000 of them file pages that can be dropped."""
    group = {
        "proc/self/cgroup": "0::/\n",
        "sys/fs/cgroup/memory.max": "4000000\n",
        "sys/fs/cgroup/memory.current": "3000000\n",
        "sys/fs/cgroup/memory.stat": "anon 2000000\nactive_file 200000\ninactive_file 400000\n",
    }
    write(tmp_path, MEMINFO | group)
    assert available_memory_bytes(tmp_path) == 1_600_000


def test_the_tightest_group_counts(tmp_path: Path) -> None:
    """A service without a limit of its own, in a slice that has one; used up is 0, not less."""
    group = {
        "proc/self/cgroup": "0::/desk.slice/qa.service\n",
        "sys/fs/cgroup/desk.slice/qa.service/memory.max": "max\n",
        "sys/fs/cgroup/desk.slice/qa.service/memory.current": "100\n",
        "sys/fs/cgroup/desk.slice/memory.max": "1000\n",
        "sys/fs/cgroup/desk.slice/memory.current": "1001\n",
    }
    write(tmp_path, MEMINFO | group)
    assert available_memory_bytes(tmp_path) == 0


def test_the_older_control_groups(tmp_path: Path) -> None:
    """Seen from within, the container's group hangs at the top, and its path is the host's."""
    group = {
        "proc/self/cgroup": "5:cpu,cpuacct:/docker/4f\n4:memory:/docker/4f\n0::/docker/4f\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": "2000000\n",
        "sys/fs/cgroup/memory/memory.usage_in_bytes": "1500000\n",
        "sys/fs/cgroup/memory/memory.stat": "total_active_file 1000\ntotal_inactive_file 20000\n",
    }
    write(tmp_path, MEMINFO | group)
    assert available_memory_bytes(tmp_path) == 521_000


def test_a_limit_larger_than_the_machine_is_none(tmp_path: Path) -> None:
    group = {
        "proc/self/cgroup": "4:memory:/\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        "sys/fs/cgroup/memory/memory.usage_in_bytes": "1500000\n",
    }
    write(tmp_path, MEMINFO | group)
    assert available_memory_bytes(tmp_path) == 5000 * 1024


def test_where_the_system_says_nothing_it_is_all_there_is(tmp_path: Path) -> None:
    all_there_is = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert available_memory_bytes(tmp_path) == all_there_is


def test_the_memory_of_this_machine_is_known() -> None:
    available = available_memory_bytes()
    assert available is not None
    assert 100_000_000 < available <= os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
