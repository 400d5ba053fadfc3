"""The button in a thumbnail's corner that takes the picture away."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop_vlm.ui.theme.safe_paint import safe_paint


class RemoveButton(QAbstractButton):
    """A cross on a dark disc, which shows on every picture."""

    def __init__(self, scrim: QColor, parent: QWidget) -> None:
        """`scrim` is the disc's colour."""
        super().__init__(parent)
        self._scrim = scrim
        self.setFixedSize(24, 24)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Delete does the same; Tab would stop twice at every picture
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setToolTip(self.tr("Remove"))

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        center = QRectF(self.rect()).center()
        painter.setPen(QColor("white"))
        painter.setBrush(QColor("#b3261e") if self.underMouse() else self._scrim)
        painter.drawEllipse(center, 9.5, 9.5)
        arm = 3.2
        pen = painter.pen()
        pen.setWidthF(1.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(center + QPointF(-arm, -arm), center + QPointF(arm, arm))
        painter.drawLine(center + QPointF(-arm, arm), center + QPointF(arm, -arm))
        painter.end()
