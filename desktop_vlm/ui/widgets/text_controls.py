"""Controls to type text into; they tell of it after a pause."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from desktop_vlm.api.fields import Text
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.control import Control, fill, name_widget, shown
from desktop_vlm.ui.widgets.text_menu import use_text_menu

_TYPING_PAUSE_MS = 400


class TextLine(Control):
    """One line of text."""

    def __init__(self, rule: Text) -> None:
        super().__init__()
        self.box = QLineEdit()
        use_text_menu(self.box)
        self.box.setPlaceholderText(shown(rule.placeholder))
        self._timer = _typing_timer(self)
        self.box.textEdited.connect(lambda _text: self._timer.start())
        self.box.editingFinished.connect(self.flush)
        fill(self, [self.box])
        self.wide = True

    def value(self) -> str:
        return self.box.text()

    def set_value(self, value: object) -> None:
        if value == self.value():
            return  # keeps the cursor where it is
        self._timer.stop()
        self.box.setText(str(value))
        self.box.setCursorPosition(0)

    def name(self, label: str, help_text: str) -> None:
        name_widget(self.box, label, help_text)

    def flush(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.changed.emit(self.value())


class _PlainText(QPlainTextEdit):
    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class TextArea(Control):
    """Several lines of text."""

    def __init__(self, theme: Theme, rule: Text) -> None:
        super().__init__()
        self._theme = theme
        self._lines = rule.lines
        self.box = _PlainText()
        use_text_menu(self.box)
        self.box.setPlaceholderText(shown(rule.placeholder))
        self.box.setTabChangesFocus(True)
        self._timer = _typing_timer(self)
        self.box.textChanged.connect(self._timer.start)
        self.box.left.connect(self.flush)
        fill(self, [self.box])
        theme.changed.connect(self._set_height)
        self._set_height()
        self.wide = True

    def value(self) -> str:
        return self.box.toPlainText()

    def set_value(self, value: object) -> None:
        if value == self.value():
            return  # keeps the cursor where it is
        self.box.blockSignals(True)
        self.box.setPlainText(str(value))
        self.box.blockSignals(False)
        self._timer.stop()

    def name(self, label: str, help_text: str) -> None:
        name_widget(self.box, label, help_text)

    def flush(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.changed.emit(self.value())

    def _set_height(self) -> None:
        self.box.setFixedHeight(round(self._theme.text_px * 1.45 * self._lines) + 22)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._set_height()


def _typing_timer(control: Control) -> QTimer:
    timer = QTimer(control)
    timer.setSingleShot(True)
    timer.setInterval(_TYPING_PAUSE_MS)
    timer.timeout.connect(lambda: control.changed.emit(control.value()))
    return timer
