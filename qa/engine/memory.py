"""How much memory a model takes, estimated from its file before it is loaded, and how much is free.

The estimate is that of `LlamaEngine`: weights read into memory once, not mapped (mapped, those that
llama.cpp repacks for the processor lie there twice), K and V in 16 bit, no flash attention.
"""

import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.engine.gguf import ModelShape, gguf_parts, read_shape
from qa.errors import ModelError

KV_BYTES = 2  # a number in the KV cache: 16 bit
SCORE_BYTES = 4 + 2  # an attention score: 32 bit, and its 16-bit copy when values are weighed
MASK_BYTES = 4  # whether a token sees another: 32 bit

# The rest is fitted to what three models took at their most, in MB, measured / estimated: loaded,
# the whole context read in 128s, some tokens decoded, the text of every token looked up (two
# threads; at 16,384 the cells were filled with copies of one batch and not one by one).
#
#     context    135M         0.5B         1.5B
#       1,024    175 / 178    607 / 615    1,257 / 1,262
#       4,096    268 / 272    680 / 687    1,373 / 1,380
#      16,384    644 / 646    972 / 976    1,846 / 1,852
FIXED_BYTES = 20_000_000  # the library itself and its buffers
TOKEN_BYTES = 460  # a token of the vocabulary: its text, in llama.cpp and in ours
ACTIVATION_BYTES = 20 * 4  # a number of the embedding, for each token of a batch

BESIDE_A_FILE_BYTES = 850_000_000
"""What a model takes beside its file at most, guessed before the file is here and its shape known:
by the estimate below with a context of 4,096 tokens Qwen3 4B takes 823 MB beside it, Phi-4 mini
758, Qwen3 1.7B 633, SmolLM3 3B 454, Llama 3.2 1B 337, Gemma 3 1B 276."""


@dataclass(frozen=True, slots=True)
class MemoryEstimate:
    """Bytes that an engine takes at its most, beside the program around it."""

    weights_bytes: int
    kv_bytes: int
    compute_bytes: int

    @property
    def total_bytes(self) -> int:
        """All of it."""
        return self.weights_bytes + self.kv_bytes + self.compute_bytes


def ensure_fits(
    path: Path, context_tokens: int, batch_tokens: int, available_bytes: int | None
) -> MemoryEstimate:
    """What a model will take; ModelError with the numbers when it cannot be had here.

    `available_bytes` is what `available_memory_bytes` says; None, where that is not known, lets
    every size pass. A context longer than the texts that the model was trained on is refused
    too: llama.cpp would take it with a warning, and the model knows nothing of such distances.
    Raises as `read_shape` does.
    """
    shape = read_shape(path)
    if context_tokens > shape.context_length:
        raise ModelError(
            f"{path.name} was trained on texts of up to {shape.context_length:,} tokens, and "
            f"context_tokens is {context_tokens:,}. "
            f"Lower it, for example: QA_CONTEXT_TOKENS={shape.context_length}"
        )
    file_bytes = sum(part.stat().st_size for part in gguf_parts(path) if part.exists())
    need = estimate_memory(file_bytes, shape, context_tokens, batch_tokens)
    if available_bytes is not None and need.total_bytes > available_bytes:
        raise ModelError(
            f"{path.name} needs about {_gigabytes(need.total_bytes)} GB (weights "
            f"{_gigabytes(need.weights_bytes)}, context of {context_tokens:,} tokens "
            f"{_gigabytes(need.kv_bytes)}, working memory {_gigabytes(need.compute_bytes)}) and "
            f"{_gigabytes(available_bytes)} GB is free. Close other programs, lower "
            "context_tokens, or set QA_MODEL to a smaller model: qa models list"
        )
    return need


def estimate_memory(
    file_bytes: int, shape: ModelShape, context_tokens: int, batch_tokens: int
) -> MemoryEstimate:
    """What a model of a shape takes whose context is full, read `batch_tokens` at a time."""
    numbers = sum(shape.kv_heads) * (shape.key_length + shape.value_length)  # of a token
    attention = (shape.heads * SCORE_BYTES + MASK_BYTES) * context_tokens * batch_tokens
    activations = shape.embedding_length * ACTIVATION_BYTES * batch_tokens
    return MemoryEstimate(
        weights_bytes=file_bytes,
        kv_bytes=numbers * KV_BYTES * context_tokens,
        compute_bytes=FIXED_BYTES + shape.vocabulary * TOKEN_BYTES + activations + attention,
    )


def available_memory_bytes(root: Path = Path("/")) -> int | None:
    """Memory that programs can still take; None where the system does not tell.

    On Linux the least of what the machine and the control groups around this process (those of a
    container, of a service) leave, caches that can be dropped counted as free. Elsewhere all there
    is. `root` is where the system's files hang.
    """
    left = [
        int(line.split()[1]) * 1024
        for line in _lines(root / "proc/meminfo")
        if line.startswith("MemAvailable:")
    ]
    left += _left_by_control_groups(root)
    if left:
        return min(left)
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return None


def address_space_left_bytes() -> int | None:
    """What this process may still map where it is limited (`ulimit -v`); None where it is not."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    size = _lines(Path("/proc/self/statm"))
    if limit == resource.RLIM_INFINITY or not size:
        return None
    return max(limit - int(size[0].split()[0]) * resource.getpagesize(), 0)


def resident_bytes() -> int | None:
    """Memory that this process has taken; None where the system does not tell."""
    for line in _lines(Path("/proc/self/status")):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return None


@dataclass(frozen=True, slots=True)
class _GroupFiles:
    """How the files of a control group's memory are called, in the two versions of them."""

    mount: str
    limit: str
    used: str
    caches: tuple[str, ...]  # entries of memory.stat: file pages, in this group and those below


_VERSION_1 = _GroupFiles(
    "sys/fs/cgroup/memory",
    "memory.limit_in_bytes",
    "memory.usage_in_bytes",
    ("total_active_file", "total_inactive_file"),
)
_VERSION_2 = _GroupFiles(
    "sys/fs/cgroup", "memory.max", "memory.current", ("active_file", "inactive_file")
)


def _left_by_control_groups(root: Path) -> Iterator[int]:
    """Bytes that each limited group above this process leaves.

    In a container the path may be that of the host, of which only the upper end is to be seen
    here: folders that are not there are passed over.
    """
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        files = _VERSION_1 if controllers else _VERSION_2
        mount = root / files.mount
        folder = mount / path.lstrip("/")
        for group in (folder, *folder.parents):
            if group.is_relative_to(mount):
                yield from _left_in(group, files)


def _left_in(group: Path, files: _GroupFiles) -> Iterator[int]:
    """What one group leaves, if it has a limit."""
    limit, used = (_lines(group / name) for name in (files.limit, files.used))
    if not (limit and used and limit[0].isdecimal()):  # without a limit it says "max"
        return
    stat = dict(line.split() for line in _lines(group / "memory.stat"))
    caches = sum(int(stat.get(name, 0)) for name in files.caches)
    yield max(int(limit[0]) - int(used[0]) + caches, 0)


def _lines(file: Path) -> list[str]:
    """The lines of one of the system's files; none where it is not there."""
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.2f}"
