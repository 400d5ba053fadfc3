"""Setting a shortcut by pressing it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QKeySequenceEdit, QLineEdit

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.clear_button import ClearButton
from desktop_vlm.ui.widgets.control import Control


class _KeyEdit(QKeySequenceEdit):
    """Escape closes the dialog as everywhere, Backspace empties the field; neither is a shortcut."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
        elif event.key() in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete} and not event.modifiers():
            self.clear()
            self.editingFinished.emit()
        else:
            super().keyPressEvent(event)


class KeyRecorder(Control):
    """One combination of keys, as Qt writes it: "Ctrl+1"; "" for none.

    Attributes:
        clear_button: there while there is one.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.box = _KeyEdit()
        self.box.setMaximumSequenceLength(1)
        self.box.keySequenceChanged.connect(lambda keys: self.changed.emit(keys.toString()))
        inner = self.box.findChild(QLineEdit)
        assert inner is not None
        self._inner = inner
        self._inner.setPlaceholderText(self.tr("Press the keys"))
        self.clear_button = ClearButton(theme, inner)
        self.clear_button.clicked.connect(self.box.clear)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)

    def value(self) -> str:
        return self.box.keySequence().toString()

    def set_value(self, value: object) -> None:
        self.box.blockSignals(True)
        self.box.setKeySequence(QKeySequence(str(value)))
        self.box.blockSignals(False)

    def name(self, label: str, help_text: str) -> None:
        for widget in (self.box, self._inner):
            widget.setAccessibleName(label)
            widget.setAccessibleDescription(help_text)


def types_text(keys: str) -> bool:
    """Whether pressing these keys writes something, so that they cannot be a shortcut."""
    sequence = QKeySequence(keys)
    if sequence.isEmpty():
        return False
    pressed = sequence[0]  # type: ignore[index]  # the stubs lack it
    is_function_key = Qt.Key.Key_F1 <= pressed.key() <= Qt.Key.Key_F35
    strong = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    return not is_function_key and not pressed.keyboardModifiers() & strong
