"""A layout that sets its widgets in lines, as words in a text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPoint, QRect, QSize, Qt
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
        self._forget()

    def _forget(self) -> None:
        self._known_sizes: list[QSize] | None = None
        self._heights: dict[int, int] = {}  # by width
        self._arranged: tuple[QRect, bool] | None = None
        self._known_lines: dict[int, list[list[tuple[int, QSize]]]] = {}

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
        self._forget()

    def replace(self, index: int, widget: QWidget) -> None:
        """Put a widget where another item is."""
        self.addChildWidget(widget)
        widget.setGeometry(self._items[index].geometry())
        self._items[index] = QWidgetItem(widget)

    def cut(self, keep: int) -> None:
        """Only the first `keep` items stay; the others are no widgets."""
        del self._items[keep:]
        self._forget()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        self._forget()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

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
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        sizes = self._sizes
        width = max((size.width() for size in sizes), default=0)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Height in use at this rectangle's width."""
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if move:
            if self._arranged == (rect, mirrored):
                return self.heightForWidth(rect.width())
            self._arranged = QRect(rect), mirrored
        y = 0
        for line in self._lines(rect.width()):
            length = sum(size.width() for _, size in line) + self.spacing() * (len(line) - 1)
            x = max(0, rect.width() - length) if self._align_right else 0
            for index, size in line if move else ():
                left = rect.right() + 1 - x - size.width() if mirrored else rect.left() + x
                self._items[index].setGeometry(QRect(QPoint(left, rect.top() + y), size))
                x += size.width() + self.spacing()
            y += max(size.height() for _, size in line) + self.spacing()
        return max(0, y - self.spacing())

    def _lines(self, width: int) -> list[list[tuple[int, QSize]]]:
        """Numbers and sizes of what is on each line."""
        if width in self._known_lines:
            return self._known_lines[width]
        lines: list[list[tuple[int, QSize]]] = []
        x, spacing = 0, self.spacing()
        for index, size in enumerate(self._sizes):
            if not lines or x + size.width() > width:
                lines.append([])
                x = 0
            lines[-1].append((index, size))
            x += size.width() + spacing
        self._known_lines[width] = lines
        return lines

    @property
    def _sizes(self) -> list[QSize]:
        """Of all items, asked once for all that a layout asks."""
        if self._known_sizes is None:
            self._known_sizes = [item.sizeHint() for item in self._items]
        return self._known_sizes
