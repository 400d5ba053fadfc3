"""The parts of an answer from top to bottom, of a long one only those near the screen.

A short answer is laid out at once. Of a long one each turn of the event loop brings a part or two: those on the screen
first, then those near it; all others are an estimate of their height. What lies above the screen and turns out to be
of another height is reported (`shifted`), so that what is read can stay where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from desktop_vlm.markdown.blocks import Code
from desktop_vlm.markdown.formula import FormulaKey
from desktop_vlm.ui.markdown.chunks import Group
from desktop_vlm.ui.markdown.column_item import Item, Part, kind_of, show_group
from desktop_vlm.ui.markdown.formula_block import FormulaBlock
from desktop_vlm.ui.markdown.formula_layout import lay_out_beside
from desktop_vlm.ui.markdown.group_text import group_text
from desktop_vlm.ui.markdown.prose import draw_quote_bar, gap_between, indent_px, quote_bars
from desktop_vlm.ui.markdown.stack import Stack
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.turn import Turn

_GAP = 0.95  # between parts, in text sizes
_GAP_ABOVE_PROSE = 0.6  # its first line brings the rest
_USUAL_WIDTH_PX = 640
_WAIT_MS = 15
"""For a formula that is laid out beside."""
_FAR_PX = 10_000_000
_MOST_KEPT = 48
_MOST_WIDTHS = 2
"""Beside its own at which heights are remembered: a layout asks for several."""
_NEAR_PX = 900
"""From the screen: parts that are laid out before they are seen."""


class Column(QWidget):
    """See above.

    Attributes:
        items: its parts.
        is_lazy: whether they are laid out one after the other, or all of them are there.
        is_short: whether all of them are to be there in the end.
        urgent: number of a part that is laid out before all others, wherever it is, and stays; there may be none yet.

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
        self.urgent: int | None = None
        self._text_px = theme.text_px
        self._rests = False
        self._live: set[Item] = set()  # those whose widgets are there
        self._gaps: list[int] = []  # above each
        self._stacks: dict[int, Stack] = {}  # by width
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
                item.show(first, group, growing=is_growing)
            else:
                self._drop(before[number:])
                del before[number:]
                item = Item(keep + number, first, group, is_growing)
            after.append(item)
        self._drop(before[len(after) :])
        self.items[keep:] = after
        del self._gaps[keep:]
        for stack in self._stacks.values():
            stack.cut(keep)
        return len(before) != len(after) or any(item.is_stale for item in after)

    def bring_at_once(self, *, changed: bool = False) -> bool:
        """Lay out everything in this turn of the event loop, or begin to.

        Args:
            changed: what is shown is not as it was, whatever is laid out.

        Returns whether all of it is there.
        """
        late = [item for item in self.items if item.part is None or item.is_stale]
        is_growing = any(item.growing for item in late)
        is_little = not is_growing and Turn.takes(sum(len(group_text(item.group)) for item in late), len(late))
        has_formulas = any(item.missing_formulas(self.theme) for item in late)
        for item in late:
            if has_formulas or not (is_little or Turn.has_time()):
                self.begin_lazy()
                return False
            changed |= self._bring(item)
        self._end_lazy(changed=changed)
        return True

    def _end_lazy(self, *, changed: bool) -> None:
        """All is there."""
        was_lazy, self.is_lazy = self.is_lazy, False
        for item in self._live if was_lazy else ():
            if item.part is not None:
                item.part.show()
        if changed or was_lazy:
            self.content_changed()

    def begin_lazy(self) -> None:
        """From now on lay out one part after the other; those that are there keep their heights for the time being."""
        if not self.is_lazy:
            self.is_lazy = True
            self._stacks.clear()
        for item in self._live:
            if item.width < 0:
                self._measure(item, self.width())
        self.content_changed()
        self._bring_soon.start()

    def bring_some(self) -> None:
        """Lay out what is on the screen or near it, for a turn of the event loop."""
        shown = self.visibleRegion().boundingRect()
        if not self.is_lazy or self._rests or shown.isEmpty():
            return
        if not Turn.has_time():
            self._bring_soon.start(0)
            return
        stack = self._stack(self.width())
        anchor = self._anchor(stack, shown)
        top = stack.top(anchor) if anchor < len(stack) else 0
        changed, is_late, missing = self._bring_for_a_turn(shown)
        if missing:
            lay_out_beside(missing)
        if changed:
            self._tell_shift(top, anchor)
        if not self.is_short:
            self._drop_far(shown)
        elif all(item.part and not item.is_stale for item in self.items):
            self._end_lazy(changed=True)
        if self.is_lazy and (is_late or missing or any(True for _ in self._to_bring(shown))):
            self._bring_soon.start(_WAIT_MS if missing and not is_late else 1)

    def _bring_for_a_turn(self, shown: QRect) -> tuple[bool, bool, dict[FormulaKey, None]]:
        """Lay out while there is time: whether anything changed, whether there is more, and formulas that it needs."""
        changed = False
        missing: dict[FormulaKey, None] = {}
        for item in self._to_bring(shown):
            if not Turn.has_time():
                return changed, True, missing
            if unready := item.missing_formulas(self.theme):
                missing.update(dict.fromkeys(unready))
                continue
            changed |= self._bring(item)
            self._measure(item, self.width())
        return changed, False, missing

    @property
    def is_wanting(self) -> bool:
        """Whether something on the screen is not laid out yet."""
        shown = self.visibleRegion().boundingRect()
        return self.is_lazy and not shown.isEmpty() and any(True for _ in self._to_bring(shown))

    def _anchor(self, stack: Stack, shown: QRect) -> int:
        """Number of the part that must not move: the first one on the screen that is there, else the first."""
        first = stack.first_below(shown.top())
        for number in range(first, len(stack)):
            if stack.top(number) > shown.bottom():
                break
            if self.items[number].width == self.width():
                return number
        return first

    def _tell_shift(self, before: int, at: int) -> None:
        """Announce new heights, and by how much the part that must not move did, whose top was at `before`."""
        self.content_changed()
        stack = self._stack(self.width())
        if at < len(stack) and (moved := stack.top(at) - before):
            self.shifted.emit(moved)

    def _to_bring(self, shown: QRect) -> Iterator[Item]:
        """What is to be laid out: what is urgent, on the screen, then near it."""
        width = self.width()
        stack = self._stack(width)
        if self.urgent is not None and self.urgent < len(self.items) and not self._is_laid_out(self.urgent):
            yield self.items[self.urgent]
        near = _FAR_PX if self.is_short else _NEAR_PX
        for above, below in ((shown.top(), shown.bottom()), (shown.top() - near, shown.bottom() + near)):
            number = stack.first_below(above)
            while number < len(stack) and stack.top(number) <= below:
                if not self._is_laid_out(number):
                    yield self.items[number]
                number += 1

    def _is_laid_out(self, number: int) -> bool:
        """Whether a part shows what it is to show, at the width that there is."""
        item = self.items[number]
        return item.part is not None and not item.is_stale and (not self.is_lazy or item.width == self.width())

    def _bring(self, item: Item) -> bool:
        """Make or update the widget of an item. Returns whether its height may have changed."""
        fresh = item.part is None
        if item.part is None:
            item.part = kind_of(item.group)(self.theme, self)
            self._live.add(item)
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
        for item in self._live:
            if item.part is self.sender():
                item.width = -1
                if self.is_lazy:
                    self._measure(item, self.width())
        self.content_changed()

    def _drop(self, items: Iterable[Item]) -> None:
        for item in items:
            if item.part is not None:
                item.part.hide()
                item.part.deleteLater()
                item.part = None
                self._live.discard(item)

    def restyle(self) -> None:
        """Take the theme again: what is on the screen first, and the rest when it comes near."""
        self._rests = False
        shown = self.visibleRegion().boundingRect()
        same_size, self._text_px = self._text_px == self.theme.text_px, self.theme.text_px
        if not same_size:
            self._gaps.clear()
            self._stacks.clear()
            for item in self.items:
                item.width = -1
        for item in list(self._live):
            if item.part is not None and (self.is_short or item.part.geometry().intersects(shown)):
                item.is_stale = item.is_old = True
            else:
                self._drop([item])
        if self.is_lazy or not self.bring_at_once(changed=True):
            self.content_changed()
            self._bring_soon.start()

    def rest(self) -> None:
        """Until `restyle` lay out nothing more, and let the widgets go that nobody sees: all are about to be styled."""
        self._rests = True
        if self.is_lazy:
            shown = self.visibleRegion().boundingRect()
            self._drop([item for item in self._live if item.part and self._may_go(item.part, shown)])

    def _may_go(self, part: Part, shown: QRect) -> bool:
        return not part.geometry().intersects(shown) and not part.isAncestorOf(QApplication.focusWidget() or self)

    def _drop_far(self, shown: QRect) -> None:
        """Keep only so many widgets of a long answer."""
        there = list(self._live)
        if len(there) > _MOST_KEPT:
            middle = shown.center().y()
            there.sort(key=lambda item: abs(item.part.geometry().center().y() - middle) if item.part else 0)
            near = shown.adjusted(0, -_NEAR_PX, 0, _NEAR_PX)
            others = [item for item in there[_MOST_KEPT:] if item.number != self.urgent]
            self._drop([item for item in others if item.part and self._may_go(item.part, near)])

    # Places

    def content_changed(self) -> None:
        """Heights may be others now."""
        if not self.is_lazy:
            self._stacks.clear()
        self._place()
        self.updateGeometry()
        height = self.heightForWidth(self.width())
        if height != self._announced:
            self._announced = height
            self.height_changed.emit()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._stack(width).total

    def sizeHint(self) -> QSize:
        width = self.width() if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else _USUAL_WIDTH_PX
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(8 * self.theme.text_px, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._place()
            if self.is_lazy:
                self._bring_soon.start()

    def _place(self) -> None:
        width = self.width()
        stack = self._stack(width)
        for item in self._live:
            if item.part is None:
                continue
            left, top = self._left(item, width), stack.top(item.number)
            fits = not self.is_lazy or item.width == width
            if fits:
                item.part.setGeometry(left, top, width - left, stack.height(item.number))
            elif not item.is_stale:
                item.part.move(left, top)  # and laid out when it comes near the screen
            item.part.setVisible(fits or item.is_stale)

    def _left(self, item: Item, width: int) -> int:
        return min(indent_px(item.path, self.theme.text_px), width // 2)

    def top_of(self, number: int) -> int:
        """Upper edge of a part, px of this widget."""
        return self._stack(self.width()).top(number)

    def _stack(self, width: int) -> Stack:
        """Where all parts are at a width."""
        stack = self._stacks.pop(width, None)
        if stack is None:
            stack = Stack()
            for old in [one for one in self._stacks if one != self.width()][:-_MOST_WIDTHS]:
                del self._stacks[old]
        self._stacks[width] = stack  # the last one used is the last one
        if len(stack) < len(self.items):
            self._find_gaps()
            more = self.items[len(stack) :]
            px = self.theme.text_px
            stack.extend(
                self._gaps[len(stack) :],
                [self._laid_out_height(item, width) or item.height_at(width, px) for item in more],
            )
        return stack

    def _laid_out_height(self, item: Item, width: int) -> int:
        """Of a part of a short answer, all of which are there; 0 in others."""
        return 0 if self.is_lazy or item.part is None else item.part.height_for(width - self._left(item, width))

    def _find_gaps(self) -> None:
        for number in range(len(self._gaps), len(self.items)):
            self._gaps.append(self._gap(self.items[number - 1], self.items[number]) if number else 0)

    def _gap(self, before: Item, item: Item) -> int:
        if isinstance(item.group, list):
            if isinstance(before.group, list):
                return round(gap_between(before.group[-1], item.group[0]) * self.theme.text_px)
            return round(_GAP_ABOVE_PROSE * self.theme.text_px)
        if isinstance(item.group, Code) and item.group.part and isinstance(before.group, Code):
            return 0
        return round(_GAP * self.theme.text_px)

    def _measure(self, item: Item, width: int) -> None:
        if item.part is not None:
            item.height, item.width = item.part.height_for(width - self._left(item, width)), width
            if (stack := self._stacks.get(width)) is not None and item.number < len(stack):
                stack.set_height(item.number, item.height)

    @safe_paint
    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars of quotes beside code blocks, tables and formulas, and between the parts of one quote."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            before, end = "", 0
            stack = self._stack(self.width())
            for number in range(max(0, stack.first_below(event.rect().top()) - 1), len(stack)):
                item, top, height = self.items[number], stack.top(number), stack.height(number)
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


def _shared(before: str, after: str) -> str:
    """The lists and quotes that both paths begin with."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    return "".join(step for step, _ in same)
