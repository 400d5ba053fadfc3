"""Escape, as one rule: whoever has the focus is asked first, then what it stands in, outwards up to the window.

What wants the key has a method `claim_escape`, and says with its answer whether the focus goes back to where it was
before it came in. Menus, popups, dialogs and editors of lists take the key themselves, before this rule; so may any
widget that accepts the key's `ShortcutOverride`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto
from typing import Protocol, runtime_checkable
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


class Claim(Enum):
    """What becomes of the key.

    PASS: it is for somebody else. DONE: something was done, and the focus stays. LEAVE: something was done, or there is
    nothing left to do here, and the focus goes back.
    """

    PASS = auto()
    DONE = auto()
    LEAVE = auto()


@runtime_checkable
class ClaimsEscape(Protocol):
    """A widget that does something on Escape while the focus is in it."""

    def claim_escape(self) -> Claim:
        """Do it, if there is something to do."""


class EscapeRule(QObject):
    """Brings the key to whom it is for, and remembers where the focus was."""

    def __init__(
        self,
        window: QWidget,
        home: Callable[[], QWidget],
        outermost: Sequence[Callable[[], bool]] = (),
        is_home_free: Callable[[], bool] = lambda: True,
    ) -> None:
        """Make the rule of a window.

        Args:
            window: whose widgets are asked.
            home: where the focus goes if nobody knows better.
            outermost: what the window itself does when none of its widgets claims the key, the first that does
                something; each says whether it did.
            is_home_free: whether nothing lies over that.
        """
        super().__init__(window)
        self._window = window
        self._home = home
        self._outermost = outermost
        self._is_home_free = is_home_free
        self._before: WeakKeyDictionary[QWidget, QWidget] = WeakKeyDictionary()
        self._stand_in: tuple[QWidget, QWidget] | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_changed)

    def press(self) -> None:
        """The key was pressed."""
        for widget in self._outwards(QApplication.focusWidget()):
            claim = widget.claim_escape() if isinstance(widget, ClaimsEscape) else Claim.PASS
            if claim is Claim.LEAVE:
                self._leave(widget)
            if claim is not Claim.PASS:
                return
        if not any(do() for do in self._outermost):
            self._home().setFocus(Qt.FocusReason.OtherFocusReason)

    def _outwards(self, focus: QWidget | None) -> Iterator[QWidget]:
        """A widget of the window and what it stands in."""
        widget = focus if focus is not None and self._window.isAncestorOf(focus) else None
        while widget is not None and widget is not self._window:
            yield widget
            widget = widget.parentWidget() if isValid(widget) else None

    def leave(self, left: QWidget) -> None:
        """Something is closed in another way than by the key: the focus goes back if it is in there."""
        focus = QApplication.focusWidget()
        if focus is not None and (focus is left or left.isAncestorOf(focus)):
            self._leave(left)

    def _leave(self, left: QWidget) -> None:
        self._stand_in = None
        before = self._before.pop(left, None)
        is_there = before is not None and isValid(before) and before.isVisible() and before.isEnabled()
        target = before if before is not None and is_there else self._home()
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is None or new is None or not isValid(self._window) or not self._window.isAncestorOf(old):
            return
        if not old.isVisible():  # hidden with the focus in it: nobody chose `new`
            self._stand_in = new, self._meant(old)
            if not self._is_near(old, new):
                QTimer.singleShot(0, self, self._go_home_unless_sent)
            return
        for widget in self._outwards(new):
            if isinstance(widget, ClaimsEscape) and widget is not old and not widget.isAncestorOf(old):
                self._before[widget] = self._meant(old)
        self._stand_in = None

    def _is_near(self, old: QWidget, new: QWidget) -> bool:
        """Whether both are in one part of the window that claims the key, which is still there."""
        parts = [one for one in self._outwards(old) if isinstance(one, ClaimsEscape) and one.isVisible()]
        return bool(parts) and parts[0].isAncestorOf(new)

    def _go_home_unless_sent(self) -> None:
        """A button that goes away as it is pressed leaves the focus to a neighbour: nobody wants it there."""
        if self._stand_in is not None and QApplication.focusWidget() is self._stand_in[0] and self._is_home_free():
            self._home().setFocus(Qt.FocusReason.OtherFocusReason)

    def _meant(self, widget: QWidget) -> QWidget:
        """Where the focus was when it came here without being sent."""
        return self._stand_in[1] if self._stand_in is not None and self._stand_in[0] is widget else widget
