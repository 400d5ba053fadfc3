"""Changes to the file of a history, each of one kind; which one, and where, is drawn.

Those of the second half go through SQLite itself, so that they are whole pages and records with the wrong content.
"""

from __future__ import annotations

import contextlib
import random
import re
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

PAGE = 4096
WHOLE = (
    *(0, 1, 2, 3, 5, 13, 127, 128, 255, 256, 4095, 4096, 65535, 65536),
    *(1 << 24, (1 << 31) - 1, 1 << 31, (1 << 32) - 1),
)
VALUES: tuple[object, ...] = (
    *(None, 0, 1, -1, 2, 7, 999, 1 << 31, -(1 << 31), (1 << 63) - 1, -(1 << 63), 0.5, -1.0, 1e300, float("inf"), 1e12),
    *("", "x", "complete", "streaming", "user", "café\n" * 9, "\0", "a" * 100_000, "1e5", "12"),
    *(b"", b"\xff\xfe", b"\0" * 64, zlib.compress(b"[" * 100_000), zlib.compress(b"1" * 200_000)),
    *(
        "[" * 100_000,
        '{"usage": 5}',
        '{"usage": {"prompt_tokens": "x"}}',
        "{",
        "[1]",
        '{"n": NaN}',
        "9" * 5000,
        "0" * 64,
    ),
)


# Bytes


def change_bytes(path: Path, rng: random.Random) -> str:
    content = bytearray(path.read_bytes())
    at, length = rng.randrange(len(content)), rng.choice((1, 1, 1, 4, 50, PAGE))
    content[at : at + length] = rng.randbytes(len(content[at : at + length]))
    path.write_bytes(content)
    return f"{length} bytes at {at}"


def change_header(path: Path, rng: random.Random) -> str:
    """Of the file, or of a page of a tree: numbers that say how large everything is."""
    content = bytearray(path.read_bytes())
    page = rng.choice((0, 0, rng.randrange(len(content) // PAGE)))
    at = page * PAGE + rng.randrange(110 if page == 0 else 16)
    size = rng.choice((1, 2, 4))
    content[at : at + size] = (rng.choice(WHOLE) & ((1 << 8 * size) - 1)).to_bytes(size, "big")
    path.write_bytes(content)
    return f"header at {at}, {size}"


def flip_bits(path: Path, rng: random.Random) -> str:
    content = bytearray(path.read_bytes())
    for _ in range(rng.choice((1, 3, 40))):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)
    return "bits"


def move_pages(path: Path, rng: random.Random) -> str:
    content = path.read_bytes()
    pages = [content[at : at + PAGE] for at in range(0, len(content), PAGE)]
    one, two = rng.randrange(len(pages)), rng.randrange(len(pages))
    pages[one], pages[two] = (pages[two], pages[one]) if rng.random() < 0.5 else (pages[two], bytes(PAGE))
    path.write_bytes(b"".join(pages))
    return f"pages {one} and {two}"


def cut(path: Path, rng: random.Random) -> str:
    content = path.read_bytes()
    left = rng.choice((0, 1, 99, 100, PAGE, rng.randrange(len(content))))
    path.write_bytes(content[:left])
    return f"cut to {left}"


def put_beside(path: Path, rng: random.Random) -> str:
    """What SQLite takes for the end of an unclean run."""
    end = rng.choice(("-wal", "-journal", "-shm", "-check"))
    head = {"-wal": b"\x37\x7f\x06\x82", "-journal": b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"}.get(end, b"")
    path.with_name(path.name + end).write_bytes(head + rng.randbytes(rng.choice((0, 28, 500, 9000))))
    return f"with {end}"


def change_text(path: Path, rng: random.Random) -> str:
    """Letters of the schema, which stands in the file as text."""
    content = path.read_bytes()
    words = (
        b"messages",
        b"conversations",
        b"text",
        b"INTEGER",
        b"CREATE",
        b"fts5",
        b"BEGIN",
        b"id",
        b"sha256",
        b"new.",
    )
    word = rng.choice(words)
    places = [found.start() for found in re.finditer(re.escape(word), content[: 6 * PAGE])]
    if not places:
        return ""
    at = rng.choice(places) + rng.randrange(len(word))
    path.write_bytes(content[:at] + bytes([rng.choice((content[at] ^ 1, 0, 32, 255, 120))]) + content[at + 1 :])
    return f"{word!r} at {at}"


# By SQLite


def change_schema(path: Path, rng: random.Random) -> str:
    """What the file says that its tables, indexes and triggers are."""
    with _opened(path) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE sql NOT NULL ORDER BY name")]
        name = rng.choice(names)
        (sql,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        new = _other_sql(sql, rng)
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (new, name))
    return f"{name}: {new[:60]!r}"


def _other_sql(sql: str, rng: random.Random) -> str:
    words = re.findall(r"\w+|\W+", sql)
    at = rng.randrange(len(words))
    kind = rng.random()
    if kind < 0.3:
        words[at] = ""
    elif kind < 0.6:
        words[at] = rng.choice(("text", "id", "INTEGER", "x", "NULL", "NOT", "messages", "(", ")", ",", "TEXT", "REAL"))
    elif kind < 0.8:
        other = rng.randrange(len(words))
        words[at], words[other] = words[other], words[at]
    else:
        return rng.choice(("", "CREATE", "CREATE TABLE x (y)", sql[: len(sql) // 2], sql + " x", sql * 2))
    return "".join(words)


def change_schema_row(path: Path, rng: random.Random) -> str:
    column = rng.choice(("type", "name", "tbl_name", "rootpage"))
    value = rng.choice((0, 1, 2, 5, 999, -1, None, "table", "trigger", "messages", b"\xff", "sqlite_x"))
    with _opened(path) as db:
        n_rows = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        db.execute("PRAGMA writable_schema = ON")
        row = rng.randrange(n_rows) + 1
        db.execute(f"UPDATE sqlite_master SET {column} = ? WHERE rowid = ?", (value, row))
    return f"schema {row}.{column} = {value!r}"


ADDED = (
    "CREATE TRIGGER evil AFTER INSERT ON messages BEGIN DELETE FROM conversations; END",
    "CREATE TRIGGER evil BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no'); END",
    "CREATE TRIGGER evil AFTER UPDATE ON conversations BEGIN UPDATE messages SET text = 'x'; END",
    "CREATE VIEW evil AS SELECT * FROM nothing",
    "CREATE TABLE evil (a, b)",
    "CREATE INDEX evil ON messages(abs(id))",
    "CREATE UNIQUE INDEX evil ON messages(conversation_id)",
    "ALTER TABLE messages ADD COLUMN evil TEXT NOT NULL DEFAULT 'x'",
    "ALTER TABLE messages RENAME COLUMN details TO evil",
    "ALTER TABLE pictures RENAME TO evil",
    "DROP TRIGGER messages_updated",
    "DROP TRIGGER messages_inserted",
    "DROP INDEX messages_by_parent",
    "DROP TABLE picture_bytes",
    "DROP TABLE messages_fts",
    "DROP TABLE drafts",
    "DROP TABLE conversations",
    "CREATE VIRTUAL TABLE evil USING fts5(a)",
    "ANALYZE",
)


def add_or_drop(path: Path, rng: random.Random) -> str:
    """Whole things that are not there, or more than are."""
    statement = rng.choice(ADDED)
    with _opened(path) as db:
        db.execute(statement)
    return statement[:60]


def change_value(path: Path, rng: random.Random) -> str:
    """Of any type, in any column; no rule of the schema is looked after."""
    with _opened(path) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        table = rng.choice(tables)
        columns = [row[1] for row in db.execute(f'PRAGMA table_xinfo("{table}")') if row[6] == 0]
        column, value = rng.choice(columns), rng.choice(VALUES)
        some = "" if rng.random() < 0.2 else f'WHERE "{columns[0]}" IN (SELECT "{columns[0]}" FROM "{table}" LIMIT 1)'
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute(f'UPDATE "{table}" SET "{column}" = ? {some}', (value,))
    return f"{table}.{column} = {str(value)[:30]!r}"


def change_type(path: Path, rng: random.Random) -> str:
    """The same value as another type, as a flipped bit in a record's head makes it."""
    with _opened(path) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        table = rng.choice(tables)
        columns = [row[1] for row in db.execute(f'PRAGMA table_xinfo("{table}")') if row[6] == 0]
        column, kind = rng.choice(columns), rng.choice(("BLOB", "TEXT", "INTEGER", "REAL"))
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute(f'UPDATE "{table}" SET "{column}" = CAST("{column}" AS {kind})')
    return f"{table}.{column} as {kind}"


def drop_rows(path: Path, rng: random.Random) -> str:
    with _opened(path) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        table = rng.choice(tables)
        some = rng.choice(("", "LIMIT 1", "LIMIT 3"))
        first = db.execute(f'PRAGMA table_xinfo("{table}")').fetchone()[1]
        db.execute(f'DELETE FROM "{table}" WHERE "{first}" IN (SELECT "{first}" FROM "{table}" {some})')
    return f"{table}: less"


def change_version(path: Path, rng: random.Random) -> str:
    name, value = rng.choice(("user_version", "application_id")), rng.choice((0, 1, 2, 3, 99, -1, (1 << 31) - 1))
    with _opened(path) as db:
        db.execute(f"PRAGMA {name} = {value}")
    return f"{name} = {value}"


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        yield db


MUTATIONS: tuple[Callable[[Path, random.Random], str], ...] = (
    *(change_bytes, change_header, flip_bits, move_pages, cut, put_beside, change_text),
    *(change_schema, change_schema, change_schema_row, add_or_drop, change_value, change_value, change_value),
    *(change_type, drop_rows, change_version),
)


def damage(path: Path, seed: int) -> str:
    """Damage a history; what was done."""
    rng = random.Random(seed)
    done = []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        # What is damaged twice may be no database; what SQLite does not let happen does not happen.
        with contextlib.suppress(sqlite3.Error, ValueError, IndexError, TypeError, OverflowError):
            done.append(rng.choice(MUTATIONS)(path, rng))
    return "; ".join(done)
