"""Whether an image shows the grid that it should: blank cells are blank, written ones are not, alike ones look alike.

So a shift by one row or column is found, and so is what an emulator and `pyte` understand differently.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.interfaces.terminals.grid import Cell, Grid
from training.interfaces.terminals.view import Place

Pixels = NDArray[np.int16]
_LEAST_INK = 48
"""Of 255: letters with less contrast can hardly be read."""
_MOST_BLANK_INK = 40
_MOST_WRONG, _MOST_UNREADABLE = 0.002, 3
_ALIKE, _COMPARED = 24.0, 6
"""Of 255: by how much the same letters differ at most, on average; how many of each are compared."""
_WHOLE = 0.01
_LAST_LETTER, _LAST_NARROW = 0x2FF, 0x2FFF
_THIN = frozenset(".,'`_-:;~^\"")


@dataclass
class _Found:
    """What was counted: cells that should be blank, those that are not, letters without contrast; looks of letters."""

    blank: int = 0
    wrong: int = 0
    unreadable: int = 0
    looks: dict[tuple[object, ...], list[Pixels]] = field(default_factory=lambda: defaultdict(list))

    def add(self, cell: Cell, part: Pixels, *, whole: bool) -> None:
        """Take a cell with its pixels; `whole`: cells are whole pixels wide and high."""
        if cell.is_bare:
            inner = part[1:-1, 1:-1]
            self.blank += 1
            self.wrong += int(inner.max()) - int(inner.min()) > _MOST_BLANK_INK
        elif not cell.is_blank:
            least = _LEAST_INK // 2 if cell.char in _THIN else _LEAST_INK
            self.unreadable += int(part.max()) - int(part.min()) < least
            alike = self.looks[cell.char, cell.looks]
            if whole and len(alike) < _COMPARED:
                alike.append(part)

    def unlike(self) -> bool:
        """Whether the same letters look different."""
        pairs = [
            (parts[0], part) for parts in self.looks.values() for part in parts[1:] if part.shape == parts[0].shape
        ]
        unlike = sum(float(np.abs(part - first)[:, 1:-1].mean()) > _ALIKE for first, part in pairs)
        return unlike > max(2, 0.02 * len(pairs))


def agrees(image: Image.Image, grid: Grid, place: Place) -> str:
    """Why not; "" where it does."""
    grey, found = np.asarray(image.convert("L"), np.int16), _Found()
    high, wide = int(place.height), int(place.width)
    whole = abs(place.width - wide) < _WHOLE and abs(place.height - high) < _WHOLE
    for number, row in enumerate(grid.cells):
        top = round(place.top + number * place.height)
        for column, cell in enumerate(row):
            if ord(cell.char[0]) > _LAST_NARROW:
                return "wide characters"
            if (number, column) == grid.cursor or ord(cell.char[0]) > _LAST_LETTER or len(cell.char) > 1:
                continue
            left = round(place.x(column))
            part = grey[top : top + high, left : left + wide]
            if part.shape != (high, wide):
                return "outside"
            found.add(cell, part, whole=whole)
    if found.unreadable > _MOST_UNREADABLE:
        return "unreadable"
    if found.wrong > max(2, _MOST_WRONG * found.blank):
        return "blank cells are not blank"
    return "letters are not alike" if found.unlike() else ""
