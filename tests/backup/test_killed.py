"""`kill -9` while a backup is written or restored: what has its name is whole."""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from qa.backup.contents import Step
from qa.backup.reading import check_backup
from qa.backup.restoring import restore_backup
from qa.backup.writing import write_backup
from qa.library.store import Store
from qa.settings import Settings
from tests.backup.homes import articles_of, nobody, settings_of, settled_home

pytestmark = pytest.mark.slow

TOUCHING = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "sqlite3.connect"}
MOST_MOMENTS = 200


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home in which people have worked."""
    folder = tmp_path_factory.mktemp("killed")
    return settled_home(folder / "old", folder)


def killed(nth: int, work: Callable[[Callable[[Step], None]], object]) -> bool:
    """Do a work in a process that is killed as it touches the n-th file; False if it was done."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
        return os.WIFSIGNALED(status)
    touched = 0

    def kill_at_nth(event: str = "open", _: object = None) -> None:
        nonlocal touched
        if event in TOUCHING:
            touched += 1
            if touched == nth:
                os.kill(os.getpid(), signal.SIGKILL)

    failed = 1
    try:
        sys.addaudithook(kill_at_nth)
        work(lambda _: kill_at_nth())  # between two pieces too
        failed = 0
    finally:
        os._exit(failed)


def test_a_backup_is_the_one_before_or_the_next(old: Settings, tmp_path: Path) -> None:
    file = tmp_path / "b"
    for nth in range(1, MOST_MOMENTS):
        if not killed(nth, partial(write_backup, old, file)):
            break
        if file.exists():
            check_backup(file, nobody)
        elif nth % 10 == 0:
            write_backup(old, file, nobody)  # then there is one to be replaced
    assert 20 < nth < MOST_MOMENTS - 1
    assert len(check_backup(file, nobody).members) == 5
    assert list(tmp_path.iterdir()) == [file]


def test_a_restored_library_is_whole_or_not_there(old: Settings, tmp_path: Path) -> None:
    file = tmp_path / "b"
    write_backup(old, file, nobody)
    before = articles_of(old)
    for nth in range(1, MOST_MOMENTS):
        new = settings_of(tmp_path / f"new-{nth}")
        if not killed(nth, partial(restore_backup, new, file)):
            break
        if (new.library_dir / "library.db").exists():
            assert articles_of(new) == before
            assert (new.home / "uploads" / "main" / "in" / "ferry.md").is_file()
            assert (new.home / "conversations.db").is_file()
        elif not any((new.home / name).exists() for name in ("uploads", "qa.toml")):
            restore_backup(new, file, nobody)  # nothing has its name yet: the same command does it
            assert articles_of(new) == before
    assert 20 < nth < MOST_MOMENTS - 1
    with Store.open(new.library_dir) as store:
        assert store.article_count() == 4
