"""Boxes of about a million pixels that cover an image, for work that would else copy all of it."""

from __future__ import annotations

_STRIP_PIXELS = 1_000_000

Box = tuple[int, int, int, int]
"""Left, top, right and bottom."""


def strips(size: tuple[int, int], pixels: int = _STRIP_PIXELS) -> list[Box]:
    """Left, top, right and bottom of each, from top to bottom."""
    width, height = size
    rows = max(1, pixels // max(1, width))
    return [(0, top, width, min(top + rows, height)) for top in range(0, height, rows)]
