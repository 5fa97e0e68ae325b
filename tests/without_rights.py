"""A Python process that may write only where the rights of files say so, even when root runs it."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1  # linux/prctl.h, linux/capability.h

ROOT = Path(__file__).parent.parent


def run_without_rights(script: str, *arguments: Path) -> str:
    """What a script prints; AssertionError, with what it said, where it fails."""
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_drop_the_right_to_write_everywhere if os.geteuid() == 0 else None,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _drop_the_right_to_write_everywhere() -> None:
    assert ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) == 0
