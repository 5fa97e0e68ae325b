"""The file of conversations: `conversations.db` in the home, SQLite in WAL mode.

Every conversation has an owner, and nothing of it is told to anybody else. What it holds is the
person's own: no change of the library touches it.
"""

import json
import secrets
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from qa.conversing import preferences
from qa.conversing.database import SCHEMA_VERSION, TABLES, convert, plain_errors
from qa.conversing.feedback import Judgement, Verdict
from qa.conversing.records import (
    LONGEST_TITLE,
    Conversation,
    ConversationLine,
    KeptExchange,
    digest_of,
    from_json,
    title_of,
    to_json,
)
from qa.errors import ConversationError
from qa.library.read_only import can_write, read_only_address
from qa.settings import MAIN
from qa.types import AS_SET, Preferences, Turn

FILE_NAME = "conversations.db"

UNCLAIMED = "browser:restored"
"""The owner of what browsers had asked before it was restored from a backup; see `take_over`."""

BUSY_S = 10.0
"""How long a writer waits for another process."""


class Archive:
    """The conversations of a home; use it in a `with` block, from any thread.

    Where the home cannot be written they are in memory alone, and `lasts` is false.
    """

    def __init__(self, connection: sqlite3.Connection, file: Path, *, lasts: bool) -> None:
        self._connection = connection
        self._file = file
        self.lasts = lasts
        self._lock = threading.Lock()

    @classmethod
    def open(cls, home: Path) -> Self:
        """Open the file of a home, made first where there is none; a copy where it is read-only.

        Raises ConversationError.
        """
        file = home / FILE_NAME
        with plain_errors(file), ExitStack() as until_ready:
            home.mkdir(parents=True, exist_ok=True)
            lasts = can_write(home, file)
            if lasts:  # the person's own; SQLite gives the files beside it that mode
                file.touch(mode=0o600)
            connection = sqlite3.connect(
                file if lasts else ":memory:",
                timeout=BUSY_S,
                isolation_level=None,
                check_same_thread=False,
            )
            until_ready.callback(connection.close)
            if not lasts and file.exists():
                with closing(sqlite3.connect(read_only_address(file), uri=True)) as kept:
                    kept.backup(connection)
            _prepare(connection, file)
            until_ready.pop_all()
        return cls(connection, file, lasts=lasts)

    @property
    def home(self) -> Path:
        """The folder in which the file lies."""
        return self._file.parent

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        with self._lock:
            self._connection.close()

    def begin(self, owner: str, question: str, collection: str = MAIN) -> str:
        """The id of a new conversation with a collection, named after its first question."""
        id_ = uuid.uuid4().hex
        with self._changing() as run:
            values = (id_, owner, collection, title_of(question), _now())
            run(
                "INSERT INTO conversations (id, owner, collection, title, updated)"
                " VALUES (?, ?, ?, ?, ?)",
                values,
            )
        return id_

    def keep(self, owner: str, id_: str, exchange: KeptExchange) -> None:
        """Keep an exchange in place of what had its number, and of all that came after.

        Nothing happens where this owner has no such conversation.
        """
        answer = exchange.answer.text if exchange.answer else exchange.written
        words = f"{exchange.question}\n{answer}".casefold()
        with self._changing() as run:
            mine = run(
                "UPDATE conversations SET updated = ? WHERE id = ? AND owner = ?",
                (_now(), id_, owner),
            )
            if mine.rowcount:
                run(
                    "DELETE FROM exchanges WHERE conversation = ? AND number >= ?",
                    (id_, exchange.number),
                )
                values = (exchange.number, words, to_json(exchange))
                run(
                    "INSERT INTO exchanges (conversation, number, words, kept, digest)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (id_, *values, digest_of(*values)),
                )

    def conversations(self, owner: str, search: str = "") -> tuple[ConversationLine, ...]:
        """An owner's conversations in which each of these words occurs, the latest first."""
        found = self._rows(
            "SELECT c.id, c.title, c.collection, c.updated, count(e.number),"
            " coalesce(group_concat(e.words, ' '), '')"
            " FROM conversations c LEFT JOIN exchanges e ON e.conversation = c.id"
            " WHERE c.owner = ? GROUP BY c.id ORDER BY c.updated DESC, c.id",
            (owner,),
        )
        wanted = search.casefold().split()
        return tuple(
            ConversationLine(id_, title, collection, datetime.fromisoformat(updated), questions)
            for id_, title, collection, updated, questions, words in found
            if all(word in words or word in title.casefold() for word in wanted)
        )

    def conversation(self, owner: str, id_: str) -> Conversation | None:
        """An owner's conversation of that id. Raises ConversationError when it is damaged."""
        found = self._rows(
            "SELECT title, collection FROM conversations WHERE id = ? AND owner = ?", (id_, owner)
        )
        if not found:
            return None
        kept = self._rows(
            "SELECT number, words, kept, digest FROM exchanges WHERE conversation = ?"
            " ORDER BY number",
            (id_,),
        )
        exchanges = tuple(
            self._read(text, digest, (number, words, text)) for number, words, text, digest in kept
        )
        ((title, collection),) = found
        return Conversation(id_, title, collection, exchanges)

    def rename(self, owner: str, id_: str, title: str) -> None:
        """Give a conversation another title; an empty one changes nothing."""
        title = " ".join(title.split())[:LONGEST_TITLE]
        if title:
            with self._changing() as run:
                run(
                    "UPDATE conversations SET title = ? WHERE id = ? AND owner = ?",
                    (title, id_, owner),
                )

    def delete(self, owner: str, id_: str) -> None:
        """Delete a conversation for good."""
        with self._changing() as run:
            run("DELETE FROM conversations WHERE id = ? AND owner = ?", (id_, owner))

    def take_over(self, owner: str) -> None:
        """Give an owner what nobody has claimed yet; on a restored home, the first that comes."""
        if self._rows("SELECT 1 FROM conversations WHERE owner = ? LIMIT 1", (UNCLAIMED,)):
            with self._changing() as run:
                for table in ("conversations", "preferences"):
                    run(
                        f"UPDATE OR IGNORE {table} SET owner = ? WHERE owner = ?",
                        (owner, UNCLAIMED),
                    )

    def judge(
        self, owner: str, id_: str, number: int, verdict: Verdict, correction: str = ""
    ) -> bool:
        """Keep what an owner says of an exchange, in place of what they said of it before.

        False where there is no such exchange, or it has no answer.
        """
        conversation = self.conversation(owner, id_)
        exchanges = conversation.exchanges if conversation else ()
        judged = next((one for one in exchanges if one.number == number and one.answer), None)
        if judged is None:
            return False
        history = [
            [one.question, one.answer.text]
            for one in exchanges
            if one.answer and one.number < number
        ]
        said = (
            verdict.value,
            " ".join(correction.split()),
            to_json(judged),
            json.dumps(history),
        )
        with self._changing() as run:
            run(
                "INSERT OR REPLACE INTO judgements"
                " (conversation, number, given, verdict, correction, kept, history, digest)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (id_, number, _now(), *said, digest_of(number, *said)),
            )
        return True

    def verdicts(self, owner: str, id_: str) -> dict[int, Verdict]:
        """What an owner has said of the exchanges of a conversation, by their numbers.

        Of one that was asked again since, nothing has been said. Raises ConversationError when the
        conversation is damaged.
        """
        conversation = self.conversation(owner, id_)
        # By value: what an older version kept is written otherwise than what is judged today.
        standing = {one.number: one for one in conversation.exchanges} if conversation else {}
        return {
            said.exchange.number: said.verdict
            for said in self._judged("c.id = ? AND owner = ?", id_, owner)
            if said.exchange == standing.get(said.exchange.number)
        }

    def judgements(self, owner: str | None = None) -> tuple[Judgement, ...]:
        """What anybody, or one owner, has said of answers, the oldest first."""
        return self._judged("? IN (owner, '')", owner or "")

    def _judged(self, where: str, *values: str) -> tuple[Judgement, ...]:
        found = self._rows(
            "SELECT j.id, given, number, verdict, correction, kept, history, digest"
            " FROM judgements j JOIN conversations c ON c.id = j.conversation"
            f" WHERE {where} ORDER BY j.id",
            values,
        )
        return tuple(
            Judgement(
                id_,
                datetime.fromisoformat(given),
                Verdict(verdict),
                correction,
                self._read(kept, digest, (number, verdict, correction, kept, history)),
                tuple(Turn(question, answer) for question, answer in json.loads(history)),
            )
            for id_, given, number, verdict, correction, kept, history, digest in found
        )

    def reviewed(self) -> dict[int, dict[str, Any] | None]:
        """The lines of a question set that reviewed judgements became, by id; None: rejected."""
        return {
            id_: json.loads(line) if line else None
            for id_, line in self._rows("SELECT judgement, line FROM reviewed", ())
        }

    def review(self, owner: str, judgement: int, line: dict[str, Any] | None) -> None:
        """Keep what an owner's judgement became, or that it was rejected.

        Nothing happens where this owner has given no such judgement, or another one by now.
        """
        with self._changing() as run:
            run(
                "INSERT OR REPLACE INTO reviewed SELECT j.id, ? FROM judgements j"
                " JOIN conversations c ON c.id = j.conversation WHERE j.id = ? AND c.owner = ?",
                ("" if line is None else json.dumps(line, ensure_ascii=False), judgement, owner),
            )

    def clip_token(self, owner: str) -> str:
        """The secret by which an owner's bookmarklet adds pages; made when first wanted."""
        with self._changing() as run:
            values = (owner, secrets.token_urlsafe(24))
            run("INSERT OR IGNORE INTO clip_tokens VALUES (?, ?)", values)
            ((token,),) = run("SELECT token FROM clip_tokens WHERE owner = ?", (owner,))
        return str(token)

    def renew_clip_token(self, owner: str) -> str:
        """Another such secret in the place of the one before."""
        token = secrets.token_urlsafe(24)
        with self._changing() as run:
            run("INSERT OR REPLACE INTO clip_tokens VALUES (?, ?)", (owner, token))
        return token

    def preferences(self, owner: str) -> Preferences:
        """What an owner has chosen for their questions."""
        found = self._rows("SELECT chosen FROM preferences WHERE owner = ?", (owner,))
        return preferences.from_json(found[0][0]) if found else AS_SET

    def prefer(self, owner: str, chosen: Preferences) -> None:
        """Keep what an owner has chosen, in place of what they chose before."""
        with self._changing() as run:
            values = (owner, preferences.to_json(chosen))
            run("INSERT OR REPLACE INTO preferences VALUES (?, ?)", values)

    def _read(self, kept: str, digest: int, digested: tuple[object, ...]) -> KeptExchange:
        """The exchange that was kept so, if what stands in its row is still what was written."""
        failure = None
        try:
            if digest_of(*digested) == digest:
                return from_json(kept)
        except (ValueError, TypeError) as error:
            failure = error
        raise ConversationError(
            f"A conversation in {self._file} is damaged and cannot be shown. Delete it from "
            "the list, or bring the file back from a copy."
        ) from failure

    def _rows(self, sql: str, values: tuple[Any, ...]) -> list[Any]:
        with self._lock, plain_errors(self._file):
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def _changing(self) -> Iterator[Any]:
        """One transaction, undone after an exception; gives what runs a statement in it."""
        with self._lock, plain_errors(self._file), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection.execute


def _prepare(connection: sqlite3.Connection, file: Path) -> None:
    ((version,),) = connection.execute("PRAGMA user_version").fetchall()
    if version > SCHEMA_VERSION:
        raise ConversationError(
            f"The conversations in {file} were kept by a newer version of this program. Use that "
            "one, or move the file away."
        )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA secure_delete = ON")  # what a person deletes is gone from the disk
    if version < SCHEMA_VERSION:
        with connection:  # whole, or as it was
            connection.execute("BEGIN IMMEDIATE")
            convert(connection)
    connection.executescript(TABLES)
    if version < SCHEMA_VERSION:  # else nothing is written, and nobody's lock is waited for
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("PRAGMA foreign_keys = ON")


def _now() -> str:
    return datetime.now(UTC).isoformat()
