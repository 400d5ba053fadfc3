"""The quick action that a question came back with: it is asked with that again, unless the person drops it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QPushButton

from desktop_vlm.ui.theme import Theme


class AskedWith(QPushButton):
    """Names the action; a click drops it.

    Signals:
        dropped: the question is to be asked as it is written.
    """

    dropped = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "chip")
        self.setCheckable(True)
        self.clicked.connect(self._drop)
        theme.changed.connect(self._take_icon)
        self._take_icon()
        self.hide()

    def show_action(self, name: str) -> None:
        """The name of an action; "" for none."""
        self.setText(f" {name}")
        self.setChecked(True)  # it looks like what it is: chosen
        self.setAccessibleName(self.tr("Asked with {0}: press to ask without it").format(name) if name else "")
        self.setToolTip(self.accessibleName())
        self.setVisible(bool(name))

    def _drop(self) -> None:
        self.show_action("")
        self.dropped.emit()

    def _take_icon(self) -> None:
        self.setIcon(self._theme.icon("x", "muted"))
        self.setIconSize(QSize(1, 1) * self._theme.scaled(14))
