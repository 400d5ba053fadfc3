"""The last row: which keys do what, and the buttons for the answer and for the main window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

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
        self._hints: list[QWidget] = []
        self._can_copy = False
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
            hint = QWidget()
            inside = QHBoxLayout(hint)
            inside.setContentsMargins(0, 0, 6, 0)
            inside.setSpacing(6)
            inside.addWidget(cap)
            inside.addWidget(label)
            row.addWidget(hint)
            self._hints.append(hint)
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
        self._can_copy = can_copy
        self.copy.setVisible(can_copy)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _fit(self) -> None:
        """Leave out hints that there is no room for: the longest first, which the button beside it says as well."""
        taken = 28 + self.expand.sizeHint().width() + (self.copy.sizeHint().width() + 6 if self._can_copy else 0)
        room = self.width() - taken
        for hint in sorted(self._hints, key=lambda one: one.sizeHint().width()):
            room -= hint.sizeHint().width() + 6
            hint.setVisible(room >= 0)

    def _restyle(self) -> None:
        self.expand.setIcon(self._theme.icon("maximize-2"))
        self.copy.restyle()
