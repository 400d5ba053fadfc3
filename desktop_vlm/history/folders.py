"""Where conversations are: in the list, in one of the person's folders, or in the archive.

A conversation is in one folder at most, so that moving it there takes it out of the list and makes that shorter; what
belongs to several subjects is found by searching. The archive is apart from that: what comes back from it is where it
was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.history.database import must_change, plain_errors, transaction
from desktop_vlm.history.folding import folded, storable
from desktop_vlm.history.records import Folder

MAX_NAME_CHARS = 60


class Scope(Enum):
    """Which conversations are asked for; a folder is asked for by its id.

    EVERYWHERE: all. LISTED: all but those in the archive. TOP: of these, those in no folder. ARCHIVE: as it says.
    """

    EVERYWHERE = "everywhere"
    LISTED = "listed"
    TOP = "top"
    ARCHIVE = "archive"


_CONDITIONS = {
    Scope.EVERYWHERE: "deleted_at IS NULL",
    Scope.LISTED: "deleted_at IS NULL AND archived_at IS NULL",
    Scope.TOP: "deleted_at IS NULL AND archived_at IS NULL AND folder_id IS NULL",
    Scope.ARCHIVE: "deleted_at IS NULL AND archived_at IS NOT NULL",
}


def condition(scope: Scope | int) -> tuple[str, tuple[object, ...]]:
    """SQL that is true for the conversations there, and its values."""
    if isinstance(scope, Scope):
        return _CONDITIONS[scope], ()
    return f"{_CONDITIONS[Scope.LISTED]} AND folder_id = ?", (scope,)


class Folders:
    """The folders of a history; ids that do not exist raise LookupError, and every method may raise UserError."""

    def __init__(self, db: Callable[[], sqlite3.Connection], path: Path) -> None:
        self._db = db
        self._path = path

    def all(self) -> list[Folder]:
        """By their names."""
        with plain_errors(self._path):
            rows = self._db().execute(
                "SELECT id, name, (SELECT count(*) FROM conversations WHERE folder_id = folders.id"
                " AND deleted_at IS NULL AND archived_at IS NULL) FROM folders"
            )
            return sorted((Folder(*row) for row in rows), key=lambda one: (folded(one.name), one.id))

    def count_archived(self) -> int:
        """How many conversations are in the archive."""
        with plain_errors(self._path):
            row = (
                self._db().execute(f"SELECT count(*) FROM conversations WHERE {_CONDITIONS[Scope.ARCHIVE]}").fetchone()
            )
        return int(row[0])

    def create(self, name: str) -> int:
        """A new folder.

        Raises:
            UserError: the name is empty or too long, or another folder has it.
        """
        name = self._checked(name, None)
        with transaction(self._db(), self._path):
            return int(self._db().execute("INSERT INTO folders (name) VALUES (?)", (name,)).lastrowid or 0)

    def rename(self, folder_id: int, name: str) -> None:
        """Raises UserError as `create` does."""
        name = self._checked(name, folder_id)
        with transaction(self._db(), self._path):
            changed = self._db().execute("UPDATE folders SET name = ? WHERE id = ?", (name, folder_id))
            must_change(changed, f"folder {folder_id}")

    def delete(self, folder_id: int) -> list[int]:
        """What is in it goes to the top of the list; those conversations, archived ones too."""
        with transaction(self._db(), self._path):
            rows = self._db().execute("SELECT id FROM conversations WHERE folder_id = ?", (folder_id,)).fetchall()
            self._db().execute("UPDATE conversations SET folder_id = NULL WHERE folder_id = ?", (folder_id,))
            must_change(self._db().execute("DELETE FROM folders WHERE id = ?", (folder_id,)), f"folder {folder_id}")
        return [conversation_id for (conversation_id,) in rows]

    def move(self, conversation_ids: Sequence[int], folder_id: int | None) -> dict[int | None, list[int]]:
        """Into a folder, or to the top of the list with None; where they were, for undoing it."""
        before: dict[int | None, list[int]] = {}
        with transaction(self._db(), self._path):
            if (
                folder_id is not None
                and not self._db().execute("SELECT 1 FROM folders WHERE id = ?", (folder_id,)).fetchone()
            ):
                raise LookupError(f"no folder {folder_id}")
            for conversation_id in conversation_ids:
                row = (
                    self._db()
                    .execute("SELECT folder_id FROM conversations WHERE id = ?", (conversation_id,))
                    .fetchone()
                )
                if row is None:
                    raise LookupError(f"no conversation {conversation_id}")
                before.setdefault(row[0], []).append(conversation_id)
                self._db().execute("UPDATE conversations SET folder_id = ? WHERE id = ?", (folder_id, conversation_id))
        return before

    def _checked(self, name: str, own: int | None) -> str:
        name = " ".join(storable(name).split())
        if not name:
            raise UserError("A folder needs a name; type one.")
        if len(name) > MAX_NAME_CHARS:
            raise UserError(f"A folder's name has at most {MAX_NAME_CHARS} characters; choose a shorter one.")
        if any(folded(one.name) == folded(name) and one.id != own for one in self.all()):
            raise UserError(f"There is a folder {name} already; choose another name.")
        return name
