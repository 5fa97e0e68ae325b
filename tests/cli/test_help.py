"""`qa --help` answers at once: what takes long to load is not loaded for it."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

SCRIPT = """
import sys
from qa.cli import main

sys.argv = ["qa", *sys.argv[1:]]
try:
    main()
finally:
    sys.stderr.write("\\n".join(sys.modules))
"""

SLOW = (
    "numpy",
    "pydantic",
    "pydantic_settings",
    "sqlite3",
    "yaml",
    "qa.answering",
    "qa.doctor",
    "qa.engine",
    "qa.evaluating",
    "qa.library",
    "qa.models.",
    "qa.reading",
    "qa.service.",
    "qa.settings",
)


def test_help_loads_nothing_slow() -> None:
    child = subprocess.run(
        [sys.executable, "-c", SCRIPT, "--help"], capture_output=True, text=True, check=True
    )
    assert "Usage: qa" in child.stdout
    loaded = child.stderr.split()
    assert "qa.cli.asking" in loaded
    assert [name for name in loaded if name.startswith(SLOW)] == []
