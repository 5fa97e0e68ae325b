"""What the bar of `qa index` says."""

from qa.cli.indexing import _said_of
from qa.library.scanned_pages import PageAtHand
from qa.library.summary import IndexProgress, Phase


def test_a_scan_tells_which_of_its_pages_is_read() -> None:
    step = IndexProgress(Phase.READING, 1, 9, 2, "/in/old [b].pdf", PageAtHand(3, 40))
    assert _said_of(step) == "Reading old \\[b].pdf, page 3 of 40"


def test_other_files_go_by_too_fast_to_be_named() -> None:
    assert _said_of(IndexProgress(Phase.READING, 1, 9, 2, "/in/a.txt")) == "Reading"
    assert _said_of(IndexProgress(Phase.EMBEDDING_AGAIN, 1, 9, 2, "a")) == "Embedding again"
