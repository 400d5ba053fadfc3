"""The bar that says which keys there are, and then gets out of the way."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QRectF, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from desktop_vlm.ui.desktop.capture.chrome import MUTED, TEXT, draw_card
from desktop_vlm.ui.theme import Theme

_SHOWN_MS = 5000
_FADE_MS = 220
_HEIGHT = 44
_FROM_EDGE = 36
_KEY_PADDING, _KEY_GAP, _GROUP_GAP = 7, 7, 20

Hint = tuple[str, str]
"""A key, and what it does."""


class HintBar(QObject):
    """Shown for some seconds, or until the person shows that they know.

    Signals:
        changed: it has to be painted again, where `region` says.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._hints: Sequence[Hint] = ()
        self._opacity = 0.0
        self._font = theme.font(0.93)
        self._key_font = theme.font(0.86, QFont.Weight.DemiBold)
        self._animation = QVariantAnimation(
            self,
            duration=_FADE_MS,
        )
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.valueChanged.connect(self._fade)
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self.leave)

    @property
    def hints(self) -> Sequence[Hint]:
        return self._hints

    @property
    def opacity(self) -> float:
        return self._opacity

    def show(self, hints: Sequence[Hint]) -> None:
        """Show these at once: the first picture of the overlay has them already."""
        self._animation.stop()
        self._hints = hints
        self._fade(1.0)
        self._timer.start()

    def leave(self) -> None:
        """Fade out."""
        self._timer.stop()
        if self._opacity > 0 and self._animation.state() != QVariantAnimation.State.Running:
            self._animation.setStartValue(self._opacity)
            self._animation.setEndValue(0.0)
            self._animation.start()

    def rect(self, area: QRectF) -> QRectF:
        """At the bottom, in the middle."""
        width = self._total(self.fitting(area))
        left = round(area.center().x() - width / 2)
        return QRectF(left, area.bottom() - _FROM_EDGE - _HEIGHT, width, _HEIGHT)

    def fitting(self, area: QRectF) -> Sequence[Hint]:
        """On a narrow screen some are left out: the first and the last, how to begin and how to end, stay."""
        hints = list(self._hints)
        while len(hints) > 2 and self._total(hints) > area.width() - 2 * _GROUP_GAP:
            del hints[-2]
        return hints

    def draw(self, painter: QPainter, area: QRectF) -> None:
        if self._opacity <= 0 or not self._hints:
            return
        rect = self.rect(area)
        painter.save()
        painter.setOpacity(self._opacity)
        draw_card(painter, rect, rect.height() / 2)
        left = rect.left() + _GROUP_GAP
        for hint in self.fitting(area):
            self._draw_hint(painter, QPointF(left, rect.center().y()), hint)
            left += self._width(hint) + _GROUP_GAP
        painter.restore()

    def _draw_hint(self, painter: QPainter, left_middle: QPointF, hint: Hint) -> None:
        key, does = hint
        metrics = QFontMetricsF(self._key_font)
        width, height = metrics.horizontalAdvance(key) + 2 * _KEY_PADDING, metrics.height() + 5
        cap = QRectF(left_middle.x(), round(left_middle.y() - height / 2), width, height)
        painter.setPen(QPen(QColor(255, 255, 255, 60), 1))
        painter.setBrush(QColor(255, 255, 255, 26))
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(self._key_font)
        painter.setPen(TEXT)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
        painter.setFont(self._font)
        painter.setPen(MUTED)
        text = QRectF(cap.right() + _KEY_GAP, cap.top(), 400, cap.height())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, does)

    def _total(self, hints: Sequence[Hint]) -> float:
        return sum(self._width(hint) for hint in hints) + _GROUP_GAP * (len(hints) + 1)

    def _width(self, hint: Hint) -> float:
        key, does = hint
        key_width = QFontMetricsF(self._key_font).horizontalAdvance(key) + 2 * _KEY_PADDING
        return float(round(key_width + _KEY_GAP + QFontMetricsF(self._font).horizontalAdvance(does)))

    def _fade(self, opacity: float) -> None:
        self._opacity = float(opacity)
        self.changed.emit()
