"""A table of real cells; wide ones scroll sideways."""

from __future__ import annotations

from itertools import chain, takewhile
from math import ceil
from typing import Any

from PySide6.QtCore import QPoint, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextTable,
    QTextTableCell,
    QTextTableFormat,
)
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from desktop_vlm.images.text_layer.claims import Passage, PassageKind
from desktop_vlm.markdown.blocks import Cell, Style, Table
from desktop_vlm.structured.spreadsheet import to_csv, to_tsv
from desktop_vlm.ui.markdown import rich_copy
from desktop_vlm.ui.markdown.inline import InlineWriter, plain_text, shown_text
from desktop_vlm.ui.markdown.text_part import TextPart
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.direction import is_right_to_left

_PADDING_X = 0.85  # in text sizes
_PADDING_Y = 0.42
_COLUMN_AT_LEAST = 9.0  # a column with more text than this many text sizes is not squeezed below it
_SCROLL_BAR_PX = 12
_MOST_SHIFT_PX = 4
"""Cells of a row begin on one line up to this; a tall formula stands where it does."""
_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute,
}


class TableBlock(TextPart):
    """The cells are a QTextTable; lines and the header's background are drawn behind it, to the pixel."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setAccessibleName(self.tr("Table"))
        self._leaf: Table | None = None
        self._table: QTextTable | None = None
        self._is_mirrored = False
        self._writer = InlineWriter(theme, self.document())
        self._natural: list[float] = []
        self._mixed_rows: set[int] = set()  # with fonts beside the text's
        self._aligned_rows: set[int] = set()  # of these, at the width of `_aligned_at`
        self._aligned_at = 0
        self._is_moved = False  # by somebody, sideways, where it is wider than its room
        bar = self.horizontalScrollBar()
        bar.actionTriggered.connect(self._moved)
        bar.rangeChanged.connect(self._stay_at_start)
        bar.valueChanged.connect(self._stay_at_start)  # Qt shows the text cursor, which is at the left

    def set_leaf(self, leaf: Table) -> bool:
        """Show this table; rows that stay as they were are not touched. Returns whether anything changed."""
        if leaf == self._leaf:
            return False
        with self.rewriting():
            self._rewrite(leaf)
        self._leaf = leaf
        self.lay_out_at(self.width())
        self.viewport().update()
        return True

    def _rewrite(self, leaf: Table) -> None:
        old, table = self._leaf, self._table
        same = 0
        was_mirrored, self._is_mirrored = self._is_mirrored, _reads_from_right(leaf)
        is_same = old is not None and (old.header, old.align, was_mirrored) == (
            leaf.header,
            leaf.align,
            self._is_mirrored,
        )
        if old is None or table is None or not is_same:
            table = self._begin(leaf)
        else:
            pairs = zip(old.rows, leaf.rows, strict=False)
            same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        self._write_rows(table, leaf, same)

    def restyle(self) -> None:
        """Take the theme again."""
        leaf, self._leaf, self._table = self._leaf, None, None
        self._writer.restyle()
        if leaf is not None:
            self.set_leaf(leaf)

    def as_markdown(self) -> str:
        """The table's source."""
        if self._leaf is None:
            return ""
        marks = {"left": ":--", "center": ":-:", "right": "--:"}
        rows = [[cell.source for cell in row] for row in (self._leaf.header, *self._leaf.rows)]
        rows.insert(1, [marks.get(align, "---") for align in self._leaf.align])
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def as_rows(self) -> list[list[str]]:
        """Cells as they read, the header first."""
        rows = (self._leaf.header, *self._leaf.rows) if self._leaf else ()
        return [[_reading(cell) for cell in row] for row in rows]

    def as_tsv(self) -> str:
        """The table for a spreadsheet: cells as they read, parted by tabs, and none of them a formula."""
        return to_tsv(self.as_rows())

    def selected_text(self) -> str:
        cursor = self.textCursor()
        if self._table is None or self._leaf is None:
            return ""
        if not (grid := self._selected_rows()):
            block = self.document().findBlock(cursor.selectionStart())
            at = block.position()
            return plain_text(block, cursor.selectionStart() - at, cursor.selectionEnd() - at)
        return to_tsv(grid)

    def _selected_rows(self) -> list[list[str]]:
        """The chosen cells; none where only a part of one is."""
        cells: Any = self.textCursor().selectedTableCells()  # declared as object
        first_row, rows, first_column, columns = cells
        if rows <= 0 or columns <= 0:
            return []
        if self._is_mirrored and self._table is not None:
            first_column = self._table.columns() - first_column - columns
        return [row[first_column : first_column + columns] for row in self.as_rows()[first_row : first_row + rows]]

    def _as_read(self, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
        table = self._table
        if not self._is_mirrored or table is None:
            return places
        cells = ((table.cellAt(start), start, end) for start, end in places)
        ordered = sorted((cell.row(), -cell.column(), start, end) for cell, start, end in cells)
        return [(start, end) for _row, _column, start, end in ordered]

    def selected_html(self) -> str:
        rows = self._selected_rows()
        return rich_copy.table(rows).html() if rows else ""

    def passages(self) -> list[tuple[Passage, int]]:
        table = self._table
        if table is None:
            return []
        found = []
        for row in range(table.rows()):
            for column in range(table.columns()):
                block = table.cellAt(row, self._place(table, column)).firstCursorPosition().block()
                text, code = shown_text(block)
                kind = PassageKind.CELL if row else PassageKind.HEAD
                found.append((Passage(kind, text, str(column), code), block.position()))
        return found

    def context_menu(self, position: QPoint) -> QMenu:
        menu = super().context_menu(position)
        menu.addSeparator()
        clipboard = QApplication.clipboard()
        menu.addAction(self.tr("Copy table"), lambda: rich_copy.put(rich_copy.table(self.as_rows())))
        menu.addAction(self.tr("Copy table as Markdown"), lambda: clipboard.setText(self.as_markdown()))
        menu.addAction(self.tr("Copy table for a spreadsheet"), lambda: clipboard.setText(self.as_tsv()))
        menu.addAction(self.tr("Copy table as CSV"), lambda: clipboard.setText(to_csv(self.as_rows()).text))
        return menu

    def _begin(self, leaf: Table) -> QTextTable:
        self.clear()
        self._writer.restyle()
        self._mixed_rows.clear()
        self._aligned_rows.clear()
        self._natural = [0.0] * len(leaf.header)
        look = QTextTableFormat()
        look.setBorder(0)
        look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
        look.setCellSpacing(0)
        look.setCellPadding(0)
        if self._is_mirrored:
            look.setAlignment(Qt.AlignmentFlag.AlignRight)
        table = self._table = QTextCursor(self.document()).insertTable(1, len(leaf.header), look)
        self._write_row(table, 0, leaf.header, leaf.align)
        # The block that Qt keeps behind every table takes no room.
        last = QTextCursor(self.document())
        last.movePosition(QTextCursor.MoveOperation.End)
        nothing = QTextBlockFormat()
        nothing.setLineHeight(0.01, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        last.setBlockFormat(nothing)
        return table

    def _write_rows(self, table: QTextTable, leaf: Table, same: int) -> None:
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        if table.rows() > same + 1:
            self._writer.cut(table.cellAt(same + 1, 0).firstPosition())
            self._mixed_rows = {row for row in self._mixed_rows if row <= same}
            self._aligned_rows &= self._mixed_rows
            table.removeRows(same + 1, table.rows() - same - 1)
        if len(leaf.rows) > same:
            table.appendRows(len(leaf.rows) - same)
        for number in range(same, len(leaf.rows)):
            self._write_row(table, number + 1, leaf.rows[number], leaf.align)
        cursor.endEditBlock()

    def _write_row(self, table: QTextTable, number: int, cells: tuple[Cell, ...], align: tuple[str, ...]) -> None:
        px = self.theme.text_px
        above, below = self._paddings()
        for column, cell in enumerate(cells):
            if any(span.style & (Style.CODE | Style.FORMULA) for span in cell.spans):
                self._mixed_rows.add(number)
                self._aligned_rows.discard(number)
            place = table.cellAt(number, self._place(table, column))
            form = place.format().toTableCellFormat()
            form.setLeftPadding(round(_PADDING_X * px))
            form.setRightPadding(round(_PADDING_X * px))
            form.setTopPadding(above)
            form.setBottomPadding(below)
            place.setFormat(form)
            cursor = place.firstCursorPosition()
            block = QTextBlockFormat()
            if self._is_mirrored:
                block.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            block.setAlignment(_ALIGN.get(align[column], Qt.AlignmentFlag.AlignLeft))
            block.setLineHeight(round(px * 1.4), QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
            cursor.setBlockFormat(block)
            self._writer.write(cursor, cell.spans, Style.PLAIN if number else Style.BOLD)
            self._natural[column] = max(self._natural[column], self._cell_width(cell, bold=not number))

    def _place(self, table: QTextTable, column: int) -> int:
        """Where a column of the answer stands, from the left."""
        return table.columns() - 1 - column if self._is_mirrored else column

    def _paddings(self) -> tuple[int, int]:
        """Above and below the text of a cell, in pixels."""
        usual = round(_PADDING_Y * self.theme.text_px)
        return usual - 1, usual + 2

    def _align_rows(self) -> None:
        """Have the first lines of a row stand on one baseline: code and formulas are put higher or lower by Qt."""
        table, width = self._table, self.lineWrapColumnOrWidth()
        if width != self._aligned_at:
            self._aligned_at = width
            self._aligned_rows.clear()
        rows = sorted(self._mixed_rows - self._aligned_rows)
        if table is None or not rows:
            return
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for row in rows:
            self._align_row(table, row)
        cursor.endEditBlock()
        self._aligned_rows.update(rows)

    def _align_row(self, table: QTextTable, row: int) -> None:
        layout, (above, below) = self.document().documentLayout(), self._paddings()
        lines: list[tuple[QTextTableCell, float]] = []  # as they stand without what was added
        for column in range(table.columns()):
            cell = table.cellAt(row, column)
            block = cell.firstCursorPosition().block()
            line = block.layout().lineAt(0)
            if line.isValid() and block.length() > 1:
                top = layout.blockBoundingRect(block).top() - cell.format().toTableCellFormat().topPadding()
                lines.append((cell, top + line.y() + line.ascent()))
        highest = min((base for _, base in lines), default=0.0)
        lowest = max((base for _, base in lines if base <= highest + _MOST_SHIFT_PX), default=0.0)
        for cell, base in lines:
            form = cell.format().toTableCellFormat()
            shift = max(0, round(lowest - base))
            if form.topPadding() != above + shift:
                form.setTopPadding(above + shift)
                form.setBottomPadding(max(0, below - shift))
                cell.setFormat(form)

    def _cell_width(self, cell: Cell, *, bold: bool) -> float:
        style = Style.BOLD if bold else Style.PLAIN
        longest = 0.0
        for line in _reading(cell).split("\n"):
            longest = max(longest, QFontMetricsF(self._writer.format_font(style)).horizontalAdvance(line[:400]))
        return longest + 2 * round(_PADDING_X * self.theme.text_px) + 2

    def _layout_width(self, width: int) -> int:
        """The width to lay out at: at least what keeps the columns readable."""
        enough = _COLUMN_AT_LEAST * self.theme.text_px
        return max(width, ceil(sum(min(natural, enough) for natural in self._natural)))

    def lay_out_at(self, width: int) -> None:
        super().lay_out_at(self._layout_width(max(width, 1)))
        self._align_rows()

    def light_hit(self, number: int) -> int:
        self._moved()
        return super().light_hit(number)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._moved()  # what the text cursor does is somebody's doing from here on
        super().focusInEvent(event)

    def _moved(self) -> None:
        self._is_moved = True

    def _stay_at_start(self) -> None:
        """A table that is read from the right shows its first columns until somebody moves it."""
        bar = self.horizontalScrollBar()
        if self._is_mirrored and not self._is_moved and bar.value() != bar.maximum():
            bar.setValue(bar.maximum())

    def _content_height(self, width: int) -> int:
        size = self._size()
        return ceil(size.height()) + 1 + (_SCROLL_BAR_PX if size.width() > width + 0.5 else 0)

    def _size(self) -> QSizeF:
        """Of the table; its place is the origin (Qt adds the first cell's padding to the place it tells)."""
        if self._table is None:
            return QSizeF(0, 0)
        return self.document().documentLayout().frameBoundingRect(self._table).size()

    @safe_paint
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._table is None:
            return
        with QPainter(self.viewport()) as painter:
            painter.translate(-self.horizontalScrollBar().value(), 0)
            self._draw_lines(painter, self._table)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._writer.draw_code(painter, event.rect(), in_table=True)
            self._marks.draw(painter, event.rect())
        super().paintEvent(event)

    def _draw_lines(self, painter: QPainter, table: QTextTable) -> None:
        layout = self.document().documentLayout()
        size, line, strong = self._size(), self.theme.color("border"), self.theme.color("control")
        padding = round(_PADDING_Y * self.theme.text_px) - 1
        left = max(0.0, self.document().textWidth() - size.width()) if self._is_mirrored else 0.0
        for row in range(1, table.rows()):
            blocks = (table.cellAt(row, column).firstCursorPosition().block() for column in range(table.columns()))
            top = min(layout.blockBoundingRect(block).top() for block in blocks) - padding
            painter.fillRect(QRectF(left, round(top), size.width(), 1), strong if row == 1 else line)
        painter.fillRect(QRectF(left, round(size.height()), size.width(), 1), line)


def _reads_from_right(leaf: Table) -> bool:
    """Whether its columns run from right to left: by the first letter outside of code and formulas."""
    spans = (span for row in (leaf.header, *leaf.rows) for cell in row for span in cell.spans)
    return is_right_to_left(
        chain.from_iterable(span.text for span in spans if not span.style & (Style.CODE | Style.FORMULA))
    )


def _reading(cell: Cell) -> str:
    return "".join(f"${span.text}$" if span.style & Style.FORMULA else span.text for span in cell.spans)
