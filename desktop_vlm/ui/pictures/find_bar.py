"""The small bar in the viewer that finds text in the picture; it covers nothing of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from desktop_vlm.ui.theme import DARK, Theme, set_kind
from desktop_vlm.ui.theme.icons import icon
from desktop_vlm.ui.widgets.escape import Claim
from desktop_vlm.ui.widgets.text_menu import use_text_menu

_FIELD_PX = 220
"""At most, with text of the usual size."""
_SHORTEST_FIELD_PX = 90
_COUNT_PX = 96
_ALL_THERE_IS = 1_000
"""Of the room: the field is as wide as it may be before anything is left free."""


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

    def __init__(self, parent: QWidget, theme: Theme, hint: str = "", *, on_dark: bool = False) -> None:
        """`on_dark`: it is dark in both themes, as the viewer is; `hint` says what is looked through."""
        super().__init__(parent)
        self._theme = theme
        self._on_dark = on_dark
        set_kind(self, "" if on_dark else "find-bar")
        self.field = _Field()
        self.field.setMinimumWidth(_SHORTEST_FIELD_PX)
        use_text_menu(self.field)
        hint = hint or self.tr("Find in the picture")
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(hint)
        set_kind(self.field, "on-dark" if on_dark else "")
        self.field.textChanged.connect(self.searched)
        self.field.entered.connect(self.stepped)
        self._count = QLabel()
        set_kind(self._count, "on-dark-muted" if on_dark else "muted")
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0 if on_dark else 6, 12, 8 if on_dark else 6)
        row.setSpacing(4)
        row.addStretch(1)
        row.addWidget(self.field, _ALL_THERE_IS)
        row.addWidget(self._count)
        row.addSpacing(4)
        self._icons: list[tuple[QToolButton, str]] = []
        self._steps = [
            self._button("chevron-up", self.tr("Previous hit (Shift+Enter)"), lambda: self.stepped.emit(-1)),
            self._button("chevron-down", self.tr("Next hit (Enter)"), lambda: self.stepped.emit(1)),
        ]
        for button in (*self._steps, self._button("x", self.tr("Close (Esc)"), self.close_asked.emit)):
            row.addWidget(button)
        self._fit()
        theme.changed.connect(self._fit)
        self.say("")
        self.hide()

    def claim_escape(self) -> Claim:
        """Of the main window; the viewer has keys of its own."""
        if self.isHidden():
            return Claim.PASS
        self.close_asked.emit()
        return Claim.LEAVE

    def _fit(self) -> None:
        """Take the theme again: all is as large as goes with the text."""
        theme = self._theme
        self.field.setMaximumWidth(theme.scaled(_FIELD_PX))
        self._count.setMinimumWidth(theme.scaled(_COUNT_PX))
        for button, name in self._icons:
            button.setIcon(icon(name, DARK.text, DARK.control) if self._on_dark else theme.icon(name, "text"))
            button.setIconSize(QSize(1, 1) * theme.scaled(18))
            button.setFixedSize(QSize(1, 1) * theme.scaled(32))

    def _button(self, icon_name: str, text: str, do: Callable[[], None]) -> QToolButton:
        made = QToolButton()
        if self._on_dark:
            set_kind(made, "on-dark")
        self._icons.append((made, icon_name))
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
