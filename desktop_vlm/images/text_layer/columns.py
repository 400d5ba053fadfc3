"""Taking apart what stands on a screen: bars, sidebars, columns and tables, each read on its own.

From top to bottom, as many lines as have a common white corridor make a run, and a run is divided at its corridors from
left to right (a recursive X-Y cut). Where lines on both sides of a corridor stand at the same heights, they are rows
and stay together, unless they are as long as prose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeAlias

from desktop_vlm.api.text_layer import Box

Span: TypeAlias = tuple[float, float]
Rows: TypeAlias = tuple[tuple[tuple[int, ...], ...], ...]

_CORRIDOR = 0.8
"""Least width, in heights of a line."""

_ALIGNED = 0.15
"""How far apart, in heights of a line, tops, middles or bottoms of lines of a row are at most."""

_ROWS = 0.7
"""Share of the lines of the emptier side that have one beside them, where both sides are rows."""

_LONG = 28
"""Characters: the cells of tables are shorter as a rule, the lines of columns longer."""

_SAME_BAND = 0.25
"""Overlap in heights of a line from which on two lines cannot be read one after the other."""


@dataclass(frozen=True)
class Block:
    """Lines that are read together.

    Attributes:
        numbers: of the lines, in reading order.
        rows: where it is a table, each row's cells with the numbers of their lines; otherwise empty.
    """

    numbers: tuple[int, ...]
    rows: Rows = ()


class Divider:
    """Divides the lines of one image.

    Args:
        boxes: of the lines, px, in any order.
        lengths: how many characters each line has.
    """

    def __init__(self, boxes: Sequence[Box], lengths: Sequence[int]) -> None:
        self._boxes = boxes
        self._lengths = lengths
        self._height = max(1.0, median([box.height for box in boxes])) if boxes else 1.0

    def blocks(self) -> list[Block]:
        """All lines, in reading order."""
        return self._divided(range(len(self._boxes)))

    def _divided(self, numbers: Sequence[int]) -> list[Block]:
        return [block for run in self._runs(numbers) for block in self._of_run(run)]

    def _of_run(self, run: list[int]) -> list[Block]:
        columns = self._columns(run)
        if len(columns) == 1:
            return [Block(tuple(number for row in self._rows(run) for number in row))]
        sides = self._sides(columns)
        if sides is not None:
            return [block for side in sides for block in self._divided(side)]
        return self._tables(run)

    def _runs(self, numbers: Sequence[int]) -> list[list[int]]:
        """From top to bottom; lines of one column follow each other in one run, too."""
        runs: list[list[int]] = []
        above: list[Span] = []
        for band in self._bands(numbers):
            below = self._spans([(self._boxes[one].left, self._boxes[one].right) for one in band])
            together = self._spans([*above, *below])
            if runs and self._goes_on(runs[-1], len(together), len(above), len(below)):
                runs[-1] += band
                above = together
            else:
                runs.append(list(band))
                above = below
        return runs

    def _goes_on(self, run: list[int], together: int, above: int, below: int) -> bool:
        """Whether a band belongs to the run above it: with a corridor in common, or none in either.

        Args:
            run: its lines.
            together: how many columns both have.
            above: how many the run has.
            below: how many the band has.
        """
        if together == 1:
            return above == below == 1
        # The bar of a menu has corridors of its own; the head of a table has those of the table.
        is_bar = above > 2 and len(self._rows(run)) == 1
        return not is_bar or together >= above - (above - 1) // 3

    def _spans(self, spans: list[Span]) -> list[Span]:
        """What is between corridors, from left to right."""
        merged: list[Span] = []
        for left, right in sorted(spans):
            if merged and left < merged[-1][1] + _CORRIDOR * self._height:
                merged[-1] = (merged[-1][0], max(merged[-1][1], right))
            else:
                merged.append((left, right))
        return merged

    def _bands(self, numbers: Sequence[int]) -> list[list[int]]:
        """Lines that overlap from top to bottom, and those that overlap with these, together."""
        bands: list[list[int]] = []
        end = 0.0
        for number in sorted(numbers, key=lambda one: self._boxes[one].top):
            box = self._boxes[number]
            if bands and box.top < end - _SAME_BAND * min(self._height, box.height):
                bands[-1].append(number)
                end = max(end, box.bottom)
            else:
                bands.append([number])
                end = box.bottom
        return bands

    def _columns(self, numbers: Sequence[int]) -> list[list[int]]:
        """Lines between the corridors, from left to right."""
        columns: list[list[int]] = []
        end = 0.0
        for number in sorted(numbers, key=lambda one: self._boxes[one].left):
            box = self._boxes[number]
            if columns and box.left < end + _CORRIDOR * self._height:
                columns[-1].append(number)
                end = max(end, box.right)
            else:
                columns.append([number])
                end = box.right
        return columns

    def _sides(self, columns: Sequence[list[int]]) -> tuple[list[int], list[int]] | None:
        """What is left and right of a corridor between things that are read one after the other."""
        for left, right in self._cuts(columns):
            beside, aligned = self._beside(left, right)
            if beside and aligned < _ROWS:
                return left, right
        if self._is_prose(columns):
            return next(self._cuts(columns))
        return None

    def _cuts(self, columns: Sequence[list[int]]) -> Iterator[tuple[list[int], list[int]]]:
        """Both sides of each corridor, of the widest first."""

        def width(place: int) -> float:
            return min(self._boxes[one].left for one in columns[place]) - max(
                self._boxes[one].right for one in columns[place - 1]
            )

        for place in sorted(range(1, len(columns)), key=width, reverse=True):
            yield (
                [one for column in columns[:place] for one in column],
                [one for column in columns[place:] for one in column],
            )

    def _beside(self, left: Sequence[int], right: Sequence[int]) -> tuple[bool, float]:
        """Whether any line has another beside it, and which share of the emptier side's has one at its own height."""
        few, many = sorted((self._within(left, right), self._within(right, left)), key=len)
        boxes = [self._boxes[number] for number in many]
        beside = aligned = 0
        for number in few:
            own = self._boxes[number]
            beside += any(min(own.bottom, box.bottom) > max(own.top, box.top) for box in boxes)
            aligned += any(self._at_one_height(own, box) for box in boxes)
        return beside > 0, aligned / max(1, len(few))

    def _within(self, numbers: Sequence[int], others: Sequence[int]) -> list[int]:
        """Those that are not above or below all of some others."""
        top = min(self._boxes[one].top for one in others)
        bottom = max(self._boxes[one].bottom for one in others)
        return [one for one in numbers if self._boxes[one].bottom > top and self._boxes[one].top < bottom]

    def _at_one_height(self, one: Box, other: Box) -> bool:
        middles = (one.top + one.bottom - other.top - other.bottom) / 2
        nearest = min(abs(middles), abs(one.top - other.top), abs(one.bottom - other.bottom))
        return nearest <= _ALIGNED * self._height and min(one.bottom, other.bottom) > max(one.top, other.top)

    def _is_prose(self, columns: Sequence[list[int]]) -> bool:
        """Whether columns are long lines in all of at least two of them."""
        long = [column for column in columns if median([self._lengths[one] for one in column]) >= _LONG]
        return len(long) >= 2 and all(len(column) > 2 for column in long)

    def _rows(self, numbers: Sequence[int]) -> list[list[int]]:
        """Lines at one height, from left to right."""
        rows: list[list[int]] = []
        for number in sorted(numbers, key=lambda one: self._boxes[one].top + self._boxes[one].bottom):
            box = self._boxes[number]
            last = self._boxes[rows[-1][-1]] if rows else None
            if last and (box.top + box.bottom) / 2 < (last.top + last.bottom) / 2 + 0.4 * min(last.height, box.height):
                rows[-1].append(number)
            else:
                rows.append([number])
        return [sorted(row, key=lambda one: self._boxes[one].left) for row in rows]

    def _tables(self, run: Sequence[int]) -> list[Block]:
        """Stretches of rows with several cells as tables; what is above, between and below them as it is."""
        blocks: list[Block] = []
        plain: list[int] = []
        for rows in _stretches(self._rows(run)):
            if not self._is_table(rows):
                plain += [number for row in rows for number in row]
                continue
            if plain:
                blocks.append(Block(tuple(plain)))
                plain = []
            blocks.append(self._table(rows))
        return [*blocks, Block(tuple(plain))] if plain else blocks

    def _is_table(self, rows: Sequence[Sequence[int]]) -> bool:
        """Whether rows are more than a few things that happen to stand beside each other."""
        columns = len(self._columns([number for row in rows for number in row]))
        full = sum(len(row) > 1 for row in rows)
        return columns > 1 and full >= (3 if columns == 2 else 2)

    def _table(self, rows: Sequence[Sequence[int]]) -> Block:
        columns = self._columns([number for row in rows for number in row])
        place = {number: index for index, column in enumerate(columns) for number in column}
        cells = tuple(
            tuple(tuple(number for number in row if place[number] == index) for index in range(len(columns)))
            for row in rows
        )
        return Block(
            tuple(number for row in cells for cell in row for number in cell), cells if len(columns) > 1 else ()
        )


def _stretches(rows: Sequence[list[int]]) -> list[list[list[int]]]:
    """Rows with several cells, and single rows of one cell between them, apart from the rows of one cell around."""
    stretches: list[list[list[int]]] = []
    in_table = False
    for place, row in enumerate(rows):
        goes_on = in_table and place + 1 < len(rows) and len(rows[place + 1]) > 1
        belongs = len(row) > 1 or goes_on
        if stretches and belongs == in_table:
            stretches[-1].append(row)
        else:
            stretches.append([row])
        in_table = belongs
    return stretches
