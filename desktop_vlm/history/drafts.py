"""Questions that are being written: one for each conversation, and one for a conversation that is not there yet.

The pictures of a draft are used pictures: they are kept as long as it holds them, replaced in it, and leave with it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from desktop_vlm.history.database import PICTURE_INDEXES, plain_errors, transaction
from desktop_vlm.history.edits import originals_of
from desktop_vlm.history.erasing import erase_picture, forget_for_good, unused_pictures
from desktop_vlm.history.folding import storable
from desktop_vlm.history.queries import read_details, write_details
from desktop_vlm.history.records import DraftPicture, KeptDraft

TABLES = ("draft_pictures", "drafts")
"""The last is the one that the other refers to."""


class Drafts:
    """The drafts of a history; every method may raise UserError. None stands for a conversation that is not there."""

    def __init__(self, db: Callable[[], sqlite3.Connection], path: Path) -> None:
        self._db = db
        self._path = path

    def load(self, conversation_id: int | None) -> KeptDraft:
        """What is being written; empty where there is nothing."""
        with plain_errors(self._path):
            return _load(self._db(), conversation_id)

    def keep(self, conversation_id: int | None, draft: KeptDraft) -> None:
        """Keeps a draft instead of what was kept; an empty one is none. Its pictures are kept already.

        Pictures that left it, and that nothing else uses, are gone.

        Raises:
            LookupError: a picture is not kept.
        """
        with transaction(self._db(), self._path):
            before = {picture.sha256 for picture in _load(self._db(), conversation_id).pictures}
            _keep(self._db(), conversation_id, draft)
        left = before - {picture.sha256 for picture in draft.pictures}
        if left:
            self._erase_unused(left)

    def _erase_unused(self, left: set[str]) -> None:
        """What nothing uses any more is gone at once, also from the log: something may have been hidden in it."""
        db, had_text = self._db(), False
        erased = 0
        for some in (left, originals_of(db, sorted(left))):  # an original is used until its edited form is gone
            for sha256 in some.intersection(unused_pictures(db, self._path)) if some else ():
                had_text = had_text or self._finds("picture_texts", sha256)
                erase_picture(db, self._path, sha256)
                erased += 1
        if erased:
            forget_for_good(db, self._path, PICTURE_INDEXES if had_text else ())

    def has_picture(self, sha256: str) -> bool:
        """Whether a picture is in a draft."""
        return self._finds("draft_pictures", sha256)

    def knows(self, sha256: str) -> bool:
        """Whether a picture is kept, wherever it is used."""
        return self._finds("pictures", sha256)

    def _finds(self, table: str, sha256: str) -> bool:
        with plain_errors(self._path):
            return self._db().execute(f"SELECT 1 FROM {table} WHERE sha256 = ?", (sha256,)).fetchone() is not None


def replace_picture(db: sqlite3.Connection, old: str, new: str) -> None:
    """Inside a transaction: another picture takes the place of one in every draft."""
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'draft_pictures'").fetchone():  # a backup may be older
        db.execute("UPDATE draft_pictures SET sha256 = ? WHERE sha256 = ?", (new, old))


def _load(db: sqlite3.Connection, conversation_id: int | None) -> KeptDraft:
    row = db.execute("SELECT id, text, details FROM drafts WHERE conversation_id IS ?", (conversation_id,)).fetchone()
    if row is None:
        return KeptDraft()
    pictures = db.execute(
        "SELECT sha256, draft_pictures.name, width, height, included, details FROM draft_pictures"
        " JOIN pictures USING (sha256) WHERE draft_id = ? ORDER BY position",
        (row[0],),
    )
    held = tuple(
        DraftPicture(sha256, name, width, height, bool(included), read_details(details))
        for sha256, name, width, height, included, details in pictures
    )
    return KeptDraft(row[1], held, read_details(row[2]))


def _keep(db: sqlite3.Connection, conversation_id: int | None, draft: KeptDraft) -> None:
    own = "(SELECT id FROM drafts WHERE conversation_id IS ?)"
    db.execute(f"DELETE FROM draft_pictures WHERE draft_id IN {own}", (conversation_id,))
    db.execute("DELETE FROM drafts WHERE conversation_id IS ?", (conversation_id,))
    if draft.is_empty:
        return
    made = db.execute(
        "INSERT INTO drafts (conversation_id, text, details) VALUES (?, ?, ?)",
        (conversation_id, storable(draft.text), write_details(draft.details)),
    )
    for position, picture in enumerate(draft.pictures):
        added = db.execute(
            "INSERT INTO draft_pictures (draft_id, position, sha256, name, included, details)"
            " SELECT ?, ?, sha256, ?, ?, ? FROM pictures WHERE sha256 = ?",
            (
                *(made.lastrowid, position, storable(picture.name), picture.included),
                *(write_details(picture.details), picture.sha256),
            ),
        )
        if added.rowcount == 0:
            raise LookupError(f"no picture {picture.sha256}")
