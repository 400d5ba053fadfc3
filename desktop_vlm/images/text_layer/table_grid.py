"""The rows and columns of what stands side by side."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from desktop_vlm.api.text_layer import Box, Table, TextLayer
from desktop_vlm.images.text_layer.box_geometry import around, grown

_MARGIN = 0.4
"""Around a table, of the height of its lowest line."""


class TableGrid:
    """The cells of a table as places in the image; empty ones have a place, too.

    Attributes:
        table: whose they are.
        box: around all of it, with a little room, px.
    """

    def __init__(self, layer: TextLayer, table: Table) -> None:
        self.table = table
        rows = [[[layer.lines[number].box for number in cell] for cell in row] for row in table.rows]
        boxes = [box for row in rows for cell in row for box in cell]
        margin = _MARGIN * min(box.height for box in boxes)
        self.box = grown(around(boxes), margin, margin)
        in_rows = [[box for cell in row for box in cell] for row in rows]
        in_columns = [[box for row in rows for box in row[column]] for column in range(len(rows[0]))]
        self._downs = _borders(in_rows, "y", _span(self.box, "y"))
        self._acrosses = _borders(in_columns, "x", _span(self.box, "x"))

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Row and column there, or the nearest."""
        return _slot(self._downs, y), _slot(self._acrosses, x)

    def cell_box(self, row: int, column: int) -> Box:
        """The room of a cell, px."""
        return Box(self._acrosses[column], self._downs[row], self._acrosses[column + 1], self._downs[row + 1])


def in_columns(boxes: Sequence[Box]) -> list[list[list[int]]]:
    """Boxes as rows of cells, by number: what is at one height is a row, what lies over each other a column."""
    rows = _groups([_span(box, "y") for box in boxes], share=0.5)
    columns = _groups([_span(box, "x") for box in boxes], share=0.0)
    return [
        [sorted((n for n in row if n in column), key=lambda n: boxes[n].left) for column in columns] for row in rows
    ]


def _span(box: Box, axis: str) -> tuple[float, float]:
    return (box.left, box.right) if axis == "x" else (box.top, box.bottom)


def _groups(spans: Sequence[tuple[float, float]], share: float) -> list[list[int]]:
    """Spans that overlap by more than a share of the shorter one's length are together, in order."""
    groups: list[list[int]] = []
    low = high = 0.0
    for number in sorted(range(len(spans)), key=lambda one: spans[one]):
        start, end = spans[number]
        if groups and min(high, end) - max(low, start) > share * min(high - low, end - start):
            groups[-1].append(number)
            low, high = (min(low, start), max(high, end)) if share == 0 else (low, high)
        else:
            groups.append([number])
            low, high = start, end
    return groups


def _borders(groups: Sequence[Sequence[Box]], axis: str, outer: tuple[float, float]) -> list[float]:
    """Where one row or column ends and the next begins: the middle of the gap. One without text has no room."""
    spans: list[tuple[float, float]] = []
    for boxes in groups:
        end = spans[-1][1] if spans else outer[0]
        spans.append(_span(around(boxes), axis) if boxes else (end, end))
    between = [(first[1] + second[0]) / 2 for first, second in pairwise(spans)]
    return [outer[0], *between, outer[1]]


def _slot(borders: Sequence[float], place: float) -> int:
    return min(max(bisect_right(borders, place) - 1, 0), len(borders) - 2)
