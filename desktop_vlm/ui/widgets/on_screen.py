"""Windows that fit the screen they are on, whatever its size and scale.

A window asks for the size it would like; the screen has the last word. `keep_on_screen` is called once for every window
and dialog: before the window is shown it is made no larger than the available area of its screen, minimum sizes
included, and once the window manager has put its frame around it, the frame is brought inside that area.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMargins, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

_FRAME = QMargins(4, 36, 4, 6)
"""What a window manager's frame takes, in Qt's pixels, until its real one is known."""
_MOST_FRAME_PX = 120
_SETTLE_MS = (0, 60, 200, 500)
"""When to look at the frame after the window was shown: X11 window managers add it when they get round to it."""


def keep_on_screen(window: QWidget, preferred: QSize | None = None) -> None:
    """Keep a window within the available area of its screen, from its first appearance on.

    Args:
        window: or dialog.
        preferred: the size it would like, where it has none yet.
    """
    if preferred is not None:
        window.resize(preferred)
    _bound(window, _FRAME)
    _Keeper(window)


def moved_inside(rect: QRect, area: QRect) -> QRect:
    """The rectangle, moved as little as needed to lie in the area; one that is larger begins at its top left."""
    left = max(area.left(), min(rect.left(), area.right() + 1 - rect.width()))
    top = max(area.top(), min(rect.top(), area.bottom() + 1 - rect.height()))
    return QRect(QPoint(left, top), rect.size())


def available_area(window: QWidget) -> QRect:
    """The part of the window's screen that panels leave free, in Qt's pixels."""
    # Where the window was put before it is shown: its screen may be gone since the last time.
    screen = QGuiApplication.screenAt(window.frameGeometry().center()) or window.screen()
    return screen.availableGeometry()


class _Keeper(QObject):
    """Watches one window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._screen: QScreen | None = None
        self._size = window.size()  # the last one that can be seen
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and watched is self._window and not event.spontaneous():
            _bound(self._window, _frame_of(self._window))
            for milliseconds in _SETTLE_MS:
                QTimer.singleShot(milliseconds, self, self._settle)
            self._follow_screen()
        elif event.type() == QEvent.Type.Resize and watched is self._window:
            if not self._window.size().isEmpty():
                self._size = self._window.size()
            else:
                QTimer.singleShot(0, self, self._restore)
        return False

    def _restore(self) -> None:
        """X11 may say, where much else runs, that a window has become nothing; nobody would find it again."""
        if self._window.isVisible() and self._window.size().isEmpty() and not self._size.isEmpty():
            self._window.resize(self._size)

    def _follow_screen(self) -> None:
        """A panel that comes, another resolution, or another screen: the window is fitted again."""
        handle = self._window.windowHandle()
        if handle is not None and self._screen is None:
            self._screen = handle.screen()
            self._screen.availableGeometryChanged.connect(lambda _area: self._settle())
            handle.screenChanged.connect(lambda _screen: QTimer.singleShot(_SETTLE_MS[1], self, self._settle))

    def _settle(self) -> None:
        """Now that the frame is known."""
        window = self._window
        fills = Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen | Qt.WindowState.WindowMinimized
        if not window.isVisible() or window.windowState() & fills:
            return
        self._restore()
        _bound(window, _frame_of(window))
        frame = window.frameGeometry()
        inside = moved_inside(frame, available_area(window))
        if inside.topLeft() != frame.topLeft():
            window.move(inside.topLeft())


def _frame_of(window: QWidget) -> QMargins:
    """The frame around a window; a guess until the window manager has made it."""
    if window.windowFlags() & Qt.WindowType.FramelessWindowHint:
        return QMargins()
    handle = window.windowHandle()
    known = handle.frameMargins() if handle is not None else QMargins()
    return known if is_a_frame(known) else _FRAME


def is_a_frame(margins: QMargins) -> bool:
    """Whether these can be a frame's: while it is made, X11 may give the distances to somewhere else.

    A window that is made small enough for such a frame has no pixel left, and never appears.
    """
    sides = margins.left(), margins.top(), margins.right(), margins.bottom()
    return any(sides) and min(sides) >= 0 and max(sides) <= _MOST_FRAME_PX


def _bound(window: QWidget, frame: QMargins) -> None:
    """Make the window small enough for its screen."""
    area = available_area(window).size()
    most = QSize(area.width() - frame.left() - frame.right(), area.height() - frame.top() - frame.bottom())
    if most.isEmpty():  # of a screen that is about to go
        return
    if window.minimumSize() != window.minimumSize().boundedTo(most):
        window.setMinimumSize(window.minimumSize().boundedTo(most))
    if window.size() != window.size().boundedTo(most):
        window.resize(window.size().boundedTo(most))
