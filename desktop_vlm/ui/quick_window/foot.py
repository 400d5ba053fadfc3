"""The last row: which keys do what, and the buttons for the answer and for the main window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.copy_button import CopyButton


class Foot(QFrame):
    """Keys and buttons.

    Attributes:
        copy: puts the answer on the clipboard.
        expand: for the main window.
    """

    def __init__(self, theme: Theme, answer: Callable[[], str]) -> None:
        super().__init__()
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QFrame()
        line.setProperty("kind", "line")
        column.addWidget(line)
        row = QHBoxLayout()
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(6)
        for keys, does in (
            (self.tr("Enter"), self.tr("ask")),
            (self.tr("Ctrl+Enter"), self.tr("open the window")),
            (self.tr("Esc"), self.tr("hide")),
        ):
            cap, label = QLabel(keys), QLabel(does)
            cap.setProperty("kind", "keycap")
            cap.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            label.setProperty("kind", "caption")
            row.addWidget(cap)
            row.addWidget(label)
            row.addSpacing(6)
        row.addStretch(1)
        self.copy = CopyButton(theme, answer, self.tr("Copy the answer"), self, label=True)
        row.addWidget(self.copy)
        self.expand = QToolButton()
        self.expand.setProperty("small", True)
        self.expand.setAccessibleName(self.tr("Open in the window"))
        self.expand.setToolTip(self.tr("Open in the window (Ctrl+Enter)"))
        row.addWidget(self.expand)
        column.addLayout(row)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.set_can_copy(False)

    def set_can_copy(self, can_copy: bool) -> None:
        """Whether there is an answer to copy."""
        self.copy.setVisible(can_copy)

    def _restyle(self) -> None:
        self.expand.setIcon(self._theme.icon("maximize-2"))
        self.copy.restyle()
