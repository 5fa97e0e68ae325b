"""`python -m tests.upgrading.making` dumps what today's program keeps, where it is of a new form.

Each form that a library or a file of conversations ever had stays here as a dump; the tests beside
it open every one.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from qa.conversing.archive import FILE_NAME as CONVERSATIONS
from qa.conversing.archive import Archive
from qa.conversing.feedback import Verdict
from qa.conversing.records import from_json
from qa.library.database import FILE_NAME as LIBRARY
from qa.library.store import Store
from qa.types import Preferences
from tests.fakes import FakeEmbedder
from tests.library.stories import index
from tests.upgrading.dumps import dump, dump_file, form, load, numbers
from tests.upgrading.samples import EXCHANGE, write_articles

OWNER = "browser:ann"


def make_library(folder: Path) -> Path:
    """The file of a library that today's program makes of the sample."""
    with Store.create(folder / "index") as store:
        index(store, folder / "in", embedder=FakeEmbedder(dimension=8), passage_tokens=12)
    return folder / "index" / LIBRARY


def make_conversations(folder: Path) -> Path:
    """The file of conversations that today's program keeps, with a row in every table."""
    exchange = from_json(EXCHANGE)
    with Archive.open(folder) as archive:
        id_ = archive.begin(OWNER, exchange.question)
        archive.keep(OWNER, id_, exchange)
        archive.judge(OWNER, id_, exchange.number, Verdict.RIGHT)
        archive.prefer(OWNER, Preferences(passages=3))
        archive.clip_token(OWNER)
        (judged,) = archive.judgements()
        archive.review(OWNER, judged.id, None)
    return folder / CONVERSATIONS


MAKERS = {"library": make_library, "conversations": make_conversations}


def is_new(kind: str, made: Path, folder: Path) -> bool:
    """Whether no dump has the form of a file that was made; `folder` is for a file to compare."""
    newest = folder / f"{kind}-newest.db"
    load(kind, numbers(kind)[-1], newest, folder)
    return form(newest) != form(made)


def main() -> None:
    """Write a dump for each kind of file whose tables are not those of its newest dump."""
    for kind, make in MAKERS.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_articles(folder / "in")
            made = make(folder)
            if is_new(kind, made, folder):
                file = dump_file(kind, numbers(kind)[-1] + 1)
                day = datetime.now(UTC).date()
                text = f"-- Made by the program of {day}.\n{dump(made, folder / 'in')}"
                file.write_text(text, encoding="utf-8")
                print(f"wrote {file}")  # noqa: T201


if __name__ == "__main__":
    main()
