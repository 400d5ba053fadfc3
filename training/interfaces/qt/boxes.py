"""The lines of a box of text that are seen."""

from __future__ import annotations

from collections.abc import Sequence

from training.screens.webpages import Line

_SAME_ROW = 3.0
"""Px between the lower edges of pieces in one line."""


def seen_lines(pieces: Sequence[Line], text: str) -> str:
    """The text as far as it was drawn, line by line as it is seen; "" where something else was drawn.

    `pieces` are what was drawn in the box, `text` is all that it has, of which the beginning has to be seen.
    """
    rows: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda one: one.bottom):
        if rows and piece.bottom - rows[-1][0].bottom < _SAME_ROW:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    found: list[str] = []
    at = 0
    for place, row in enumerate(rows):
        drawn = "".join("".join(piece.text.split()) for piece in sorted(row, key=lambda one: one.edges[0]))
        start = at = _beginning(text, at)
        for char in drawn:
            while at < len(text) and text[at].isspace():
                at += 1
            if at >= len(text) or text[at] != char:
                return ""
            at += 1
        if at < len(text) and not text[at].isspace():  # cut off, as at the lower edge
            return "\n".join(found) if place == len(rows) - 1 else ""
        found.append(text[start:at])
        if "\n" in found[-1].strip():
            return ""
    return "\n".join(found)


def _beginning(text: str, at: int) -> int:
    """Where the next line begins, its indent included."""
    first = at
    while first < len(text) and text[first].isspace():
        first += 1
    broken = text.rfind("\n", at, first)
    return broken + 1 if broken >= 0 else at if at == 0 else first
