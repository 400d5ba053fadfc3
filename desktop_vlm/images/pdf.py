"""What all who handle PDF files agree on: how they are recognised, and how large their pages become as images."""

from __future__ import annotations

DPI = 150
"""Text of 10 points is then 21 pixels high: the model reads it at full size, and still at half."""

MAX_SIDE = 6000
"""Of a page's image, px: posters and plans are rendered at fewer dots per inch."""


def is_pdf(data: bytes) -> bool:
    """By its content, as PDF readers do: the header may come a little late."""
    return b"%PDF-" in data[:1024]


def page_scale(width: float, height: float) -> float:
    """Pixels for each point (1/72 inch) of a page of this size in points."""
    return min(DPI / 72, MAX_SIDE / max(1.0, width, height))
