"""A library is asked with the embedder it was made with, whatever the settings name by now."""

import shutil
from pathlib import Path

import pytest

from qa.errors import LibraryError
from qa.library.indexing import index_folders
from qa.library.store import Store
from qa.opening import open_embedder, open_retriever
from qa.settings import load_settings

pytestmark = pytest.mark.model


def other_embedder(folder: Path) -> Path:
    """A copy of the default embedder whose weights differ in their last bit."""
    default = load_settings().models_dir / "all-minilm-l6-v2"
    shutil.copytree(default, folder)
    weights = folder / "model.safetensors"
    raw = bytearray(weights.read_bytes())
    raw[-4] ^= 1
    weights.write_bytes(raw)
    return folder


def test_the_old_embedder_answers_until_the_library_is_made_anew(tmp_path: Path) -> None:
    other = other_embedder(tmp_path / "other")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bridge.txt").write_text("Bridge closed\n\nThe old bridge was closed.\n")
    before, now = load_settings(embedder=str(other)), load_settings()
    with Store.create(before.library_dir) as store:
        index_folders(
            [tmp_path / "in"],
            store,
            open_embedder(before),
            before.passage_tokens,
            lambda _: None,
            embedder_name=before.embedder,
        )
    assert open_embedder(before).digest != open_embedder(now).digest

    with open_retriever(now) as retriever:
        (hit,) = retriever.retrieve("Which bridge was closed?", 3)
    assert hit.passage.article_id == "bridge"
    assert hit.cosine > 0.7

    shutil.rmtree(other)
    with (
        open_retriever(now) as retriever,
        pytest.raises(LibraryError, match=r"made with the embedder '.*other', .*qa index"),
    ):
        retriever.retrieve("Which bridge was closed?", 3)
