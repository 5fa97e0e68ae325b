"""A picture of a page becomes its lines, each with its place and how sure the reading is.

Pure but for the model that is loaded once. The engine is RapidOCR with PP-OCRv6 (small), whose
package brings its models: nothing is fetched. It reads Latin letters with their diacritics and
needs no word about the language (measured in `bench/ocr.md`); it knows Chinese and Japanese signs
too, but neither Greek nor Cyrillic ones.
"""

import functools
import itertools
import math
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

DOTS_PER_INCH = 200
"""At which a page is best read; a finer picture takes longer and is read no better."""

FINDING_SIDE = 1280
"""Pixels of the longer side of a page on which lines are looked for; they are read on the whole."""

LARGE_SIDE = 2048
"""The same for pages of more than twice that, such as a newspaper's: their small print must stay
legible there."""

NARROWED = 0.8
"""Share of its width in which a line is read: the time goes by width, and letters stay as legible
(a fifth less time for the same errors; at .7 those in French at 150 dots per inch rise)."""

LONGEST_LINE = 80
"""Heights of a line in its length. A longer one is a rule; read as a line of print, one a pixel
high would take gigabytes."""

MOST_AT_ONCE = 4
"""Lines that are read at once, each on a thread: each takes memory of its own."""

SPECK = 4
"""Pixels: what is shorter or lower is no line."""

LEAST_CONFIDENCE = 0.5
"""Of a line: below it stand specks, lines of a drawing, and the grain of a photograph."""

_LOW_QUOTE = re.compile(r"(?<![,\w]),,(?=\w)")


@dataclass(frozen=True, slots=True)
class OcrLine:
    """Words that stand beside each other in a picture, and how sure their reading is (0 to 1).

    Its edge runs from (`left`, `top`) to (`right`, `right_top`), in pixels from the upper left
    corner: it slopes where the page lay askew. `height` stands upright on that edge.
    """

    text: str
    left: float
    top: float
    right: float
    right_top: float
    height: float
    confidence: float


class PageReader(Protocol):
    """An engine of OCR. Its `name` changes with whatever changes what it reads."""

    @property
    def name(self) -> str:
        """The engine and its version."""

    def read(self, picture: "Image.Image") -> tuple[OcrLine, ...]:
        """The lines in a picture, in no order that counts; empty where there are none."""


class RapidOcr:
    """RapidOCR on the CPU, loaded at the first page; reads a page at a time, from any thread."""

    def __init__(self, threads: int = 0) -> None:
        """`threads` as in the settings: 0 for all cores."""
        self._threads = threads
        self._engines: dict[tuple[int, int], Any] = {}
        self._reading = Lock()

    @property
    def name(self) -> str:
        """The engine and its version."""
        return f"rapidocr {version('rapidocr')} PP-OCRv6 small"

    def read(self, picture: "Image.Image") -> tuple[OcrLine, ...]:
        """The lines in a picture."""
        with self._reading:
            return self._read(picture)

    def _read(self, picture: "Image.Image") -> tuple[OcrLine, ...]:
        import numpy as np

        narrow = picture.resize((max(1, round(picture.width * NARROWED)), picture.height))
        pixels = np.ascontiguousarray(np.asarray(narrow.convert("RGB"))[:, :, ::-1])  # blue first
        side = LARGE_SIDE if max(picture.size) > 2 * FINDING_SIDE else FINDING_SIDE
        boxes = self._engine(side, self._threads)(pixels, use_det=True, use_rec=False).boxes
        if boxes is None:
            return ()
        read = functools.partial(_read_line, self._engine(FINDING_SIDE, 1), pixels)
        # A line on each thread: threads that share one wait for each other at every layer. Not
        # several at once on a thread: all would take the memory and the time of the longest.
        readers = min(self._threads or os.cpu_count() or 1, MOST_AT_ONCE)
        with ThreadPoolExecutor(readers) as threads:
            return tuple(itertools.chain.from_iterable(threads.map(read, boxes)))

    def _engine(self, side: int, threads: int) -> Any:
        """RapidOCR that looks for lines on `side` pixels; a model is loaded when it is needed."""
        if (side, threads) not in self._engines:
            import rapidocr

            models = Path(rapidocr.__file__).parent / "models"
            self._engines[side, threads] = rapidocr.RapidOCR(
                params={
                    "Global.log_level": "error",
                    "Global.use_cls": False,  # lines that stand on their head are rare in scans
                    "Global.use_preprocess_img": False,  # the picture's size is bounded already
                    # Named by their paths, so that none is ever downloaded.
                    "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
                    "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
                    "Det.limit_type": "max",
                    "Det.limit_side_len": side,
                    "EngineConfig.onnxruntime.intra_op_num_threads": threads or -1,
                }
            )
        return self._engines[side, threads]


def _read_line(engine: Any, pixels: "np.ndarray", box: "np.ndarray") -> list[OcrLine]:
    """What is read in a box of four corners on a narrowed page; empty if it holds no line."""
    from rapidocr.utils.process_img import get_rotate_crop_image

    corners = [(x / NARROWED, y) for x, y in box.tolist()]
    if min(math.dist(corners[0], corners[1]), math.dist(corners[0], corners[3])) < SPECK:
        return []
    strip = get_rotate_crop_image(pixels, box)
    if strip.shape[1] > LONGEST_LINE * strip.shape[0]:
        return []
    read = engine(strip, use_det=False, use_rec=True)
    return [
        _line(corners, text, float(confidence))
        for text, confidence in zip(read.txts or (), read.scores or (), strict=True)
        if text.strip() and confidence >= LEAST_CONFIDENCE
    ]


def _line(corners: Sequence[Sequence[float]], text: str, confidence: float) -> OcrLine:
    """The line in a box of four corners, clockwise from the upper left one."""
    upper_left, upper_right, _, lower_left = corners
    across, down = lower_left[0] - upper_left[0], lower_left[1] - upper_left[1]
    return OcrLine(
        # PP-OCRv6 has no sign for the low quotation mark of German, Polish and Czech.
        text=_LOW_QUOTE.sub("„", " ".join(text.split())),
        left=upper_left[0],
        top=upper_left[1],
        right=upper_right[0],
        right_top=upper_right[1],
        height=(across**2 + down**2) ** 0.5,
        confidence=confidence,
    )
