"""Finding conversations while someone is still typing.

Every word typed must begin a word of the title or of a message; different words may be found in different places of a
conversation. Words that the index does not hold (emoji, signs) or does not part (scripts written without spaces) are
looked for in the plain text.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence

HIT_BEGIN, HIT_END = "\x02", "\x03"
"""Around what was found in a snippet; never in it otherwise."""

SNIPPET_CHARS = 160

# Inside the index's own snippets, because the text may hold the marks; these are no characters by Unicode's word.
_BEGIN, _END = "\ufdd0", "\ufdd1"

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, kana and Chinese characters."""

_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f]+")


def words(typed: str) -> list[str]:
    """What to look for, at spaces."""
    return typed.replace("\0", " ").split()


def find(db: sqlite3.Connection, sought: Sequence[str]) -> dict[int, int | None]:
    """Conversation -> the newest message in which the words were found; None where only the title holds them."""
    found: dict[int, int | None] | None = None
    for word in sought:
        hits = _hits(db, word)
        both = hits if found is None else found.keys() & hits.keys()
        found = {one: _newer(found[one] if found else None, hits[one]) for one in both}
    found = found or {}
    together = _all_in_one_message(db, sought)
    return {one: together.get(one, message) for one, message in found.items()}


def snippets(db: sqlite3.Connection, sought: Sequence[str], messages: Iterable[int]) -> dict[int, str]:
    """Message -> one line around what was found in it."""
    ids = list(messages)
    made: dict[int, str] = {}
    indexed = [word for word in sought if _is_indexed(word)]
    for at in range(0, len(ids), 500):  # SQLite bounds the number of parameters
        some = ids[at : at + 500]
        marks = ",".join("?" * len(some))
        if indexed:
            # "+": the index is read once through, instead of asked again for every message.
            rows = db.execute(
                "SELECT rowid, snippet(messages_fts, 0, ?, ?, '…', 14) FROM messages_fts"
                f" WHERE messages_fts MATCH ? AND +rowid IN ({marks})",
                (_BEGIN, _END, " OR ".join(map(_phrase, indexed)), *some),
            )
            made |= {
                message: one_line(text).replace(_BEGIN, HIT_BEGIN).replace(_END, HIT_END) for message, text in rows
            }
        rest = [message for message in some if message not in made]
        marks = ",".join("?" * len(rest))
        for message, text in db.execute(f"SELECT id, text FROM messages WHERE id IN ({marks})", rest):
            made[message] = _around(text, sought)
    return made


def one_line(text: str) -> str:
    """Without line breaks and characters that cannot be seen, so without the marks of hits, too."""
    return _UNSEEN.sub(" ", text).strip()


def _is_indexed(word: str) -> bool:
    return any(char.isalnum() for char in word) and not _UNSPACED.search(word)


def _phrase(word: str) -> str:
    quoted = word.replace('"', '""')
    return f'"{quoted}" *'


def _hits(db: sqlite3.Connection, word: str) -> dict[int, int | None]:
    hits: dict[int, int | None]
    if _is_indexed(word):
        query = (_phrase(word),)
        titles = db.execute("SELECT rowid FROM conversations_fts WHERE conversations_fts MATCH ?", query)
        hits = {conversation: None for (conversation,) in titles}
        return hits | _messages_matching(db, query[0])
    query = ("%" + re.sub(r"([\\%_])", r"\\\1", word) + "%",)
    titles = db.execute(r"SELECT id FROM conversations WHERE title LIKE ? ESCAPE '\'", query)
    hits = {conversation: None for (conversation,) in titles}
    rows = db.execute(
        r"SELECT conversation_id, max(id) FROM messages WHERE text LIKE ? ESCAPE '\' GROUP BY conversation_id", query
    )
    return hits | dict(rows.fetchall())


def _all_in_one_message(db: sqlite3.Connection, sought: Sequence[str]) -> dict[int, int]:
    indexed = [word for word in sought if _is_indexed(word)]
    return _messages_matching(db, " AND ".join(map(_phrase, indexed))) if len(indexed) > 1 else {}


def _messages_matching(db: sqlite3.Connection, query: str) -> dict[int, int]:
    """Conversation -> its newest message that matches."""
    rows = db.execute(
        "SELECT conversation_id, max(id) FROM messages JOIN messages_fts ON messages_fts.rowid = id"
        " WHERE messages_fts MATCH ? GROUP BY conversation_id",
        (query,),
    )
    return dict(rows.fetchall())


def _newer(one: int | None, other: int | None) -> int | None:
    return max((message for message in (one, other) if message is not None), default=None)


def _around(text: str, sought: Sequence[str]) -> str:
    """A snippet of plain text around the first of the words that it holds."""
    text = one_line(text)
    for word in sought:
        hit = re.search(re.escape(word), text, re.IGNORECASE)
        if hit:
            begin, end = max(0, hit.start() - SNIPPET_CHARS // 4), hit.end() + SNIPPET_CHARS // 2
            before = ("…" if begin else "") + text[begin : hit.start()]
            after = text[hit.end() : end] + ("…" if end < len(text) else "")
            return f"{before}{HIT_BEGIN}{hit.group()}{HIT_END}{after}"
    return text[:SNIPPET_CHARS]
