"""A card of rows that stay what they are while what they show changes: the focus and open details survive."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_vlm.ui.theme import set_kind

Row = TypeVar("Row", bound=QWidget)


class RowList(QFrame, Generic[Row]):
    """Rows by key, with lines between them.

    Attributes:
        rows: in the order in which they are shown.
    """

    def __init__(self, make: Callable[[str], Row]) -> None:
        """`make` makes the row of a key."""
        super().__init__()
        set_kind(self, "card")
        self._make = make
        self.rows: dict[str, Row] = {}
        self._lines: dict[str, QFrame] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 2, 0, 2)
        self._layout.setSpacing(0)

    def set_keys(self, keys: Iterable[str]) -> None:
        """Have rows for these keys, in this order."""
        requested = list(dict.fromkeys(keys))
        if requested == list(self.rows):
            return
        for gone in set(self.rows) - set(requested):
            for widget in (self.rows.pop(gone), self._lines.pop(gone)):
                self._layout.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        for position, key in enumerate(requested):
            if key not in self.rows:
                self.rows[key] = self._make(key)
                self._lines[key] = QFrame()
                set_kind(self._lines[key], "line")
            self._layout.insertWidget(2 * position, self._lines[key])
            self._layout.insertWidget(2 * position + 1, self.rows[key])
            self._lines[key].setVisible(position > 0)
        self.rows = {key: self.rows[key] for key in requested}
        self._order_by_tab()

    def _order_by_tab(self) -> None:
        for before, after in zip(list(self.rows.values()), list(self.rows.values())[1:], strict=False):
            QWidget.setTabOrder(before, after)
