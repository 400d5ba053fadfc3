"""The picture in the editor: its marks, what is picked, the crop, and what the mouse and keys do to them."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.annotations.marks import KINDS, Mark
from desktop_vlm.ui.annotate.exact import ExactView, View
from desktop_vlm.ui.annotate.keys import key_typed, step_of
from desktop_vlm.ui.annotate.lettering import LINE_PX
from desktop_vlm.ui.annotate.painting import paint_handles, paint_mark
from desktop_vlm.ui.annotate.session import EditSession
from desktop_vlm.ui.annotate.tools import CROP, SELECT
from desktop_vlm.ui.pictures.canvas import PictureCanvas
from desktop_vlm.ui.theme import DARK
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.grips import Grip, grip_points

_REACH = 9
"""How far beside a thing it can be meant, logical px."""
_BEYOND = QColor(14, 14, 16)
"""The viewer's ground: what is cropped away is not to be seen, but while it is being cropped."""
_CROPPED = QColor(14, 14, 16, 150)
GRIP_CURSORS = {
    Grip.TOP_LEFT: Qt.CursorShape.SizeFDiagCursor,
    Grip.BOTTOM_RIGHT: Qt.CursorShape.SizeFDiagCursor,
    Grip.TOP_RIGHT: Qt.CursorShape.SizeBDiagCursor,
    Grip.BOTTOM_LEFT: Qt.CursorShape.SizeBDiagCursor,
    Grip.TOP: Qt.CursorShape.SizeVerCursor,
    Grip.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Grip.LEFT: Qt.CursorShape.SizeHorCursor,
    Grip.RIGHT: Qt.CursorShape.SizeHorCursor,
    Grip.INSIDE: Qt.CursorShape.SizeAllCursor,
}


class EditCanvas(PictureCanvas):
    """Draws with the tool in use; the middle button or Ctrl moves the picture, the wheel zooms.

    Attributes:
        session: what is done to the picture.
        exact: the pixels that it will have, of what is visible.

    Signals:
        finished: Enter.
        left: Escape, where there was nothing to give up.
    """

    finished = Signal()
    left = Signal()

    def __init__(self, session: EditSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.exact = ExactView(self)
        self.exact.made.connect(self.update)
        session.changed.connect(self._session_changed)
        session.tool_changed.connect(self._show_cursor)
        self._is_down = False
        self._shows_focus = False  # where the keyboard brought it here, or may take it away
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setAccessibleName(self.tr("Picture being edited"))

    def show_levels(self, levels: list[QImage]) -> None:
        self.exact.show_levels(levels)
        super().show_levels(levels)

    def _session_changed(self) -> None:
        self._show_cursor()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._shows_focus = event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._shows_focus = False
        self.update()

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._shows_focus = False
        moves = event.button() == Qt.MouseButton.MiddleButton or event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if moves:
            self._drag_from = event.position()
        elif event.button() == Qt.MouseButton.LeftButton and self._levels:
            self._is_down = True
            self.session.press(*self._pixel(event.position()), self._reach)
        self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self._drag_from is not None:
            step = event.position() - self._drag_from
            self._drag_from = event.position()
            self.pan(step.x(), step.y())
        elif self._is_down:
            is_even = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.session.move(*self._pixel(event.position()), is_even=is_even)
        else:
            self._show_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag_from is not None:
            self._drag_from = None
        elif event.button() == Qt.MouseButton.LeftButton and self._is_down:
            self._is_down = False
            self.session.release()
        self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self.session.mark_at(*self._pixel(event.position()), self._reach)
        mark = self.session.document.marks[at] if at >= 0 else None
        if mark is not None and KINDS[mark.kind].writes and self.session.tool == SELECT:
            self.session.use(mark.kind)
        self.mousePressEvent(event)

    @property
    def _reach(self) -> float:
        """In pixels of the picture."""
        return _REACH * self.devicePixelRatioF() / max(self.viewport.zoom, 1e-6)

    def _show_cursor(self) -> None:
        session = self.session
        x, y = self._pixel(self._pointer)
        if self._drag_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif session.tool == CROP:
            grip = session.crop_grip(x, y, self._reach)
            self.setCursor(GRIP_CURSORS[grip] if grip is not None else Qt.CursorShape.CrossCursor)
        elif session.tool == SELECT:
            is_over = session.mark_at(x, y, self._reach) >= 0
            self.setCursor(Qt.CursorShape.SizeAllCursor if is_over else Qt.CursorShape.ArrowCursor)
        elif KINDS[session.tool].writes:
            self.setCursor(Qt.CursorShape.IBeamCursor)
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)

    # Keys

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.session.type(event.commitString())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.session.is_typing and key_typed(self.session, event):
            return
        action = self._action(event)
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key is meant for the picture, so that no shortcut of the window may have it."""
        return self.session.is_typing or self._action(event) is not None

    def _action(self, event: QKeyEvent) -> Callable[[], object] | None:
        session, key = self.session, Qt.Key(event.key())
        if found := step_of(session, event):
            return found
        if key in _ARROWS and session.picked is not None:
            across, down = _ARROWS[key]
            is_resize = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            far = 10 if event.modifiers() & Qt.KeyboardModifier.ControlModifier else 1
            return lambda: session.nudge(across * far, down * far, is_resize=is_resize)
        actions: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Return: self.finished.emit,
            Qt.Key.Key_Enter: self.finished.emit,
            Qt.Key.Key_Escape: self._leave,
            Qt.Key.Key_Space: self._put,
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
        }
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            actions |= {Qt.Key.Key_0: self.fit, Qt.Key.Key_1: self.actual_size}
        if key in _ARROWS:
            across, down = _ARROWS[key]
            actions[key] = lambda: self.pan(-80 * across, -80 * down)
        return actions.get(key)

    def _leave(self) -> None:
        if not self.session.leave():
            self.left.emit()

    def _put(self) -> None:
        """A mark in the middle of what is seen, for hands without a mouse."""
        x, y = self._pixel(QPointF(self.rect().center()))
        self.session.put(x, y, min(*self.viewport.view) / self.viewport.zoom / 4)

    # What is seen

    @safe_paint
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._levels:
            return
        session = self.session
        painter = QPainter(self)
        self._paint_marks(painter)
        self._paint_crop(painter)
        if (mark := session.picked) is not None and session.live is None:
            frame = self._on_screen(mark.bounds).adjusted(-4, -4, 4, 4)
            handles = [self._on_screen(Box(x, y, x, y)).topLeft() for x, y in session.handles]
            paint_handles(painter, handles, frame, QColor(DARK.accent))
            if session.is_typing:
                self._paint_caret(painter, self._on_screen(mark.bounds), mark.width * LINE_PX)
        if self._shows_focus:
            painter.setPen(QPen(QColor(DARK.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(2, 2, -2, -2))
        painter.end()

    def _paint_marks(self, painter: QPainter) -> None:
        session = self.session
        view = self._view()
        if view.marks and self.exact.view == view and self.exact.image is not None:
            self._paint_exact(painter, view, self.exact.image)
        else:
            self.exact.request(view)
            for mark in sorted(view.marks, key=lambda mark: not mark.hides):
                self._paint_by_qt(painter, mark)
        if session.live is not None:
            self._paint_by_qt(painter, session.live)

    def _paint_by_qt(self, painter: QPainter, mark: Mark) -> None:
        port, ratio = self.viewport, self.devicePixelRatioF()
        painter.save()
        whole = self._on_screen(Box(0, 0, *port.image))
        painter.setClipRect(whole)
        painter.translate(port.left / ratio, port.top / ratio)
        painter.scale(port.zoom / ratio, port.zoom / ratio)
        paint_mark(painter, mark, self.session.document.size, self.exact.mosaics)
        painter.restore()

    def _view(self) -> View:
        """What is visible, in pixels of the size of the picture that is painted."""
        port = self.viewport
        width = port.image[0]
        at = max((number for number, one in enumerate(self._levels) if one.width() >= width * port.zoom), default=0)
        level = self._levels[at]
        left, top = port.to_image(0, 0)
        right, bottom = port.to_image(*port.view)
        scale = level.width() / width
        seen = QRect(0, 0, level.width(), level.height()).intersected(
            QRect(
                math.floor(left * scale),
                math.floor(top * scale),
                math.ceil((right - left) * scale) + 1,
                math.ceil((bottom - top) * scale) + 1,
            )
        )
        return View(at, seen, self.session.document.marks)

    def _paint_exact(self, painter: QPainter, view: View, image: QImage) -> None:
        port, ratio = self.viewport, self.devicePixelRatioF()
        scale = port.image[0] / self._levels[view.level].width() * port.zoom / ratio
        target = QRectF(
            port.left / ratio + view.part.x() * scale,
            port.top / ratio + view.part.y() * scale,
            view.part.width() * scale,
            view.part.height() * scale,
        )
        if port.zoom == 1.0:
            target.moveTo(round(target.left() * ratio) / ratio, round(target.top() * ratio) / ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, port.zoom < 2 and port.zoom != 1.0)
        painter.drawImage(target, image)

    def _paint_crop(self, painter: QPainter) -> None:
        document, is_cropping = self.session.document, self.session.tool == CROP
        if document.crop is None:
            return
        part = self._on_screen(Box(*document.part))
        around = QPainterPath()
        around.addRect(QRectF(self.rect()))
        inside = QPainterPath()
        inside.addRect(part)
        painter.fillPath(around.subtracted(inside), _CROPPED if is_cropping else _BEYOND)
        if is_cropping:
            painter.setPen(QPen(QColor(DARK.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(part)
            paint_handles(painter, list(grip_points(part).values()), part, QColor(DARK.accent))

    def _paint_caret(self, painter: QPainter, frame: QRectF, height: float) -> None:
        high = max(10.0, height * self.viewport.zoom / self.devicePixelRatioF())
        x = frame.right() if frame.width() else frame.left()
        for color, offset in ((QColor(0, 0, 0, 160), 1.0), (QColor("white"), 0.0)):
            painter.setPen(QPen(color, 1.5))
            painter.drawLine(
                QPointF(x + offset, max(frame.top(), frame.bottom() - high)), QPointF(x + offset, frame.top() + high)
            )


_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
