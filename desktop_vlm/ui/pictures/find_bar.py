"""The small bar in the viewer that finds text in the picture; it covers nothing of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from desktop_vlm.ui.theme import DARK, set_kind
from desktop_vlm.ui.theme.icons import icon

_FIELD_PX = 220


class FindBar(QFrame):
    """A field, which of the hits is shown, and the way to the others.

    Signals:
        searched: what is in the field now.
        stepped: to the next hit (1) or the one before (-1).
        close_asked: by the button.
    """

    searched = Signal(str)
    stepped = Signal(int)
    close_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = _Field()
        self.field.setFixedWidth(_FIELD_PX)
        self.field.setPlaceholderText(self.tr("Find in the picture"))
        self.field.setAccessibleName(self.tr("Find in the picture"))
        set_kind(self.field, "on-dark")
        self.field.textChanged.connect(self.searched)
        self.field.entered.connect(self.stepped)
        self._count = QLabel()
        set_kind(self._count, "on-dark-muted")
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._count.setMinimumWidth(84)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 8)
        row.setSpacing(4)
        row.addStretch(1)
        row.addWidget(self.field)
        row.addWidget(self._count)
        row.addSpacing(4)
        self._steps = [
            self._button("chevron-up", self.tr("Previous hit (Shift+Enter)"), lambda: self.stepped.emit(-1)),
            self._button("chevron-down", self.tr("Next hit (Enter)"), lambda: self.stepped.emit(1)),
        ]
        for button in (*self._steps, self._button("x", self.tr("Close (Esc)"), self.close_asked.emit)):
            row.addWidget(button)
        self.say("")
        self.hide()

    def _button(self, icon_name: str, text: str, do: Callable[[], None]) -> QToolButton:
        made = QToolButton()
        set_kind(made, "on-dark")
        made.setIcon(icon(icon_name, DARK.text, DARK.control))
        made.setIconSize(QSize(18, 18))
        made.setFixedSize(32, 32)
        made.setToolTip(text)
        made.setAccessibleName(text.split(" (", maxsplit=1)[0])
        made.clicked.connect(lambda _checked=False: do())
        return made

    def open_bar(self, text: str = "") -> None:
        """Show it, ready to be typed into; what was searched last is still there, selected."""
        if text:
            self.field.setText(text)
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    @property
    def said(self) -> str:
        """What stands beside the field."""
        return self._count.text()

    def say(self, text: str, *, can_step: bool = False) -> None:
        """What came of the search: "3 of 12"."""
        self._count.setText(text)
        for button in self._steps:
            button.setEnabled(can_step)


class _Field(QLineEdit):
    """Enter goes on, Shift+Enter goes back.

    Signals:
        entered: 1 or -1.
    """

    entered = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)
