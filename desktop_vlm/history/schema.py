"""What a file says that its tables are, compared with what the steps of the schema make.

Indexes, triggers and the tables of the search hold nothing that stands nowhere else: where they are not what they must
be, they are made again. Where a table is not, nothing in the file can be relied on.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from desktop_vlm.history.migrations import Migration


@dataclass(frozen=True)
class Schema:
    """What stands in a file, without what SQLite adds by itself.

    Attributes:
        made: name -> what it is ("table", "index", "trigger", "view") and the statement that makes it.
        searches: names of the indexes of words.
        tables: of those that hold something: not of the tables in which SQLite keeps an index of words.
    """

    made: dict[str, tuple[str, str]]
    searches: frozenset[str]
    tables: frozenset[str]

    @classmethod
    def of(cls, db: sqlite3.Connection) -> Schema:
        """Read it."""
        rows = db.execute("SELECT name, type, sql FROM sqlite_master WHERE sql NOT NULL AND name NOT LIKE 'sqlite_%'")
        made = {str(name): (str(kind), str(sql)) for name, kind, sql in rows.fetchall()}
        tables = {name for name, (kind, _) in made.items() if kind == "table"}
        searches = {name for name in tables if made[name][1].upper().startswith("CREATE VIRTUAL TABLE")}
        beside = tuple(f"{name}_" for name in searches)
        holding = {name for name in tables - searches if not name.startswith(beside)}
        return cls(made, frozenset(searches), frozenset(holding))

    def same(self, name: str, other: Schema) -> bool:
        """Whether something is the same in both."""
        if name not in self.made or name not in other.made:
            return False
        (kind, statement), (other_kind, other_statement) = self.made[name], other.made[name]
        return kind == other_kind and _plain(statement) == _plain(other_statement)


def expected_schema(migrations: Sequence[Migration], version: int) -> Schema:
    """What a file of a version must say."""
    return _made_by(tuple(migrations[:version]))


def wrong_table(found: Schema, expected: Schema) -> str:
    """The name of a table that is missing or another one; "" where there is none."""
    return next((name for name in sorted(expected.tables) if not found.same(name, expected)), "")


def is_as_made(found: Schema, expected: Schema) -> bool:
    """Whether everything but tables is as it must be."""
    return not _wrong(found, expected)


def _wrong(found: Schema, expected: Schema) -> list[str]:
    unknown_tables = {one for one, (kind, _) in found.made.items() if kind == "table"} - expected.made.keys()
    names = (found.made.keys() | expected.made.keys()) - unknown_tables - expected.tables  # those do no harm
    return sorted(name for name in names if not found.same(name, expected))


def mend(db: sqlite3.Connection, found: Schema, expected: Schema) -> None:
    """Make everything but tables as it must be, in one transaction.

    Raises:
        sqlite3.Error: it cannot be done, and nothing has changed.
    """
    wrong = _wrong(found, expected)
    searches = [one for one in sorted(expected.searches) if any(f"{name}_".startswith(f"{one}_") for name in wrong)]
    db.execute("BEGIN IMMEDIATE")
    try:
        for name in searches:
            db.execute(f'DROP TABLE IF EXISTS "{name}"')
        for name in wrong:
            kind = found.made.get(name, ("", ""))[0]
            if kind in {"index", "trigger", "view"}:
                db.execute(f'DROP {kind} IF EXISTS "{name}"')
        for name in [*searches, *wrong]:
            if name in searches or expected.made.get(name, ("table", ""))[0] != "table":
                _make(db, name, expected.made[name][1])
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _make(db: sqlite3.Connection, name: str, statement: str) -> None:
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone():
        db.execute(statement)


@lru_cache(maxsize=8)
def _made_by(steps: tuple[Migration, ...]) -> Schema:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        for step in steps:
            step(db)
        return Schema.of(db)


@lru_cache(maxsize=256)
def _plain(statement: str) -> str:
    """Without what versions of SQLite write differently: spaces and quotes."""
    words = re.sub(r"\s+", " ", re.sub(r"[\"'`]", "", statement))
    return re.sub(r" ?([(),]) ?", r"\1", words).strip()
