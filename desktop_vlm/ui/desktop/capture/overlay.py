"""One screen's overlay: its frozen picture, dimmed, and the selection upon it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
)
from PySide6.QtWidgets import QWidget

from desktop_vlm.images.annotations.marks import Mark
from desktop_vlm.ui.annotate.tools import SELECT
from desktop_vlm.ui.desktop.capture import chrome
from desktop_vlm.ui.desktop.capture.frozen import FrozenScreen
from desktop_vlm.ui.desktop.capture.hints import Hint, HintBar
from desktop_vlm.ui.desktop.capture.magnifier import Magnifier
from desktop_vlm.ui.desktop.capture.mode import Purpose
from desktop_vlm.ui.desktop.capture.overlay_tools import OverlayTools
from desktop_vlm.ui.desktop.session import Session, current_session
from desktop_vlm.ui.pictures.wording import size_text
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.grips import Grip, dragged, grip_at, grown, moved, spanned

_CLICK_REACH = 3
"""A hand that clicks trembles by as many pixels of Qt; past it, the press is the start of a region."""
_GRIP_REACH = 8
_STEPS = {
    Qt.Key.Key_Left: QPoint(-1, 0),
    Qt.Key.Key_Right: QPoint(1, 0),
    Qt.Key.Key_Up: QPoint(0, -1),
    Qt.Key.Key_Down: QPoint(0, 1),
}
_SHAPES = {
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


@dataclass
class _Press:
    """The left button is down.

    Attributes:
        at: the point of the overlay; `pixel` of the picture.
        grip: what is dragged of `rect`; None when a new selection begins.
        has_moved: it is no click any more.
    """

    at: QPointF
    pixel: QPoint
    grip: Grip | None
    rect: QRect
    has_moved: bool = False


class Overlay(QWidget):
    """Covers a screen with its frozen picture and lets a part of it be selected.

    Attributes:
        frozen: the screen.
        selection: in pixels of the picture, None before a drag.
        is_adjusting: the selection waits for Enter; it can be dragged and moved by keys.

    Signals:
        chosen: the pixels that were selected.
        cancelled: right click.
        pointed: the pointer moved here.
        key_pressed: any key but modifiers, for whoever knows which overlay is meant.
        seized: a button went down here.
        taken: the pixels that were selected, and what for: a Purpose.
    """

    chosen = Signal(QRect)
    seized = Signal()
    taken = Signal(QRect, Purpose)
    cancelled = Signal()
    pointed = Signal()
    key_pressed = Signal(QKeyEvent)

    def __init__(
        self,
        frozen: FrozenScreen,
        theme: Theme,
        *,
        has_last: bool = False,
        has_tools: bool = False,
        shows_tools: bool = False,
    ) -> None:
        """Cover a screen.

        Args:
            frozen: the screen.
            theme: for fonts.
            has_last: whether there is a last region to offer.
            has_tools: whether pictures can be drawn on, copied and saved here.
            shows_tools: whether a selection waits, with the tools beside it; Shift does the other.
        """
        super().__init__()
        self._shows_tools = shows_tools
        self._has_last = has_last
        self.frozen = frozen
        self.selection: QRect | None = None
        self.is_adjusting = False
        self.tools = OverlayTools(frozen, theme, self) if has_tools else None
        if self.tools is not None:
            self.tools.changed.connect(self._marks_changed)
            self.tools.finished.connect(self.take)
            self.tools.cancelled.connect(self.cancelled)
        self._hints = HintBar(theme, self)
        self._hints.changed.connect(lambda: self.update(self._hints.rect(self._area).toAlignedRect()))
        self._magnifier = Magnifier(theme)
        self._font = chrome.number_font(theme, 0.93)
        self._windows: Sequence[QRect] | None = None
        self._pointer: QPointF | None = None
        self._press: _Press | None = None
        self._lit_before = QRegion()
        self._drawn_before = QRegion()
        flags = Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.Tool
        if QGuiApplication.platformName() == "xcb":
            # A window manager would move it off panels, animate it, or give it to the wrong screen.
            flags |= Qt.WindowType.BypassWindowManagerHint
        self.setWindowFlags(flags)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setWindowTitle(self.tr("Screenshot"))
        self.setAccessibleName(self.tr("Select what to capture"))
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setScreen(frozen.screen)
        self.setGeometry(frozen.geometry)
        if (pixel := frozen.pointer()) is not None:
            self._pointer = frozen.point(pixel)

    def cover_screen(self) -> None:
        """Come up over everything on the screen."""
        if current_session() is Session.WAYLAND:
            self.showFullScreen()  # no program says there where its windows are
        else:
            self.show()

    @property
    def _area(self) -> QRectF:
        return QRectF(self.rect())

    def set_windows(self, windows: Sequence[QRect]) -> None:
        """What can be clicked: pixels of the picture, topmost first."""
        self._windows = windows
        if self._hints.opacity == 1.0 and not self.is_adjusting:
            self.show_hints()
        self._refresh()

    def show_hints(self) -> None:
        """Say which keys there are now."""
        self._hints.show(self._adjusting_hints() if self.is_adjusting else self._choosing_hints())

    def window_under_pointer(self) -> QRect | None:
        """The topmost window there, in pixels of the picture."""
        if self._pointer is None:
            return None
        pixel = self.frozen.pixel(self._pointer)
        return next((window for window in self._windows or () if window.contains(pixel)), None)

    def leave(self) -> None:
        """The pointer is on another screen now: that one is chosen from."""
        self._pointer = self._press = self.selection = None
        self._adjust(False)
        self._hints.leave()
        self._refresh()

    def take(self, purpose: Purpose) -> None:
        """The selection, or the window under the pointer, is for this; without either it is the whole screen."""
        target = self.selection or self.window_under_pointer() or self.frozen.bounds
        if self._press is None:
            self.taken.emit(target, purpose)

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether a key is for the tools."""
        if self.tools is None:
            return False
        if self.is_adjusting and self.selection is not None and self.tools.take_key(event, self.selection):
            return True
        purposes = {QKeySequence.StandardKey.Copy: Purpose.COPY, QKeySequence.StandardKey.Save: Purpose.SAVE}
        purpose = next((one for key, one in purposes.items() if event.matches(key)), None)
        if purpose is not None:
            self.take(purpose)
        return purpose is not None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What was drawn."""
        return self.tools.marks if self.tools is not None else ()

    def _adjust(self, is_adjusting: bool) -> None:
        """Let the selection wait, with the tools beside it, or not."""
        self.is_adjusting = is_adjusting
        if self.tools is not None and is_adjusting and self.selection is not None:
            self.tools.show(self.frozen.shown(self.selection), self._area)
        elif self.tools is not None:
            self.tools.hide()

    def _marks_changed(self) -> None:
        if self.selection is not None:
            self.update(self.frozen.shown(self.selection).adjusted(-9, -9, 9, 9).toAlignedRect())

    def press_key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        """Arrows and Enter."""
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            target = self.selection or self.window_under_pointer()
            if target is not None and self._press is None:
                self.chosen.emit(target)
        elif key in _STEPS:
            step = _STEPS[key] * (10 if modifiers & Qt.KeyboardModifier.ControlModifier else 1)
            self._step(step, is_resize=bool(modifiers & Qt.KeyboardModifier.ShiftModifier))

    def _step(self, step: QPoint, *, is_resize: bool) -> None:
        if self.selection is None or self._press is not None:
            QCursor.setPos(QCursor.pos(self.frozen.screen) + step)  # a motion follows, as from the mouse
            return
        change = grown if is_resize else moved
        self.selection = change(self.selection, step, self.frozen.bounds)
        self._adjust(self.is_adjusting)
        self._refresh()

    # What the person does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.key_pressed.emit(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.cancelled.emit()
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.seized.emit()
        self._point(event.position())
        if self._is_for_marks(event.position()):
            self._hints.leave()
            return
        if self.tools is not None:
            self.tools.hide()
        rect = self.selection or QRect()
        grip = self._grip_at(event.position())
        self._press = _Press(event.position(), self.frozen.pixel(event.position()), grip, rect)
        self._hints.leave()
        self._refresh()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self.isVisible():  # the button came up after a key had ended it
            return
        self._point(event.position())
        press = self._press
        is_even = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self.tools is not None and self.tools.move(event.position(), is_even=is_even):
            return
        if press is not None:
            self._drag(press, event.position())
        else:
            self.setCursor(self._cursor_at(event.position()))
            if self._hints.rect(self._area).adjusted(-30, -30, 30, 30).contains(event.position()):
                self._hints.leave()
        self._refresh()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        press = self._press
        if event.button() == Qt.MouseButton.LeftButton and self.tools is not None and self.tools.release():
            return
        if event.button() != Qt.MouseButton.LeftButton or press is None or not self.isVisible():
            return
        self._point(event.position())
        self._drag(press, event.position())
        self._press = None
        if press.grip is None and press.has_moved:
            if bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) != self._shows_tools:
                self._adjust(True)
                self.show_hints()
            elif self.selection is not None:
                self.chosen.emit(self.selection)
        elif press.grip is None and not self.is_adjusting and (window := self.window_under_pointer()) is not None:
            self.chosen.emit(window)
        elif self.is_adjusting:
            self._adjust(True)
        self._refresh()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        is_on_selection = self.is_adjusting and self.selection is not None
        is_for_marks = self.tools is not None and (self.marks or self.tools.session.tool != SELECT)
        if is_on_selection and not is_for_marks and event.button() == Qt.MouseButton.LeftButton:
            assert self.selection is not None
            if self.selection.contains(self.frozen.pixel(event.position())):
                self.chosen.emit(self.selection)
        else:
            self.mousePressEvent(event)

    def _point(self, at: QPointF) -> None:
        self._pointer = at
        self.pointed.emit()

    def _drag(self, press: _Press, at: QPointF) -> None:
        press.has_moved = press.has_moved or (at - press.at).manhattanLength() > _CLICK_REACH
        pixel = self.frozen.pixel(at)
        if press.grip is not None:
            self.selection = dragged(press.rect, press.grip, pixel - press.pixel, self.frozen.bounds)
        elif press.has_moved:
            self._adjust(False)
            self.selection = spanned(press.pixel, pixel, self.frozen.bounds)

    def _is_for_marks(self, at: QPointF) -> bool:
        """A press: of the edges, the selection itself is meant; within them, what the tool in use says."""
        if self.tools is None or self.selection is None or not self.is_adjusting:
            return False
        return self._grip_at(at) in {Grip.INSIDE, None} and self.tools.press(at, self.selection)

    def _cursor_at(self, at: QPointF) -> Qt.CursorShape:
        grip = self._grip_at(at)
        if grip is Grip.INSIDE and self.tools is not None and (shape := self.tools.cursor_at(at)) is not None:
            return shape
        return _SHAPES[grip] if grip is not None else Qt.CursorShape.CrossCursor

    def _grip_at(self, at: QPointF) -> Grip | None:
        if not self.is_adjusting or self.selection is None:
            return None
        return grip_at(self.frozen.shown(self.selection), at, _GRIP_REACH)

    # What is seen

    def _lit(self) -> QRect | None:
        """What is not dimmed: the selection, or the window that a click would take."""
        if self.selection is not None:
            return self.selection
        return self.window_under_pointer() if self._press is None else None

    def _magnified(self) -> QPointF | None:
        """The point that the magnifier shows: none while a finished selection is looked at."""
        is_at_rest = self.is_adjusting and self._press is None
        is_moved = self._press is not None and self._press.grip is Grip.INSIDE
        return None if is_at_rest or is_moved else self._pointer

    def _refresh(self) -> None:
        """Paint again what changed: all of a large screen would take too long for every move of the mouse."""
        lit, drawn = self._lit(), self._drawn()
        lit_region = QRegion(self.frozen.shown(lit).toAlignedRect()) if lit is not None else QRegion()
        self.update(lit_region.xored(self._lit_before).united(drawn).united(self._drawn_before))
        self._lit_before, self._drawn_before = lit_region, drawn

    def _drawn(self) -> QRegion:
        region = QRegion()
        lit = self._lit()
        if lit is not None:
            frame = self.frozen.shown(lit)
            region = region.united(chrome.frame_region(frame))
            label = chrome.label_rect(size_text(lit.width(), lit.height()), self._font, frame, self._area)
            region = region.united(QRegion(label.toAlignedRect()))
        if (at := self._magnified()) is not None:
            region = region.united(QRegion(self._magnifier.rect(at, self._area).toAlignedRect()))
            region = region.united(chrome.guide_region(at, self._area))
        return region

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        lit = self._lit()
        self._paint_picture(painter, lit)
        if self.tools is not None and self.selection is not None:
            self.tools.paint(painter, self.selection)
        at = self._magnified()
        if at is not None and self._press is None:
            chrome.draw_guides(painter, self.frozen.point(self.frozen.pixel(at)), self._area)
        if lit is not None:
            frame = self.frozen.shown(lit)
            chrome.draw_frame(painter, frame, self._area, with_handles=self.selection is not None)
            text = size_text(lit.width(), lit.height())
            rect = chrome.label_rect(text, self._font, frame, self._area)
            chrome.draw_label(painter, rect, text, self._font)
        self._hints.draw(painter, self._area)
        if at is not None:
            rect = self._magnifier.rect(at, self._area)
            self._magnifier.draw(painter, rect, self.frozen.image, self.frozen.pixel(at))
        painter.end()

    def _paint_picture(self, painter: QPainter, lit: QRect | None) -> None:
        bounds = self.frozen.bounds
        painter.save()
        painter.scale(1 / self.frozen.scale, 1 / self.frozen.scale)  # pixel upon pixel, whatever the scale
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(0, 0, self.frozen.image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if lit is not None:
            painter.setClipRegion(QRegion(bounds).subtracted(QRegion(lit)), Qt.ClipOperation.IntersectClip)
        painter.fillRect(bounds, chrome.SCRIM)
        painter.restore()

    def _choosing_hints(self) -> list[Hint]:
        hints = [(self.tr("Drag"), self.tr("region"))]
        if self._windows:
            hints.append((self.tr("Click"), self.tr("window")))
        hints.append((self.tr("Space"), self.tr("whole screen")))
        if self._has_last:
            hints.append((self.tr("R"), self.tr("last region")))
        if self._shows_tools:
            hints.append((self.tr("Shift"), self.tr("without tools")))
        else:
            with_tools = self.tr("draw, copy, save") if self.tools is not None else self.tr("keep and adjust")
            hints.append((self.tr("Shift"), with_tools))
        hints.append((self.tr("Esc"), self.tr("cancel")))
        return hints

    def _adjusting_hints(self) -> list[Hint]:
        hints = [(self.tr("Enter"), self.tr("take") if self.tools is None else self.tr("ask"))]
        if self.tools is not None:
            hints += [(self.tr("Ctrl+C"), self.tr("copy")), (self.tr("Ctrl+S"), self.tr("save"))]
        hints += [(self.tr("Arrows"), self.tr("move")), (self.tr("Shift + arrows"), self.tr("resize"))]
        return [*hints, (self.tr("Esc"), self.tr("cancel"))]
