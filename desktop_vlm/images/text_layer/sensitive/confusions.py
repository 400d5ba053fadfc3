"""Letters that OCR reads where a digit stands."""

from __future__ import annotations

import re

LIKE_DIGITS = "OoQDlI|SsBZz"
"""Letters that look like a digit."""

TO_DIGITS = str.maketrans("OoQDlI|SsBZz", "000011155822")

_TOKEN = re.compile(r"[A-Za-z0-9|]+")
_SURE = frozenset("OolI|0123456789")
"""Those that even a word without a digit may be made of."""
_PUNCTUATION = (".", ":", "-")
_DIGITS_BESIDE = re.compile(r"[0-9][.: -]?$")
_DIGITS_AFTER = re.compile(r"[.: -]?[0-9]")


def as_digits(text: str) -> str:
    """The text with digits for letters that look like them, in words that are numbers; as long as it was.

    A word counts as a number where at least half of it are digits, and nothing but letters that look like digits is
    beside them; one without a digit where it is at most three letters between digits (`192.168.l.lO`).
    """
    made = ""
    for found in _TOKEN.finditer(text):
        made += text[len(made) : found.start()]
        made += _as_number(found.group(), made, text[found.end() :])
    return made + text[len(made) :]


def _as_number(token: str, before: str, after: str) -> str:
    if token.isdigit() or any(not char.isdigit() and char not in LIKE_DIGITS for char in token):
        return token
    n_digits = sum(char.isdigit() for char in token)
    is_mostly = 2 * n_digits >= len(token) > 1
    is_part = (
        len(token) <= 3 and set(token) <= _SURE and (before.endswith(_PUNCTUATION) or after.startswith(_PUNCTUATION))
    )
    is_between = is_part and (_DIGITS_BESIDE.search(before[-2:]) or _DIGITS_AFTER.match(after))
    return token.translate(TO_DIGITS) if is_mostly or is_between else token


def has_years(written: str) -> bool:
    """Whether several groups of a number are years, as in a row of a table."""
    return len(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", written)) > 1
