"""A large table: cells in a frame of its own that scrolls, each read when it is seen."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QHeaderView, QLabel, QTableView, QWidget

from desktop_vlm.markdown.blocks import Grid
from desktop_vlm.markdown.table_text import cells_of, plain_cells, rows_of
from desktop_vlm.markdown.visible import make_visible
from desktop_vlm.structured.spreadsheet import to_csv
from desktop_vlm.ui.markdown import rich_copy
from desktop_vlm.ui.markdown.chunks import GRID_ROWS
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.copy_button import CopyButton
from desktop_vlm.ui.widgets.direction import is_right_to_left
from desktop_vlm.ui.widgets.menu import passing_menu

_ROW = 2.0  # in text sizes
_LEAST_COLUMN, _MOST_COLUMN = 4.0, 22.0
_SAMPLE_ROWS = 12
_SAMPLE_CELLS = 1_200
_KNOWN_ROWS = 256
_SCROLL_BAR_PX = 12
_HEAD = 2.4

Index = QModelIndex | QPersistentModelIndex


class _Model(QAbstractTableModel):
    """The lines of a table's Markdown; the first is its header, the second says how columns are aligned."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[str] = []
        self.header: list[str] = []
        self._align: list[Qt.AlignmentFlag] = []
        self.cells = lru_cache(maxsize=_KNOWN_ROWS)(self.read_row)

    def set_source(self, source: str, *, grown: bool) -> None:
        """Show another table, or the same with more rows."""
        lines = rows_of(source)
        if grown:
            known = len(self.lines)
            self.cells.cache_clear()  # the last row may have become longer
            if len(lines) > known:
                self.beginInsertRows(QModelIndex(), known, len(lines) - 1)
                self.lines = lines
                self.endInsertRows()
            else:
                self.lines = lines
                self.dataChanged.emit(self.index(max(known - 1, 0), 0), self.index(known - 1, self.columnCount() - 1))
            return
        self.beginResetModel()
        self.cells.cache_clear()
        head = source.split("\n", 2)
        self.lines = lines
        self.header = plain_cells(make_visible(head[0]))
        self._align = [_alignment(cell) for cell in cells_of(head[1])] if len(head) > 1 else []
        self.endResetModel()

    def read_row(self, row: int) -> list[str]:
        """The cells of a row, as they read."""
        return plain_cells(make_visible(self.lines[row]))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.header)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            cells = self.cells(index.row())
            return cells[index.column()] if index.column() < len(cells) else ""
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() < len(self._align):
            return self._align[index.column()] | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and section < len(self.header):
            if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
                return self.header[section]
            if role == Qt.ItemDataRole.TextAlignmentRole and section < len(self._align):
                return self._align[section] | Qt.AlignmentFlag.AlignVCenter
        return None


class GridBlock(QFrame):
    """The table, how large it is, and a button that copies all of it.

    Attributes:
        table: the cells.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._source = ""
        self.table = _Table(self)
        self.table.setAccessibleName(self.tr("Table"))
        self._model = _Model(self)
        self.table.setModel(self._model)
        self._size = QLabel(self)
        self._size.setProperty("kind", "caption")
        self.copy_button = CopyButton(theme, self._copied, self.tr("Copy table"), self, label=True)
        self._measure_rows()

    def set_leaf(self, leaf: Grid) -> bool:
        """Show this table. Returns whether it takes another height."""
        if leaf.source == self._source:
            return False
        grown = bool(self._source) and leaf.source.startswith(self._source)
        before = self._height()
        self._source = leaf.source
        self._model.set_source(leaf.source, grown=grown)
        if not grown:
            self._size_columns()
        mirrored = is_right_to_left(" ".join(self._model.header))
        self.table.setLayoutDirection(Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight)
        rows, columns = self._model.rowCount(), self._model.columnCount()
        self._size.setText(self.tr("{0} rows, {1} columns").format(f"{rows:,}", f"{columns:,}"))
        return before != self._height()

    def as_markdown(self) -> str:
        """The table's source."""
        return self._source

    def as_rows(self) -> list[list[str]]:
        """All cells as they read, the header first."""
        return [self._model.header, *map(self._model.read_row, range(self._model.rowCount()))]

    def _copied(self) -> QMimeData:
        return rich_copy.table(self.as_rows())

    def lay_out_at(self, width: int) -> None:
        """Rows and columns do not depend on it."""

    def height_for(self, _width: int) -> int:
        """Height in pixels."""
        return self._height()

    def restyle(self) -> None:
        """Take the theme again."""
        self.copy_button.restyle()
        self._measure_rows()
        self._size_columns()

    def _height(self) -> int:
        row = round(_ROW * self._theme.text_px)
        shown = min(self._model.rowCount(), GRID_ROWS)
        return round(_HEAD * self._theme.text_px) + (shown + 1) * row + _SCROLL_BAR_PX + 4

    def _measure_rows(self) -> None:
        row = round(_ROW * self._theme.text_px)
        for header, size in ((self.table.verticalHeader(), row), (self.table.horizontalHeader(), 80)):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
            header.setDefaultSectionSize(size)
        self.table.verticalHeader().setMinimumSectionSize(row)
        self.table.horizontalHeader().setFixedHeight(row)

    def _size_columns(self) -> None:
        """As wide as the first rows need, by their number of letters."""
        columns = self._model.columnCount()
        rows = max(1, min(_SAMPLE_ROWS, _SAMPLE_CELLS // max(columns, 1), self._model.rowCount()))
        longest = [len(cell) for cell in self._model.header]
        for row in range(min(rows, self._model.rowCount())):
            for column, cell in enumerate(self._model.cells(row)[:columns]):
                longest[column] = max(longest[column], len(cell))
        letter = QFontMetricsF(self._theme.font()).averageCharWidth()
        px = self._theme.text_px
        widths = [
            round(min(max(letters * letter + 1.9 * px, _LEAST_COLUMN * px), _MOST_COLUMN * px)) for letters in longest
        ]
        if not widths:
            return
        usual, header = Counter(widths).most_common(1)[0][0], self.table.horizontalHeader()
        header.setDefaultSectionSize(usual)
        for column, wide in enumerate(widths):
            if wide != usual or header.sectionSize(column) != wide:
                header.resizeSection(column, wide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        head = round(_HEAD * self._theme.text_px)
        button = self.copy_button.sizeHint()
        self.copy_button.setGeometry(
            self.width() - button.width() - 6, (head - button.height()) // 2, button.width(), button.height()
        )
        self._size.setGeometry(2, 0, max(0, self.copy_button.x() - 8), head)
        self.table.setGeometry(0, head, self.width(), self.height() - head)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = passing_menu(self)
        copy = menu.addAction(self.tr("Copy"), self.table.copy)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setEnabled(self.table.selectionModel().hasSelection())
        menu.addAction(self.tr("Select all"), self.table.selectAll)
        menu.addSeparator()
        clipboard = QApplication.clipboard()
        menu.addAction(self.tr("Copy table"), lambda: rich_copy.put(self._copied()))
        menu.addAction(self.tr("Copy table as Markdown"), lambda: clipboard.setText(self.as_markdown()))
        menu.addAction(self.tr("Copy table as CSV"), lambda: clipboard.setText(to_csv(self.as_rows()).text))
        menu.popup(event.globalPos())


class _Table(QTableView):
    """Cells that can be selected and copied, and nothing else."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setShowGrid(True)
        self.setProperty("kind", "grid")
        self.setHorizontalHeader(_Header(self))
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def sizeHint(self) -> QSize:
        return QSize(200, 200)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Put the chosen cells on the clipboard, for a spreadsheet."""
        rich_copy.put(rich_copy.table(self.chosen_rows()))

    def chosen_rows(self) -> list[list[str]]:
        """The chosen cells."""
        model = self.model()
        ranges = self.selectionModel().selection().toList()
        if not isinstance(model, _Model) or not ranges:
            return []
        first = ranges[0]
        rows = []
        for row in range(first.top(), first.bottom() + 1):
            cells = model.cells(row)
            rows.append((cells + [""] * model.columnCount())[first.left() : first.right() + 1])
        return rows


class _Header(QHeaderView):
    """Names of the columns. Qt would look at the names of two hundred whenever the theme changes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)

    def sizeHint(self) -> QSize:
        return QSize(self.width(), self.maximumHeight())

    def sectionSizeFromContents(self, logical: int) -> QSize:
        return QSize(self.sectionSize(logical), self.maximumHeight())


def _alignment(cell: str) -> Qt.AlignmentFlag:
    left, right = cell.startswith(":"), cell.endswith(":")
    if left and right:
        return Qt.AlignmentFlag.AlignHCenter
    return Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
