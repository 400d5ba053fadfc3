"""Reading: rows to records."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from desktop_vlm.history.details import QUEUED
from desktop_vlm.history.own_settings import read as read_own
from desktop_vlm.history.records import ConversationSummary, Message, MessageState, Picture
from desktop_vlm.history.snippets import SNIPPET_CHARS, one_line


def summaries(
    db: sqlite3.Connection,
    where: str,
    values: tuple[object, ...] = (),
    *,
    only: Iterable[int] | None = None,
    limit: int = 1,
) -> list[ConversationSummary]:
    """Conversations as the list shows them; of an answer that is still empty, the question is the snippet.

    `where`, with its `values`, chooses among all; of these, those in `only` are taken where it is given, up to `limit`.
    """
    rows = db.execute(
        "SELECT conversations.id, title, pinned, conversations.created_at, updated_at,"
        " substr(coalesce(nullif(head.text, ''), before.text, ''), 1, ?), thumbnail_sha256,"
        " (SELECT count(*) FROM messages WHERE conversation_id = conversations.id),"
        " folder_id, archived_at, own_settings, unread, head.state,"
        " CASE head.state WHEN 'stopped' THEN head.details END"
        " FROM conversations LEFT JOIN messages AS head ON head.id = head_id"
        f" LEFT JOIN messages AS before ON before.id = head.parent_id {where}"
        " ORDER BY pinned DESC, updated_at DESC, conversations.id DESC",
        (SNIPPET_CHARS, *values),
    )
    chosen = None if only is None else set(only)
    listed: list[ConversationSummary] = []
    for number, title, pinned, created_at, updated_at, text, thumbnail, count, *rest in rows:
        if len(listed) == limit:
            break
        if chosen is None or number in chosen:
            folder, archived_at, own, unread, state, details = rest
            waits = bool(details) and read_state(state, read_details(details)) is MessageState.QUEUED
            listed.append(
                ConversationSummary(
                    *(number, title, bool(pinned), created_at, updated_at, one_line(text), thumbnail, count),
                    folder_id=folder,
                    archived=archived_at is not None,
                    own=read_own(own),
                    is_unread=bool(unread),
                    has_failed=state == MessageState.FAILED.value,
                    is_waiting=waits,
                )
            )
    return listed


def conversation_of(db: sqlite3.Connection, message_id: int) -> int:
    """Raises LookupError: there is no such message."""
    row = db.execute("SELECT conversation_id FROM messages WHERE id = ?", (message_id,)).fetchone()
    if row is None:
        raise LookupError(f"no message {message_id}")
    return _number(row[0])


def head(db: sqlite3.Connection, conversation_id: int) -> int | None:
    """The last message of the active branch; None where there is none yet.

    One that is missing, or is another conversation's, is damage: then it is the newest that there is.
    """
    row = db.execute(
        "SELECT head_id, (SELECT id FROM messages WHERE id = head_id AND conversation_id = conversations.id),"
        " (SELECT max(id) FROM messages WHERE conversation_id = conversations.id) FROM conversations WHERE id = ?",
        (conversation_id,),
    ).fetchone()
    if row is None:
        raise LookupError(f"no conversation {conversation_id}")
    named, found, newest = row
    chosen = None if named is None else newest if found is None else found
    return None if chosen is None else _number(chosen)


def _number(value: object) -> int:
    """An id; an index that belongs to another table gives anything."""
    if not isinstance(value, int):
        raise sqlite3.DatabaseError("database disk image is malformed")
    return value


def parents(db: sqlite3.Connection, conversation_id: int) -> dict[int, int | None]:
    """Message -> its parent, for all branches, in order of creation."""
    rows = db.execute("SELECT id, parent_id FROM messages WHERE conversation_id = ? ORDER BY id", (conversation_id,))
    return dict(rows.fetchall())


def path_to(parent_of: Mapping[int, int | None], message_id: int) -> list[int]:
    """From the first message to this one.

    A parent is older than its child: any other, and one that is missing, is damage, and what follows it is shown.
    """
    path: list[int] = []
    at: int | None = message_id
    while at is not None and at in parent_of and (not path or at < path[-1]):
        path.append(at)
        at = parent_of[at]
    return path[::-1]


def messages(
    db: sqlite3.Connection, conversation_id: int, parent_of: Mapping[int, int | None], ids: Sequence[int]
) -> list[Message]:
    """These messages of a conversation, in this order; `parent_of` comes from `parents`."""
    versions: dict[int | None, list[int]] = {}
    for child, parent in parent_of.items():
        versions.setdefault(parent, []).append(child)
    # One message is looked up, several are picked from all of the conversation, in one pass.
    condition, values = ("messages.id = ?", ids) if len(ids) == 1 else ("conversation_id = ?", [conversation_id])
    pictures: dict[int, list[Picture]] = {}
    for message_id, sha256, name, width, height, size_bytes, included, edited in db.execute(
        "SELECT message_id, sha256, message_pictures.name, width, height, size_bytes, included,"
        " EXISTS (SELECT 1 FROM picture_edits WHERE picture_edits.sha256 = pictures.sha256)"
        " FROM messages JOIN message_pictures ON message_id = messages.id JOIN pictures USING (sha256)"
        f" WHERE {condition} ORDER BY message_id, position",
        values,
    ):
        picture = Picture(sha256, name, width, height, size_bytes, bool(included), bool(edited))
        pictures.setdefault(message_id, []).append(picture)
    chosen = set(ids)
    made = {}
    for message_id, role, text, state, error, created_at, model, action, details in db.execute(
        f"SELECT id, role, text, state, error, created_at, model, action, details FROM messages WHERE {condition}",
        values,
    ):
        if message_id in chosen:
            found = read_details(details)
            made[message_id] = Message(
                id=message_id,
                conversation_id=conversation_id,
                parent_id=parent_of[message_id],
                role=role,
                text=text,
                pictures=tuple(pictures.get(message_id, ())),
                state=read_state(state, found),
                error=error,
                created_at=created_at,
                model=model,
                action=action,
                details=found,
                siblings=tuple(versions[parent_of[message_id]]),
            )
    return [made[message_id] for message_id in ids if message_id in made]


def write_state(state: MessageState) -> str:
    """As it is stored: an answer that is queued was stopped, if nobody ever asks for it; its details say the rest."""
    stored = MessageState.STOPPED if state is MessageState.QUEUED else state
    return str(stored.value)


def read_state(stored: str, details: dict[str, Any]) -> MessageState:
    """The state of a message, whose details then hold nothing of it."""
    is_queued = details.pop(QUEUED, False) is True and stored == MessageState.STOPPED.value
    return MessageState.QUEUED if is_queued else MessageState(stored)


def message(db: sqlite3.Connection, message_id: int) -> Message:
    """One message; raises LookupError where there is none."""
    conversation_id = conversation_of(db, message_id)
    return messages(db, conversation_id, _versions(db, conversation_id, message_id), [message_id])[0]


def _versions(db: sqlite3.Connection, conversation_id: int, message_id: int) -> dict[int, int | None]:
    """As `parents`, of this message and those that follow the same one: all others are not needed, and may be many."""
    rows = db.execute(
        "SELECT id, parent_id FROM messages"
        " WHERE conversation_id = ? AND parent_id IS (SELECT parent_id FROM messages WHERE id = ?) ORDER BY id",
        (conversation_id, message_id),
    )
    return dict(rows.fetchall())


def all_messages(db: sqlite3.Connection, conversation_id: int) -> list[Message]:
    """The messages of all branches, in order of creation."""
    parent_of = parents(db, conversation_id)
    return messages(db, conversation_id, parent_of, sorted(parent_of))


def read_details(text: str) -> dict[str, Any]:
    """What was stored; nothing where it is damaged, because the message matters more."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def write_details(details: Mapping[str, Any] | None, state: MessageState | None = None) -> str:
    """As they are stored, for a message in that state; numbers that are not finite become null."""
    written = json.loads(json.dumps(details or {}), parse_constant=lambda _name: None)
    return json.dumps({**written, QUEUED: True} if state is MessageState.QUEUED else written)
