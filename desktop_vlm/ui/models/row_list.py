"""A card of rows that stay what they are while what they show changes: the focus and open details survive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_vlm.ui.widgets.turn import Turn

Row = TypeVar("Row", bound=QWidget)


class RowList(QFrame, Generic[Row]):
    """Rows by key, with lines between them.

    Attributes:
        rows: those that are made, in the order in which they are shown.

    Signals:
        grown: more of the rows are there.
    """

    grown = Signal()

    def __init__(self, make: Callable[[str], Row]) -> None:
        """`make` makes the row of a key, which shows what there is to show at once."""
        super().__init__()
        self.setProperty("kind", "card")
        self._make = make
        self.rows: dict[str, Row] = {}
        self._keys: list[str] = []
        self._lines: dict[str, QFrame] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 2, 0, 2)
        self._layout.setSpacing(0)

    def set_keys(self, keys: Iterable[str]) -> None:
        """Have rows for these keys, in this order; some of them may come a moment later."""
        self._keys = list(dict.fromkeys(keys))
        for gone in set(self.rows) - set(self._keys):
            for widget in (self.rows.pop(gone), self._lines.pop(gone)):
                self._layout.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self._add_rows()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Around changes of several rows: one that shows something more would have all of them arranged at once."""
        self._layout.setEnabled(False)
        try:
            yield
        finally:
            self._layout.setEnabled(True)
            self._layout.invalidate()
            self.updateGeometry()
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.LayoutRequest))

    @property
    def is_complete(self) -> bool:
        """Whether all rows are there."""
        return len(self.rows) == len(self._keys)

    def row(self, key: str) -> Row | None:
        """The row of a key, which is made now if it is not there yet; None where there is no such key."""
        if key in self._keys and key not in self.rows:
            self._add(key)
            self._arrange()
        return self.rows.get(key)

    def _add_rows(self) -> None:
        """As many as there is time for in this turn of the event loop: styling them takes milliseconds each."""
        missing = [key for key in self._keys if key not in self.rows]
        added = 0
        while added < len(missing) and Turn.has_time():
            self._add(missing[added])
            added += 1
        self._arrange()
        if added:
            self.grown.emit()
        if added < len(missing):
            QTimer.singleShot(1, self, self._add_rows)

    def _add(self, key: str) -> None:
        self.rows[key] = self._make(key)
        line = self._lines[key] = QFrame()
        line.setProperty("kind", "line")

    def _arrange(self) -> None:
        order = [key for key in self._keys if key in self.rows]
        placed = [self._layout.itemAt(2 * position + 1) for position in range(len(order))]
        if [item.widget() if item else None for item in placed] == [self.rows[key] for key in order]:
            return
        for position, key in enumerate(order):
            self._layout.insertWidget(2 * position, self._lines[key])
            self._layout.insertWidget(2 * position + 1, self.rows[key])
            self._lines[key].setVisible(position > 0)
        self.rows = {key: self.rows[key] for key in order}
        for before, after in pairwise(self.rows.values()):
            QWidget.setTabOrder(before, after)
