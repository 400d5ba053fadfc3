"""A layout that sets its widgets in lines, as words in a text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget, QWidgetItem


class FlowLayout(QLayout):
    """In reading order, then on the next line. `align_right` sets each line at the reading direction's end."""

    _is_held = False  # asked for before it is made

    def __init__(self, parent: QWidget, spacing: int, *, align_right: bool = False) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)
        self._align_right = align_right
        self._items: list[QLayoutItem] = []
        self._widgets: list[QWidget | None] = []  # in them
        self._forget()

    def _forget(self) -> None:
        self._known_sizes: list[tuple[int, int]] | None = None
        self._heights: dict[int, int] = {}  # by width
        self._arranged: tuple[QRect, bool] | None = None
        self._known_lines: dict[int, list[range]] = {}

    def invalidate(self) -> None:
        if not self._is_held:
            self._forget()
            super().invalidate()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Around changes after which everything has the place and the size that it had."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self._widgets.append(item.widget())
        self._forget()

    def replace(self, index: int, widget: QWidget) -> None:
        """Put a widget where another item is."""
        self.addChildWidget(widget)
        widget.setGeometry(self._items[index].geometry())
        self._items[index] = QWidgetItem(widget)
        self._widgets[index] = widget

    def cut(self, keep: int) -> None:
        """Only the first `keep` items stay; the others are no widgets."""
        del self._items[keep:], self._widgets[keep:]
        self._forget()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        self._forget()
        if not 0 <= index < len(self._items):
            return None
        del self._widgets[index]
        return self._items.pop(index)

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """Everything on one line."""
        sizes = self._sizes
        width = sum(width for width, _ in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((height for _, height in sizes), default=0))

    def minimumSize(self) -> QSize:
        sizes = self._sizes
        return QSize(max((width for width, _ in sizes), default=0), max((height for _, height in sizes), default=0))

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Height in use at this rectangle's width."""
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if move:
            if self._arranged == (rect, mirrored):
                return self.heightForWidth(rect.width())
            self._arranged = QRect(rect), mirrored
        sizes, spacing, y = self._sizes, self.spacing(), rect.top()
        for line in self._lines(rect.width()):
            if move:
                length = sum(sizes[index][0] for index in line) + spacing * (len(line) - 1)
                x = max(0, rect.width() - length) if self._align_right else 0
                for index in line:
                    width, height = sizes[index]
                    left = rect.right() + 1 - x - width if mirrored else rect.left() + x
                    self._put(index, left, y, width, height)
                    x += width + spacing
            y += max(sizes[index][1] for index in line) + spacing
        return max(0, y - rect.top() - spacing)

    def _put(self, index: int, left: int, top: int, width: int, height: int) -> None:
        widget = self._widgets[index]
        if widget is None or widget.isHidden():
            self._items[index].setGeometry(QRect(left, top, width, height))
        else:  # its item would ask for its size once more
            widget.setGeometry(left, top, width, height)

    def _lines(self, width: int) -> list[range]:
        """The numbers of what is on each line."""
        if width in self._known_lines:
            return self._known_lines[width]
        starts: list[int] = []
        x, spacing = 0, self.spacing()
        for index, (own, _) in enumerate(self._sizes):
            if not starts or x + own > width:
                starts.append(index)
                x = 0
            x += own + spacing
        ends = [*starts[1:], len(self._sizes)]
        lines = self._known_lines[width] = [range(*ends_of) for ends_of in zip(starts, ends, strict=False)]
        return lines

    @property
    def _sizes(self) -> list[tuple[int, int]]:
        """Width and height of all items, asked once for all that a layout asks."""
        if self._known_sizes is None:
            self._known_sizes = [_size(*both) for both in zip(self._items, self._widgets, strict=True)]
        return self._known_sizes


def _size(item: QLayoutItem, widget: QWidget | None) -> tuple[int, int]:
    """Width and height of an item. Hundreds of widgets of a fixed size need not be asked what they would like."""
    if widget is not None and not widget.isHidden():
        width, height = widget.minimumWidth(), widget.minimumHeight()
        if (width, height) == (widget.maximumWidth(), widget.maximumHeight()):
            return width, height
    hint = item.sizeHint()
    return hint.width(), hint.height()
