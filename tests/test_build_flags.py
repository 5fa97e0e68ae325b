"""The flags that llama.cpp is compiled with, for compilers that are scripts."""

import os
import platform
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from qa.build_flags import build_variables, rebuild_command

SCRIPT = Path(__file__).parents[1] / "qa" / "build_flags.py"
on_x86_linux = pytest.mark.skipif(
    platform.system() != "Linux" or platform.machine() != "x86_64", reason="x86-64 Linux alone"
)


def a_compiler(folder: Path, version: str, refuses: str = "nothing") -> str:
    """A script that answers as a compiler does, and fails when a flag holds `refuses`."""
    script = folder / "compiler"
    script.write_text(
        f"#!/bin/sh\ncase \"$*\" in *--version*) echo '{version}';; *{refuses}*) exit 1;; esac\n"
    )
    script.chmod(0o755)
    return str(script)


GCC = "gcc 12.2.0 Copyright (C) 2022 Free Software Foundation, Inc."


@on_x86_linux
def test_gcc_compiles_without_amx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", a_compiler(tmp_path, GCC))
    flags = "-march=native -mno-amx-tile -mno-amx-int8 -mno-amx-bf16"
    assert build_variables() == {
        "CMAKE_ARGS": "-DGGML_NATIVE=OFF -DLLAVA_BUILD=OFF",
        "CFLAGS": flags,
        "CXXFLAGS": flags,
    }


@on_x86_linux
def test_an_old_gcc_knows_nothing_of_amx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", a_compiler(tmp_path, GCC, refuses="-mno-amx"))
    assert build_variables()["CFLAGS"] == "-march=native"


@pytest.mark.parametrize("version", ["Debian clang version 14.0.6", "Apple clang version 15.0.0"])
def test_clang_chooses_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setenv("CC", a_compiler(tmp_path, version))
    assert build_variables() == {"CMAKE_ARGS": "-DLLAVA_BUILD=OFF"}


def test_a_compiler_that_is_not_there_is_no_gcc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "/no/such/compiler")
    assert build_variables() == {"CMAKE_ARGS": "-DLLAVA_BUILD=OFF"}


@pytest.mark.slow
def test_the_script_prints_what_a_shell_can_read() -> None:
    """Run as the set-up does: by path, with nothing of the project importable."""
    line = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT)], capture_output=True, text=True, check=True
    ).stdout
    shell = f'{line}\nprintf "%s" "$CMAKE_ARGS|$CFLAGS|$CXXFLAGS"'
    environment = {name: text for name, text in os.environ.items() if "FLAGS" not in name}
    read = subprocess.run(
        ["sh", "-c", shell], capture_output=True, text=True, check=True, env=environment
    ).stdout
    variables = build_variables()
    names = ("CMAKE_ARGS", "CFLAGS", "CXXFLAGS")
    assert read == "|".join(variables.get(name, "") for name in names)


def test_the_rebuild_command_is_one_line_for_a_shell() -> None:
    words = shlex.split(rebuild_command())
    assert words[0].startswith("CMAKE_ARGS=-D")
    assert words[-1] == "llama-cpp-python>=0.3.36,<0.4"
    assert "--no-cache-dir" in words
