"""The conversation: a column of messages of which only those near the screen exist as widgets.

A conversation of 2,000 messages opens at once, because a message that nobody has looked at yet is only an
estimate of its height. When a message comes near, its widget is made and measured, and the scroll position moves
by the difference, so that what is being read stays where it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolButton, QWidget

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.focus_ring import FocusRing
from desktop_vlm.ui.widgets.turn import Turn

COLUMN_WIDTH = 780
MARGIN = 24
GAP = 18
_AHEAD = 700
"""Pixels above and below the screen in which widgets are made before they are seen, one by one in spare time."""
_AHEAD_EVERY_MS = 8
_KEPT = 24
"""Widgets kept although they left the screen, the ones seen last."""
_NEAR_END = 48
"""Pixels from the end within which the view follows a growing answer."""

Item: TypeAlias = "tuple[Hashable, Callable[[int], int], Callable[[], QWidget]]"
"""A key, a guess of the height in pixels for a width, and what makes the widget."""


@dataclass
class _Item:
    key: Hashable
    estimate: Callable[[int], int]
    make: Callable[[], QWidget]
    widget: QWidget | None = None
    guessed_for: int = 0
    measured_for: int = 0
    height: int = 0
    """For the width that it was guessed or measured for."""


class ConversationView(QAbstractScrollArea):
    """A column of items of any height."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._items: list[_Item] = []
        self._by_key: dict[Hashable, _Item] = {}
        self._tops: list[int] = [0]
        self._laid_out_for = 0  # the width that the tops are right for
        self._seen: list[_Item] = []
        self._following = True
        self._arranging = False
        self._sought: tuple[int, int] | None = None  # like an anchor: what is being gone to
        self._rests = False  # a theme is about to come
        self._shifts: dict[Hashable, int] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(self.tr("Conversation"))
        FocusRing(theme, self)
        self.verticalScrollBar().setSingleStep(48)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        # Several messages change height in one go, while an answer streams or the window is resized.
        self._arrange_soon = QTimer(self)
        self._arrange_soon.setSingleShot(True)
        self._arrange_soon.timeout.connect(self._arrange)
        self._ahead_soon = QTimer(self)
        self._ahead_soon.setSingleShot(True)
        self._ahead_soon.setInterval(_AHEAD_EVERY_MS)
        self._ahead_soon.timeout.connect(self._make_ahead)
        self._to_end = QToolButton(self)
        self._to_end.setObjectName("to-end")
        self._to_end.setProperty("kind", "floating")
        self._to_end.setAccessibleName(self.tr("Go to the end of the conversation"))
        self._to_end.setToolTip(self.tr("Go to the end"))
        self._to_end.clicked.connect(self.scroll_to_end)
        self._to_end.hide()
        theme.changing.connect(self._forget_unseen)
        theme.changed.connect(self._theme_changed)
        self._theme_changed()

    # Contents

    def set_items(self, items: Sequence[Item]) -> None:
        """Show other items, from their end; widgets of keys that were there before are kept."""
        kept = {item.key: item for item in self._items}
        self._items = []
        for key, estimate, make in items:
            item = kept.pop(key, None) or _Item(key, estimate, make)
            item.estimate, item.make = estimate, make
            self._items.append(item)
        for item in kept.values():
            self._drop(item, has_time=True)
        self._by_key = {item.key: item for item in self._items}
        self._laid_out_for = 0
        self._seen = [item for item in self._seen if item.widget]
        self._following, self._sought = True, None
        self._arrange()

    def widget(self, key: Hashable) -> QWidget | None:
        """The widget of an item, if it exists now."""
        item = self._by_key.get(key)
        return item.widget if item is not None else None

    def widgets(self) -> list[QWidget]:
        """Those that exist now, from top to bottom."""
        return [item.widget for item in self._items if item.widget is not None]

    def item_keys(self) -> list[Hashable]:
        return [item.key for item in self._items]

    def number_at_top(self) -> int:
        """Of the item at the upper edge of the screen."""
        return max(0, bisect_right(self._tops, self.verticalScrollBar().value()) - 1)

    # Places

    @property
    def column(self) -> tuple[int, int]:
        """Left edge and width of the column in pixels."""
        # Of the whole view, so that a scroll bar that comes moves nothing.
        width = min(COLUMN_WIDTH, self.width() - 2 * MARGIN)
        return (self.width() - width) // 2, max(width, 120)

    def scroll_to_end(self) -> None:
        """Show the end, and follow it from now on."""
        self._following, self._sought = True, None
        self._arrange()

    def scroll_to(self, key: Hashable, inside: int = 0) -> None:
        """Show an item from its top, or from so many pixels inside it; it is there at once, what is around it soon."""
        number = next((number for number, item in enumerate(self._items) if item.key == key), None)
        if number is None:
            return
        self._following, self._sought = False, (number, inside - MARGIN)
        self._shifts.pop(key, None)  # whoever says how far inside knows of them
        was_there = self._items[number].widget is not None
        Turn.has_time()  # it is made whether there is time or not, and counts
        self._measure(self._items[number], self.column[1])
        self._arrange(measures=was_there)

    def height_changed(self, key: Hashable) -> None:
        """To be called when an item became taller or shorter, however often: the column is arranged again once."""
        if (item := self._by_key.get(key)) is not None:
            item.measured_for = 0
        self._arrange_soon.start()

    def item_shifted(self, key: Hashable, pixels: int) -> None:
        """To be called when what is on the screen of an item moved down, since something above in it has grown."""
        self._shifts[key] = self._shifts.get(key, 0) + pixels
        self._arrange()

    def _arrange(self, *, measures: bool = True) -> None:
        """Make and place the widgets near the screen; what is read stays in its place.

        What takes too long for one turn of the event loop is left to the next; all of it, unless it `measures`.
        """
        if self._arranging:
            return
        self._arranging = True
        try:
            anchor, offset = self._anchor()
            shifts, self._shifts = self._shifts, {}
            if anchor is not None:
                offset += shifts.get(self._items[anchor].key, 0)
            if self._sought is not None:
                self._sought = self._sought[0], offset
            self._move_to(anchor, offset)
            # Measuring may move what is on the screen, and what comes onto it is measured then: twice is enough.
            for _ in range(3 if measures else 0):
                if not self._measure_near():
                    break
                self._move_to(anchor, offset)
            self._place()
            if self._sought is not None:
                self._end_seeking()
            elif anchor is not None and self._tops[anchor] + offset > self.verticalScrollBar().maximum():
                self._following = True  # it could not stay where it was: the end came into view
        finally:
            self._arranging = False

    def _end_seeking(self) -> None:
        """Where all on the screen has its height, what was sought has its place, and nothing moves it any more."""
        first, last = self._near(self.verticalScrollBar().value())
        if all(item.measured_for == self.column[1] for item in self._items[first:last]):
            self._sought = None
            self._following = self._is_at_end()
        else:
            self._arrange_soon.start()

    def _is_at_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.maximum() - bar.value() <= _NEAR_END

    def _move_to(self, anchor: int | None, offset: int) -> None:
        """Show the end, or what was shown before; see `_anchor`."""
        self._lay_out(self.column[1])
        if self._following and self._sought is None:
            self._set_position(self._tops[-1])
        elif anchor is not None:
            self._set_position(self._tops[anchor] + offset)

    def _measure_near(self) -> bool:
        """Whether any height turned out to be another than thought; what is late comes in the next turn."""
        _, width = self.column
        changed = False
        first, last = self._near(self.verticalScrollBar().value())
        near = self._items[first:last]
        for item in reversed(near) if self._following else near:
            if item.widget is not None and item.measured_for == width:
                continue
            if not Turn.has_time():  # of one turn, however often it is arranged in it
                self._arrange_soon.start()
                break
            changed |= self._measure(item, width)
        return changed

    def _measure(self, item: _Item, width: int) -> bool:
        """Whether the height of an item turned out to be another than thought; makes its widget."""
        if item.widget is None:
            self._make(item)
        if item.measured_for == width:
            return False
        height = _height(item.widget, width)
        changed = height != item.height
        item.height, item.measured_for = height, width
        if changed:
            self._laid_out_for = 0
        return changed

    def _make_ahead(self) -> None:
        """Make and measure one widget that will be seen soon, and come back while there are more."""
        if self._rests:
            return
        _, width = self.column
        value = self.verticalScrollBar().value()
        first, last = self._near(value)
        before, after = self._near(value, _AHEAD)
        for item in (*self._items[last:after], *reversed(self._items[before:first])):
            if item.widget is None or item.measured_for != width:
                if Turn.has_time():
                    self._measure(item, width)
                self._arrange()
                self._ahead_soon.start()
                return

    def _lay_out(self, width: int) -> None:
        """Tops of all items, with guesses where nothing was measured for this width."""
        if width != self._laid_out_for:
            for item in self._items:
                if item.widget is None and item.guessed_for != width != item.measured_for:
                    item.height, item.guessed_for = item.estimate(width), width
            self._tops = list(accumulate([item.height + GAP for item in self._items], initial=MARGIN))
            self._laid_out_for = width
        total = self._tops[-1]
        page = self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setPageStep(page)
        bar.setRange(0, max(0, total - page))

    def _set_position(self, value: int) -> None:
        bar = self.verticalScrollBar()
        bar.blockSignals(True)
        bar.setValue(min(value, bar.maximum()))
        bar.blockSignals(False)

    def _anchor(self) -> tuple[int | None, int]:
        """The item that must not move, and how far the top of the screen lies below its top.

        The one that is being gone to, or the first one on the screen whose height is known: one that is still a guess
        will grow upwards.
        """
        if not self._items or len(self._tops) != len(self._items) + 1:
            return None, 0
        if self._sought is not None:
            return self._sought
        value = self.verticalScrollBar().value()
        _, width = self.column
        top = max(0, min(bisect_right(self._tops, value) - 1, len(self._items) - 1))
        bottom = bisect_right(self._tops, value + self.viewport().height())
        known = (n for n in range(top, min(bottom, len(self._items))) if self._items[n].measured_for == width)
        number = next(known, top)
        return number, value - self._tops[number]

    def _near(self, value: int, ahead: int = 0) -> tuple[int, int]:
        """Numbers of the items on the screen or so many pixels from it: the first, and the one after the last."""
        first = max(0, bisect_right(self._tops, value - ahead) - 1)
        last = bisect_right(self._tops, value + self.viewport().height() + ahead)
        return first, min(last, len(self._items))

    def _place(self) -> None:
        left, width = self.column
        value = self.verticalScrollBar().value()
        first, last = self._near(value)
        for number, item in enumerate(self._items):
            if item.widget is None:
                continue
            if first <= number < last:
                item.widget.setGeometry(left, self._tops[number] - value, width, item.height)
                item.widget.show()
            else:
                item.widget.hide()
        self._forget_far(set(range(*self._near(value, _AHEAD))))
        self._ahead_soon.start()
        if self._is_at_end() != self._to_end.isHidden():
            self._to_end.setHidden(self._is_at_end())
        self._to_end.raise_()

    def _make(self, item: _Item) -> None:
        item.widget = item.make()
        item.widget.setParent(self.viewport())
        item.measured_for = 0
        self._seen.append(item)

    def _forget_far(self, near: set[int]) -> None:
        close = {id(self._items[number]) for number in near}
        far = [item for item in self._seen if id(item) not in close]
        for item in far[: max(0, len(far) - _KEPT)]:
            if item.widget and not item.widget.isAncestorOf(self.focusWidget() or self):
                self._drop(item)
        self._seen = [item for item in self._seen if item.widget]

    def _forget_unseen(self) -> None:
        """Keep only the widgets on the screen, and make none ahead until the theme is there."""
        self._rests = True
        first, last = self._near(self.verticalScrollBar().value())
        for number, item in enumerate(self._items):
            if not first <= number < last:
                self._drop(item)
        self._seen = [item for item in self._seen if item.widget]

    @staticmethod
    def _drop(item: _Item, *, has_time: bool = False) -> None:
        """`has_time`: it need not go in this turn of the event loop, in which others come."""
        if item.widget:
            item.widget.hide()  # and not taken from its parent, for which Qt would style it once more
            if has_time:  # megabytes of text take 25 ms to be deleted
                QTimer.singleShot(0, item.widget, item.widget.deleteLater)
            else:
                item.widget.deleteLater()
            item.widget = None

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._to_end.sizeHint()
        self._to_end.setGeometry(
            (self.width() - size.width()) // 2, self.height() - size.height() - 12, size.width(), size.height()
        )
        self._arrange()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Widgets are placed by `_place`."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels = event.pixelDelta().y() or round(event.angleDelta().y() * 0.8)
        if pixels:
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - pixels)
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        steps = {
            Qt.Key.Key_Up: -bar.singleStep(),
            Qt.Key.Key_Down: bar.singleStep(),
            Qt.Key.Key_PageUp: -bar.pageStep() * 9 // 10,
            Qt.Key.Key_PageDown: bar.pageStep() * 9 // 10,
            Qt.Key.Key_Home: -bar.maximum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            bar.setValue(bar.value() + step)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes on to what lies outside the screen, too: the view follows the focus."""
        moved = super().focusNextPrevChild(forward)
        widget = self.focusWidget()
        if moved and widget and self.viewport().isAncestorOf(widget):
            self.reveal(widget)
        return moved

    def reveal(self, widget: QWidget) -> None:
        """Scroll just as far as it takes to see a widget inside an item."""
        top = widget.mapTo(self.viewport(), QPoint(0, 0)).y()
        bar = self.verticalScrollBar()
        if top < 0:
            bar.setValue(bar.value() + top - MARGIN)
        elif top + widget.height() > self.viewport().height():
            bar.setValue(bar.value() + top + widget.height() - self.viewport().height() + MARGIN)

    def _scrolled(self, _value: int) -> None:
        if not self._arranging:  # by a person, and not because the column is shorter than it was thought to be
            self._following, self._sought = self._is_at_end(), None
            self._arrange()

    def _theme_changed(self) -> None:
        self._rests = False
        self._to_end.setIcon(self._theme.icon("arrow-down", "text"))
        for item in self._items:
            item.measured_for = item.guessed_for = 0
        self._laid_out_for = 0
        self._arrange_soon.start()


def _height(widget: QWidget | None, width: int) -> int:
    if widget is None:
        return 0
    widget.ensurePolished()
    layout = widget.layout()
    if layout is not None and layout.hasHeightForWidth():
        return layout.totalHeightForWidth(width)
    if widget.hasHeightForWidth():
        return widget.heightForWidth(width)
    return widget.sizeHint().height()
