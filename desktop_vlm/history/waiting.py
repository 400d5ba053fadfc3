"""Questions that are kept and wait for their turn: their answers are empty and queued."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_vlm.history import queries
from desktop_vlm.history.database import plain_errors, transaction
from desktop_vlm.history.folding import storable
from desktop_vlm.history.records import Message, MessageState


@dataclass(frozen=True)
class Withdrawn:
    """What is gone from the history.

    Attributes:
        question: it as it was; None where it stays because it has other answers.
        instead: another version of the question, which is shown now; None where there is none.
        is_empty: nothing is left in the conversation.
    """

    question: Message | None
    instead: int | None
    is_empty: bool


class Waiting:
    """Answers of a history that are queued; ids that do not exist, or are not queued, raise LookupError."""

    def __init__(self, db: Callable[[], sqlite3.Connection], path: Path) -> None:
        self._db = db
        self._path = path

    def thread_to(self, message_id: int) -> list[Message]:
        """The branch that ends with a message, whichever is the active one."""
        with plain_errors(self._path):
            db = self._db()
            conversation_id = queries.conversation_of(db, message_id)
            parents = queries.parents(db, conversation_id)
            return queries.messages(db, conversation_id, parents, queries.path_to(parents, message_id))

    def begin(self, answer_id: int) -> list[Message]:
        """It is its turn: the answer streams from now on; the branch that ends with it."""
        with transaction(self._db(), self._path):
            details = self._queued(answer_id)[1]
            self._db().execute(
                "UPDATE messages SET state = ?, details = ? WHERE id = ?",
                (MessageState.STREAMING.value, queries.write_details(details), answer_id),
            )
        return self.thread_to(answer_id)

    def change(self, answer_id: int, text: str, details: Mapping[str, Any]) -> None:
        """Another text for a question that was not asked yet, which is no version of it; `details` are added."""
        with transaction(self._db(), self._path):
            question = self._question_of(answer_id)
            before = queries.read_details(
                self._db().execute("SELECT details FROM messages WHERE id = ?", (question,)).fetchone()[0]
            )
            self._db().execute(
                "UPDATE messages SET text = ?, details = ? WHERE id = ?",
                (storable(text), queries.write_details({**before, **details}), question),
            )

    def withdraw(self, answer_id: int) -> Withdrawn:
        """Removes the answer, and its question if it has no other; what follows it follows what was before it."""
        thread = self.thread_to(answer_id)
        with transaction(self._db(), self._path):
            question_id = self._question_of(answer_id)
            question = next(message for message in thread if message.id == question_id)
            others = [one for one in thread[-1].siblings if one != answer_id]
            if others:
                self._remove(answer_id, others[-1])
                instead: int | None = others[-1]
            else:
                versions = [one for one in question.siblings if one != question_id]
                instead = versions[-1] if versions else None
                self._remove(answer_id, question_id)
                self._remove(question_id, question.parent_id)
            self._repair_head(question.conversation_id, instead)
            left = self._db().execute(
                "SELECT 1 FROM messages WHERE conversation_id = ? LIMIT 1", (question.conversation_id,)
            )
            is_empty = left.fetchone() is None
        return Withdrawn(None if others else question, None if others else instead, is_empty)

    def _question_of(self, answer_id: int) -> int:
        parent_id = self._queued(answer_id)[0]
        if parent_id is None:
            raise LookupError(f"answer {answer_id} has no question")
        return parent_id

    def _queued(self, answer_id: int) -> tuple[int | None, dict[str, Any]]:
        """Parent and details of a queued answer."""
        row = self._db().execute("SELECT parent_id, state, details FROM messages WHERE id = ?", (answer_id,)).fetchone()
        details = queries.read_details(row[2]) if row else {}
        if row is None or queries.read_state(row[1], details) is not MessageState.QUEUED:
            raise LookupError(f"no queued answer {answer_id}")
        return row[0], details

    def _remove(self, message_id: int, parent_id: int | None) -> None:
        db = self._db()
        conversation_id = queries.conversation_of(db, message_id)
        db.execute("UPDATE messages SET parent_id = ? WHERE parent_id = ?", (parent_id, message_id))
        db.execute(
            "UPDATE conversations SET head_id = ? WHERE id = ? AND head_id = ?",
            (parent_id, conversation_id, message_id),
        )
        db.execute("DELETE FROM message_pictures WHERE message_id = ?", (message_id,))
        db.execute("DELETE FROM messages WHERE id = ?", (message_id,))

    def _repair_head(self, conversation_id: int, instead: int | None) -> None:
        """Show the newest message below what comes instead, or below the head that there is now."""
        db = self._db()
        db.execute(
            "UPDATE conversations SET thumbnail_sha256 = (SELECT sha256 FROM message_pictures JOIN messages"
            " ON messages.id = message_id WHERE conversation_id = conversations.id ORDER BY message_id, position)"
            " WHERE id = ?",
            (conversation_id,),
        )
        head = queries.head(db, conversation_id) if instead is None else instead
        if head is None:
            head = db.execute(
                "SELECT max(id) FROM messages WHERE conversation_id = ? AND parent_id IS NULL", (conversation_id,)
            ).fetchone()[0]
        if head is not None:
            db.execute(
                "WITH RECURSIVE below(id) AS (SELECT ? UNION"
                " SELECT messages.id FROM below JOIN messages ON messages.parent_id = below.id)"
                " UPDATE conversations SET head_id = (SELECT max(id) FROM below) WHERE id = ?",
                (head, conversation_id),
            )
