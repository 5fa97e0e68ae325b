"""What is released: one version everywhere, and a wheel with all that it needs and nothing else."""

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from qa import __version__

ROOT = Path(__file__).parent.parent

DATA = {
    "qa/py.typed",
    "qa/answering/confidence.json",
    "qa/evaluating/bench.jsonl",
    "qa/evaluating/calibration.jsonl",
    "qa/evaluating/calibration_articles.jsonl",
    "qa/library/reader/README.md",
    "qa/library/reader/encoder.onnx",
    "qa/models/known/catalogue.toml",
    "qa/reading/english_words.txt",
    "qa/surveying/wanted.json",
    "qa_ui/bookmarklet.js",
    "qa_ui/clip.js",
    "qa_ui/cuttings.css",
    "qa_ui/cuttings.js",
    "qa_ui/sheets.js",
    "qa_ui/web_page.css",
}
"""All in the wheel that is no module: weights of the reader alone, no model that can be pulled."""

BUILD = (
    "from setuptools import build_meta as b; print(b.build_sdist('dist'), b.build_wheel('dist'))"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wheel and what it was built from, made of a copy of this checkout.

    Of a copy, as setuptools leaves folders beside the sources; with files that must stay behind.
    """
    copy = tmp_path_factory.mktemp("release") / "copy"
    for folder in ("qa", "ui"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    for name in ("pyproject.toml", "MANIFEST.in", "README.md", "CHANGELOG.md", "LICENSE"):
        shutil.copy(ROOT / name, copy / name)
    stay = ("bench/speed.py", "index/library.db", "models/weights.gguf", "tests/test_seeds.py")
    for name in (*stay, "training/reader.py", "seeds/article.md"):
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("# stays behind\n")
    shutil.copy(ROOT / "models" / "catalogue.toml", copy / "models")
    subprocess.run([sys.executable, "-c", BUILD], cwd=copy, check=True, capture_output=True)
    return copy / "dist"


def sources() -> set[str]:
    """Every module under its name in a wheel."""
    modules = {file.relative_to(ROOT).as_posix() for file in (ROOT / "qa").rglob("*.py")}
    return modules | {f"qa_ui/{file.name}" for file in (ROOT / "ui").glob("*.py")}


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    released = [heading for heading in headings if heading != "Unreleased"]
    assert project["version"] == __version__ == released[0]
    assert headings.index(released[0]) <= 1
    assert released == sorted(released, reverse=True)


@pytest.mark.slow
def test_a_wheel_holds_every_module_the_data_they_read_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    assert wheel.name == f"cuttings-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == sources() | DATA


@pytest.mark.slow
def test_the_sources_beside_it_are_what_the_wheel_was_built_from(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        files = {one.name.partition("/")[2] for one in archive.getmembers() if one.isfile()}
    made = {"setup.cfg", "PKG-INFO"} | {name for name in files if ".egg-info/" in name}
    there = {name.replace("qa_ui/", "ui/") for name in sources() | DATA}
    there = {name.replace("qa/models/known/", "models/") for name in there}
    beside = {"pyproject.toml", "MANIFEST.in", "README.md", "CHANGELOG.md", "LICENSE"}
    assert files - made == there | beside


@pytest.mark.slow
def test_the_command_of_the_wheel_runs_without_the_checkout(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    points = (tmp_path / f"cuttings-{__version__}.dist-info" / "entry_points.txt").read_text()
    assert points.split() == ["[console_scripts]", "qa", "=", "qa.cli:main"]
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import qa_ui.page, qa.cli;"
        " print(qa.cli.__file__, qa_ui.page.__file__); qa.cli.main()"
    )
    ran = subprocess.run(
        [sys.executable, "-I", "-c", script, "--version"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    inside = [str(tmp_path / "qa/cli/__init__.py"), str(tmp_path / "qa_ui/page.py")]
    assert ran.stdout.split() == [*inside, __version__]
