"""The picture with its black boxes: switched by clicks, drawn by dragging."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.redaction import pixels_of
from desktop_vlm.ui.pictures.canvas import PictureCanvas
from desktop_vlm.ui.redaction.proposal import Mark, Proposal
from desktop_vlm.ui.theme.safe_paint import safe_paint

_BLACK = QColor(0, 0, 0)
_EDGE = QColor(255, 255, 255, 150)
"""Around a box, so that it shows on a black picture."""
_OFF = QColor(255, 196, 0)
_CLICK_PX = 4
"""A press that moves less is a click."""
_SMALLEST_PX = 3
"""Of the picture: what is drawn smaller was not meant."""


class RedactionCanvas(PictureCanvas):
    """A click on a box switches it, dragging draws one; the middle button or Ctrl moves the picture.

    Signals:
        pointed: index of the mark under the pointer, -1 for none.
    """

    pointed = Signal(int)

    def __init__(self, proposal: Proposal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._proposal = proposal
        self._pressed: QPointF | None = None
        self._draws_to: QPointF | None = None
        self._pointed = -1
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # away from the field, which has an undo of its own
        proposal.changed.connect(self.update)

    @property
    def drawn(self) -> Box | None:
        """What is being drawn, px of the picture; None while nothing is."""
        if self._pressed is None or self._draws_to is None:
            return None
        (x1, y1), (x2, y2) = self._pixel(self._pressed), self._pixel(self._draws_to)
        area = pixels_of(Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)), *map(round, self.viewport.image))
        return Box(*area) if area is not None else None

    def point_out(self, index: int) -> None:
        """Show which mark is meant; -1 for none."""
        if index != self._pointed:
            self._pointed = index
            self.update()

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        moves = event.button() == Qt.MouseButton.MiddleButton or event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if moves:
            self._drag_from, self._moved = event.position(), True
            self._show_cursor()
        elif event.button() == Qt.MouseButton.LeftButton and self._levels:
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self._drag_from is not None:
            step = event.position() - self._drag_from
            self._drag_from = event.position()
            self.pan(step.x(), step.y())
            return
        if self._pressed is not None:
            if self._draws_to is not None or (event.position() - self._pressed).manhattanLength() > _CLICK_PX:
                self._draws_to = event.position()
                self.update()
            return
        index = self._mark_at(event.position())
        if index != self._pointed:
            self.point_out(index)
            self.pointed.emit(index)
        self._show_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag_from is not None:
            self._drag_from = None
        elif event.button() == Qt.MouseButton.LeftButton and self._pressed is not None:
            box, at = self.drawn, self._pressed
            self._pressed = self._draws_to = None
            if box is not None and min(box.width, box.height) >= _SMALLEST_PX:
                self._proposal.draw(box)
            elif (index := self._mark_at(at)) >= 0:
                self._proposal.switch(index, not self._proposal.marks[index].on)
            self.update()
        self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)  # two quick clicks are two clicks

    def _mark_at(self, at: QPointF) -> int:
        if not self._is_inside(at):
            return -1
        found = self._proposal.at(*self._pixel(at))
        return -1 if found is None else found

    def _show_cursor(self) -> None:
        if self._drag_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._mark_at(self._pointer) >= 0:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        elif self._is_inside(self._pointer):
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()

    # Painting

    @safe_paint
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._levels:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, mark in enumerate(self._proposal.marks):
            self._paint_mark(painter, mark, pointed=index == self._pointed)
        if (box := self.drawn) is not None:
            painter.setPen(QPen(_EDGE, 1))
            painter.setBrush(QColor(0, 0, 0, 200))
            painter.drawRect(self._on_screen(box))
        painter.end()

    def _paint_mark(self, painter: QPainter, mark: Mark, *, pointed: bool) -> None:
        for box in mark.boxes:
            area = pixels_of(box, *map(round, self.viewport.image))
            if area is None:
                continue
            rect = self._on_screen(Box(*area))
            if mark.on:
                painter.fillRect(rect, _BLACK)
                painter.setPen(QPen(_OFF if pointed else _EDGE, 2 if pointed else 1))
            else:
                painter.fillRect(rect, QColor(_OFF.red(), _OFF.green(), _OFF.blue(), 90 if pointed else 40))
                painter.setPen(QPen(_OFF, 2 if pointed else 1.4, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(rect).adjusted(-0.5, -0.5, 0.5, 0.5))
