"""Pointing at a place of a picture with the mouse: a click for a spot, a drag for an area."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.pointing import MAX_POINTERS, Pointer
from desktop_vlm.images.redaction import pixels_of
from desktop_vlm.ui.pictures.places import draw_pointers, draw_pointing

CLICK_PX = 5
"""A press that moves less is a click."""


def pointer_between(start: tuple[float, float], end: tuple[float, float], size: tuple[int, int]) -> Pointer | None:
    """What a drag between two pixels points at: the area within the picture, or a spot where they are the same.

    None where that is outside of the picture.
    """
    if start == end:
        x, y = start
        return Pointer(Box(x, y, x, y)) if 0 <= x < size[0] and 0 <= y < size[1] else None
    (x1, x2), (y1, y2) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    area = pixels_of(Box(x1, y1, x2, y2), *size)
    return Pointer(Box(*area)) if area is not None else None


class PointingMode(QObject):
    """What is pointed at in one picture, while it is on and also while it is not.

    Attributes:
        is_on: whether the mouse points.
        pointers: as they are shown.

    Signals:
        changed: the person pointed, or took a mark away; carries the pointers.
        shown: what is to be seen is another.
    """

    changed = Signal(object)
    shown = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.is_on = False
        self.pointers: tuple[Pointer, ...] = ()
        self._size = (0, 0)
        self._are_old = False
        self._from: QPointF | None = None
        self._start: tuple[float, float] = (0.0, 0.0)
        self._live: Pointer | None = None

    def show(self, pointers: tuple[Pointer, ...], size: tuple[int, int], *, are_old: bool = False) -> None:
        """Of another picture, whose size in pixels this is; (0, 0) while that is not known.

        `are_old`: of a question that was asked; whoever points again means something else.
        """
        self.pointers, self._size, self._are_old = pointers, size, are_old
        self._from = self._live = None
        self.shown.emit()

    def turn(self, on: bool) -> None:
        """Have the mouse point, or no longer."""
        self.is_on, self._from, self._live = on, None, None
        self.shown.emit()

    def press(self, at: QPointF, pixel: tuple[float, float]) -> bool:
        """The button goes down at a point of the widget; whether that is for pointing."""
        if not self.is_on or not all(self._size):
            return False
        self._from, self._start = at, pixel
        return True

    def move(self, at: QPointF, pixel: tuple[float, float]) -> bool:
        """The pointer moves; whether something is being pointed at."""
        if self._from is None:
            return False
        is_drag = (at - self._from).manhattanLength() > CLICK_PX
        self._live = pointer_between(self._start, pixel, self._size) if is_drag else None
        self.shown.emit()
        return True

    def release(self) -> bool:
        """The button comes up: another pointer, or where a mark was clicked, one less."""
        if self._from is None:
            return False
        live, self._live, self._from = self._live, None, None
        if live is not None:
            self._change((*self._own, live))
        elif under := [one for one in self._own if one.is_near(*self._start, self._size)]:
            self._change(tuple(one for one in self._own if one != under[-1]))
        else:
            self.add_spot(self._start)
        self.shown.emit()
        return True

    def clear(self) -> bool:
        """Take all marks away; whether there were any."""
        had_some = bool(self._own)
        if had_some:
            self._change(())
        return had_some

    def add_spot(self, pixel: tuple[float, float]) -> None:
        """Point at a place without the mouse."""
        if (spot := pointer_between(pixel, pixel, self._size)) is not None:
            self._change((*self._own, spot))

    @property
    def _own(self) -> tuple[Pointer, ...]:
        """Those of the question that is being written."""
        return () if self._are_old else self.pointers

    def _change(self, pointers: tuple[Pointer, ...]) -> None:
        self.pointers, self._are_old = pointers[-MAX_POINTERS:], False
        self.changed.emit(self.pointers)
        self.shown.emit()

    def paint(self, painter: QPainter, on_screen: Callable[[Box], QRectF]) -> None:
        """What is pointed at, and what is just about to be."""
        pointers = self.pointers if self._live is None else (*self.pointers, self._live)
        if pointers and all(self._size):
            draw_pointing(painter, pointers, self._size, on_screen)


class PointingDrag(QObject):
    """Pointing in a small version of pictures: a drag, or a click with Shift; any other click is the widget's.

    Signals:
        pointed: index of the entry that was pressed, and the Pointer.
    """

    pointed = Signal(int, object)

    def __init__(self, widget: QWidget, size_of: Callable[[int], tuple[int, int]]) -> None:
        """`size_of` gives the size of an entry's picture, px."""
        super().__init__(widget)
        self._widget = widget
        self._size_of = size_of
        self._entry = -1
        self._rect = QRectF()
        self._from = QPointF()
        self._to: QPointF | None = None

    def press(self, event: QMouseEvent, entry: int, rect: QRectF) -> None:
        """The button goes down over an entry, -1 for none, which is shown in this rectangle."""
        self._entry, self._rect, self._to = entry, rect, None
        self._from = event.position()

    def move(self, event: QMouseEvent) -> bool:
        """The pointer moves; whether something is being pointed at."""
        is_down = self._entry >= 0 and bool(event.buttons() & Qt.MouseButton.LeftButton)
        if is_down and (self._to is not None or (event.position() - self._from).manhattanLength() > CLICK_PX):
            self._to = event.position()
            self._widget.update()
        return is_down and self._to is not None

    def release(self, event: QMouseEvent) -> bool:
        """The button comes up; whether something was pointed at."""
        entry, to = self._entry, self._to
        self._entry, self._to = -1, None
        if entry < 0 or (to is None and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier):
            return False
        start, end = self._pixel(entry, self._from), self._pixel(entry, to or self._from)
        pointer = pointer_between(start, end, self._size_of(entry))
        self._widget.update()
        if pointer is not None:
            self.pointed.emit(entry, pointer)
        return True

    def paint(self, painter: QPainter) -> None:
        """What is just about to be pointed at."""
        if self._to is not None:
            draw_pointers(painter, [QRectF(self._from, self._to).normalized().intersected(self._rect)])

    def _pixel(self, entry: int, at: QPointF) -> tuple[float, float]:
        width, height = self._size_of(entry)
        x = (at.x() - self._rect.left()) / max(1.0, self._rect.width()) * width
        y = (at.y() - self._rect.top()) / max(1.0, self._rect.height()) * height
        return min(max(x, 0.0), width - 1.0), min(max(y, 0.0), height - 1.0)
