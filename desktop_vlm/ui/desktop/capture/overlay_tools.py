"""The tools beside a selection of the overlay: marks on it, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.annotations.document import Document
from desktop_vlm.images.annotations.marks import KINDS, Mark
from desktop_vlm.ui.annotate.exact import ExactView, View
from desktop_vlm.ui.annotate.keys import key_typed, step_of
from desktop_vlm.ui.annotate.lettering import letter
from desktop_vlm.ui.annotate.painting import paint_handles, paint_mark
from desktop_vlm.ui.annotate.session import EditSession
from desktop_vlm.ui.annotate.toolbar import ToolBar
from desktop_vlm.ui.annotate.tools import CROP, SELECT
from desktop_vlm.ui.desktop.capture import chrome
from desktop_vlm.ui.desktop.capture.frozen import FrozenScreen
from desktop_vlm.ui.desktop.capture.mode import Purpose
from desktop_vlm.ui.theme import DARK, Theme, set_kind
from desktop_vlm.ui.theme.icons import icon
from desktop_vlm.ui.theme.safe_paint import safe_paint

_REACH = 8
"""How far beside a mark it can be meant, pixels of Qt."""
_GAP = 12
"""Between the selection and the tools."""
_LABEL = 26
"""Height of what says above the selection how large it is."""
_PADDING = 6
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class OverlayTools(QObject):
    """Marks on a screen's frozen picture, in its pixels, and one bar of buttons near the selection.

    Attributes:
        session: the marks.
        card: the bar; None before the tools are shown for the first time.

    Signals:
        changed: what is to be seen is another.
        finished: what shall become of the selection, a Purpose.
        cancelled: nothing.
    """

    changed = Signal()
    finished = Signal(Purpose)
    cancelled = Signal()

    def __init__(self, frozen: FrozenScreen, theme: Theme, overlay: QWidget) -> None:
        super().__init__(overlay)
        self._theme = theme
        self._frozen = frozen
        self._overlay = overlay
        self.card: ToolCard | None = None
        bounds = frozen.bounds
        self.session = EditSession(Document((bounds.width(), bounds.height())), letter, self)
        self._exact = ExactView(self)
        self._exact.made.connect(self.changed)
        self.session.changed.connect(self.changed)
        self._is_down = False

    @property
    def marks(self) -> tuple[Mark, ...]:
        return self.session.document.marks

    def show(self, selection: QRectF, area: QRectF) -> None:
        """Show the bar near a selection, wholly on the screen: below it, else above, else within."""
        if self.card is None:
            self._exact.show_levels([self._frozen.image])
            self.card = ToolCard(self.session, self._theme, self._overlay)
            self.card.finished.connect(self.finished)
            self.card.cancelled.connect(self.cancelled)
        self.card.setGeometry(place_of(self.card, selection, area))
        self.card.show()

    def hide(self) -> None:
        """While something else is selected."""
        if self.card is not None:
            self.card.hide()

    # The mouse: places are points of the overlay

    def press(self, at: QPointF, selection: QRect) -> bool:
        """The button goes down; whether a mark is meant, and not the selection."""
        x, y = self._pixel(at)
        session = self.session
        is_inside = selection.contains(int(x), int(y))
        if session.tool == SELECT:
            is_on_mark = session.mark_at(x, y, self._reach) >= 0 or self._is_on_handle(x, y)
            if not (is_inside and is_on_mark):
                session.finish_typing()
                session.selected = -1
                return False
        elif not is_inside:
            return False
        self._is_down = True
        session.press(x, y, self._reach)
        return True

    def move(self, at: QPointF, *, is_even: bool) -> bool:
        """The pointer moves; whether a mark is made or moved by it."""
        if self._is_down:
            self.session.move(*self._pixel(at), is_even=is_even)
        return self._is_down

    def release(self) -> bool:
        """The button comes up; whether that ends a mark."""
        was_down, self._is_down = self._is_down, False
        if was_down:
            self.session.release()
        return was_down

    def cursor_at(self, at: QPointF) -> Qt.CursorShape | None:
        """Over the inside of a selection; None where the selection itself is meant."""
        x, y = self._pixel(at)
        if self.session.tool == SELECT:
            is_on_mark = bool(self.marks) and self.session.mark_at(x, y, self._reach) >= 0
            return Qt.CursorShape.SizeAllCursor if is_on_mark else None
        return Qt.CursorShape.IBeamCursor if KINDS[self.session.tool].writes else Qt.CursorShape.CrossCursor

    def _pixel(self, at: QPointF) -> tuple[float, float]:
        return at.x() * self._frozen.scale, at.y() * self._frozen.scale

    @property
    def _reach(self) -> float:
        return _REACH * self._frozen.scale

    def _is_on_handle(self, x: float, y: float) -> bool:
        return any(abs(hx - x) <= self._reach and abs(hy - y) <= self._reach for hx, hy in self.session.handles)

    # Keys

    def take_key(self, event: QKeyEvent, selection: QRect) -> bool:
        """Whether a key is for the tools."""
        session = self.session
        if session.is_typing and key_typed(session, event):
            return True
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_Escape:
            return session.leave()
        if key in _ARROWS and session.picked is not None:
            across, down = _ARROWS[key]
            far = 10 if modifiers & Qt.KeyboardModifier.ControlModifier else 1
            is_resize = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            return session.nudge(across * far, down * far, is_resize=is_resize)
        do: Callable[[], object] | None = None
        is_control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if key == Qt.Key.Key_Space and session.tool != SELECT:
            center, size = selection.center(), min(selection.width(), selection.height()) / 3
            do = partial(session.put, center.x(), center.y(), size)
        elif is_control or key not in {Qt.Key.Key_R, Qt.Key.Key_C}:  # screens are neither turned nor cropped
            do = step_of(session, event)
        if do is not None:
            do()
        return do is not None

    # What is seen

    def paint(self, painter: QPainter, selection: QRect) -> None:
        """The marks, cut off where the selection ends."""
        session, scale = self.session, self._frozen.scale
        if not session.document.marks and session.live is None:
            return
        painter.save()
        painter.setClipRect(self._frozen.shown(selection))
        painter.scale(1 / scale, 1 / scale)
        view = View(0, QRect(selection), session.document.marks)
        if view.marks and self._exact.view == view and self._exact.image is not None:
            painter.drawImage(selection.topLeft(), self._exact.image)
        else:
            self._exact.request(view)
            for mark in sorted(view.marks, key=lambda mark: not mark.hides):
                paint_mark(painter, mark, session.document.size, self._exact.mosaics)
        if session.live is not None:
            paint_mark(painter, session.live, session.document.size, self._exact.mosaics)
        painter.restore()
        if (picked := session.picked) is not None and session.live is None:
            self._paint_picked(painter, picked)

    def _paint_picked(self, painter: QPainter, mark: Mark) -> None:
        handles = [self._shown(Box(x, y, x, y)).topLeft() for x, y in self.session.handles]
        frame = self._shown(mark.bounds).adjusted(-4, -4, 4, 4)
        if self.session.is_typing:  # room for the first letter
            frame.setSize(frame.size().expandedTo(QRectF(0, 0, 12, mark.width * 5 / self._frozen.scale).size()))
        paint_handles(painter, handles, frame, QColor(DARK.accent))

    def _shown(self, box: Box) -> QRectF:
        scale = self._frozen.scale
        return QRectF(box.left / scale, box.top / scale, box.width / scale, box.height / scale)


class ToolCard(QWidget):
    """The bar.

    Attributes:
        tools: buttons of the tools, colours and widths.
        ask, copy, save, close: what becomes of the selection.
    """

    finished = Signal(Purpose)
    cancelled = Signal()

    def __init__(self, session: EditSession, theme: Theme, overlay: QWidget) -> None:
        super().__init__(overlay)
        self._theme = theme
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.tools = ToolBar(session, self, leave_out=(CROP,), turns=False)
        self.copy = self._button("copy", self.tr("Copy (Ctrl+C)"), Purpose.COPY)
        self.save = self._button("download", self.tr("Save as\u2026 (Ctrl+S)"), Purpose.SAVE)
        self.close_button = self._button("x", self.tr("Cancel (Esc)"), None)
        self.ask = QPushButton(self.tr("Ask"), self)
        set_kind(self.ask, "on-dark-primary")
        self.ask.setToolTip(self.tr("Ask about it (Enter)"))
        self.ask.clicked.connect(lambda: self.finished.emit(Purpose.ASK))
        for button in (self.copy, self.save, self.ask, self.close_button):
            self.tools.add(button)
        self.tools.without_focus()
        row = QHBoxLayout(self)
        row.setContentsMargins(_PADDING, _PADDING, _PADDING, _PADDING)
        row.addWidget(self.tools)

    def _button(self, icon_name: str, text: str, purpose: Purpose | None) -> QToolButton:
        made = QToolButton(self)
        set_kind(made, "on-dark")
        made.setIcon(icon(icon_name, DARK.text, DARK.control))
        made.setToolTip(text)
        made.setAccessibleName(text.split(" (", maxsplit=1)[0])
        made.clicked.connect(lambda: self.cancelled.emit() if purpose is None else self.finished.emit(purpose))
        return made

    def size_within(self, width: float) -> QSize:
        """On one line if there is room for that."""
        self.tools.fit(self._theme, int(width) - 2 * _PADDING)
        hint = self.tools.sizeHint().width()
        inside = min(hint, int(width) - 2 * _PADDING)
        return QSize(inside + 2 * _PADDING, self.tools.heightForWidth(inside) + 2 * _PADDING)

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        chrome.draw_card(painter, QRectF(self.rect()), 12)
        painter.end()


def place_of(card: ToolCard, selection: QRectF, area: QRectF) -> QRect:
    """Where the bar goes: right below the selection, else above it, else within it; never off the screen."""
    size = card.size_within(area.width() - 2 * _GAP)
    left = min(selection.right() - size.width(), area.right() - _GAP - size.width())
    left = max(left, area.left() + _GAP)
    below, above = selection.bottom() + _GAP, selection.top() - _LABEL - _GAP - size.height()
    if below + size.height() <= area.bottom() - 4:
        top = below
    elif above >= area.top() + 4:
        top = above
    else:
        top = min(selection.bottom(), area.bottom()) - _GAP - size.height()
    return QRect(round(left), round(top), size.width(), size.height())
