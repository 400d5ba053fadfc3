"""The history: conversations as trees of messages, with pictures stored once.

A conversation has one active branch, from its root to its head. Nothing is ever edited away: another version of a
message is another child of the same parent, and `switch_to` makes its branch the active one.

What a call has written is on the disk when it returns. All calls belong to the thread that opened the history.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.history import edits, erasing, queries, text_layers
from desktop_vlm.history import search as finding
from desktop_vlm.history.database import (
    PICTURE_INDEXES,
    TEXT_INDEXES,
    kept_aside,
    must_change,
    open_database,
    plain_errors,
    remove_database,
    transaction,
)
from desktop_vlm.history.drafts import Drafts
from desktop_vlm.history.folders import Folders, Scope, condition
from desktop_vlm.history.folding import storable
from desktop_vlm.history.migrations import MIGRATIONS, Migration, backups
from desktop_vlm.history.own_settings import NOTHING_OWN, OwnSettings, written
from desktop_vlm.history.records import ConversationSummary, Message, MessageState
from desktop_vlm.history.replacing import NewFile, may_hold, replace, replace_in_backup
from desktop_vlm.history.transfer import Transfer, check_history, swap
from desktop_vlm.history.waiting import Waiting

BACKUP_DAYS = 30
"""A backup made before a migration holds what is deleted later, so it goes after this time."""


class History:
    """One database file.

    Every method may raise UserError: the disk is full, failing or read-only, or the file is damaged. Nothing that
    was written before is lost by that. An id that does not exist is a bug of the caller and raises LookupError.

    Attributes:
        path: the file.
        notice: what the person should know after opening, one sentence, or "".
        folders: of conversations.
        drafts, waiting: questions that are being written, and that wait for their turn.
        edits: how pictures were made of others.
        transfer: all of it, out and in.
    """

    def __init__(
        self, path: Path, *, clock: Callable[[], float] = time.time, migrations: Sequence[Migration] = MIGRATIONS
    ) -> None:
        """Opens the file, or makes it.

        Raises:
            UserError: it cannot be opened or written, is in use, newer than this app, or another program's.
        """
        self.path = path
        self._clock = clock
        self._migrations = migrations
        self._drafts: set[str] = set()
        self._db, self.notice = open_database(path, migrations)
        self.folders, self.drafts = Folders(lambda: self._db, path), Drafts(lambda: self._db, path)
        self.edits, self.waiting = edits.Edits(lambda: self._db, path), Waiting(lambda: self._db, path)
        self.transfer = Transfer(lambda: self._db, path)
        try:
            self._interrupted = self._end_interrupted()
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> History:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    # Conversations

    def conversations(
        self, search: str = "", limit: int = 500, scope: Scope | int = Scope.EVERYWHERE
    ) -> list[ConversationSummary]:
        """Pinned ones first, then by their last change; with `search`, only those that hold every word of it."""
        where, values = condition(scope)
        with plain_errors(self.path):
            words = finding.words(storable(search))
            if not words:
                return queries.summaries(self._db, f"WHERE {where}", values, limit=limit)
            found = finding.find(self._db, words)
            listed = queries.summaries(self._db, f"WHERE {where}", values, only=found.keys(), limit=limit)
            return finding.with_hits(self._db, words, listed, found)

    def conversation(self, conversation_id: int) -> ConversationSummary:
        """Also one that is deleted and not yet purged."""
        with plain_errors(self.path):
            found = queries.summaries(self._db, "WHERE conversations.id = ?", (conversation_id,))
        if not found:
            raise LookupError(f"no conversation {conversation_id}")
        return found[0]

    def create_conversation(
        self, title: str = "", *, folder_id: int | None = None, own: OwnSettings = NOTHING_OWN
    ) -> int:
        now = self._clock()
        with transaction(self._db, self.path):
            made = self._db.execute(
                "INSERT INTO conversations (title, created_at, updated_at) VALUES (?, ?, ?)",
                (storable(title), now, now),
            )
            if folder_id is not None or not own.is_default:
                self._db.execute(
                    "UPDATE conversations SET own_settings = ?,"
                    " folder_id = (SELECT id FROM folders WHERE id = ?) WHERE id = ?",  # it may have gone meanwhile
                    (written(own), folder_id, made.lastrowid),
                )
        return _new_id(made)

    def rename(self, conversation_id: int, title: str) -> None:
        self._set("title", storable(title), conversation_id)

    def set_unread(self, conversation_id: int, unread: bool) -> None:
        self._set("unread", unread, conversation_id)

    def set_pinned(self, conversation_id: int, pinned: bool) -> None:
        self._set("pinned", pinned, conversation_id)

    def set_own(self, conversation_id: int, own: OwnSettings) -> None:
        """What it is asked with from now on, instead of the settings."""
        self._set("own_settings", written(own), conversation_id)

    def set_archived(self, archived: bool, *conversation_ids: int) -> None:
        self._set("archived_at", self._clock() if archived else None, *conversation_ids)

    def delete(self, *conversation_ids: int) -> None:
        """Hides them, until `restore` or `purge_deleted`."""
        self._set("deleted_at", self._clock(), *conversation_ids)

    def restore(self, *conversation_ids: int) -> None:
        self._set("deleted_at", None, *conversation_ids)

    def purge_deleted(self) -> None:
        """Really removes what was deleted, pictures that nothing uses any more, and old backups.

        Pictures added since opening and not yet in a message stay: someone is writing the message.
        """
        deleted = erasing.deleted_conversations(self._db, self.path)
        for conversation_id in deleted:  # one by one, so that the log stays small
            erasing.erase_conversation(self._db, self.path, conversation_id)
        unused = [one for one in erasing.unused_pictures(self._db, self.path) if one not in self._drafts]
        for sha256 in unused:
            erasing.erase_picture(self._db, self.path, sha256)
        if deleted or unused:
            indexes = [*(TEXT_INDEXES if deleted else ()), *(PICTURE_INDEXES if unused else ())]
            erasing.forget_for_good(self._db, self.path, indexes)
        for backup in backups(self.path):
            if backup.stat().st_mtime < self._clock() - BACKUP_DAYS * 86400:
                backup.unlink(missing_ok=True)

    def delete_everything(self) -> None:
        """Leaves no conversation and no picture in any file of the history: also not in backups or damaged files.

        Raises:
            UserError: some of it is still there.
        """
        self._drafts.clear()
        self._interrupted = []
        try:
            erasing.erase_all(self._db, self.path)
        except (UserError, sqlite3.IntegrityError):  # overwriting takes room that a full disk has not
            self._begin_again()
        with plain_errors(self.path):
            for kept in (*backups(self.path), *kept_aside(self.path)):
                kept.unlink(missing_ok=True)

    def adopt(self, file: Path) -> Path:
        """Has another closed database in the place of this one, which is kept beside it; where that is.

        Raises:
            UserError: the other cannot be used, or a file cannot be renamed; all is as it was.
        """
        check_history(file)
        self._db.close()
        try:
            with plain_errors(self.path):
                return swap(self.path, file, self._clock())
        finally:
            self._db, self.notice = open_database(self.path, self._migrations)
            self._drafts.clear()

    # Messages

    def thread(self, conversation_id: int) -> list[Message]:
        """The active branch, from its first message to the head."""
        with plain_errors(self.path):
            head = queries.head(self._db, conversation_id)
            if head is None:
                return []
            parents = queries.parents(self._db, conversation_id)
            return queries.messages(self._db, conversation_id, parents, queries.path_to(parents, head))

    def head(self, conversation_id: int) -> int | None:
        """The last message of the active branch; None where there is none yet."""
        with plain_errors(self.path):
            return queries.head(self._db, conversation_id)

    def all_messages(self, conversation_id: int) -> list[Message]:
        """The messages of all branches, in order of creation."""
        with plain_errors(self.path):
            return queries.all_messages(self._db, conversation_id)

    def message(self, message_id: int) -> Message:
        with plain_errors(self.path):
            return queries.message(self._db, message_id)

    def interrupted(self) -> list[Message]:
        """The answers that were still streaming when the app last crashed; opening made them STOPPED."""
        return [self.message(message_id) for message_id in self._interrupted]

    def add_message(
        self,
        conversation_id: int,
        parent_id: int | None,
        role: str,
        text: str,
        *,
        pictures: Sequence[str] = (),
        state: MessageState = MessageState.COMPLETE,
        model: str = "",
        action: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> Message:
        """A new message, which becomes the head of its conversation.

        `parent_id` is the message it follows, None for a first one or another version of it. `pictures` are what
        `add_picture` returned, in their order; all are included. `details` may hold whatever JSON can; numbers that
        are not finite become null.
        """
        now = self._clock()
        with transaction(self._db, self.path):
            queries.head(self._db, conversation_id)  # raises where there is no such conversation
            if parent_id is not None and queries.conversation_of(self._db, parent_id) != conversation_id:
                raise LookupError(f"message {parent_id} is not in conversation {conversation_id}")
            made = self._db.execute(
                "INSERT INTO messages (conversation_id, parent_id, role, state, created_at, model, action, error,"
                " details, text) VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, ?)",
                (
                    *(conversation_id, parent_id, role, queries.write_state(state), now),
                    *(storable(model), storable(action), queries.write_details(details, state), storable(text)),
                ),
            )
            message_id = _new_id(made)
            for position, sha256 in enumerate(pictures):
                added = self._db.execute(
                    "INSERT INTO message_pictures (message_id, position, sha256, name)"
                    " SELECT ?, ?, sha256, name FROM pictures WHERE sha256 = ?",
                    (message_id, position, sha256),
                )
                must_change(added, f"picture {sha256}")
            self._db.execute(
                "UPDATE conversations SET head_id = ?, updated_at = ? WHERE id = ?", (message_id, now, conversation_id)
            )
            if pictures:  # apart: where a thumbnail's reference is damaged, everything else goes on
                thumbnail = "UPDATE conversations SET thumbnail_sha256 = ? WHERE id = ? AND thumbnail_sha256 IS NULL"
                self._db.execute(thumbnail, (pictures[0], conversation_id))
            originals = edits.originals_of(self._db, pictures)
        self._drafts -= {*pictures, *originals}
        return self.message(message_id)

    def append_text(self, message_id: int, text: str) -> None:
        """Adds a batch of tokens to a message that is streaming; for any other it raises LookupError."""
        with transaction(self._db, self.path):
            changed = self._db.execute(
                "UPDATE messages SET text = text || ? WHERE id = ? AND state = 'streaming'",
                (storable(text), message_id),
            )
            must_change(changed, f"streaming message {message_id}")

    def finish_message(
        self,
        message_id: int,
        state: MessageState,
        *,
        error: str = "",
        details: Mapping[str, Any] | None = None,
        text: str | None = None,
        model: str | None = None,
    ) -> Message:
        """Ends a message; `details` are added to those it has, `text` and `model` replace what it has."""
        with transaction(self._db, self.path):
            before = self._db.execute("SELECT details FROM messages WHERE id = ?", (message_id,)).fetchone()
            if before is None:
                raise LookupError(f"no message {message_id}")
            self._db.execute(
                "UPDATE messages SET state = ?, error = ?, details = ?, text = coalesce(?, text),"
                " model = coalesce(?, model) WHERE id = ?",
                (
                    *(
                        state.value,
                        storable(error),
                        queries.write_details({**queries.read_details(before[0]), **(details or {})}),
                    ),
                    *(None if text is None else storable(text), model, message_id),
                ),
            )
            self._db.execute(
                "UPDATE conversations SET updated_at = ?"
                " WHERE id = (SELECT conversation_id FROM messages WHERE id = ?)",
                (self._clock(), message_id),
            )
        return self.message(message_id)

    def switch_to(self, message_id: int) -> list[Message]:
        """Makes the branch through this message the active one, down to the newest message below it."""
        with transaction(self._db, self.path):
            conversation_id = queries.conversation_of(self._db, message_id)
            self._db.execute(
                "WITH RECURSIVE below(id) AS (SELECT ? UNION"
                " SELECT messages.id FROM below JOIN messages ON messages.parent_id = below.id)"
                " UPDATE conversations SET head_id = (SELECT max(id) FROM below) WHERE id = ?",
                (message_id, conversation_id),
            )
        return self.thread(conversation_id)

    # Pictures

    def add_picture(self, data: bytes, *, name: str, width: int, height: int) -> str:
        """Stores the bytes of a picture once; its SHA-256 in hex. Messages added from now on call it `name`."""
        sha256 = hashlib.sha256(data).hexdigest()
        with transaction(self._db, self.path):
            self._db.execute(
                "INSERT INTO pictures (sha256, name, width, height, size_bytes) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (sha256) DO UPDATE SET name = excluded.name",
                (sha256, storable(name), width, height, len(data)),
            )
            self._db.execute("INSERT OR IGNORE INTO picture_bytes (sha256, data) VALUES (?, ?)", (sha256, data))
        self._drafts.add(sha256)
        return sha256

    def picture(self, sha256: str) -> bytes:
        """The bytes as they were given.

        Raises:
            UserError: they are damaged.
        """
        with plain_errors(self.path):
            row = self._db.execute("SELECT data FROM picture_bytes WHERE sha256 = ?", (sha256,)).fetchone()
            known = self._db.execute("SELECT name FROM pictures WHERE sha256 = ?", (sha256,)).fetchone()
        data = row[0] if row else None
        if isinstance(data, bytes) and hashlib.sha256(data).hexdigest() == sha256:
            return data
        if known is None:
            raise LookupError(f"no picture {sha256}")
        raise UserError(f"The picture {known[0]} is damaged on the disk; add it again from where it came.")

    def users_of_picture(self, sha256: str) -> tuple[int, int]:
        """How many messages hold a picture, and how many conversations; also those that are deleted and not purged."""
        with plain_errors(self.path):
            row = self._db.execute(
                "SELECT count(DISTINCT message_id), count(DISTINCT conversation_id) FROM message_pictures"
                " JOIN messages ON messages.id = message_id WHERE sha256 = ?",
                (sha256,),
            ).fetchone()
        return int(row[0]), int(row[1])

    def replace_picture(self, sha256: str, new: NewFile) -> list[Path]:
        """Puts another picture in the place of one, in every message; the old one, its text and its words are gone.

        Backups are changed, too. Damaged files that were set aside are not: those that may hold the old picture are
        returned.
        """
        self._db.execute("PRAGMA foreign_keys = OFF")  # the old one goes, whatever else may refer to it
        try:
            with transaction(self._db, self.path):
                replace(self._db, sha256, new)
        finally:
            self._db.execute("PRAGMA foreign_keys = ON")
        if sha256 in self._drafts:
            self._drafts = {*self._drafts - {sha256}, new.sha256}
        erasing.forget_for_good(self._db, self.path)
        with plain_errors(self.path):
            for backup in backups(self.path):
                replace_in_backup(backup, sha256, new)
            aside = [one for one in kept_aside(self.path) if one.suffix == self.path.suffix]
            return [one for one in aside if may_hold(one, sha256)]

    def keep_text_layer(self, sha256: str, layer: TextLayer) -> bool:
        """Keeps what was read in a picture, as long as the picture is kept; False where it is not."""
        with transaction(self._db, self.path):
            return text_layers.keep(self._db, sha256, layer)

    def text_layers(self, sha256s: Sequence[str]) -> dict[str, TextLayer]:
        """SHA-256 of a picture -> what was read in it; those without, or of an older reader, are left out."""
        with plain_errors(self.path):
            return text_layers.load(self._db, sha256s)

    def set_included(self, message_id: int, sha256: str, included: bool) -> None:
        """Whether the model sees this picture of this message."""
        with transaction(self._db, self.path):
            changed = self._db.execute(
                "UPDATE message_pictures SET included = ? WHERE message_id = ? AND sha256 = ?",
                (included, message_id, sha256),
            )
            must_change(changed, f"picture {sha256} in message {message_id}")

    # Inside

    def _set(self, column: str, value: object, *conversation_ids: int) -> None:
        with transaction(self._db, self.path):
            for conversation_id in conversation_ids:
                changed = self._db.execute(
                    f"UPDATE conversations SET {column} = ? WHERE id = ?", (value, conversation_id)
                )
                must_change(changed, f"conversation {conversation_id}")

    def _end_interrupted(self) -> list[int]:
        with plain_errors(self.path):
            rows = self._db.execute("SELECT id FROM messages WHERE state = 'streaming' ORDER BY id").fetchall()
        if rows:
            with transaction(self._db, self.path):
                self._db.execute("UPDATE messages SET state = 'stopped' WHERE state = 'streaming'")
        return [message_id for (message_id,) in rows]

    def _begin_again(self) -> None:
        self._db.close()
        with plain_errors(self.path):
            remove_database(self.path)
        self._db, self.notice = open_database(self.path, self._migrations)


def _new_id(cursor: sqlite3.Cursor) -> int:
    return int(cursor.lastrowid or 0)
