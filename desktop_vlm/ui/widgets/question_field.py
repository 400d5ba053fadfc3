"""The field that questions are typed into."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from desktop_vlm.ui.widgets.direction import is_right_to_left
from desktop_vlm.ui.widgets.text_menu import use_text_menu

_MOST_LINES = 9


class QuestionField(QPlainTextEdit):
    """Grows with its text; Enter asks (or Ctrl+Enter, see `send_with_ctrl`), the other one begins a line."""

    pasted = Signal(QMimeData)
    pasted_text = Signal(QMimeData)
    entered = Signal()
    edit_last_requested = Signal()
    focus_changed = Signal(bool)

    def __init__(self, pastes: Callable[[QMimeData], bool], as_text: Callable[[QMimeData], bool]) -> None:
        """Make the field.

        Args:
            pastes: whether something on the clipboard is for `pasted`, where the field would not take it as text.
            as_text: whether the person means its text all the same.
        """
        super().__init__()
        self._pastes = pastes
        self._as_text = as_text
        self.send_with_ctrl = False
        self.setProperty("kind", "bare")
        self.setAccessibleName(self.tr("Question"))
        self.setTabChangesFocus(True)
        use_text_menu(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # lines are broken anywhere
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self._take_direction)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
        self._fit()

    def _take_direction(self) -> None:
        """A text that reads from right to left begins there; Qt does so in rich text only."""
        option, first = self.document().defaultTextOption(), self.document().firstBlock().text()
        side = Qt.AlignmentFlag.AlignRight if is_right_to_left(first) else Qt.AlignmentFlag.AlignLeft
        if option.alignment() != side:
            option.setAlignment(side)
            self.document().setDefaultTextOption(option)

    def setPlaceholderText(self, text: str) -> None:
        """Qt draws only one that comes or goes, not another in its place."""
        if text != self.placeholderText():
            super().setPlaceholderText(text)
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()  # Qt tells nobody that the lines are others now

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return self._pastes(source) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if self._pastes(source) and not self._as_text(source):
            self.pasted.emit(source)
        else:
            self.insertPlainText(source.text())
            if self._pastes(source):
                self.pasted_text.emit(source)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and self._sends(event.modifiers()):
            self.entered.emit()
        elif is_enter:
            self.insertPlainText("\n")
            self.ensureCursorVisible()
        elif event.key() == Qt.Key.Key_Up and not self.toPlainText():
            self.edit_last_requested.emit()
        else:
            super().keyPressEvent(event)

    def _sends(self, modifiers: Qt.KeyboardModifier) -> bool:
        if modifiers & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier):
            return False
        return bool(modifiers & Qt.KeyboardModifier.ControlModifier) == self.send_with_ctrl

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def _fit(self) -> None:
        # A plain text document measures itself in lines.
        lines = max(1, round(self.document().size().height()))
        shown = min(lines, _MOST_LINES)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * shown + 8)
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if lines > shown else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
