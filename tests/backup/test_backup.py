"""A home becomes one file, and that file another home: nothing is lost, and no secret leaves."""

import hashlib
import json
import sqlite3
import zipfile
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.backup.contents import LIST, Step
from qa.backup.reading import check_backup
from qa.backup.restoring import restore_backup
from qa.backup.workplace import workplace
from qa.backup.writing import write_backup
from qa.cli import app
from qa.conversing.archive import UNCLAIMED, Archive
from qa.errors import BackupError, ConversationError, LibraryError
from qa.library.checking import check_library
from qa.library.retrieval import Retriever
from qa.library.schema import SCHEMA_VERSION
from qa.library.store import Store
from qa.settings import Settings
from qa.types import Preferences
from tests.backup.homes import (
    KEY,
    OLD_KEY,
    USERS,
    articles_of,
    clip_token,
    files_in,
    nobody,
    settings_of,
    settled_home,
)
from tests.fakes import FakeEmbedder
from tests.library.stories import index
from tests.library.test_converting import BEFORE
from tests.ui.harbour import FERRY_ANSWER


@pytest.fixture
def old(tmp_path: Path) -> Settings:
    """A home in which people have worked."""
    (tmp_path / "articles").mkdir()
    return settled_home(tmp_path / "old", tmp_path / "articles")


@pytest.fixture
def new(tmp_path: Path) -> Settings:
    """A home that is not there yet."""
    return settings_of(tmp_path / "new" / "home")


@pytest.fixture
def file(tmp_path: Path, old: Settings) -> Path:
    """A backup of the old home."""
    write_backup(old, tmp_path / "cuttings.backup", nobody)
    return tmp_path / "cuttings.backup"


def test_a_restored_library_answers_and_is_indexed_on(
    file: Path, old: Settings, new: Settings
) -> None:
    restored = restore_backup(new, file, nobody)
    counts = restored.collections, restored.articles, restored.conversations, restored.uploads
    assert counts == (2, 5, 2, 1)
    for collection in ("main", "small"):
        assert articles_of(new, collection) == articles_of(old, collection)
    upload = Path("uploads/main/in/ferry.md")
    assert (new.home / upload).read_bytes() == (old.home / upload).read_bytes()
    with Store.open(new.library_dir) as store:
        assert check_library(store.file) == ()
        best = Retriever(store, FakeEmbedder()).retrieve("ferry Thursday", 1)
        assert [hit.passage.article_id for hit in best] == ["in/ferry"]
        assert store.roots()[1] == new.home / "uploads" / "main"
        summary = index(store)
        assert (summary.embedded, len(summary.unchanged), summary.removed) == (0, 4, ())
    assert not list(new.home.rglob(".restoring"))
    assert oct((new.home / "conversations.db").stat().st_mode)[-3:] == "600"
    assert oct(file.stat().st_mode)[-3:] == "600"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", ""),
        ('generator = "http://a:1/v1"', "http://a:1/v1"),
        ('generator = ["http://a:1/v1", "http://b/v1"]', "http://a:1/v1, http://b/v1"),
    ],
)
def test_where_its_settings_send_questions_is_told(
    tmp_path: Path, old: Settings, new: Settings, written: str, told: str
) -> None:
    with (old.home / "qa.toml").open("a") as settings:
        settings.write(written)
    write_backup(old, tmp_path / "b", nobody)
    assert restore_backup(new, tmp_path / "b", nobody).generator == told


def test_conversations_are_a_users_own_or_the_first_browsers(file: Path, new: Settings) -> None:
    restore_backup(new, file, nobody)
    with Archive.open(new.home) as archive:
        assert [line.title for line in archive.conversations("user:ann")] == ["Whose is it?"]
        assert archive.conversations("browser:other") == ()
        archive.take_over("browser:other")
        archive.take_over("browser:third")
        (line,) = archive.conversations("browser:other")
        kept = archive.conversation("browser:other", line.id)
        assert kept is not None
        assert [one.answer for one in kept.exchanges] == [FERRY_ANSWER]
        assert archive.preferences("browser:other") == Preferences(passages=3)
        assert archive.conversations("browser:third") == archive.conversations(UNCLAIMED) == ()


def test_no_secret_leaves(file: Path, old: Settings, new: Settings) -> None:
    with zipfile.ZipFile(file) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(held) == [
        LIST,
        "conversations.db",
        "index/main/library.db",
        "index/small/library.db",
        "qa.toml",
        "uploads/main/in/ferry.md",
    ]
    for secret in (KEY, OLD_KEY, USERS, clip_token(old.home)):
        assert not [name for name, content in held.items() if secret.encode() in content]
    assert held["qa.toml"].decode() == "passages = 6\n"
    restore_backup(new, file, nobody)
    with Archive.open(new.home) as archive:
        assert archive.clip_token("home") != clip_token(old.home)


def test_settings_that_say_the_same_stay_and_others_are_kept_beside(
    file: Path, new: Settings, tmp_path: Path
) -> None:
    same = new.home / "qa.toml"
    same.parent.mkdir(parents=True)
    same.write_text('passages = 6 # enough\ngenerator_key = "own"\n')
    assert restore_backup(new, file, nobody).kept_settings is None
    assert same.read_text() == 'passages = 6 # enough\ngenerator_key = "own"\n'

    other = tmp_path / "other" / "qa.toml"
    other.parent.mkdir()
    other.write_text('passages = 2\nindex_dir = "lib"\n')
    settings = settings_of(other.parent)
    kept = restore_backup(settings, file, nobody).kept_settings
    assert kept is not None
    assert kept.read_text() == 'passages = 2\nindex_dir = "lib"\n'
    assert other.read_text() == 'index_dir = "lib"\npassages = 6\n'
    assert (other.parent / "lib" / "library.db").is_file()


@pytest.mark.parametrize(
    "there",
    ["index/library.db", "conversations.db-wal", "uploads/main/a.txt",
     "index/collections/other/library.db", "index/scans.db"],
)  # fmt: skip
def test_a_home_in_which_something_is_stays_as_it_is(file: Path, new: Settings, there: str) -> None:
    (new.home / there).parent.mkdir(parents=True)
    (new.home / there).write_text("mine")
    with pytest.raises(BackupError, match=rf"not empty: .*{there.split('/')[0]}.*QA_HOME=FOLDER"):
        restore_backup(new, file, nobody)
    assert files_in(new.home) == {there: b"mine"}


def test_every_broken_byte_is_seen_or_does_no_harm(file: Path) -> None:
    whole, manifest = file.read_bytes(), check_backup(file, nobody)
    step = len(whole) // 150
    places = [*range(0, len(whole), step), *range(len(whole) - 700, len(whole), 7)]
    found: list[bool | None] = []
    for place in places:
        broken = bytearray(whole)
        broken[place] ^= 0x55
        file.write_bytes(broken)
        try:
            found.append(check_backup(file, nobody) == manifest)
        except BackupError:
            found.append(None)
    assert False not in found
    # The others are days, rights and the like, which nobody reads.
    assert found.count(None) > 0.75 * len(places)


def test_a_list_of_files_that_points_before_the_beginning_is_damage(file: Path) -> None:
    broken = bytearray(file.read_bytes())
    # Six bytes from the end: where the list of files begins, low byte first; later than it does,
    # zipfile takes everything to stand that much earlier.
    broken[-4] += 1
    file.write_bytes(broken)
    with pytest.raises(BackupError, match=r"damaged in its list of files .*another copy"):
        check_backup(file, nobody)


def test_a_broken_byte_is_named_with_the_next_step_and_nothing_is_restored(
    file: Path, new: Settings
) -> None:
    with zipfile.ZipFile(file) as archive:
        place = archive.getinfo("index/small/library.db").header_offset + 300
    broken = bytearray(file.read_bytes())
    broken[place] ^= 1
    file.write_bytes(broken)
    with pytest.raises(BackupError, match=r"damaged in index/small/library.db .*another copy"):
        restore_backup(new, file, nobody)
    assert files_in(new.home) == {}
    file.write_bytes(broken[:-100])
    with pytest.raises(BackupError, match=r"no backup, or is cut short .* another copy"):
        restore_backup(new, file, nobody)


@pytest.mark.parametrize("name", ["uploads/../../planted", "/planted", "uploads/.hidden", "x.py"])
def test_a_file_that_belongs_nowhere_in_a_home_is_not_unpacked(
    file: Path, new: Settings, tmp_path: Path, name: str
) -> None:
    with zipfile.ZipFile(file) as archive:
        listed = json.loads(archive.read(LIST))
    listed["members"] = [{"name": name, "size_bytes": 1, "sha256": "x"}]
    hostile = tmp_path / "hostile"
    with zipfile.ZipFile(hostile, "w") as archive:
        archive.writestr(name, "x")
        archive.writestr(LIST, json.dumps(listed))
    with pytest.raises(BackupError, match=r"damaged in backup\.json .*is no part of a home"):
        restore_backup(new, hostile, nobody)
    assert not list(tmp_path.rglob("planted"))


@pytest.mark.parametrize("name", ["index/main/library.db", "conversations.db", "qa.toml"])
def test_what_is_whole_and_nothing_of_ours_is_refused(
    file: Path, new: Settings, tmp_path: Path, name: str
) -> None:
    content = b"= no database, no settings"
    with zipfile.ZipFile(file) as archive:
        listed = json.loads(archive.read(LIST))
    digest = hashlib.sha256(content).hexdigest()
    listed["members"] = [{"name": name, "size_bytes": len(content), "sha256": digest}]
    other = tmp_path / "other"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr(name, content)
        archive.writestr(LIST, json.dumps(listed))
    with pytest.raises(BackupError, match=r"cannot be made a home here .*nothing was restored"):
        restore_backup(new, other, nobody)
    assert files_in(new.home) == {}


def test_what_unpacks_to_more_than_was_listed_is_stopped(
    file: Path, new: Settings, tmp_path: Path
) -> None:
    with zipfile.ZipFile(file) as archive:
        listed = json.loads(archive.read(LIST))
    listed["members"] = [{"name": "uploads/a", "size_bytes": 10, "sha256": "x"}]
    bomb = tmp_path / "bomb"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("uploads/a", bytes(64 << 20))
        archive.writestr(LIST, json.dumps(listed))
    seen: list[Step] = []
    with pytest.raises(BackupError, match="it is not what was packed"):
        restore_backup(new, bomb, seen.append)
    assert seen == []


def test_an_older_library_is_backed_up_as_it_is_and_converted_when_restored(
    tmp_path: Path, old: Settings, new: Settings
) -> None:
    before = articles_of(old)
    with closing(sqlite3.connect(old.library_dir / "library.db")) as connection:
        connection.executescript(BEFORE)
        connection.execute("PRAGMA wal_checkpoint")
    write_backup(old, tmp_path / "b", nobody)
    with closing(sqlite3.connect(old.library_dir / "library.db")) as connection:
        version = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    assert version == ("2",)
    restore_backup(new, tmp_path / "b", nobody)
    with Store.open(new.library_dir) as store:
        assert check_library(store.file) == ()
    assert articles_of(new) == before


@pytest.mark.parametrize(
    ("change", "database", "said"),
    [
        (f"UPDATE meta SET value = {SCHEMA_VERSION + 1} WHERE key = 'schema'",
         "index/library.db", "newer version"),
        ("UPDATE meta SET value = 1 WHERE key = 'schema'", "index/library.db", "older than this"),
        ("PRAGMA user_version = 99", "conversations.db", "newer version"),
    ],
)  # fmt: skip
def test_another_version_is_refused_with_the_next_step(
    tmp_path: Path, old: Settings, new: Settings, change: str, database: str, said: str
) -> None:
    with closing(sqlite3.connect(old.home / database)) as connection, connection:
        connection.execute(change)
    write_backup(old, tmp_path / "b", nobody)
    with pytest.raises(BackupError, match=f"{said}.*Restore it with"):
        restore_backup(new, tmp_path / "b", nobody)
    assert files_in(new.home) == {}


def test_a_backup_holds_one_moment_of_a_library_that_is_written(
    tmp_path: Path, old: Settings, new: Settings
) -> None:
    before = articles_of(old)
    with (
        closing(sqlite3.connect(old.library_dir / "library.db")) as busy,
        closing(sqlite3.connect(old.library_dir / "library.db", isolation_level=None)) as done,
    ):
        busy.execute("UPDATE articles SET title = 'half written'")
        write_backup(old, tmp_path / "b", nobody)
        busy.rollback()
        done.execute("DELETE FROM articles WHERE id = 'port'")
        write_backup(old, tmp_path / "c", nobody)  # what is in the log alone is in the backup
    restore_backup(new, tmp_path / "b", nobody)
    assert articles_of(new) == before
    later = settings_of(tmp_path / "later")
    restore_backup(later, tmp_path / "c", nobody)
    assert articles_of(later) == articles_of(old) != before


def test_what_is_damaged_is_not_backed_up_unseen(tmp_path: Path, old: Settings) -> None:
    library = old.library_dir / "library.db"
    broken = bytearray(library.read_bytes())
    broken[8192 * 3 : 8192 * 3 + 4000] = b"\xff" * 4000
    library.write_bytes(broken)
    with pytest.raises(LibraryError, match=r"No backup was written\. .* is damaged .*qa index"):
        write_backup(old, tmp_path / "b", nobody)
    library.unlink()
    (old.home / "conversations.db").write_bytes(b"SQLite format 4" + bytes(1000))
    with pytest.raises(ConversationError, match=r"No backup was written\. .* Move that file away"):
        write_backup(old, tmp_path / "b", nobody)
    assert not (tmp_path / "b").exists()
    assert not (tmp_path / "b.partial").exists()


def test_no_other_file_is_written_over(tmp_path: Path, old: Settings) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"years of work")
    with pytest.raises(BackupError, match="there already and no backup"):
        write_backup(old, tmp_path / "thesis.docx", nobody)
    assert (tmp_path / "thesis.docx").read_bytes() == b"years of work"
    with pytest.raises(BackupError, match=r"nothing to back up in .*empty"):
        write_backup(settings_of(tmp_path / "empty"), tmp_path / "b", nobody)
    with pytest.raises(BackupError, match="cannot be written: No such file or directory"):
        write_backup(old, tmp_path / "nowhere" / "b", nobody)


def kept(folder: Path) -> dict[str, Path]:
    """Every file but what SQLite keeps beside a database that is open."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {str(file): file for file in files if not file.name.endswith(("-wal", "-shm"))}


@pytest.mark.parametrize("stage", ["Copying", "Packing", "Checking", "Unpacking"])
def test_ctrl_c_leaves_nothing(file: Path, old: Settings, new: Settings, stage: str) -> None:
    def interrupt(step: Step) -> None:
        if step.stage == stage:
            raise KeyboardInterrupt

    before = {name: file.read_bytes() for name, file in kept(file.parent).items()}
    act = partial(restore_backup, new) if stage == "Unpacking" else partial(write_backup, old)
    with pytest.raises(KeyboardInterrupt):
        act(file, interrupt)
    assert {name: file.read_bytes() for name, file in kept(file.parent).items()} == before


def test_two_at_once_are_told_of_each_other(file: Path, old: Settings) -> None:
    with (
        workplace(file.with_name(f"{file.name}.partial")),
        pytest.raises(BackupError, match="Another qa backup"),
    ):
        write_backup(old, file, nobody)
    check_backup(file, nobody)


def test_the_command_line(tmp_path: Path, old: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def qa(home: Path, *arguments: str) -> str:
        monkeypatch.setenv("QA_HOME", str(home))
        result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    told = qa(old.home, "backup", str(tmp_path / "b"))
    assert "Backed up and checked" in told
    assert "Not in it: models, evaluation runs, the file of users, keys." in told
    told = qa(tmp_path / "new", "restore", str(tmp_path / "b"))
    assert "articles 5, collections 2, conversations 2, uploaded files 1; as of 20" in told
