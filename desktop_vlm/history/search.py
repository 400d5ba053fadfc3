"""Finding conversations while someone is still typing.

Every word typed must be in the title or in a message, as it stands or as a part of a longer word; different words may
be found in different places of a conversation. The index knows how words begin, without their accents. Parts of words,
words that the index does not hold (emoji, signs) or does not part (scripts written without spaces, and Latin words
between their characters) are looked for in the plain text, and once more without accents.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
import sqlite3
import time
import unicodedata
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

_LEAST_PART = 2
"""Characters of a word that is looked for inside of words: a single letter is nearly everywhere."""

_WAIT_FOR_MORE_S = 0.1
"""For spellings that only a slow search finds, while others are found already: someone is typing."""

_WITHOUT_STROKE = str.maketrans(
    {"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}  # noqa: RUF001
)
"""Letters that Unicode does not take for one with an accent, but people do."""

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
    hits = _begun(db, word) if _is_indexed(word) else {}
    if len(word) >= _LEAST_PART or not hits:
        for spelling in dict.fromkeys((word, folded(word))):
            _add(hits, _holding(db, spelling))
        _add(hits, _holding_without_accents(db, word, _WAIT_FOR_MORE_S if hits else None))
    return hits


def _add(hits: dict[int, int | None], more: dict[int, int | None]) -> None:
    for conversation, message in more.items():
        hits[conversation] = _newer(hits.get(conversation), message)


def _begun(db: sqlite3.Connection, word: str) -> dict[int, int | None]:
    """By the index: words that begin so."""
    query = _phrase(word)
    titles = db.execute("SELECT rowid FROM conversations_fts WHERE conversations_fts MATCH ?", (query,))
    hits: dict[int, int | None] = {conversation: None for (conversation,) in titles}
    return hits | _messages_matching(db, query)


def _holding(db: sqlite3.Connection, word: str) -> dict[int, int | None]:
    """Wherever it stands in the text; SQLite looks through ten million characters in some hundredths of a second."""
    query = ("%" + re.sub(r"([\\%_])", r"\\\1", word) + "%",)
    titles = db.execute(r"SELECT id FROM conversations WHERE title LIKE ? ESCAPE '\'", query)
    hits: dict[int, int | None] = {conversation: None for (conversation,) in titles}
    rows = db.execute(
        r"SELECT conversation_id, max(id) FROM messages WHERE text LIKE ? ESCAPE '\' GROUP BY conversation_id", query
    )
    return hits | dict(rows.fetchall())


def _holding_without_accents(db: sqlite3.Connection, word: str, limit_s: float | None) -> dict[int, int | None]:
    """The same in folded texts, newest first: LIKE knows neither accents nor capitals beyond ASCII, but is faster.

    It knows all of ASCII, so that only the other texts are read; where something was found already, for `limit_s`.
    """
    sought = folded(word)
    is_wide = "length({0}) <> length(CAST({0} AS BLOB))"
    hits: dict[int, int | None] = {}
    for conversation, title in db.execute(f"SELECT id, title FROM conversations WHERE {is_wide.format('title')}"):
        if sought in folded(title):
            hits[conversation] = None
    end_s = time.monotonic() + (math.inf if limit_s is None else limit_s)
    rows = db.execute(f"SELECT conversation_id, id, text FROM messages WHERE {is_wide.format('text')} ORDER BY id DESC")
    for conversation, message, text in rows:
        if hits.get(conversation) is None and sought in folded(text):
            hits[conversation] = message
        if time.monotonic() > end_s:
            break
    return hits


def folded(text: str) -> str:
    """Without accents and capitals, and in the plain form of characters that have several."""
    if text.isascii():
        return text.lower()
    return "".join(map(_folded_char, unicodedata.normalize("NFC", text)))


@functools.lru_cache(maxsize=4096)
def _folded_char(char: str) -> str:
    parts = unicodedata.normalize("NFKD", char)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold().translate(_WITHOUT_STROKE)


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
        if place := hit.span() if hit else _place_without_accents(text, word):
            begin, end = max(0, place[0] - SNIPPET_CHARS // 4), place[1] + SNIPPET_CHARS // 2
            before = ("…" if begin else "") + text[begin : place[0]]
            after = text[place[1] : end] + ("…" if end < len(text) else "")
            return f"{before}{HIT_BEGIN}{text[slice(*place)]}{HIT_END}{after}"
    return text[:SNIPPET_CHARS]


def _place_without_accents(text: str, word: str) -> tuple[int, int] | None:
    """Begin and end in the text of what is the word when both are folded."""
    parts = [_folded_char(char) for char in text]
    at = "".join(parts).find(folded(word))
    if at < 0 or not word:
        return None
    ends = list(itertools.accumulate(map(len, parts)))
    end = at + len(folded(word))
    begin_char = next(number for number, length in enumerate(ends) if length > at)
    end_char = next(number for number, length in enumerate(ends) if length >= end) + 1
    while end_char < len(text) and unicodedata.combining(text[end_char]):
        end_char += 1
    return begin_char, end_char
