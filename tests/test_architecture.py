"""The order of the rooms, read from the imports."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Each may import from itself and from those above it; modules of one row may know each other.
ROOMS = (
    ("qa.errors", "qa.types"),
    ("qa.settings", "qa.build_flags", "qa.files", "qa.messages"),
    ("qa.reading",),
    ("qa.library",),
    ("qa.engine",),
    ("qa.models",),
    ("qa.surveying",),
    ("qa.answering",),
    ("qa.conversing",),
    ("qa.evaluating",),
    ("qa.doctor",),
    ("qa.service",),
    ("qa.cluster",),
    ("qa.capturing",),
    ("qa",),
    ("qa.backup",),
    ("qa.api",),
    ("qa.cli",),
)

# What one room never needs of another, although the order would allow it.
NEVER = (("qa.engine", ("qa.reading", "qa.library")),)

HEAVY = {
    "PIL",
    "cv2",
    "datasketch",
    "faiss",
    "gradio",
    "httpx",
    "ir_measures",
    "llama_cpp",
    "mammoth",
    "matplotlib",
    "nupunkt",
    "onnxruntime",
    "pandas",
    "pgvector",
    "psycopg",
    "pypdfium2",
    "pyarrow",
    "rapidocr",
    "ray",
    "scipy",
    "sentence_transformers",
    "torch",
    "torchmetrics",
    "trafilatura",
    "transformers",
    "warcio",
    "watchfiles",
}


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(file: Path) -> set[str]:
    """Every module of the project that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return {name for name in found if name.split(".")[0] in {"qa", "qa_ui", "ui", "tests"}}


def room(module: str) -> int:
    """The row of the longest room name that the module belongs to."""
    rows = [
        (len(name), row)
        for row, names in enumerate(ROOMS)
        for name in names
        if module == name or (module.startswith(name + ".") and name != "qa")
    ]
    assert rows, f"{module} stands in no room: add it to ROOMS"
    return max(rows)[1]


MODULES = sorted((ROOT / "qa").rglob("*.py"))


def is_module(name: str) -> bool:
    path = ROOT / Path(*name.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


@pytest.mark.parametrize("file", MODULES, ids=module_name)
def test_a_room_imports_only_from_those_above_it(file: Path) -> None:
    module = module_name(file)
    for imported in imports(file):
        if imported.startswith("qa_ui"):
            assert module.startswith("qa.cli"), f"{module} imports the page"
        elif is_module(imported):
            assert not imported.startswith(("ui", "tests")), f"{module} imports {imported}"
            assert room(imported) <= room(module), f"{module} imports {imported}, below it"


@pytest.mark.parametrize(("inner", "outer"), NEVER)
def test_rooms_that_know_nothing_of_each_other(inner: str, outer: tuple[str, ...]) -> None:
    for file in MODULES:
        if module_name(file).startswith(inner):
            assert not any(name.startswith(outer) for name in imports(file)), file


def test_the_page_imports_qa_alone_and_itself_relatively() -> None:
    for file in (ROOT / "ui").glob("*.py"):
        absolute = imports(file)
        assert all(name.startswith("qa.") for name in absolute), (file, absolute)
        below = {name for name in absolute if name.startswith("qa.cli")}
        assert not below or file.name == "__main__.py", file


@pytest.mark.slow
def test_help_loads_nothing_heavy() -> None:
    script = "import sys, qa.cli; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    assert HEAVY & set(loaded) == set()
