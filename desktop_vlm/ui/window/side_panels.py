"""The parts at the window's sides: beside the conversation where there is room, else over it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QToolButton, QVBoxLayout, QWidget

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.escape import Claim

NARROW_PX = 760
"""Windows narrower than this have room for the conversation alone."""
ROOM_FOR_BOTH_PX = 1100
"""Those narrower than this for one part beside it."""
_MOST_OVER_PX = 340
_LEFT_FREE_PX = 48
"""Of the conversation, so that it is seen what the drawer lies over, and where to click to close it."""
_SCRIM = QColor(0, 0, 0, 90)


class Drawer(QWidget):
    """Lies over the whole window: a part at one of its sides, and a shade beside it that closes it.

    Signals:
        close_asked: by the button, the shade or Escape.
    """

    close_asked = Signal()

    def __init__(self, theme: Theme, window: QWidget, *, at_right: bool, name: str, own_button: bool) -> None:
        """`own_button`: the part has a button itself that closes it."""
        super().__init__(window)
        self._theme = theme
        self._at_right = at_right
        self._frame = QFrame(self)
        self._frame.setProperty("kind", "panel" if at_right else "sidebar")
        column = QVBoxLayout(self._frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.close_button = QToolButton()
        self.close_button.setToolTip(name)
        self.close_button.setAccessibleName(name)
        self.close_button.clicked.connect(self.close_asked)
        head = QHBoxLayout()
        head.setContentsMargins(8, 8, 8, 0)
        head.addStretch(1)
        head.addWidget(self.close_button)
        column.addLayout(head)
        self.close_button.setVisible(not own_button)
        self._column = column
        window.installEventFilter(self)
        theme.changed.connect(self._take_icon)
        self._take_icon()
        self.hide()

    def open_with(self, part: QWidget) -> None:
        """Show a part."""
        self._column.addWidget(part, 1)
        part.show()
        self._place()
        self.show()
        self.raise_()

    def claim_escape(self) -> Claim:
        self.close_asked.emit()
        return Claim.LEAVE

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.close_asked.emit()

    @safe_paint
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), _SCRIM)

    def _place(self) -> None:
        window = self.window()
        self.setGeometry(window.rect())
        wide = max(min(_MOST_OVER_PX, window.width() - _LEFT_FREE_PX), 120)
        self._frame.setGeometry(window.width() - wide if self._at_right else 0, 0, wide, window.height())

    def _take_icon(self) -> None:
        self.close_button.setIcon(self._theme.icon("x"))


class SidePanels(QObject):
    """Shows and hides both.

    Signals:
        changed: one of them was shown or hidden.
        closing: this one is about to be hidden, by whatever way: the focus goes back if it is in there.
    """

    changed = Signal()
    closing = Signal(object)

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        splitter: QSplitter,
        parts: tuple[QWidget, QWidget],
    ) -> None:
        """Take the two parts of a splitter that has the conversation between them.

        Args:
            window: what drawers lie over.
            theme: of the program.
            splitter: where the parts are in a window that is wide enough.
            parts: at the left, and at the right; the latter has a button that closes it.
        """
        super().__init__(window)
        self._window = window
        self._splitter = splitter
        self._left, self._right = parts
        self._gave_way = False
        closing = self.tr("Close the conversations"), self.tr("Close what the model sees")
        self.drawers = {
            self._left: Drawer(theme, window, at_right=False, name=closing[0], own_button=False),
            self._right: Drawer(theme, window, at_right=True, name=closing[1], own_button=True),
        }
        for part, drawer in self.drawers.items():
            drawer.close_asked.connect(lambda part=part: self.close(part))

    @property
    def left_is_chosen(self) -> bool:
        """Whether the person has the left one open, where there is room for it."""
        return self._gave_way or self._is_docked(self._left)

    def toggle(self, part: QWidget) -> None:
        """Show or hide a part."""
        if part is self._left:
            self._gave_way = False
        self.open(part) if part.isHidden() else self.close(part)

    def open(self, part: QWidget) -> None:
        """Show a part, over the conversation where there is no room beside it."""
        if not part.isHidden():
            return
        if self._has_room(part):
            if part is self._right and not self._has_room_for_both() and self._is_docked(self._left):
                self._gave_way = True
                self._left.hide()
            part.show()
        else:
            self.close_drawers()
            self.drawers[part].open_with(part)
        self.changed.emit()

    def close(self, part: QWidget) -> None:
        """Hide a part."""
        if part.isHidden():
            return
        self.closing.emit(part)
        part.hide()
        if self._is_over(part):
            self.drawers[part].hide()
            self._dock(part)
        if part is self._right and self._gave_way and self._has_room(self._left):
            self._gave_way = False
            self._left.show()
        self.changed.emit()

    def close_drawers(self) -> bool:
        """Hide what lies over the conversation; whether something did."""
        over = [part for part in self.drawers if self._is_over(part)]
        for part in over:
            self.close(part)
        return bool(over)

    def fit(self) -> None:
        """The window has another width."""
        if self._has_room(self._right):
            self._take_back(self._right)
        elif self._is_docked(self._right):
            self.close_drawers()
            self.drawers[self._right].open_with(self._right)
        if not self._has_room(self._left):
            if self._is_docked(self._left):
                self._gave_way = True
                self._left.hide()
        else:
            self._take_back(self._left)
            if self._gave_way:
                self._gave_way = False
                self._left.show()

    def _take_back(self, part: QWidget) -> None:
        """From over the conversation to beside it."""
        if self._is_over(part):
            self.drawers[part].hide()
            self._dock(part)
            part.show()

    def _dock(self, part: QWidget) -> None:
        self._splitter.insertWidget(0 if part is self._left else self._splitter.count(), part)
        self._splitter.setStretchFactor(self._splitter.indexOf(part), 0)

    def _is_over(self, part: QWidget) -> bool:
        return self._splitter.indexOf(part) < 0

    def _is_docked(self, part: QWidget) -> bool:
        return not part.isHidden() and not self._is_over(part)

    def _has_room(self, part: QWidget) -> bool:
        """Whether a part can be beside the conversation; where there is room for one, the right one comes first."""
        if part is self._left and self._is_docked(self._right):
            return self._has_room_for_both()
        return self._window.width() >= NARROW_PX

    def _has_room_for_both(self) -> bool:
        return self._window.width() >= ROOM_FOR_BOTH_PX


"""Windows narrower than this have no room for anything beside the conversation."""
