"""Selecting text where it stands in an image, as in a PDF reader: what lies under a place, and what is copied."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from html import escape
from typing import TypeAlias

from desktop_vlm.api.text_layer import Box, Code, Table, TextLayer
from desktop_vlm.images.text_layer.box_geometry import around, beside, beyond, contains, grown
from desktop_vlm.images.text_layer.caret_edges import caret_edges
from desktop_vlm.images.text_layer.folded import Match
from desktop_vlm.images.text_layer.forms import blocks_of, rows_as_tsv
from desktop_vlm.images.text_layer.table_grid import TableGrid, in_columns
from desktop_vlm.images.text_layer.word_spans import next_word, previous_word, word_span, written_apart

_MARGIN = 0.1
"""Around what is lit up, of a line's height."""


@dataclass(frozen=True, order=True)
class Caret:
    """A place between two characters: the line's number in the layer, and how many characters are before it."""

    line: int
    at: int


@dataclass(frozen=True)
class Spot:
    """Where the pointer was.

    Attributes:
        x, y: px of the image.
        caret: the nearest one.
        under: the caret before the character that is there, or nearest.
    """

    x: float
    y: float
    caret: Caret
    under: Caret


@dataclass(frozen=True)
class TextRange:
    """Text from one caret to another, in reading order; `focus` is the end that moves."""

    anchor: Caret
    focus: Caret

    @property
    def start(self) -> Caret:
        return min(self.anchor, self.focus)

    @property
    def end(self) -> Caret:
        return max(self.anchor, self.focus)


Slice: TypeAlias = tuple[int, int, int]
"""A line's number, the first of its characters that is in, and the first after it that is not."""


@dataclass(frozen=True)
class CellBlock:
    """Text in rows and columns.

    Attributes:
        rows: of cells, each with the parts of lines in it; every row has the same number of cells.
        boxes: what is lit up, px of the image.
    """

    rows: tuple[tuple[tuple[Slice, ...], ...], ...]
    boxes: tuple[Box, ...]


Selection: TypeAlias = TextRange | CellBlock


@dataclass(frozen=True)
class Copied:
    """What goes to the clipboard; `html` is "" where the text is no table."""

    text: str
    html: str = ""


class Unit(Enum):
    """What a selection grows by."""

    CHARACTER = "character"
    WORD = "word"
    LINE = "line"


class SelectableText:
    """A layer, ready to be pointed at: once prepared, a question takes about a millisecond with 5,000 words."""

    def __init__(self, layer: TextLayer) -> None:
        self.layer = layer
        self._edges: dict[int, tuple[float, ...]] = {}
        self._grids = [TableGrid(layer, table) for table in layer.tables if any(any(row) for row in table.rows)]

    def prepare(self) -> None:
        """Find out where all characters are, in a thread: a tenth of a second for 5,000 words."""
        for number in range(len(self.layer.lines)):
            self.edges(number)

    # What is there

    def is_text(self, x: float, y: float) -> bool:
        """Whether a press there begins a selection: on a line, or in a table."""
        if self._grid_at(x, y) is not None:
            return True
        boxes = (line.box for line in self.layer.lines)
        return any(contains(grown(box, 0.3 * box.height, 0.25 * box.height), x, y) for box in boxes)

    def code_at(self, x: float, y: float) -> Code | None:
        """The QR code or barcode there."""
        return next((code for code in self.layer.codes if contains(code.box, x, y)), None)

    def spot(self, x: float, y: float) -> Spot:
        """What is nearest; there must be a line."""
        numbers, _ = min(self._blocks, key=lambda block: beside(block[1], x) ** 2 + beyond(block[1], y) ** 2)
        number = min(numbers, key=lambda one: self._farness(one, x, y))
        under = bisect_right(self.edges(number), x) - 1
        return self._made(x, y, Caret(number, self._at(number, x)), under)

    def spot_of(self, caret: Caret) -> Spot:
        """A caret as if it had been pointed at."""
        box = self.layer.lines[caret.line].box
        return self._made(self.edges(caret.line)[caret.at], (box.top + box.bottom) / 2, caret, caret.at)

    def _made(self, x: float, y: float, caret: Caret, under: int) -> Spot:
        last = len(self.layer.lines[caret.line].text) - 1
        return Spot(x, y, caret, Caret(caret.line, max(0, min(under, last))))

    def edges(self, line: int) -> tuple[float, ...]:
        """The x of each caret of a line, px."""
        found = self._edges.get(line)
        if found is None:
            found = self._edges[line] = caret_edges(self.layer.lines[line])
        return found

    def box(self, piece: Slice) -> Box:
        """Around a part of a line, with a little room: the boxes of lines may touch their letters."""
        line, start, end = piece
        edges, box = self.edges(line), self.layer.lines[line].box
        return grown(Box(edges[start], box.top, edges[end], box.bottom), _MARGIN * box.height, _MARGIN * box.height)

    def boxes(self, selection: Selection) -> list[Box]:
        """What of the image is lit up."""
        if isinstance(selection, CellBlock):
            return list(selection.boxes)
        return [self.box(piece) for piece in self._slices(selection)]

    # What is selected

    def everything(self) -> TextRange:
        """All text; there must be a line."""
        last = len(self.layer.lines) - 1
        return TextRange(Caret(0, 0), Caret(last, len(self.layer.lines[last].text)))

    def dragged(self, start: Spot, to: Spot, unit: Unit = Unit.CHARACTER) -> Selection:
        """From one place to another: cells if both are in one table, else text in reading order."""
        grid = self._grid_at(start.x, start.y)
        if grid is not None and unit is Unit.CHARACTER and contains(grid.box, to.x, to.y):
            cells = grid.cell(start.x, start.y), grid.cell(to.x, to.y)
            if cells[0] != cells[1]:
                return self._cells(grid, *cells)
        forward = start.caret <= to.caret
        low, high = (start, to) if forward else (to, start)
        first, last = self._span(low, unit)[0], self._span(high, unit)[1]
        return TextRange(first, last) if forward else TextRange(last, first)

    def within(self, area: Box) -> CellBlock | None:
        """The words in a rectangle, in rows and columns; None where there are none."""
        pieces = [piece for line in self._lines_between(area.top, area.bottom) for piece in self._inside(line, area)]
        if not pieces:
            return None
        boxes = [self.box(piece) for piece in pieces]
        grid = in_columns(boxes)
        rows = tuple(tuple(tuple(pieces[one] for one in cell) for cell in row) for row in grid)
        return CellBlock(rows, tuple(boxes))

    def of_match(self, match: Match) -> TextRange:
        """What was found, as a selection."""
        first, last = match.places[0], match.places[-1]
        return TextRange(Caret(first.line, first.start), Caret(last.line, last.end))

    def moved(self, selection: TextRange, unit: Unit, step: int) -> TextRange:
        """The end that moves, one character, word or line further (1) or back (-1)."""
        return TextRange(selection.anchor, self._stepped(selection.focus, unit, step))

    # What is copied

    def copied(self, selection: Selection) -> Copied:
        """The text of a selection; a table's cells with tabs between them, and as a table for spreadsheets."""
        if isinstance(selection, CellBlock):
            return _as_table([[self._cell_text(cell) for cell in row] for row in selection.rows])
        parts = {line: self.layer.lines[line].text[start:end] for line, start, end in self._slices(selection)}
        is_all = (selection.start, selection.end) == (self.everything().start, self.everything().end)
        found = []
        for block in blocks_of(self.layer):
            if isinstance(block, Table):
                found.append(_as_table(_selected_rows(block, parts, is_all=is_all)))
            else:
                found.append(Copied("\n".join(parts[line] for line in block if line in parts)))
        found = [one for one in found if one.text]
        return found[0] if len(found) == 1 else Copied("\n\n".join(one.text for one in found))

    def _cell_text(self, cell: Iterable[Slice]) -> str:
        return " ".join(self.layer.lines[line].text[start:end] for line, start, end in cell)

    # How it is found out

    @cached_property
    def _blocks(self) -> list[tuple[Sequence[int], Box]]:
        """Paragraphs and tables: the numbers of their lines, and the box around them."""
        made: list[tuple[Sequence[int], Box]] = []
        for block in blocks_of(self.layer):
            numbers = range(block.first, block.last + 1) if isinstance(block, Table) else block
            made.append((numbers, around(self.layer.lines[number].box for number in numbers)))
        return made

    def _farness(self, number: int, x: float, y: float) -> tuple[float, float]:
        """Lines at the pointer's height come first, however far they are at the side."""
        box = self.layer.lines[number].box
        return max(0.0, beyond(box, y) - 0.25 * box.height), beside(box, x) + beyond(box, y)

    def _at(self, number: int, x: float) -> int:
        """The caret of a line that is nearest to x."""
        edges = self.edges(number)
        after = bisect_right(edges, x)
        if after == 0:
            return 0
        if after == len(edges):
            return len(edges) - 1
        return after if edges[after] - x < x - edges[after - 1] else after - 1

    def _lines_between(self, top: float, bottom: float) -> list[int]:
        return [n for n, line in enumerate(self.layer.lines) if line.box.top < bottom and line.box.bottom > top]

    def _grid_at(self, x: float, y: float) -> TableGrid | None:
        return next((grid for grid in self._grids if contains(grid.box, x, y)), None)

    def _cells(self, grid: TableGrid, first: tuple[int, int], second: tuple[int, int]) -> CellBlock:
        (top, bottom), (left, right) = sorted((first[0], second[0])), sorted((first[1], second[1]))
        rows = tuple(
            tuple(tuple((n, 0, len(self.layer.lines[n].text)) for n in cell) for cell in row[left : right + 1])
            for row in grid.table.rows[top : bottom + 1]
        )
        return CellBlock(rows, (grid.cell_box(top, left).union(grid.cell_box(bottom, right)),))

    def _inside(self, number: int, area: Box) -> Iterable[Slice]:
        """The part of a line whose words have their middle in a rectangle."""
        line = self.layer.lines[number]
        if not area.top <= (line.box.top + line.box.bottom) / 2 < area.bottom:
            return
        edges = self.edges(number)
        spans = [
            (start, end)
            for start, end in written_apart(line.text)
            if area.left <= (edges[start] + edges[end]) / 2 < area.right
        ]
        if spans:
            yield number, spans[0][0], spans[-1][1]

    def _slices(self, selection: TextRange) -> Iterable[Slice]:
        start, end = selection.start, selection.end
        for number in range(start.line, end.line + 1):
            first = start.at if number == start.line else 0
            last = end.at if number == end.line else len(self.layer.lines[number].text)
            if first < last:
                yield number, first, last

    def _span(self, spot: Spot, unit: Unit) -> tuple[Caret, Caret]:
        """What a unit is at a place: the carets around it."""
        if unit is Unit.CHARACTER:
            return spot.caret, spot.caret
        line, text = spot.caret.line, self.layer.lines[spot.caret.line].text
        start, end = word_span(text, spot.under.at) if unit is Unit.WORD else (0, len(text))
        return Caret(line, start), Caret(line, end)

    def _stepped(self, caret: Caret, unit: Unit, step: int) -> Caret:
        lines = self.layer.lines
        if unit is Unit.LINE:
            other = caret.line + step
            if not 0 <= other < len(lines):
                return self.everything().end if step > 0 else self.everything().start
            return Caret(other, self._at(other, self.edges(caret.line)[caret.at]))
        text = lines[caret.line].text
        at_end = caret.at >= len(text) if step > 0 else caret.at <= 0
        if at_end:
            other = caret.line + step
            if not 0 <= other < len(lines):
                return caret
            return Caret(other, 0 if step > 0 else len(lines[other].text))
        if unit is Unit.WORD:
            return Caret(caret.line, next_word(text, caret.at) if step > 0 else previous_word(text, caret.at))
        return Caret(caret.line, caret.at + step)


def _as_table(rows: Sequence[Sequence[str]]) -> Copied:
    """Tabs for text editors, and the HTML that spreadsheets and word processors paste as a table."""
    made = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    html = "<table>" + "".join(f"<tr>{row}</tr>" for row in made) + "</table>"
    return Copied(rows_as_tsv(rows), html if any(len(row) > 1 for row in rows) else "")


def _selected_rows(table: Table, parts: Mapping[int, str], *, is_all: bool) -> list[list[str]]:
    """A table's cells; of a part, those from the first selected one to the last."""
    rows = [[" ".join(parts[line] for line in cell if line in parts) for cell in row] for row in table.rows]
    if not is_all:
        rows = [row for row in rows if any(row)]
        while rows and not rows[0][0]:
            del rows[0][0]
        while rows and not rows[-1][-1]:
            del rows[-1][-1]
    return rows
