"""The text of pictures in the database: the layers, and the words that a search looks through.

A layer is kept with its picture and leaves with it. What is damaged, or was found by an older reader, is not given out,
so that the picture is read again; an older reader's words are found until then.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from desktop_vlm.api.text_layer import READER_VERSION, TextLayer
from desktop_vlm.history.folding import spaced, storable
from desktop_vlm.history.layer_form import decode, encode

TABLES = ("picture_words", "picture_layers", "picture_texts")
"""All that is kept of the text of pictures; the last is the one that the others refer to."""

_AT_ONCE = 500
"""SQLite bounds the number of parameters."""


def keep(db: sqlite3.Connection, sha256: str, layer: TextLayer) -> bool:
    """Keeps the text of a picture, instead of what was kept of it; False where the picture is not kept."""
    if db.execute("SELECT 1 FROM pictures WHERE sha256 = ?", (sha256,)).fetchone() is None:
        return False
    text = plain_text(layer)
    forget(db, sha256)
    made = db.execute("INSERT INTO picture_texts (sha256, reader) VALUES (?, ?)", (sha256, READER_VERSION))
    db.execute("INSERT INTO picture_words (id, words) VALUES (?, ?)", (made.lastrowid, searched_words(text)))
    db.execute("INSERT INTO picture_layers (id, text, layer) VALUES (?, ?, ?)", (made.lastrowid, text, encode(layer)))
    return True


def forget(db: sqlite3.Connection, sha256: str) -> None:
    """Removes the text of a picture, also where references are not looked after."""
    row = db.execute("SELECT id FROM picture_texts WHERE sha256 = ?", (sha256,)).fetchone()
    if row is not None:
        for table in TABLES:
            db.execute(f"DELETE FROM {table} WHERE id = ?", row)


def load(db: sqlite3.Connection, sha256s: Sequence[str]) -> dict[str, TextLayer]:
    """SHA-256 of a picture -> its text; those of which nothing can be used are left out."""
    found = {}
    for sha256, data in _rows(db, "layer", sha256s, READER_VERSION):
        try:
            found[sha256] = decode(data)
        except ValueError:
            continue
    return found


def texts(db: sqlite3.Connection, sha256s: Sequence[str]) -> dict[str, str]:
    """SHA-256 of a picture -> its text, line by line, also an older reader's."""
    return {sha256: text for sha256, text in _rows(db, "text", sha256s, 0) if isinstance(text, str)}


def _rows(db: sqlite3.Connection, column: str, sha256s: Sequence[str], reader: int) -> Iterator[tuple[str, Any]]:
    for at in range(0, len(sha256s), _AT_ONCE):
        some = sha256s[at : at + _AT_ONCE]
        yield from db.execute(
            f"SELECT sha256, {column} FROM picture_texts JOIN picture_layers USING (id)"
            f" WHERE reader >= ? AND sha256 IN ({','.join('?' * len(some))})",
            (reader, *some),
        )


def plain_text(layer: TextLayer) -> str:
    """Everything that can be searched for: lines, and what codes hold."""
    return storable("\n".join([*(line.text for line in layer.lines), *(code.text for code in layer.codes)]))


def searched_words(text: str) -> str:
    """The text as it is looked through: folded, and with words once more in one piece that a line break divides."""
    lines = text.split("\n")
    joined = [
        f"{before.split()[-1][:-1]}{after.split()[0]}"
        for before, after in itertools.pairwise(lines)
        if len(before.strip()) > 1 and before.rstrip().endswith("-") and after[:1].islower()
    ]
    return spaced("\n".join([*lines, *joined]))
