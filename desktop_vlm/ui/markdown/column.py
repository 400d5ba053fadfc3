"""The parts of an answer from top to bottom, of a long one only those near the screen.

A short answer is laid out at once. Of a long one each turn of the event loop brings a part or two: those on the screen
first, then those near it; all others are an estimate of their height. What lies above the screen and turns out to be
of another height is reported (`shifted`), so that what is read can stay where it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import takewhile
from time import thread_time
from typing import TypeAlias

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from desktop_vlm.markdown.blocks import Code
from desktop_vlm.markdown.formula import lay_out, lay_out_beside
from desktop_vlm.ui.markdown.chunks import Group, counts_of, estimated_height, missing_formulas
from desktop_vlm.ui.markdown.column_item import Item, Part, kind_of, show_group
from desktop_vlm.ui.markdown.formula_block import FormulaBlock
from desktop_vlm.ui.markdown.prose import draw_quote_bar, gap_between, indent_px, quote_bars
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint

_Place: TypeAlias = "tuple[int, int, int, int]"
"""Left, top, width and height, px."""

_GAP = 0.95  # between parts, in text sizes
_GAP_ABOVE_PROSE = 0.6  # its first line brings the rest
_USUAL_WIDTH_PX = 640
_TURN_S = 0.006
"""Of the thread's time that a turn of the event loop may take before it leaves the rest to the next one."""
_LONG_FORMULA = 200
"""Characters of a formula that takes too long for the window's thread."""
_WAIT_MS = 15
"""For a formula that is laid out beside."""
_FAR_PX = 10_000_000
_MOST_KEPT = 48
_NEAR_PX = 900
"""From the screen: parts that are laid out before they are seen."""


class Column(QWidget):
    """See above.

    Attributes:
        items: its parts.
        is_lazy: whether they are laid out one after the other, or all of them are there.
        is_short: whether all of them are to be there in the end.

    Signals:
        height_changed: `heightForWidth` has another value now than the last time.
        shifted: pixels by which what is on the screen moved down, since something above it has another height.
        part_made: a widget of a part.
        part_shown: a part shows something else now.
    """

    height_changed = Signal()
    shifted = Signal(int)
    part_made = Signal(object)
    part_shown = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.items: list[Item] = []
        self.is_lazy = False
        self.is_short = True
        self._text_px = theme.text_px
        self._heights: dict[int, int] = {}
        self._known_places: tuple[int, list[_Place]] | None = None
        self._announced = 0
        self._bring_soon = QTimer(self, singleShot=True, interval=1)
        self._bring_soon.timeout.connect(self.bring_some)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    # What is shown

    def show_groups(self, keep: int, groups: Sequence[tuple[int, Group]], *, growing: bool) -> bool:
        """Show these after the first `keep` items. Returns whether anything may look different."""
        before = self.items[keep:]
        after: list[Item] = []
        for number, (first, group) in enumerate(groups):
            is_growing = growing and number == len(groups) - 1
            if number < len(before) and kind_of(before[number].group) is kind_of(group):
                item = before[number]
                item.is_stale |= item.group != group or item.growing != is_growing
                item.first, item.group, item.growing = first, group, is_growing
            else:
                self._drop(before[number:])
                del before[number:]
                item = Item(first, group, is_growing)
            if item.is_stale:
                item.width = item.guessed_width = -1
            after.append(item)
        self._drop(before[len(after) :])
        self.items[keep:] = after
        self._known_places = None
        return len(before) != len(after) or any(item.is_stale for item in after)

    def bring_all(self, *, changed: bool = False) -> None:
        """Lay out everything now; `changed` where what is shown is not as it was, whatever is laid out."""
        self.is_lazy = False
        for item in self.items:
            if item.part is None or item.is_stale:
                changed |= self._bring(item)
        if changed:
            self.content_changed()

    def bring_some(self) -> None:
        """Lay out what is on the screen or near it, for a turn of the event loop."""
        shown = self.visibleRegion().boundingRect()
        if not self.is_lazy or shown.isEmpty():
            return
        begun = thread_time()
        before = self._places(self.width())
        anchor = self._anchor(before, shown)
        changed, is_done = False, True
        for item in self._to_bring(shown):
            if self._formulas_are_ready(item):
                changed |= self._bring(item)
                self._measure(item, self.width())
            else:
                is_done = False
            if thread_time() - begun > _TURN_S:
                is_done = False
                break
        if changed or not is_done:
            self._tell_shift(before, anchor)
        if not self.is_short:
            self._drop_far(shown)
        if is_done and self.is_short:
            self.bring_all()
        elif not is_done or any(True for _ in self._to_bring(shown)):
            self._bring_soon.start(_WAIT_MS if self._waits else 1)

    def _formulas_are_ready(self, item: Item) -> bool:
        """Lay out one more formula of an item; a long one in a thread."""
        missing = missing_formulas(item.group, self.theme)
        self._waits = bool(missing) and len(missing[0][0]) > _LONG_FORMULA
        if self._waits:
            lay_out_beside(missing[0])
            return False
        for latex, size_px, display in missing[:1]:
            lay_out(latex, size_px, display=display)
        return len(missing) <= 1

    _waits = False

    @property
    def is_wanting(self) -> bool:
        """Whether something on the screen is not laid out yet."""
        shown = self.visibleRegion().boundingRect()
        return self.is_lazy and not shown.isEmpty() and any(True for _ in self._to_bring(shown))

    def _anchor(self, places: Sequence[_Place], shown: QRect) -> int:
        """Number of the part that must not move: the first one on the screen that is there, else the first."""
        first = _first_below(places, shown.top())
        for number in range(first, len(places)):
            if places[number][1] > shown.bottom():
                break
            if self.items[number].width == self.width():
                return number
        return first

    def _tell_shift(self, before: Sequence[_Place], at: int) -> None:
        """Announce new heights, and by how much what is on the screen moved."""
        self.content_changed()
        after = self._places(self.width())
        if at < len(before) and at < len(after) and (moved := after[at][1] - before[at][1]):
            self.shifted.emit(moved)

    def _to_bring(self, shown: QRect) -> Iterator[Item]:
        """What is to be laid out: on the screen, then near it."""
        width = self.width()
        places = self._places(width)
        near = _FAR_PX if self.is_short else _NEAR_PX
        for above, below in ((shown.top(), shown.bottom()), (shown.top() - near, shown.bottom() + near)):
            for number in range(_first_below(places, above), len(places)):
                if places[number][1] > below:
                    break
                item = self.items[number]
                if item.part is None or item.is_stale or item.width != width:
                    yield item

    def _bring(self, item: Item) -> bool:
        """Make or update the widget of an item. Returns whether its height may have changed."""
        fresh = item.part is None
        if item.part is None:
            item.part = kind_of(item.group)(self.theme, self)
            item.part.lay_out_at(max(self.width(), 1))  # rather than at no width first
            if isinstance(item.part, FormulaBlock):
                item.part.height_changed.connect(self._part_height_changed)
            self.part_made.emit(item.part)
        if item.is_old:
            item.part.restyle()
        changed = show_group(item.part, item.group, growing=item.growing) or item.is_old
        item.is_stale = item.is_old = False
        item.width = -1
        self.part_shown.emit(item.part)
        if not self.is_lazy:
            item.part.show()
        return changed or fresh

    def _part_height_changed(self) -> None:
        for item in self.items:
            if item.part is self.sender():
                item.width = -1
                if self.is_lazy:
                    self._measure(item, self.width())
        self.content_changed()

    @staticmethod
    def _drop(items: Sequence[Item]) -> None:
        for item in items:
            if item.part is not None:
                item.part.hide()
                item.part.deleteLater()
                item.part = None

    def restyle(self) -> None:
        """Take the theme again; of a long answer what is on the screen first."""
        if not self.is_lazy:
            self._text_px = self.theme.text_px
            for item in self.items:
                if item.part is not None:
                    item.part.restyle()
            self.content_changed()
            return
        shown = self.visibleRegion().boundingRect()
        same_size, self._text_px = self._text_px == self.theme.text_px, self.theme.text_px
        for item in self.items:
            if not same_size:
                item.width = item.guessed_width = -1
            if item.part is not None and (self.is_short or item.part.geometry().intersects(shown)):
                item.is_stale = item.is_old = True
            else:
                self._drop([item])
        self.content_changed()
        self._bring_soon.start()

    def begin_lazy(self) -> None:
        """From now on lay out one part after the other; those that are there keep their heights for the time being."""
        self.is_lazy = True
        for item in self.items:
            self._measure(item, self.width())

    def drop_unseen(self) -> None:
        """Let the widgets go that nobody sees: each of them costs time when all are styled again."""
        if self.is_lazy:
            shown = self.visibleRegion().boundingRect()
            self._drop([item for item in self.items if item.part and self._may_go(item.part, shown)])

    def _may_go(self, part: Part, shown: QRect) -> bool:
        return not part.geometry().intersects(shown) and not part.isAncestorOf(QApplication.focusWidget() or self)

    def _drop_far(self, shown: QRect) -> None:
        """Keep only so many widgets of a long answer."""
        there = [item for item in self.items if item.part]
        if len(there) > _MOST_KEPT:
            middle = shown.center().y()
            there.sort(key=lambda item: abs(item.part.geometry().center().y() - middle) if item.part else 0)
            near = shown.adjusted(0, -_NEAR_PX, 0, _NEAR_PX)
            self._drop([item for item in there[_MOST_KEPT:] if item.part and self._may_go(item.part, near)])

    # Places

    def content_changed(self) -> None:
        """Heights may be others now."""
        self._heights.clear()
        self._known_places = None
        self._place()
        self.updateGeometry()
        height = self.heightForWidth(self.width())
        if height != self._announced:
            self._announced = height
            self.height_changed.emit()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            places = self._places(width)
            self._heights[width] = places[-1][1] + places[-1][3] if places else 0
        return self._heights[width]

    def sizeHint(self) -> QSize:
        width = self.width() if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else _USUAL_WIDTH_PX
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(8 * self.theme.text_px, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._known_places = None
            self._place()
            if self.is_lazy:
                self._heights.clear()
                self._bring_soon.start()

    def _place(self) -> None:
        width = self.width()
        for item, (left, top, part_width, height) in zip(self.items, self._places(width), strict=True):
            if item.part is None:
                continue
            fits = not self.is_lazy or item.width == width
            if fits:
                item.part.setGeometry(left, top, part_width, height)
            elif not item.is_stale:
                item.part.move(left, top)  # and laid out when it comes near the screen
            item.part.setVisible(fits or item.is_stale)

    def _places(self, width: int) -> Sequence[_Place]:
        """Where each part is."""
        if self._known_places is None or self._known_places[0] != width:
            places = list(self._find_places(width))
            if width != self.width():
                return places
            self._known_places = width, places
        return self._known_places[1]

    def _find_places(self, width: int) -> Iterator[_Place]:
        top = 0
        before: Item | None = None
        for item in self.items:
            if before is not None:
                top += self._gap(before, item)
            left = min(indent_px(item.path, self.theme.text_px), width // 2)
            height = self._height(item, width, width - left)
            yield left, top, width - left, height
            top += height
            before = item

    def _gap(self, before: Item, item: Item) -> int:
        if isinstance(item.group, list):
            if isinstance(before.group, list):
                return round(gap_between(before.group[-1], item.group[0]) * self.theme.text_px)
            return round(_GAP_ABOVE_PROSE * self.theme.text_px)
        if isinstance(item.group, Code) and item.group.part and isinstance(before.group, Code):
            return 0
        return round(_GAP * self.theme.text_px)

    def _height(self, item: Item, width: int, part_width: int) -> int:
        if not self.is_lazy and item.part is not None:
            return item.part.height_for(part_width)
        if item.width == width:
            return item.height
        if item.guessed_width != width:
            if item.counted is not item.group:
                item.counted, item.counts = item.group, counts_of(item.group)
            item.guess = estimated_height(item.group, item.counts, part_width, self.theme)
            item.guessed_width = width
        return item.guess

    def _measure(self, item: Item, width: int) -> None:
        if item.part is not None:
            left = min(indent_px(item.path, self.theme.text_px), width // 2)
            item.height, item.width = item.part.height_for(width - left), width

    @safe_paint
    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars of quotes beside code blocks, tables and formulas, and between the parts of one quote."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            before, end = "", 0
            places = self._places(self.width())
            for number in range(max(0, _first_below(places, event.rect().top()) - 1), len(places)):
                item, (_, top, _, height) = self.items[number], places[number]
                if top > event.rect().bottom() + self.theme.text_px:
                    break
                first, last = item.edge_paths
                for left in quote_bars(_shared(before, first), self.theme.text_px):
                    draw_quote_bar(painter, self.theme, left, end - 3, top + 3)
                for left in quote_bars(item.path, self.theme.text_px):
                    draw_quote_bar(painter, self.theme, left, top, top + height - 1)
                before, end = last, top + height - 1
        if self.is_lazy and not self._bring_soon.isActive() and any(True for _ in self._to_bring(event.rect())):
            self._bring_soon.start()


def _first_below(places: Sequence[_Place], y: int) -> int:
    """The first part that ends below a height; their number where none does."""
    return bisect_right(places, y, key=lambda place: place[1] + place[3])


def _shared(before: str, after: str) -> str:
    """The lists and quotes that both paths begin with."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    return "".join(step for step, _ in same)
