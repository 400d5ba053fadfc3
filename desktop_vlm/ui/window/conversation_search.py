"""The field above the list of conversations, from which the keyboard goes through the list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.search_field import SearchField

_Move = QAbstractItemView.CursorAction

_MOVES = {
    Qt.Key.Key_Up: _Move.MoveUp,
    Qt.Key.Key_Down: _Move.MoveDown,
    Qt.Key.Key_PageUp: _Move.MovePageUp,
    Qt.Key.Key_PageDown: _Move.MovePageDown,
    Qt.Key.Key_Home: _Move.MoveHome,
    Qt.Key.Key_End: _Move.MoveEnd,
}

_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
"""With others, these keys select text."""


class ConversationSearch(SearchField):
    """What is typed stays here while arrows and pages go through what was found.

    Signals:
        moved: a `QAbstractItemView.CursorAction` for the list.
        entered: the chosen row shall be opened.
    """

    moved = Signal(object)
    entered = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self.tr("Search conversations"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = _MOVES.get(Qt.Key(event.key())) if event.modifiers() in _PLAIN else None
        if move is not None:
            self.moved.emit(move)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        else:
            super().keyPressEvent(event)
