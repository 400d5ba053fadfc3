"""Texts in the form in which they are compared: without accents and capitals."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, kana and Chinese characters."""

_WITHOUT_STROKE = str.maketrans(
    {"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}  # noqa: RUF001
)
"""Letters that Unicode does not take for one with an accent, but people do."""


def storable(text: str) -> str:
    """Halves of surrogate pairs, which a clipboard can hold, cannot be stored: a pair becomes its character."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def folded(text: str) -> str:
    """Without accents and capitals, and in the plain form of characters that have several."""
    if text.isascii():
        return text.lower()
    return "".join(map(folded_char, unicodedata.normalize("NFC", text)))


@functools.lru_cache(maxsize=4096)
def folded_char(char: str) -> str:
    """One character of `folded`; it may become several, or none."""
    parts = unicodedata.normalize("NFKD", char)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold().translate(_WITHOUT_STROKE)


def spaced(text: str) -> str:
    """Folded, with spaces around each character of a script that is written without them, and one space elsewhere.

    So an index of words finds every run of such characters, and the Latin words between them.
    """
    return " ".join(UNSPACED.sub(r" \g<0> ", folded(text)).split())


def spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where any of these words stands in a text, as a search finds it: begins and ends, in order.

    Accents that follow a character are part of it; places that overlap are one.
    """
    is_plain = text.isascii()
    parts = [] if is_plain else [folded_char(char) for char in text]
    whole = text.lower() if is_plain else "".join(parts)
    sought = [one for one in map(folded, words) if one and one in whole]
    if not sought:
        return []
    # A character may have become several, or none.
    chars = range(len(whole)) if is_plain else [number for number, part in enumerate(parts) for _ in part]
    hits = sorted(match.span() for word in sought for match in re.finditer(re.escape(word), whole))
    found: list[tuple[int, int]] = []
    for start, end in hits:
        begin_char, end_char = chars[start], chars[end - 1] + 1
        while end_char < len(text) and unicodedata.combining(text[end_char]):
            end_char += 1
        if found and begin_char < found[-1][1]:
            found[-1] = found[-1][0], max(end_char, found[-1][1])
        else:
            found.append((begin_char, end_char))
    return found
