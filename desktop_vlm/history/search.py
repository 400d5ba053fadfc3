"""Finding conversations while someone is still typing.

Every word typed must be in the title, in a message or in what was read in a picture, as it stands or as a part of a
longer word; different words may be found in different places of a conversation. The index knows how words begin,
without their accents. Parts of words, words that the index does not hold (emoji, signs) or does not part (scripts
written without spaces, and Latin words between their characters) are looked for in the plain text, and once more
without accents.
"""

from __future__ import annotations

import math
import re
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from desktop_vlm.history import picture_search
from desktop_vlm.history.folding import UNSPACED, folded
from desktop_vlm.history.records import ConversationSummary
from desktop_vlm.history.snippets import HIT_BEGIN, HIT_END, around, one_line

# Inside the index's own snippets, because the text may hold the marks; these are no characters by Unicode's word.
_BEGIN, _END = "\ufdd0", "\ufdd1"

_LEAST_PART = 2
"""Characters of a word that is looked for inside of words: a single letter is nearly everywhere."""

_WAIT_FOR_MORE_S = 0.1
"""For spellings that only a slow search finds, while others are found already: someone is typing."""


_ENOUGH = 20
"""Conversations with words that begin so; parts of words in pictures are looked for where there are fewer."""


def words(typed: str) -> list[str]:
    """What to look for, at spaces."""
    return typed.replace("\0", " ").split()


@dataclass(frozen=True)
class Hit:
    """Where the words of a search were found in a conversation.

    Attributes:
        message: the newest that holds them, itself or in a picture; None where only the title does.
        picture: SHA-256 of the picture of the message; "" where the message's own text holds them.
    """

    message: int | None = None
    picture: str = ""


def find(db: sqlite3.Connection, sought: Sequence[str]) -> dict[int, Hit]:
    """Conversation -> where the words were found: rather in one place than in several, and rather written than seen."""
    found: dict[int, Hit] | None = None
    for word in sought:
        hits = _places(db, word)
        both = hits if found is None else found.keys() & hits.keys()
        found = {one: _better(found[one] if found else Hit(), hits[one]) for one in both}
        if not found:
            break
    found = found or {}
    if found and len(sought) > 1:
        seen = picture_search.beginning(db, sought)
        found |= {one: Hit(seen[one].message, seen[one].sha256) for one in found.keys() & seen.keys()}
        written = _all_in_one_message(db, sought)
        found |= {one: Hit(written[one]) for one in found.keys() & written.keys()}
    return found


def _places(db: sqlite3.Connection, word: str) -> dict[int, Hit]:
    """Conversation -> where one word was found."""
    written = _hits(db, word)
    seen = picture_search.beginning(db, [word])
    n_found = len(written.keys() | seen.keys())
    if n_found == 0 or (len(word) >= _LEAST_PART and n_found < _ENOUGH):
        seen = picture_search.inside(db, word, _WAIT_FOR_MORE_S if n_found else None) | seen
    places = {one: Hit(hit.message, hit.sha256) for one, hit in seen.items()}
    return places | {one: Hit(message) for one, message in written.items() if message is not None or one not in seen}


def _better(one: Hit, other: Hit) -> Hit:
    """The newer one; what is written before what is only seen, and that before a title."""
    return max(one, other, key=lambda hit: (hit.message is not None, not hit.picture, hit.message or 0))


def with_hits(
    db: sqlite3.Connection,
    sought: Sequence[str],
    listed: Sequence[ConversationSummary],
    found: Mapping[int, Hit],
) -> list[ConversationSummary]:
    """Conversations of the list with what was found in them instead of their last message."""
    hits = {one.id: found[one.id] for one in listed if found[one.id].message is not None}
    written = [hit.message for hit in hits.values() if hit.message is not None and not hit.picture]
    of_messages = _snippets(db, sought, written)
    of_pictures = picture_search.snippets(db, sought, {hit.picture for hit in hits.values() if hit.picture})

    def shown(one: ConversationSummary) -> ConversationSummary:
        hit = hits.get(one.id)
        if hit is None or hit.message is None:
            return one
        line = of_pictures.get(hit.picture, "") if hit.picture else of_messages[hit.message]
        return replace(one, snippet=line, hit_message=hit.message, hit_picture=hit.picture)

    return [shown(one) for one in listed]


def _snippets(db: sqlite3.Connection, sought: Sequence[str], messages: Iterable[int]) -> dict[int, str]:
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
            made[message] = around(text, sought)
    return made


def _is_indexed(word: str) -> bool:
    return any(char.isalnum() for char in word) and not UNSPACED.search(word)


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
