"""Layers that tests write: lines at places, and tables."""

from __future__ import annotations

from desktop_vlm.api.text_layer import Box, TextLine, Word


def line(text: str, left: float, top: float, *, size: float = 10.0, confidence: float = 1.0) -> TextLine:
    """A line of characters that are `size` high and half as wide."""
    words, at = [], 0
    for part in text.split(" "):
        words.append(Word(part, Box(left + at * size / 2, top, left + (at + len(part)) * size / 2, top + size)))
        at += len(part) + 1
    return TextLine(text, Box(left, top, left + len(text) * size / 2, top + size), tuple(words), confidence)
