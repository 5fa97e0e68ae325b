"""How llama.cpp has to be compiled on this machine, in one place.

Runs with a plain `python3` before anything is installed and prints a line for a shell (-I keeps
`qa/types.py` from standing in for the standard library's module):

    eval "$(python3 -I qa/build_flags.py)" && pip install 'llama-cpp-python>=0.3.36,<0.4'

On x86-64 with gcc, llama.cpp's own choice (GGML_NATIVE) turns on AMX, and gcc 12 then drops the
stores that fill AMX's tile configuration: the library dies with SIGILL at the first prompt. So
GGML_NATIVE is off, the flags name this processor (-march=native, as fast), and AMX is taken out of
it. gcc before 11 knows neither AMX nor the flags that take it out. clang compiles AMX rightly, and
ARM processors (Apple's too) have none: there llama.cpp chooses for itself.
"""

import os
import platform
import shlex
import subprocess
import sys

REQUIREMENT = "llama-cpp-python>=0.3.36,<0.4"
NO_AMX = ("-mno-amx-tile", "-mno-amx-int8", "-mno-amx-bf16")
NO_LLAVA = "-DLLAVA_BUILD=OFF"  # pictures are no matter of ours; it saves a minute of compiling


def build_variables() -> dict[str, str]:
    """The environment variables for compiling llama.cpp here, by name."""
    is_x86_linux = platform.system() == "Linux" and platform.machine() in ("x86_64", "AMD64")
    compiler = os.environ.get("CC") or "cc"
    if not is_x86_linux or not is_gcc(compiler):
        return {"CMAKE_ARGS": NO_LLAVA}
    flags = ["-march=native", *(flag for flag in NO_AMX if knows_flag(compiler, flag))]
    return {
        "CMAKE_ARGS": f"-DGGML_NATIVE=OFF {NO_LLAVA}",
        "CFLAGS": " ".join(flags),
        "CXXFLAGS": " ".join(flags),
    }


def is_gcc(compiler: str) -> bool:
    """Whether this command is gcc; False also when there is no such command."""
    return "Free Software Foundation" in _output([*shlex.split(compiler), "--version"])


def knows_flag(compiler: str, flag: str) -> bool:
    """Whether the compiler takes the flag, by compiling an empty file with it."""
    command = [*shlex.split(compiler), flag, "-fsyntax-only", "-x", "c", os.devnull]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def rebuild_command() -> str:
    """The shell command that compiles llama.cpp afresh for this machine, in one line.

    pip keeps the wheel it built, whatever the flags were, so its cache is left out.
    """
    variables = " ".join(f"{name}={shlex.quote(text)}" for name, text in build_variables().items())
    return (
        f"{variables} {shlex.quote(sys.executable)} -m pip install --no-cache-dir "
        f"--force-reinstall --no-deps {shlex.quote(REQUIREMENT)}"
    )


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


if __name__ == "__main__":
    exports = " ".join(f"{name}={shlex.quote(text)}" for name, text in build_variables().items())
    sys.stdout.write(f"export {exports}\n")
