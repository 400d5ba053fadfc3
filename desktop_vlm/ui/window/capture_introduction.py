"""The key that captures a part of the screen: introduced once on the welcome screen, and named there from then on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_vlm.ui.desktop.hotkey import HotkeyState
from desktop_vlm.ui.desktop.hotkey.keys import combination
from desktop_vlm.ui.theme import set_kind
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.window.shortcuts import KeyCaps


class CaptureKey(QWidget):
    """The key as it is really bound, in one centred line; hidden where there is none."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._caps = QHBoxLayout()
        self._words = QLabel(self.tr("captures from any program"))
        set_kind(self._words, "caption")
        row.addStretch(1)
        row.addLayout(self._caps)
        row.addWidget(self._words)
        row.addStretch(1)
        self.hide()

    def show_key(self, state: HotkeyState | None) -> None:
        """Show what is bound now."""
        keys = state.active_keys if state else ""
        _fill(self._caps, keys)
        self.setVisible(bool(keys))


class CaptureIntroduction(QFrame):
    """Says what the key does, lets it be tried, and says what the desktop keeps from us where it does not work.

    Attributes:
        was_seen: whether it was shown.
        status: why the key does not work; empty where it does.
        attempt, change, copy, dismiss: its buttons.

    Signals:
        tried: the person wants to capture now.
        change_requested: other keys shall be chosen.
        dismissed: it was understood.
    """

    tried = Signal()
    change_requested = Signal()
    dismissed = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_kind(self, "card")
        self.was_seen = False
        self._command = ""
        self._heading = text_label(self.tr("Ask about anything on your screen, from any program"), "heading")
        self._caps = QHBoxLayout()
        self._about = text_label("", "muted")
        self.status = text_label("", "caption")
        self.attempt = self._button(self.tr("Try it now"), self.tried.emit)
        self.change = self._button(self.tr("Choose other keys"), self.change_requested.emit)
        self.copy = self._button(self.tr("Copy the command"), self._copy)
        self.dismiss = self._button(self.tr("Got it"), self.dismissed.emit, "quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._heading, 1)
        head.addLayout(self._caps)
        column.addLayout(head)
        column.addWidget(self._about)
        column.addWidget(self.status)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.attempt, self.change, self.copy):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.dismiss)
        column.addLayout(buttons)
        self.show_key(None)

    def show_key(self, state: HotkeyState | None) -> None:
        """Show what became of the key; nothing while that is not known."""
        state = None if state is None or state.is_starting else state
        keys = state.active_keys if state else ""
        _fill(self._caps, keys)
        if keys:
            words = self.tr("Press the keys, drag over a part of the screen, and ask. Esc brings you back.")
        else:
            words = self.tr("Capture, drag over a part of the screen, and ask. Esc brings you back.")
        self._about.setText(words)
        self._command = state.command if state and not keys else ""
        self.status.setText(state.unbroken_sentence if state and not keys else "")
        self.status.setVisible(bool(self.status.text()))
        self.change.setVisible(bool(state and not keys and state.can_change))
        self.copy.setVisible(bool(self._command))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.was_seen = True

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._command)
        self.copy.setText(self.tr("Copied"))

    def _button(self, words: str, do: object, kind: str = "") -> QPushButton:
        button = QPushButton(words)
        if kind:
            set_kind(button, kind)
        button.clicked.connect(lambda _=False: do())  # type: ignore[operator]  # a signal's emit
        return button


def _fill(row: QHBoxLayout, keys: str) -> None:
    """Draw keys as keys; what a desktop calls them in its own words stays words."""
    while (item := row.takeAt(0)) is not None:
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
    if not keys:
        return
    if combination(keys) is not None:
        row.addWidget(KeyCaps([keys]), 0, Qt.AlignmentFlag.AlignVCenter)
    else:
        label = QLabel(keys)
        label.setTextFormat(Qt.TextFormat.PlainText)
        set_kind(label, "keycap")
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
