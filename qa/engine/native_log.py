"""llama.cpp's complaints, kept for our messages instead of being printed among the answers."""

import ctypes
from collections import deque
from functools import cache
from typing import Any

_ERROR_LEVEL = 4  # GGML_LOG_LEVEL_ERROR in ggml.h


@cache
def native_errors() -> deque[str]:
    """The last few error lines of llama.cpp in this process, oldest first.

    llama.cpp has one log a process; the first call takes it over, for good.
    """
    import llama_cpp

    lines: deque[str] = deque(maxlen=3)

    def keep(level: int, text: bytes, _: object) -> None:
        if level == _ERROR_LEVEL:
            lines.append(text.decode("utf-8", errors="replace").strip())

    callback: Any = llama_cpp.llama_log_callback(keep)
    llama_cpp.llama_log_set(callback, ctypes.c_void_p(0))
    _kept_alive.append(callback)
    return lines


# The native side keeps a bare pointer to the callback: it must never be collected.
_kept_alive: list[Any] = []
