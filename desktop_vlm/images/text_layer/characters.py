"""Characters that OCR engines and language models take for one another."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
QUOTES = "\u2018\u2019\u201a\u201b\u2032\u00b4`\u02bc"

_ALIKE = {
    "0": "o",
    "1": "l",
    "i": "l",
    "|": "l",
    "\u0131": "l",
    "5": "s",
    "8": "b",
    "\u00df": "b",
    # A pair of letters that looks like one is written as the pair, so that nothing depends on its neighbours.
    "m": "rn",
    "d": "cl",
    "\u00f8": "o",
    "\u0142": "l",
    "\u0111": "cl",
}
"""Letters without case -> what stands for all that look like them. No digit becomes another digit."""

LIKE_DIGITS = str.maketrans("OolI|SB", "0011158")
"""What may stand for a digit, within a number."""

_SYMBOLS = "+%&@#=<>/"
"""Signs that tell one text from another; all others are as good as spaces."""


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    if char in DASHES:
        return "-"
    if char in QUOTES:
        return "'"
    if char.isspace():
        return " "
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    shown = unicodedata.normalize("NFKC", char)
    return shown if len(shown) == 1 and not (shown.isdigit() and not char.isdecimal()) else char


def plain(text: str) -> str:
    """As long as the text: full-width forms, digits, dashes, quotes and spaces as their ASCII kin."""
    return text if text.isascii() and text.isprintable() else "".join(map(_plain, text))


@lru_cache(maxsize=4096)
def alike(char: str) -> str:
    """What stands for a character of plain text and all that look like it; "" for what does not matter."""
    if char in _SYMBOLS:
        return char
    if char == "|":
        return "l"
    if char == "\u00d7":
        return "x"
    if not char.isalnum():
        return char if unicodedata.category(char) == "Sc" else ""
    if char == "\u00df":
        return "b"
    bare = "".join(c for c in unicodedata.normalize("NFKD", char.casefold()) if not unicodedata.combining(c))
    return "".join(_ALIKE.get(c, c) for c in bare)
