"""The area of the viewer that shows the picture: zoom, pan, pinch."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from desktop_vlm.api.text_layer import Box
from desktop_vlm.ui.pictures.viewport import STEP, Viewport
from desktop_vlm.ui.theme.safe_paint import safe_paint

_MARGIN = 16
"""Around a fitted picture, logical px."""
_PLACE = QColor(255, 196, 0)


class PictureCanvas(QWidget):
    """Paints one of several sizes of the picture, made beforehand, so that even 100 megapixels move smoothly.

    Signals:
        zoomed: the zoom changed, or the room did.
        outside_clicked: next to the picture.
    """

    zoomed = Signal()
    outside_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = Viewport()
        self._levels: list[QImage] = []
        self._drag_from: QPointF | None = None
        self._moved = False
        self._places: tuple[Box, ...] = ()
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Picture"))

    def show_levels(self, levels: list[QImage]) -> None:
        """A picture and its copies of half the size each, largest first; none while it is being read."""
        self._levels = levels
        if levels:
            self.viewport.show((levels[0].width(), levels[0].height()))
        self._changed()

    def show_places(self, places: Sequence[Box]) -> None:
        """Light up places of the picture, in its pixels."""
        self._places = tuple(places)
        self.update()

    @property
    def image(self) -> QImage | None:
        return self._levels[0] if self._levels else None

    def zoom_in(self) -> None:
        self.viewport.zoom_by(STEP)
        self._changed()

    def zoom_out(self) -> None:
        self.viewport.zoom_by(1 / STEP)
        self._changed()

    def fit(self) -> None:
        self.viewport.fit()
        self._changed()

    def actual_size(self, at: QPointF | None = None) -> None:
        """One pixel of the picture on one of the screen."""
        self.viewport.zoom_to(1.0, self._device(at) if at is not None else None)
        self._changed()

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by logical pixels."""
        ratio = self.devicePixelRatioF()
        self.viewport.pan(dx * ratio, dy * ratio)
        self._changed()

    def _device(self, at: QPointF) -> tuple[float, float]:
        ratio = self.devicePixelRatioF()
        return at.x() * ratio, at.y() * ratio

    def _changed(self) -> None:
        self._show_cursor()
        self.update()
        self.zoomed.emit()

    def _show_cursor(self) -> None:
        if not self._levels or not self.viewport.can_pan:
            self.unsetCursor()
        elif self._drag_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        ratio = self.devicePixelRatioF()
        self.viewport.margin = _MARGIN * ratio
        self.viewport.resize((self.width() * ratio, self.height() * ratio))
        self._changed()
        super().resizeEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() / 120
        if turn:
            self.viewport.zoom_by(STEP**turn, self._device(event.position()))
            self._changed()
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):  # touchpads
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self._pinch(1 + event.value(), event.position())
                return True
        elif event.type() == QEvent.Type.Gesture and isinstance(event, QGestureEvent):  # touch screens
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._pinch(pinch.scaleFactor(), QPointF(self.mapFromGlobal(pinch.centerPoint().toPoint())))
                return True
        return super().event(event)

    def _pinch(self, factor: float, at: QPointF) -> None:
        if factor > 0:
            self.viewport.zoom_to(self.viewport.zoom * factor, self._device(at))
            self._changed()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag_from, self._moved = event.position(), False
            self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag_from is not None:
            step = event.position() - self._drag_from
            self._moved = self._moved or step.manhattanLength() > 3
            self._drag_from = event.position()
            self.pan(step.x(), step.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._drag_from is not None:
            self._drag_from = None
            self._show_cursor()
            if not self._moved and not self._is_inside(event.position()):
                self.outside_clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._is_inside(event.position()):
            if self.viewport.fitted and self.viewport.zoom < 1:
                self.actual_size(event.position())
            else:
                self.fit()

    def _is_inside(self, at: QPointF) -> bool:
        x, y = self.viewport.to_image(*self._device(at))
        return bool(self._levels) and 0 <= x < self.viewport.image[0] and 0 <= y < self.viewport.image[1]

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._levels:
            return
        port, ratio = self.viewport, self.devicePixelRatioF()
        width, height = port.image
        level = next((one for one in reversed(self._levels) if one.width() >= width * port.zoom), self._levels[0])
        # Only what is visible is handed over, in the level's own pixels.
        left, top = port.to_image(0, 0)
        right, bottom = port.to_image(*port.view)
        seen = QRectF(QPointF(max(0.0, left), max(0.0, top)), QPointF(min(width, right), min(height, bottom)))
        target = QRectF(
            (port.left + seen.left() * port.zoom) / ratio,
            (port.top + seen.top() * port.zoom) / ratio,
            seen.width() * port.zoom / ratio,
            seen.height() * port.zoom / ratio,
        )
        if port.zoom == 1.0:  # whole device pixels, else every sharp edge would be smeared over two
            target.moveTo(round(target.left() * ratio) / ratio, round(target.top() * ratio) / ratio)
        across, down = level.width() / width, level.height() / height
        source = QRectF(seen.left() * across, seen.top() * down, seen.width() * across, seen.height() * down)
        painter = QPainter(self)
        # From 200 % on the pixels themselves are of interest.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, port.zoom < 2 and port.zoom != 1.0)
        painter.drawImage(target, level, source)
        self._paint_places(painter)
        painter.end()

    def _paint_places(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(_PLACE, 2))
        painter.setBrush(QColor(_PLACE.red(), _PLACE.green(), _PLACE.blue(), 56))
        for box in self._places:
            painter.drawRoundedRect(self._on_screen(box).adjusted(-3, -3, 3, 3), 4, 4)

    def _on_screen(self, box: Box) -> QRectF:
        """A place of the picture in this widget, logical px."""
        port, ratio = self.viewport, self.devicePixelRatioF()
        corner = QPointF(port.left + box.left * port.zoom, port.top + box.top * port.zoom) / ratio
        return QRectF(corner.x(), corner.y(), box.width * port.zoom / ratio, box.height * port.zoom / ratio)
