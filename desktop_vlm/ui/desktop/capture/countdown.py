"""The seconds before a delayed capture, counted where they can be seen and out of the way."""

from __future__ import annotations

import math
from operator import eq

from PySide6.QtCore import QElapsedTimer, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from desktop_vlm.ui.desktop.capture.chrome import ACCENT, MUTED, TEXT, draw_card, number_font
from desktop_vlm.ui.desktop.capture.frozen import screen_under_pointer
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint

_WIDTH, _HEIGHT, _RADIUS = 252, 68, 20
_FROM_TOP = 48
_RING = 42
_FRAME_MS = 40


class Countdown(QWidget):
    """A small window that takes no focus: a menu that is open stays open while it counts.

    Signals:
        cancelled: it was clicked.
        ended: the time is over, counted from when it was first painted.
    """

    cancelled = Signal()
    ended = Signal()

    def __init__(self, theme: Theme, total_ms: int) -> None:
        super().__init__()
        self._total_ms = total_ms
        self._number_font = number_font(theme, 1.2, QFont.Weight.DemiBold)
        self._title_font = theme.font(1.0, QFont.Weight.DemiBold)
        self._hint_font = theme.font(0.88)
        flags = (
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus
        )
        if QGuiApplication.platformName() == "xcb":
            flags |= Qt.WindowType.BypassWindowManagerHint
        self.setWindowFlags(flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setWindowTitle(self.tr("Screenshot"))
        self.setAccessibleName(self.tr("A screenshot will be taken; click to cancel"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        area = screen_under_pointer().availableGeometry()
        self.setGeometry(area.center().x() - _WIDTH // 2, area.top() + _FROM_TOP, _WIDTH, _HEIGHT)
        self.setMask(_rounded(self.rect().width(), self.rect().height()))
        self._clock = QElapsedTimer()
        self._end = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._end.timeout.connect(self.ended)
        timer = QTimer(self, interval=_FRAME_MS)
        timer.timeout.connect(self.update)
        timer.start()

    @property
    def remaining_s(self) -> int:
        """What it shows."""
        return max(1, math.ceil((self._total_ms - self._elapsed_ms) / 1000))

    @property
    def _elapsed_ms(self) -> int:
        return self._clock.elapsed() if self._clock.isValid() else 0

    def begin(self) -> None:
        """The time runs from now on; a second call changes nothing."""
        if not self._clock.isValid():
            self._clock.start()
            self._end.start(self._total_ms)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.cancelled.emit()

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_card(painter, QRectF(self.rect()), _RADIUS)
        ring = QRectF(14, (_HEIGHT - _RING) / 2, _RING, _RING)
        pen = QPen(QColor(255, 255, 255, 40), 3)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawEllipse(ring.adjusted(2, 2, -2, -2))
        pen.setColor(ACCENT)
        painter.setPen(pen)
        left = max(0.0, 1 - self._elapsed_ms / self._total_ms)
        painter.drawArc(ring.adjusted(2, 2, -2, -2), 90 * 16, round(left * 360 * 16))
        painter.setPen(TEXT)
        painter.setFont(self._number_font)
        painter.drawText(ring, Qt.AlignmentFlag.AlignCenter, str(self.remaining_s))
        painter.setFont(self._title_font)
        text = QRectF(ring.right() + 14, ring.top(), _WIDTH - ring.right() - 24, _RING / 2)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, self.tr("Screenshot soon"))
        painter.setFont(self._hint_font)
        painter.setPen(MUTED)
        painter.drawText(text.translated(0, _RING / 2), Qt.AlignmentFlag.AlignVCenter, self.tr("Click to cancel"))
        painter.end()
        self.begin()


class Trace:
    """What the screen shows of a countdown: without a compositor that stays until the program below draws itself.

    Only where the screen may be looked at; elsewhere there is never a trace.
    """

    _MOST_MS = 1500
    _ALIKE = 0.9
    """Of the pixels, for it to be still there."""

    def __init__(self, countdown: Countdown) -> None:
        self._place = countdown.geometry()
        self._clock = QElapsedTimer()
        self._clock.start()
        self._shown = self._look()

    def is_there(self) -> bool:
        """Whether the screen still shows it; after a while that is taken for what is below."""
        if not self._shown or self._clock.elapsed() > self._MOST_MS:
            return False
        now = self._look()
        alike = sum(map(eq, self._shown, now))
        return len(now) == len(self._shown) and alike > self._ALIKE * len(now)

    def _look(self) -> bytes:
        screen = QGuiApplication.screenAt(self._place.center())
        if QGuiApplication.platformName() != "xcb" or screen is None:
            return b""
        at = self._place.translated(-screen.geometry().topLeft())
        image = screen.grabWindow(0, at.x(), at.y(), at.width(), at.height()).toImage()
        return bytes(image.convertToFormat(QImage.Format.Format_Grayscale8).constBits()) if not image.isNull() else b""


def _rounded(width: int, height: int) -> QRegion:
    """Without a compositor the corners would be black."""
    across = QRegion(_RADIUS, 0, width - 2 * _RADIUS, height)
    down = QRegion(0, _RADIUS, width, height - 2 * _RADIUS)
    region = across.united(down)
    size = 2 * _RADIUS
    for x in (0, width - size):
        for y in (0, height - size):
            region = region.united(QRegion(x, y, size, size, QRegion.RegionType.Ellipse))
    return region
