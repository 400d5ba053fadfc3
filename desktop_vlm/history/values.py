"""Values of another type than their column says, as a flipped bit in a record's head makes them.

SQLite keeps any value in any column, and its own check does not look. What reads records relies on types, so they are
put right before anything is read; the rest of the record stays as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator

_LATEST_S = 253_402_300_799
"""The end of the year 9999, seconds since 1970: no date has a later one."""
_MOST = (1 << 31) - 1
"""Of numbers that count something, as Qt has them."""


def mend_values(db: sqlite3.Connection, tables: Iterable[str], check: Callable[[], None]) -> bool:
    """Put right what is of another type, or a number that nothing can be; whether there was any.

    `check` is called before anything is written: what it raises leaves the file as it is.

    Raises:
        sqlite3.Error: it cannot be done, and nothing has changed.
    """
    statements = []
    for table in tables:
        columns = list(_columns(db, table))
        any_wrong = " OR ".join(column.wrong for column in columns)
        if columns and db.execute(f"SELECT 1 FROM {table} WHERE {any_wrong} LIMIT 1").fetchone():
            statements += [
                f"UPDATE OR IGNORE {table} SET {column.name} = {column.right} WHERE {column.wrong}"
                for column in columns
            ]
    if not statements:
        return False
    check()
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements:
            db.execute(statement)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    finally:
        db.execute("PRAGMA foreign_keys = ON")
    return True


class _Column:
    """A column, and SQL that is true for a wrong value in it, and for what comes instead."""

    def __init__(self, name: str, kind: str) -> None:
        self.name = f'"{name}"'
        if kind == "TEXT":
            self.wrong = f"typeof({self.name}) NOT IN ('text', 'null')"
            self.right = f"CAST({self.name} AS TEXT)"
        elif kind == "REAL":
            number = f"CAST({self.name} AS REAL)"
            self.wrong = f"(typeof({self.name}) NOT IN ('real', 'integer', 'null') OR {self._beyond(_LATEST_S)})"
            self.right = f"CASE WHEN {number} BETWEEN 0 AND {_LATEST_S} THEN {number} ELSE 0.0 END"
        else:
            number = f"CAST({self.name} AS INTEGER)"
            self.wrong = f"(typeof({self.name}) NOT IN ('integer', 'null') OR {self._beyond(_MOST)})"
            self.right = f"min(max({number}, 0), {_MOST})"

    def _beyond(self, most: int) -> str:
        return f"({self.name} IS NOT NULL AND {self.name} NOT BETWEEN 0 AND {most})"


def _columns(db: sqlite3.Connection, table: str) -> Iterator[_Column]:
    for _, name, kind, _, _, is_key in db.execute(f'PRAGMA table_info("{table}")').fetchall():
        is_row_number = is_key and kind == "INTEGER" and name == "id"
        if kind in {"TEXT", "REAL", "INTEGER"} and not is_row_number:
            yield _Column(name, kind)
