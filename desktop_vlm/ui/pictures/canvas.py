"""The area of the viewer that shows the picture: zoom, pan, pinch, and selecting its text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
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
from PySide6.QtWidgets import QApplication, QGestureEvent, QPinchGesture, QWidget

from desktop_vlm.api.text_layer import Box, Code
from desktop_vlm.ui.pictures.pointing import PointingMode
from desktop_vlm.ui.pictures.text_selection import TextSelection
from desktop_vlm.ui.pictures.viewport import STEP, Viewport
from desktop_vlm.ui.theme.safe_paint import safe_paint

_MARGIN = 16
"""Around a fitted picture, logical px."""
_PLACE = QColor(255, 196, 0)
_SCROLL_MS = 30
_SCROLL_PX = 18
"""While text is selected beyond the edge, the picture moves so far each time."""


class PictureCanvas(QWidget):
    """Paints one of several sizes of the picture, made beforehand, so that even 100 megapixels move smoothly.

    Attributes:
        text: the picture's, and what of it is selected.
        pointing: what a question points at in it.

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
        self._pointer = QPointF()
        self._double_clicked_ms = -1
        self.text = TextSelection(self)
        self.text.changed.connect(self.update)
        self.pointing = PointingMode(self)
        self.pointing.shown.connect(self._pointing_shown)
        self._scroll = QTimer(self, interval=_SCROLL_MS)
        self._scroll.timeout.connect(self._scroll_further)
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

    def _pointing_shown(self) -> None:
        self._show_cursor()
        self.update()

    def _show_cursor(self) -> None:
        if self.pointing.is_on:
            self.setCursor(Qt.CursorShape.CrossCursor)
        elif self._drag_from is not None and self.viewport.can_pan:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self.text.is_held or (self._drag_from is None and self.is_over_text(self._pointer)):
            self.setCursor(Qt.CursorShape.IBeamCursor)
        elif not self._levels or not self.viewport.can_pan:
            self.unsetCursor()
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
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pointer = event.position()
        if self.pointing.press(self._pointer, self._pixel(self._pointer)):
            return
        clicks = 3 if self._follows_double_click(event) else 1
        if self._is_inside(event.position()) and self.text.press(
            *self._pixel(self._pointer), event.modifiers(), clicks
        ):
            return
        self._drag_from, self._moved = event.position(), False
        self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self.pointing.move(self._pointer, self._pixel(self._pointer)):
            return
        if self.text.is_held:
            self.text.move(*self._pixel(self._pointer))
            self._scroll_at_edge()
        elif self._drag_from is not None:
            step = event.position() - self._drag_from
            self._moved = self._moved or step.manhattanLength() > 3
            self._drag_from = event.position()
            self.pan(step.x(), step.y())
        else:
            self._show_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self.pointing.release():
            return
        self._scroll.stop()
        if self.text.is_held:
            self.text.release()
        elif self._drag_from is not None:
            self._drag_from = None
            if not self._moved:
                self._clicked(event.position())
        self._show_cursor()

    def _clicked(self, at: QPointF) -> None:
        """Where there is no text: what is selected is given up; another click beside the picture is meant for that."""
        if self.text.selection is not None:
            self.text.clear()
        elif not self._is_inside(at):
            self.outside_clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.pointing.is_on:
            self.mousePressEvent(event)
            return
        if event.button() != Qt.MouseButton.LeftButton or not self._is_inside(event.position()):
            return
        self._double_clicked_ms = event.timestamp()
        if self.text.press(*self._pixel(event.position()), event.modifiers(), 2):
            return
        if self.viewport.fitted and self.viewport.zoom < 1:
            self.actual_size(event.position())
        else:
            self.fit()

    def _follows_double_click(self, event: QMouseEvent) -> bool:
        """The third click of three; a fourth begins again."""
        since_ms = event.timestamp() - self._double_clicked_ms
        is_third = self._double_clicked_ms >= 0 and 0 <= since_ms <= QApplication.doubleClickInterval()
        self._double_clicked_ms = -1
        return is_third

    def _scroll_at_edge(self) -> None:
        """While the mouse is beyond the edge, the picture goes on moving."""
        if self.viewport.can_pan and not self.rect().contains(self._pointer.toPoint()):
            if not self._scroll.isActive():
                self._scroll.start()
        else:
            self._scroll.stop()

    def _scroll_further(self) -> None:
        x, y = self._pointer.x(), self._pointer.y()
        across = _SCROLL_PX if x < 0 else -_SCROLL_PX if x > self.width() else 0
        down = _SCROLL_PX if y < 0 else -_SCROLL_PX if y > self.height() else 0
        self.pan(across, down)
        self.text.move(*self._pixel(self._pointer))

    def point_at_middle(self) -> None:
        """Point at what is in the middle of the view, for hands without a mouse."""
        self.pointing.add_spot(self._pixel(QPointF(self.rect().center())))

    def reveal(self, box: Box) -> None:
        """Move the picture so far that a place of it can be seen."""
        rect = self._on_screen(box)
        room = QRectF(self.rect()).adjusted(_MARGIN, 4 * _MARGIN, -_MARGIN, -_MARGIN)
        across = min(0.0, room.right() - rect.right()) or max(0.0, room.left() - rect.left())
        down = min(0.0, room.bottom() - rect.bottom()) or max(0.0, room.top() - rect.top())
        if across or down:
            self.pan(across, down)

    def is_over_text(self, at: QPointF) -> bool:
        """Whether text can be selected there."""
        return self._is_inside(at) and self.text.is_text(*self._pixel(at))

    def take_word(self, at: QPointF) -> None:
        """Select the word there, unless it is in what is selected."""
        self.text.take_word(*self._pixel(at))

    def code_at(self, at: QPointF) -> Code | None:
        """The QR code or barcode there."""
        return self.text.code_at(*self._pixel(at))

    def _pixel(self, at: QPointF) -> tuple[float, float]:
        return self.viewport.to_image(*self._device(at))

    def _is_inside(self, at: QPointF) -> bool:
        x, y = self._pixel(at)
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
        self.text.paint(painter, self._on_screen, QRectF(self.rect()))
        self._paint_places(painter)
        self.pointing.paint(painter, self._on_screen)
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
