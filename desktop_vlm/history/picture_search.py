"""Finding words in what was read in pictures.

As in messages a word is found where words begin so, and inside of words. Here the texts are kept folded and parted, so
that one index knows words with and without accents, and those of scripts that are written without spaces.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from desktop_vlm.history import text_layers
from desktop_vlm.history.folding import UNSPACED, folded, spaced
from desktop_vlm.history.snippets import HIT_BEGIN, around

_AT_ONCE = 500
"""SQLite bounds the number of parameters."""

_PLACES = (
    "SELECT conversation_id, max(message_id), message_pictures.sha256 FROM {source}"
    " JOIN message_pictures USING (sha256) JOIN messages ON messages.id = message_id"
    " WHERE {condition} GROUP BY conversation_id"
)
"""The newest message of each conversation that holds a picture, and which picture."""


@dataclass(frozen=True)
class PictureHit:
    """A picture in which something was found, as the newest message of a conversation that holds one."""

    message: int
    sha256: str


def beginning(db: sqlite3.Connection, words: Sequence[str]) -> dict[int, PictureHit]:
    """Conversation -> a picture that holds all of these, at the beginnings of words; by the index."""
    phrases = [spaced(word) for word in words]
    if not phrases or not all(any(char.isalnum() for char in phrase) for phrase in phrases):
        return {}
    quoted = [phrase.replace('"', '""') for phrase in phrases]
    query = " AND ".join(f'"{phrase}" *' for phrase in quoted)
    source = "pictures_fts JOIN picture_texts ON picture_texts.id = pictures_fts.rowid"
    return _read(db.execute(_PLACES.format(source=source, condition="pictures_fts MATCH ?"), (query,)))


def inside(db: sqlite3.Connection, word: str, limit_s: float | None) -> dict[int, PictureHit]:
    """Conversation -> a picture that holds this anywhere; the latest are looked through first, for `limit_s`."""
    sought = spaced(word).encode()
    if all(map(UNSPACED.match, folded(word))):  # the index knows these one by one
        return {}
    found = []
    end_s = time.monotonic() + (math.inf if limit_s is None else limit_s)
    # As bytes: making texts of them takes as long as reading them does.
    for number, words in db.execute("SELECT id, CAST(words AS BLOB) FROM picture_words ORDER BY id DESC"):
        if sought in words:
            found.append(number)
        if time.monotonic() > end_s:
            break
    return _holding(db, found)


def snippets(db: sqlite3.Connection, sought: Sequence[str], sha256s: Collection[str]) -> dict[str, str]:
    """SHA-256 of a picture -> one line around what was found in it."""
    made = {}
    for sha256, text in text_layers.texts(db, list(sha256s)).items():
        line = around(text, sought)
        made[sha256] = line if HIT_BEGIN in line else around(text.replace("-\n", ""), sought)
    return made


def _holding(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, PictureHit]:
    hits: dict[int, PictureHit] = {}
    for at in range(0, len(ids), _AT_ONCE):
        some = ids[at : at + _AT_ONCE]
        condition = f"picture_texts.id IN ({','.join('?' * len(some))})"
        rows = db.execute(_PLACES.format(source="picture_texts", condition=condition), some)
        for conversation, hit in _read(rows).items():
            if conversation not in hits or hit.message > hits[conversation].message:
                hits[conversation] = hit
    return hits


def _read(rows: Iterable[tuple[int, int, str]]) -> dict[int, PictureHit]:
    return {conversation: PictureHit(message, sha256) for conversation, message, sha256 in rows}
