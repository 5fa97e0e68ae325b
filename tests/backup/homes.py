"""A home with all that people make in one, on real files; and what is in a home."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from qa.backup.contents import Step
from qa.conversing.archive import Archive
from qa.conversing.records import KeptExchange
from qa.library.store import Store
from qa.service.passwords import user_line
from qa.service.uploads import Shelf
from qa.settings import Settings, load_settings
from qa.types import Preferences
from tests.fakes import FakeEmbedder
from tests.library.stories import PASSAGE_TOKENS, STORIES, content, index, write
from tests.ui.harbour import FERRY_ANSWER, FERRY_QUESTION, HITS

KEY, OLD_KEY, USERS = "sk-3f9a77c1", "sk-of-last-year", user_line("ann", "long enough")
OWNER = "browser:5f0c"


def nobody(_: Step) -> None:
    """Nobody watches."""


def settings_of(home: Path) -> Settings:
    """The settings of a home, whose libraries lie in it."""
    return load_settings(home)


def settled_home(home: Path, folder: Path) -> Settings:
    """Two libraries of articles in `folder`, an upload, a conversation, settings with secrets."""
    home.mkdir(parents=True)
    (home / "qa.toml").write_text(
        f'passages = 6 # before: generator_key = "{OLD_KEY}"\ngenerator_key = "{KEY}"\n'
        f'index_dir = "{home / "index"}"\nauth = "{USERS}"\n'
    )
    settings = settings_of(home)
    small = settings.model_copy(update={"collection": "small"})
    with Store.create(small.library_dir) as store:
        index(store, write(folder / "small", {"one.txt": "One weir\n\nIt is open."}))
    with Store.create(settings.library_dir) as store:
        index(store, write(folder / "main", STORIES))
        shelf = Shelf(store, FakeEmbedder(), home / "uploads" / "main", PASSAGE_TOKENS)
        shelf.put(b"# Ferry\n\nThe ferry sailed on Thursday.", shelf.uploads / "in" / "ferry.md")
    (home / "uploads" / "main" / ".removed").mkdir()
    (home / "uploads" / "main" / ".removed" / "gone.md").write_text("# Gone")
    with Archive.open(home) as archive:
        id_ = archive.begin(OWNER, FERRY_QUESTION)
        asked = datetime(2024, 3, 16, 12, 30, tzinfo=UTC)
        archive.keep(OWNER, id_, KeptExchange(1, FERRY_QUESTION, asked, FERRY_ANSWER, HITS))
        archive.prefer(OWNER, Preferences(passages=3))
        archive.begin("user:ann", "Whose is it?")
        archive.clip_token("home")
    return settings


def clip_token(home: Path) -> str:
    """The secret of the bookmarklet, which opens a door."""
    with closing(sqlite3.connect(home / "conversations.db")) as connection:
        ((token,),) = connection.execute("SELECT token FROM clip_tokens").fetchall()
    return str(token)


def articles_of(settings: Settings, collection: str = "main") -> list[object]:
    """All that readers see of a library."""
    with Store.open(settings.model_copy(update={"collection": collection}).library_dir) as store:
        return content(store)


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
