"""Files that a browser, or another program, is still downloading: seen by what lies beside them."""

from pathlib import Path

from qa.errors import BadArticle
from qa.reading.formats import printable
from qa.reading.kinds import suffix_of

PARTIAL = (".part", ".crdownload", ".download", ".partial", ".aria2")
"""What programs add to a file's name for the half of it: Firefox and others; Chromium and its
like; Safari; Edge; aria2."""

HALF_FOLDER = ".download"
"""What Safari adds to a file's name for the folder in which it downloads it."""


def is_half_a_file(name: str) -> bool:
    """Whether a folder of this name holds a file that is still being downloaded."""
    return name.endswith(HALF_FOLDER) and suffix_of(name.removesuffix(HALF_FOLDER)) != ""


def check_download(file: Path) -> None:
    """Raise BadArticle for a file that is still being downloaded, as far as that can be seen."""
    try:
        half = half_beside(file)
    except OSError:  # gone, or closed to us, which is found out when it is read
        return
    if half:
        raise BadArticle(
            f"{printable(file)} is still being downloaded: {printable(half)} lies beside it. It is"
            " read when that is gone; if nothing downloads it any more, delete that."
        )


def half_beside(file: Path) -> str | None:
    """The name of the download beside a file that is to become that file; None without one."""
    for suffix in PARTIAL:
        half = file.with_name(file.name + suffix)
        if half.exists():
            return half.name
    # Firefox keeps the place of `report.pdf` by an empty file, and writes `report.X7pQ.pdf.part`.
    if file.stat().st_size:
        return None
    begin, end = f"{file.stem}.", f"{file.suffix}.part"
    named = (one.name for one in file.parent.iterdir() if one.name.startswith(begin))
    return next((name for name in named if name.endswith(end)), None)
