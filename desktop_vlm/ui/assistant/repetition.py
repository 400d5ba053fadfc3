"""Answers that repeat themselves without end, as small models do above all when the likeliest words are taken."""

from __future__ import annotations

_LEAST_TIMES = 20
_LEAST_CHARACTERS = 600
"""Rules of dashes, dots that lead to a page number, and rows of empty cells are shorter."""
_MOST_CHARACTERS = 200
"""Of what is repeated."""


def repeats_itself(text: str) -> bool:
    """Whether a text ends with the same up to 200 characters, at least 20 times and for 600 characters."""
    for period in range(1, _MOST_CHARACTERS + 1):
        length = max(_LEAST_CHARACTERS, _LEAST_TIMES * period)
        if length > len(text):
            return False
        if text[-length:-period] == text[-length + period :]:
            return True
    return False
