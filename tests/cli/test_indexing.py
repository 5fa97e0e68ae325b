"""What the bar of `qa index` says."""

from functools import partial

import pytest

from qa.cli.indexing import WatchLog, _said_of
from qa.library.scanned_pages import PageAtHand
from qa.library.summary import IndexProgress, IndexSummary, Phase


def test_a_scan_tells_which_of_its_pages_is_read() -> None:
    step = IndexProgress(Phase.READING, 1, 9, 2, "/in/old [b].pdf", PageAtHand(3, 40))
    assert _said_of(step) == "Reading old \\[b].pdf, page 3 of 40"


def test_other_files_go_by_too_fast_to_be_named() -> None:
    assert _said_of(IndexProgress(Phase.READING, 1, 9, 2, "/in/a.txt")) == "Reading"
    assert _said_of(IndexProgress(Phase.EMBEDDING_AGAIN, 1, 9, 2, "a")) == "Embedding again"


def summary(
    removed: tuple[str, ...] = (), missing: tuple[str, ...] = ()
) -> tuple[IndexSummary, int]:
    """What a run has changed, of a library that has two articles then."""
    return IndexSummary((), (), (), removed, (), (), (), {}, (), 0, 0, missing), 2


def test_a_watch_says_what_becomes_of_articles_whose_files_go(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = WatchLog(as_json=False)
    log.show(summary)
    log.show(partial(summary, removed=("port",)))
    log.show(partial(summary, missing=("a", "b")))
    log.show(partial(summary, missing=("a", "b", "c")))
    assert capsys.readouterr().err.splitlines() == [
        "port: removed, for the file, or the place in it, is gone. With --keep-missing articles of"
        " such files stay.",
        "a, b: kept, though the file is gone.",
        "c: kept, though the file is gone.",
    ]
