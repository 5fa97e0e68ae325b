"""`qa eval --engine ray`: the predictions of one process, though an assistant dies; resumed."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.cli.typed import QA, qa, qa_process
from tests.conftest import ROOT, SEEDS

pytestmark = [pytest.mark.cluster, pytest.mark.model]

ASKED = ["eval", str(SEEDS / "questions.jsonl"), "--limit", "6", "--quotes-only", "--out"]
WITHIN_S = 240


def predictions(folder: Path) -> list[Any]:
    """The lines of a run, without what the clock says."""
    lines = map(json.loads, (folder / "predictions.jsonl").read_text().splitlines())
    return [line | {"timings": None} for line in lines]


def assistants(address: str, but: int) -> set[int]:
    """Processes on this machine that have the library open, without one."""
    with psycopg.connect(address) as connection:
        rows = connection.execute(
            "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'qa %'"
        ).fetchall()
    return {int(name.split()[-1]) for (name,) in rows} - {but}


def test_predictions_are_those_of_one_process_and_a_run_is_resumed(
    shared_index: str, ray_address: str, second: object, tmp_path: Path
) -> None:
    assert qa("index", SEEDS).returncode == 0
    alone, by_ray = tmp_path / "alone", tmp_path / "by-ray"
    assert qa(*ASKED, alone, "--workers", "1").returncode == 0
    cluster = ["--engine", "ray", "--address", ray_address, "--workers", "1"]

    with subprocess.Popen(
        [*QA, *ASKED, str(by_ray), *cluster], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as process:
        until = time.monotonic() + WITHIN_S
        while not (by_ray / "predictions.jsonl").exists() and time.monotonic() < until:
            time.sleep(0.05)
        os.kill(max(assistants(shared_index, but=process.pid)), signal.SIGKILL)
        _, said = process.communicate(timeout=WITHIN_S)
    assert process.returncode == 0, said
    assert predictions(by_ray) == predictions(alone)

    whole = (by_ray / "predictions.jsonl").read_text().splitlines(keepends=True)
    (by_ray / "predictions.jsonl").write_text("".join(whole[:4]) + whole[4][:20])
    resumed = qa_process(*ASKED, by_ray, "--resume", *cluster)
    assert resumed.returncode == 0, resumed.stderr
    assert predictions(by_ray) == predictions(alone)
    assert (by_ray / "predictions.jsonl").read_text().startswith("".join(whole[:4]))
