"""A text layer as the history keeps it: compressed JSON, small and quick to read, with a checksum of its own."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Sequence
from typing import Any

from desktop_vlm.api.text_layer import Box, Code, Table, TextLayer, TextLine, Word

MOST_BYTES = 64 * 2**20
"""Of JSON; a page of 5,000 words has 0.3 MB."""

_DIGITS = 2
"""Places are kept to a hundredth of a pixel."""


def encode(layer: TextLayer) -> bytes:
    """The layer as bytes."""
    lines = [
        [line.text, round(line.confidence, 4), _corners(line.box), [_word(word) for word in line.words]]
        for line in layer.lines
    ]
    kept = {
        "size": [layer.width, layer.height],
        "lines": lines,
        "paragraphs": layer.paragraphs,
        "tables": [[table.first, table.last, table.rows] for table in layer.tables],
        "codes": [[code.symbology, code.text, _corners(code.box)] for code in layer.codes],
        "language": layer.language,
        "source": layer.source,
    }
    return zlib.compress(json.dumps(kept, separators=(",", ":")).encode())


def decode(data: bytes) -> TextLayer:
    """What `encode` made.

    Raises:
        ValueError: it is damaged.
    """
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(data, MOST_BYTES)
        if not unpacker.eof:
            raise ValueError("it ends too early")
        kept = json.loads(text)
        lines = tuple(map(_line, kept["lines"]))
        width, height = (_number(side, 2**31) for side in kept["size"])
        return TextLayer(
            width,
            height,
            lines,
            tuple(_number(one, len(lines)) for one in kept["paragraphs"]),
            tuple(_table(one, len(lines)) for one in kept["tables"]),
            tuple(Code(_text(kind), _text(holds), _box(box)) for kind, holds, box in kept["codes"]),
            _text(kept["language"]),
            _text(kept["source"]),
        )
    except (zlib.error, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"damaged: {error}") from error


def _corners(box: Box) -> list[float]:
    return [round(edge, _DIGITS) for edge in (box.left, box.top, box.right, box.bottom)]


def _word(word: Word) -> list[object]:
    return [word.text, *_corners(word.box)]


def _line(kept: Sequence[Any]) -> TextLine:
    text, confidence, box, words = kept
    if not isinstance(confidence, (int, float)) or not 0 <= confidence <= 1:
        raise ValueError("no confidence")
    made = tuple(Word(_text(word), _box(corners)) for word, *corners in words)
    return TextLine(_text(text), _box(box), made, float(confidence))


def _box(corners: Sequence[Any]) -> Box:
    left, top, right, bottom = map(float, corners)
    if not math.isfinite(left + top + right + bottom):
        raise ValueError("no place")
    return Box(left, top, right, bottom)


def _table(kept: Sequence[Any], n_lines: int) -> Table:
    first, last, rows = kept
    cells = tuple(tuple(tuple(_number(one, n_lines) for one in cell) for cell in row) for row in rows)
    return Table(_number(first, n_lines), _number(last, n_lines), cells)


def _number(value: object, end: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < end:
        raise ValueError("no such number")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
