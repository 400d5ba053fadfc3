"""The composite, large, with the model's tiles drawn over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_vlm.api.text_layer import Box
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.composer import size_on_canvas
from desktop_vlm.ui.pictures.composite_state import CompositeState
from desktop_vlm.ui.pictures.loading import SMALL_PIXELS, shrink
from desktop_vlm.ui.pictures.places import draw_places, part_of
from desktop_vlm.ui.pictures.pointing import PointingDrag
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.painting import draw_icon, draw_ring, with_alpha

_MAX_HEIGHT = 420
_EMPTY_HEIGHT = 160
_RADIUS = 10.0


class CompositePreview(QWidget):
    """The tiles that are sent, filled with the picture; what stays empty of them is hatched.

    Signals:
        hovered: index of the entry under the pointer, -1 for none.
        opened: clicked, Enter or Space: to be shown at full size.
        pointed: index of an entry, and the Pointer at a place in it: by a drag, or a click with Shift.
    """

    hovered = Signal(int)
    opened = Signal()
    pointed = Signal(int, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = CompositeState()
        self._drag = PointingDrag(
            self, lambda entry: (self._state.entries[entry].width, self._state.entries[entry].height)
        )
        self._drag.pointed.connect(self.pointed)
        self._highlighted = -1
        self._places: dict[str, Sequence[Box]] = {}
        self._grid = True
        self._scaled: QImage | None = None
        self._background = Background(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(160)
        self._name()
        theme.changed.connect(self.update)

    def set_state(self, state: CompositeState) -> None:
        """Show this composite."""
        new = state.composite is not self._state.composite or state.canvas_size != self._state.canvas_size
        self._state = state
        if new:
            self._scaled = None
            self._rescale()
            self.updateGeometry()
        self._name()
        self.update()

    def set_grid(self, shown: bool) -> None:
        """Draw the tiles' borders or not."""
        self._grid = shown
        self.update()

    def highlight(self, entry: int) -> None:
        """Point out an entry's place; -1 for none."""
        if entry != self._highlighted:
            self._highlighted = entry
            self.update()

    def show_places(self, places: Mapping[str, Sequence[Box]]) -> None:
        """Light up places in the pictures: SHA-256 -> boxes, px of the picture."""
        if dict(places) != self._places:
            self._places = dict(places)
            self.update()

    def place_rects(self) -> list[QRectF]:
        """Where the lit places are in this widget."""
        return [
            part_of(self.entry_rect(index), (entry.width, entry.height), box)
            for index, entry in enumerate(self._state.entries)
            if not self.entry_rect(index).isEmpty()
            for box in self._places.get(entry.sha256, ())
        ]

    @property
    def highlighted(self) -> int:
        return self._highlighted

    @property
    def is_empty(self) -> bool:
        return self._state.composite is None or self._state.layout is None

    def _name(self) -> None:
        text = self.tr("No picture is sent") if self.is_empty else self.tr("The picture as the model sees it; opens it")
        self.setAccessibleName(text)
        self.setToolTip("" if self.is_empty else self.tr("Click to see it at full size"))
        self.setCursor(Qt.CursorShape.ArrowCursor if self.is_empty else Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if self.is_empty else Qt.FocusPolicy.StrongFocus)

    # --- geometry

    def heightForWidth(self, width: int) -> int:
        across, down = self._state.canvas_size
        if self.is_empty or not across:
            return _EMPTY_HEIGHT
        return min(_MAX_HEIGHT, round((width - 4) * down / across) + 4)

    def sizeHint(self) -> QSize:
        return QSize(360, self.heightForWidth(360))

    def canvas_rect(self) -> QRectF:
        """Where the tiles are in this widget."""
        across, down = self._state.canvas_size
        room = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        if not across:
            return room
        scale = min(room.width() / across, room.height() / down)
        size = (across * scale, down * scale)
        return QRectF(room.center().x() - size[0] / 2, room.center().y() - size[1] / 2, *size)

    def picture_rect(self) -> QRectF:
        """Where the pixels sent are in this widget."""
        canvas = self.canvas_rect()
        if self._state.layout is None:
            return canvas
        width, height = size_on_canvas(self._state.layout)
        scale = canvas.width() / self._state.canvas_size[0]
        return QRectF(canvas.left(), canvas.top(), width * scale, height * scale)

    def entry_rect(self, entry: int) -> QRectF:
        """Where an entry is in this widget; empty if it is not there."""
        layout = self._state.layout
        placement = self._state.placement(entry) if 0 <= entry < len(self._state.entries) else None
        if layout is None or placement is None:
            return QRectF()
        picture = self.picture_rect()
        across, down = picture.width() / layout.size[0], picture.height() / layout.size[1]
        left, top, right, bottom = placement.box
        return QRectF(
            picture.left() + left * across,
            picture.top() + top * down,
            (right - left) * across,
            (bottom - top) * down,
        )

    def entry_at(self, point: QPointF) -> int:
        """The entry at a place in this widget, or -1."""
        indices = range(len(self._state.entries))
        return next((index for index in indices if self.entry_rect(index).contains(point)), -1)

    # --- pixels

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._rescale()
        super().resizeEvent(event)

    def _rescale(self) -> None:
        """A well-filtered version for this size, made elsewhere; until then a quick one is painted."""
        image = self._state.composite
        if image is None or self._state.layout is None:
            return
        ratio = self.devicePixelRatioF()
        rect = self.picture_rect()
        width, height = max(1, round(rect.width() * ratio)), max(1, round(rect.height() * ratio))
        if width >= image.width():  # nothing to filter
            self._scaled = None
        elif self._scaled is None or self._scaled.width() != width:
            self._background.run(partial(shrink, image, width, height), partial(self._came, image))

    def _came(self, of: QImage, scaled: QImage) -> None:
        if of is self._state.composite:
            self._scaled = scaled
            self.update()

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if self.is_empty:
            self._paint_empty(painter)
        else:
            canvas = self.canvas_rect()
            self._paint_canvas(painter, canvas)
            if self._grid:
                self._paint_grid(painter, canvas)
            draw_ring(painter, canvas, 4, self._theme.color("border"), 1)
            self._paint_highlight(painter)
            if not self._state.busy:
                draw_places(painter, canvas, 4, self.place_rects())
        self._drag.paint(painter)
        if self.hasFocus():
            draw_ring(painter, QRectF(self.rect()), 6, self._theme.color("accent"), 2)
        painter.end()

    def _paint_empty(self, painter: QPainter) -> None:
        rect = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.setPen(QPen(self._theme.color("control"), 1, Qt.PenStyle.CustomDashLine))
        pen = painter.pen()
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.setBrush(self._theme.color("surface"))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        waiting = self._state.busy and any(entry.included for entry in self._state.entries)
        name = "image-off" if self._state.entries and not waiting else "images"
        draw_icon(painter, self._theme.icon(name, "faint"), rect.center(), 32)

    def _paint_canvas(self, painter: QPainter, canvas: QRectF) -> None:
        painter.fillRect(canvas, self._theme.color("surface"))
        painter.fillRect(canvas, QBrush(self._theme.color("border"), Qt.BrushStyle.BDiagPattern))
        image = self._scaled or self._state.composite
        assert image is not None  # or this widget is empty
        rect = self.picture_rect()
        if image.width() * image.height() > SMALL_PIXELS:
            painter.fillRect(rect, self._theme.color("hover"))  # its smaller version is on the way
        else:
            painter.fillRect(rect, self._theme.color("surface"))
            painter.setOpacity(0.45 if self._state.busy else 1.0)
            painter.drawImage(rect, image)
            painter.setOpacity(1.0)

    def _paint_grid(self, painter: QPainter, canvas: QRectF) -> None:
        """Each line light and dark, so that it shows on every picture."""
        layout = self._state.layout
        assert layout is not None
        high, wide = layout.tiles
        lines = [(canvas.left() + canvas.width() * i / wide, True) for i in range(1, wide)]
        lines += [(canvas.top() + canvas.height() * i / high, False) for i in range(1, high)]
        for color, offset in ((QColor(0, 0, 0, 90), 0.0), (QColor(255, 255, 255, 150), 4.0)):
            pen = QPen(color, 1)
            pen.setDashPattern([4, 4])
            pen.setDashOffset(offset)
            painter.setPen(pen)
            for place, upright in lines:
                at = round(place) + 0.5
                if upright:
                    painter.drawLine(QPointF(at, canvas.top()), QPointF(at, canvas.bottom()))
                else:
                    painter.drawLine(QPointF(canvas.left(), at), QPointF(canvas.right(), at))

    def _paint_highlight(self, painter: QPainter) -> None:
        rect = self.entry_rect(self._highlighted)
        if rect.isEmpty() or self._state.busy:
            return
        if len(self._state.layout.placements if self._state.layout else ()) > 1:
            around = QPainterPath()
            around.addRect(self.canvas_rect())
            inside = QPainterPath()
            inside.addRect(rect)
            painter.fillPath(around.subtracted(inside), with_alpha(self._theme.color("window"), 0.5))
        draw_ring(painter, rect.adjusted(-2, -2, 2, 2), 4, self._theme.color("accent"), 2)

    # --- events

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag.move(event):
            return
        self.hovered.emit(self.entry_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(-1)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            entry = self.entry_at(event.position())
            self._drag.press(event, entry, self.entry_rect(entry))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag.release(event):
            return
        inside = self.canvas_rect().contains(event.position())
        if event.button() == Qt.MouseButton.LeftButton and inside and not self.is_empty:
            self.opened.emit()

    def event(self, event: QEvent) -> bool:
        keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
        if event.type() == QEvent.Type.KeyPress and event.key() in keys and not self.is_empty:  # type: ignore[attr-defined]
            self.opened.emit()
            return True
        return super().event(event)
