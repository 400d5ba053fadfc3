"""What is typed or pasted anywhere in the window goes into the question, unless a field has the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QInputMethodQueryEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from shiboken6 import isValid

_NO_SHORTCUT = (
    Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier
)
_ALT_GR = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
"""As Windows reports it."""


def can_be_seen(window: QWidget, question: QWidget) -> bool:
    """Whether the question is there, and nothing such as the viewer lies over it."""
    if not (question.isVisible() and question.isEnabled() and window.isActiveWindow()):
        return False
    under = window.childAt(question.mapTo(window, question.rect().center()))
    return under is not None and (under is question or question.isAncestorOf(under))


class TypingAnywhere(QObject):
    """Watches the widget that has the focus, where it is no field and the question can be seen.

    An input method (also the one for dead keys) composes in the question while the focus is still elsewhere: a focus
    that moves would end what was begun. With what it commits, the focus follows.
    """

    def __init__(self, window: QWidget, question: QPlainTextEdit) -> None:
        super().__init__(window)
        self._window = window
        self._question = question
        self._watched: QWidget | None = None
        window.installEventFilter(self)  # what nobody inside took
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_changed)

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        watched, self._watched = self._watched, None
        if watched is not None and isValid(watched):
            watched.removeEventFilter(self)
            watched.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        if new is not None and self._window.isAncestorOf(new) and not takes_text(new):
            self._watched = new
            new.installEventFilter(self)
            new.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        if watched is not self._watched or not self._can_be_seen():
            return False
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            QApplication.sendEvent(self._question, event)
            if event.commitString():
                self._question.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        if kind == QEvent.Type.InputMethodQuery and isinstance(event, QInputMethodQueryEvent):
            QApplication.sendEvent(self._question, event)
            return True
        return False

    def _key(self, event: QKeyEvent) -> bool:
        is_paste = event.matches(QKeySequence.StandardKey.Paste)
        focus = QApplication.focusWidget()
        if not (is_paste or _is_typed(event)) or (focus is not None and takes_text(focus)) or not self._can_be_seen():
            return False
        self._question.setFocus(Qt.FocusReason.OtherFocusReason)
        if is_paste:
            self._question.paste()
        else:
            QApplication.sendEvent(self._question, event)
        return True

    def _can_be_seen(self) -> bool:
        return can_be_seen(self._window, self._question)


def takes_text(widget: QWidget) -> bool:
    """Whether what is typed belongs to a widget."""
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        return not widget.isReadOnly()
    return isinstance(widget, QAbstractSpinBox) or (isinstance(widget, QComboBox) and widget.isEditable())


def _is_typed(event: QKeyEvent) -> bool:
    """A character; a space presses buttons, and begins no question."""
    modifiers, text = event.modifiers(), event.text()
    is_alt_gr = modifiers & _ALT_GR == _ALT_GR
    return text.isprintable() and bool(text.strip()) and (is_alt_gr or not modifiers & ~_NO_SHORTCUT)
