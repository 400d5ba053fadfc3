"""The keys of the tools, the same in the editor and in the capture overlay."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from desktop_vlm.images.annotations.marks import COLORS
from desktop_vlm.ui.annotate.session import EditSession
from desktop_vlm.ui.annotate.tools import TOOLS


def key_typed(session: EditSession, event: QKeyEvent) -> bool:
    """A key while text is written: whether it belongs to that."""
    key, modifiers = Qt.Key(event.key()), event.modifiers()
    is_command = modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    is_end = key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
    if key == Qt.Key.Key_Backspace:
        session.rub_out()
    elif is_end and modifiers & Qt.KeyboardModifier.ShiftModifier:
        session.type("\n")
    elif is_end or key == Qt.Key.Key_Escape:
        session.finish_typing()
    elif event.text() and event.text().isprintable() and not is_command:
        session.type(event.text())
    else:
        return False
    return True


def step_of(session: EditSession, event: QKeyEvent) -> Callable[[], object] | None:
    """What a key does to the session: undo, redo, delete, turn, choose tools, marks, colours and widths."""
    modifiers = event.modifiers()
    is_control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    if event.matches(QKeySequence.StandardKey.Undo):
        return session.undo
    if event.matches(QKeySequence.StandardKey.Redo) or (is_control and event.key() == Qt.Key.Key_Y):
        return session.redo
    if is_control or modifiers & Qt.KeyboardModifier.AltModifier:
        return None
    return _by_key(session).get(Qt.Key(event.key())) or _by_letter(session, event)


def _by_key(session: EditSession) -> dict[Qt.Key, Callable[[], object]]:
    return {
        Qt.Key.Key_Delete: session.delete,
        Qt.Key.Key_Backspace: session.delete,
        Qt.Key.Key_BracketLeft: lambda: session.use_width(session.width_step - 1),
        Qt.Key.Key_BracketRight: lambda: session.use_width(session.width_step + 1),
        Qt.Key.Key_PageDown: lambda: session.step_selection(1),
        Qt.Key.Key_PageUp: lambda: session.step_selection(-1),
    }


def _by_letter(session: EditSession, event: QKeyEvent) -> Callable[[], object] | None:
    letter = event.text().upper()
    if letter.isdecimal() and 1 <= int(letter) <= len(COLORS):
        return lambda: session.use_color(COLORS[int(letter) - 1])
    if letter == "R":
        by = -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        return lambda: session.rotate(by)
    tool = next((one for one in TOOLS if letter and one.key == letter), None)
    return None if tool is None else lambda: session.use(tool.id)
