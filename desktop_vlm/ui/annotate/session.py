"""What a person does to one picture with tools: no widget, so that the editor and the capture overlay share it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, Signal

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.annotations.document import Document
from desktop_vlm.images.annotations.marks import COLORS, KINDS, MAX_POINTS, WIDTHS, Gesture, Mark, unit_of
from desktop_vlm.images.annotations.shapes import Point
from desktop_vlm.ui.annotate.tools import CROP, SELECT
from desktop_vlm.ui.widgets.grips import Grip, dragged, grip_at, spanned

Letter: TypeAlias = "Callable[[str, float], tuple[bytes, tuple[int, int]]]"
"""Text and line width to a stencil and its size (`lettering.letter`)."""

_KEPT_STEPS = 200
_SMALLEST = 2.0
"""Of the picture, px: what is drawn smaller was not meant."""


class EditSession(QObject):
    """A document, the steps that led to it, and what is being made.

    Attributes:
        document: as it is now.
        tool: id of the tool in use.
        color, width_step: of the next mark.
        selected: index of the mark that is picked; -1 for none.
        live: the mark that is being made.
        is_typing: whether the picked mark is being written.

    Signals:
        changed: what is to be seen is another.
        tool_changed: another tool, colour or width is in use.
    """

    changed = Signal()
    tool_changed = Signal()

    def __init__(self, document: Document, letter: Letter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.tool = SELECT
        self.color = COLORS[0]
        self.width_step = 1
        self.selected = -1
        self.live: Mark | None = None
        self.is_typing = False
        self._letter = letter
        self._start_of_text = document
        self._is_new_crop = False
        self._before: list[Document] = []
        self._after: list[Document] = []
        self._start: Document | None = None  # before the drag that is going on
        self._from: Point = (0.0, 0.0)
        self._handle: int | None = None
        self._grip: Grip | None = None

    # Steps

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        return bool(self._after)

    def undo(self) -> None:
        """One step back."""
        self.finish_typing()
        if self._before and self._start is None:
            self._after.append(self.document)
            self._show(self._before.pop())

    def redo(self) -> None:
        """One step forward again."""
        self.finish_typing()
        if self._after and self._start is None:
            self._before.append(self.document)
            self._show(self._after.pop())

    def do(self, document: Document) -> None:
        """Make this the document, as a step."""
        if document != self.document:
            self._remember(self.document)
            self.document = document
        self.changed.emit()

    def start_from(self, document: Document) -> None:
        """Begin with this document: there is nothing to undo."""
        self._before.clear()
        self._after.clear()
        self._start = self.live = None
        self._show(document)

    def _remember(self, before: Document) -> None:
        self._before.append(before)
        del self._before[:-_KEPT_STEPS]
        self._after.clear()

    def _show(self, document: Document) -> None:
        self.document = document
        self.selected = -1
        self.is_typing = False
        self.changed.emit()

    # Tools

    @property
    def width(self) -> float:
        """Of the lines of the next mark, px."""
        return WIDTHS[self.width_step] * unit_of(self.document.size)

    @property
    def picked(self) -> Mark | None:
        """The mark that is selected."""
        return self.document.marks[self.selected] if 0 <= self.selected < len(self.document.marks) else None

    def use(self, tool: str) -> None:
        """Take another tool."""
        self.finish_typing()
        if tool != self.tool:
            self.tool = tool
            if tool != SELECT:
                self.selected = -1
            self.tool_changed.emit()
            self.changed.emit()

    def use_color(self, color: str) -> None:
        """For the next marks, and for the one that is picked."""
        self.color = color
        mark = self.picked
        if mark is not None and not mark.hides:
            self._change_picked(replace(mark, color=color))
        self.tool_changed.emit()

    def use_width(self, step: int) -> None:
        """For the next marks, and for the one that is picked."""
        self.width_step = min(max(step, 0), len(WIDTHS) - 1)
        if (mark := self.picked) is not None:
            self._change_picked(self._lettered(replace(mark, width=self.width)))
        self.tool_changed.emit()

    def rotate(self, by: int) -> None:
        """Turn everything clockwise by 90 degrees so many times."""
        self.finish_typing()
        self.do(self.document.turned(by))

    def reset(self) -> None:
        """The original as it was; this is a step like others."""
        self.finish_typing()
        self.selected = -1
        self.do(Document(self.document.original))

    # The pointer: places are px of the turned original

    def press(self, x: float, y: float, reach: float) -> None:
        """The button goes down; `reach` is how far beside a thing it can be meant."""
        self._from = (x, y)
        self._handle = self._grip = None
        was_typing = self.is_typing
        self.finish_typing()
        if self.tool == CROP:
            self._begin_crop(x, y, reach)
        elif (handle := self._handle_at(x, y, reach)) is not None:
            self._start, self._handle = self.document, handle
        elif self.tool == SELECT:
            self.selected = self.mark_at(x, y, reach)
            self._start = self.document if self.selected >= 0 else None
        elif not (was_typing and KINDS[self.tool].writes):  # a click beside a text that is written ends that only
            self._begin_mark(x, y, reach)
        self.changed.emit()

    def move(self, x: float, y: float, *, is_even: bool = False) -> None:
        """The button is down and the pointer moves; `is_even` asks for squares and level lines."""
        if self.live is not None:
            self.live = self._continued(self.live, x, y, is_even)
        elif self._start is not None and self._grip is not None:
            self._move_crop(x, y)
        elif self._start is not None and (mark := self._picked_at_start()) is not None:
            if self._handle is not None:
                mark = _with_point(mark, self._handle, (x, y))
            else:
                mark = mark.moved(x - self._from[0], y - self._from[1])
            self.document = self._start.with_changed(self.selected, mark)
        else:
            return
        self.changed.emit()

    def release(self) -> None:
        """The button comes up."""
        live, self.live = self.live, None
        start, self._start = self._start, None
        self._handle = self._grip = None
        if live is not None:
            self._add(live)
        elif start is not None and start != self.document:
            self._remember(start)
        self.changed.emit()

    def mark_at(self, x: float, y: float, reach: float) -> int:
        """Index of the topmost mark there, -1 for none."""
        marks = self.document.marks
        return next((at for at in reversed(range(len(marks))) if marks[at].is_near(x, y, reach)), -1)

    def _begin_mark(self, x: float, y: float, reach: float) -> None:
        kind = KINDS[self.tool]
        under = self.mark_at(x, y, reach)
        if kind.writes and under >= 0 and KINDS[self.document.marks[under].kind].writes:
            self.selected, self.is_typing = under, True
            self._start_of_text = self.document
            return
        self.selected = -1
        mark = Mark(kind.id, ((x, y),), self.color, self.width)
        if kind.gesture in {Gesture.AREA, Gesture.LINE}:
            mark = replace(mark, points=((x, y), (x, y)))
        self.live = replace(mark, text=self._next_number()) if kind.counts else mark
        self._start = self.document

    def _continued(self, mark: Mark, x: float, y: float, is_even: bool) -> Mark:
        gesture = KINDS[mark.kind].gesture
        if gesture is Gesture.PATH:
            if is_even:
                return replace(mark, points=(mark.points[0], (x, y)))
            return replace(mark, points=(*mark.points, (x, y))) if len(mark.points) < MAX_POINTS else mark
        if gesture is Gesture.SPOT:
            return replace(mark, points=((x, y),))
        start = mark.points[0]
        return replace(mark, points=(start, _even(start, (x, y), gesture) if is_even else (x, y)))

    def _add(self, mark: Mark) -> None:
        kind = KINDS[mark.kind]
        if kind.writes:
            self.document = self.document.with_mark(mark)
            self.selected, self.is_typing = len(self.document.marks) - 1, True
            self._start_of_text = self.document.with_changed(self.selected, None)
            return
        area = mark.area
        longest = max(area.width, area.height)
        if kind.gesture is Gesture.AREA and min(area.width, area.height) < _SMALLEST:
            return
        if kind.gesture is Gesture.LINE and longest < _SMALLEST:
            return
        self.do(self.document.with_mark(mark))
        self.selected = len(self.document.marks) - 1

    def _next_number(self) -> str:
        used = [int(mark.text) for mark in self.document.marks if KINDS[mark.kind].counts and mark.text.isdecimal()]
        return str(max(used, default=0) + 1)

    # Handles and the crop

    @property
    def handles(self) -> tuple[Point, ...]:
        """Points of the picked mark that can be dragged."""
        mark = self.picked
        if mark is None or len(mark.points) != 2:
            return ()
        (x1, y1), (x2, y2) = mark.points
        if KINDS[mark.kind].gesture is Gesture.AREA:
            return (x1, y1), (x2, y1), (x2, y2), (x1, y2)
        return mark.points

    def _handle_at(self, x: float, y: float, reach: float) -> int | None:
        near = (at for at, (hx, hy) in enumerate(self.handles) if abs(hx - x) <= reach and abs(hy - y) <= reach)
        return next(near, None)

    def _picked_at_start(self) -> Mark | None:
        marks = self._start.marks if self._start is not None else ()
        return marks[self.selected] if 0 <= self.selected < len(marks) else None

    def crop_grip(self, x: float, y: float, reach: float) -> Grip | None:
        """What of the crop a press there would drag."""
        left, top, right, bottom = self.document.part
        if self.document.crop is None:
            return None
        from_area = QRect(QPoint(left, top), QPoint(right - 1, bottom - 1))
        return grip_at(QRectF(from_area), QPointF(x, y), reach)

    def _begin_crop(self, x: float, y: float, reach: float) -> None:
        self._grip = self.crop_grip(x, y, reach) or Grip.BOTTOM_RIGHT
        self._is_new_crop = self.crop_grip(x, y, reach) is None
        self._start = self.document

    def _move_crop(self, x: float, y: float) -> None:
        assert self._start is not None
        assert self._grip is not None
        wide, high = self.document.size
        whole = QRect(0, 0, wide, high)
        if self._is_new_crop:
            rect = spanned(_point(*self._from), _point(x, y), whole)
        else:
            left, top, right, bottom = self._start.part
            before = QRect(QPoint(left, top), QPoint(right - 1, bottom - 1))
            by = QPoint(round(x - self._from[0]), round(y - self._from[1]))
            rect = dragged(before, self._grip, by, whole)
        if rect.width() >= _SMALLEST and rect.height() >= _SMALLEST:
            area = Box(rect.left(), rect.top(), rect.right() + 1, rect.bottom() + 1)
            self.document = self._start.cropped(area)

    # Keys

    def delete(self) -> bool:
        """Take the picked mark away; in the crop tool, the crop. Whether there was something to take away."""
        if self.tool == CROP and self.document.crop is not None:
            self.do(self.document.cropped(None))
            return True
        if self.picked is None:
            return False
        index, self.selected, self.is_typing = self.selected, -1, False
        self.do(self.document.with_changed(index, None))
        return True

    def nudge(self, across: float, down: float, *, is_resize: bool = False) -> bool:
        """Move the picked mark, or its last point; whether there is one."""
        mark = self.picked
        if mark is None:
            return False
        if not is_resize:
            self._change_picked(mark.moved(across, down))
        elif len(mark.points) == 2:
            x, y = mark.points[1]
            self._change_picked(replace(mark, points=(mark.points[0], (x + across, y + down))))
        return True

    def put(self, x: float, y: float, size: float) -> bool:
        """Put a mark of the tool in use there, without a mouse; whether it makes marks that can be put."""
        if self.tool == CROP:
            self.do(self.document.cropped(Box(x - size, y - size / 2, x + size, y + size / 2)))
            return True
        kind = KINDS.get(self.tool)
        if kind is None or kind.gesture is Gesture.PATH:
            return False
        self._begin_mark(x - size / 2, y - size / 2, 0)
        if kind.gesture is not Gesture.SPOT:
            self.move(x + size / 2, y + size / 2)
        self.release()
        return True

    def step_selection(self, by: int) -> None:
        """Pick the next mark, or the one before."""
        self.finish_typing()
        if count := len(self.document.marks):
            self.selected = (self.selected + by) % count if self.selected >= 0 else (0 if by > 0 else count - 1)
            self.changed.emit()

    def leave(self) -> bool:
        """Give up what is going on: writing, a mark being made, a pick, a tool; whether there was something."""
        if self.is_typing:
            self.finish_typing()
        elif self._start is not None:
            self.document = self._start
            self.live = self._start = self._grip = self._handle = None
        elif self.selected >= 0:
            self.selected = -1
        elif self.tool != SELECT:
            self.use(SELECT)
        else:
            return False
        self.changed.emit()
        return True

    # Writing

    def type(self, text: str) -> None:
        """Add to the text that is written."""
        if self.is_typing and (mark := self.picked) is not None:
            self._write(mark, mark.text + text)

    def rub_out(self) -> None:
        """Take its last character away."""
        if self.is_typing and (mark := self.picked) is not None:
            self._write(mark, mark.text[:-1])

    def _write(self, mark: Mark, text: str) -> None:
        self.document = self.document.with_changed(self.selected, self._lettered(replace(mark, text=text)))
        self.changed.emit()

    def finish_typing(self) -> None:
        """What was written is a step; without a letter there is no mark."""
        mark = self.picked
        if not self.is_typing or mark is None:
            self.is_typing = False
            return
        self.is_typing = False
        if not mark.text.strip():
            self.document = self.document.with_changed(self.selected, None)
            self.selected = -1
        if self.document != self._start_of_text:
            self._remember(self._start_of_text)
        self.changed.emit()

    def _lettered(self, mark: Mark) -> Mark:
        if not KINDS[mark.kind].writes:
            return mark
        if not mark.text:
            return replace(mark, stencil=b"", stencil_size=(0, 0))
        stencil, size = self._letter(mark.text, mark.width)
        return replace(mark, stencil=stencil, stencil_size=size)

    def _change_picked(self, mark: Mark) -> None:
        changed = self.document.with_changed(self.selected, mark)
        if self.is_typing:  # one step with what is written
            self.document = changed
            self.changed.emit()
        else:
            self.do(changed)


def _with_point(mark: Mark, handle: int, to: Point) -> Mark:
    """A mark of two points with one of its handles elsewhere."""
    (x1, y1), (x2, y2) = mark.points
    if KINDS[mark.kind].gesture is not Gesture.AREA:
        return replace(mark, points=(to, mark.points[1]) if handle == 0 else (mark.points[0], to))
    x1, x2 = (to[0], x2) if handle in {0, 3} else (x1, to[0])
    y1, y2 = (to[1], y2) if handle in {0, 1} else (y1, to[1])
    return replace(mark, points=((x1, y1), (x2, y2)))


def _even(start: Point, to: Point, gesture: Gesture) -> Point:
    """A square, or a line that is level, upright or in between."""
    across, down = to[0] - start[0], to[1] - start[1]
    longest = max(abs(across), abs(down))
    if gesture is Gesture.AREA:
        return start[0] + (longest if across >= 0 else -longest), start[1] + (longest if down >= 0 else -longest)
    if abs(across) > 2 * abs(down):
        return to[0], start[1]
    if abs(down) > 2 * abs(across):
        return start[0], to[1]
    return start[0] + (longest if across >= 0 else -longest), start[1] + (longest if down >= 0 else -longest)


def _point(x: float, y: float) -> QPoint:
    return QPoint(int(x), int(y))
