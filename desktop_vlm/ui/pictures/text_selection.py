"""The text of the picture in the viewer: selected by mouse and keyboard, and lit up where it is selected or found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen

from desktop_vlm.api.text_layer import Box, Code
from desktop_vlm.images.text_layer.box_geometry import contains
from desktop_vlm.images.text_layer.selection import Copied, SelectableText, Selection, Spot, TextRange, Unit
from desktop_vlm.ui.theme import DARK
from desktop_vlm.ui.widgets.painting import with_alpha

_SELECTED = with_alpha(QColor(DARK.accent), 0.34)
_FOUND = QColor(255, 196, 0, 80)
_CURRENT = QColor(255, 140, 0, 120)
_CURRENT_EDGE = QColor(255, 140, 0)

_MANY = 200
"""Rectangles that are drawn with corners."""

_UNITS = {1: Unit.CHARACTER, 2: Unit.WORD, 3: Unit.LINE}
_RECTANGLE = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier
"""Either of them drags a rectangle: some window managers take Alt with the mouse for themselves."""


class TextSelection(QObject):
    """What is selected in a picture, and what was found. Places are px of the picture.

    Attributes:
        text: the picture's; None while it is not known or where there is none.
        selection: None for none.

    Signals:
        changed: something looks different.
        ended: the mouse let go of a selection.
    """

    changed = Signal()
    ended = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.text: SelectableText | None = None
        self.selection: Selection | None = None
        self._start: Spot | None = None
        self._corner: tuple[float, float] | None = None
        self._unit = Unit.CHARACTER
        self._is_held = False
        self._lit: list[Box] = []  # where the selection is
        self._hits: list[list[Box]] = []
        self._current = -1

    def show_text(self, text: SelectableText | None) -> None:
        """Another picture's text; nothing of it is selected."""
        self.text = text
        self._is_held = False
        self._hits, self._current = [], -1
        self.clear()

    @property
    def has_lines(self) -> bool:
        return self.text is not None and bool(self.text.layer.lines)

    @property
    def is_held(self) -> bool:
        """Whether the mouse is selecting."""
        return self._is_held

    def clear(self) -> None:
        """Select nothing."""
        self._start = self._corner = None
        self.select(None)

    def select(self, selection: Selection | None) -> None:
        """Select this."""
        self.selection = selection
        self._lit = self.text.boxes(selection) if self.text is not None and selection is not None else []
        self.changed.emit()

    def select_all(self) -> None:
        """Select everything."""
        if self.text is not None and self.has_lines:
            self.select(self.text.everything())

    def copied(self) -> Copied | None:
        """What a copy of the selection is; None where nothing is selected."""
        if self.text is None or self.selection is None:
            return None
        copied = self.text.copied(self.selection)
        return copied if copied.text.strip() else None

    def boxes(self) -> list[Box]:
        """What of the picture is selected."""
        return self._lit

    # The mouse

    def is_text(self, x: float, y: float) -> bool:
        """Whether a press there selects text."""
        return self.text is not None and self.text.is_text(x, y)

    def code_at(self, x: float, y: float) -> Code | None:
        """The QR code or barcode there."""
        return self.text.code_at(x, y) if self.text is not None else None

    def press(self, x: float, y: float, modifiers: Qt.KeyboardModifier, clicks: int = 1) -> bool:
        """The left button went down, for the first, second or third time; whether it is about text."""
        if self.text is None or not self.has_lines:
            return False
        if modifiers & _RECTANGLE:
            self._corner, self._start = (x, y), None
            self.select(None)
        elif modifiers & Qt.KeyboardModifier.ShiftModifier and (anchor := self._anchor()) is not None:
            self._start, self._corner = anchor, None
            self.move(x, y)
        elif self.text.is_text(x, y):
            self._unit = _UNITS[clicks]
            self._start, self._corner = self.text.spot(x, y), None
            self.move(x, y)
        else:
            return False
        self._is_held = True
        return True

    def move(self, x: float, y: float) -> None:
        """The mouse is there now, with its button down."""
        if self.text is None:
            return
        if self._corner is not None:
            left, right = sorted((self._corner[0], x))
            top, bottom = sorted((self._corner[1], y))
            self.select(self.text.within(Box(left, top, right, bottom)))
        elif self._start is not None:
            self.select(self.text.dragged(self._start, self.text.spot(x, y), self._unit))

    def release(self) -> None:
        """The button came up."""
        self._is_held = False
        if isinstance(self.selection, TextRange) and self.selection.start == self.selection.end:
            self.select(None)  # only a click; a further one with Shift selects from here
        self.ended.emit()

    def take_word(self, x: float, y: float) -> None:
        """Select the word there, unless it is selected already: the menu is about it."""
        if self.text is not None and self.is_text(x, y) and not any(contains(box, x, y) for box in self.boxes()):
            self._start, self._unit = self.text.spot(x, y), Unit.WORD
            self.select(self.text.dragged(self._start, self._start, Unit.WORD))

    def _anchor(self) -> Spot | None:
        """Where a selection that is extended begins."""
        if self._start is None and self.text is not None and isinstance(self.selection, TextRange):
            self._unit = Unit.CHARACTER
            return self.text.spot_of(self.selection.anchor)
        return self._start

    # The keyboard

    def extend(self, unit: Unit, step: int) -> None:
        """Move the selection's end, where there is one."""
        if self.text is not None and isinstance(self.selection, TextRange):
            self._start = None
            self.select(self.text.moved(self.selection, unit, step))

    # What was found

    def show_hits(self, hits: Sequence[TextRange], current: int = -1) -> None:
        """Light up what was found; one of it more than the others."""
        self._hits = [self.text.boxes(hit) for hit in hits] if self.text is not None else []
        self.show_hit(current)

    def show_hit(self, current: int) -> None:
        """Light up another one of them more than the others."""
        self._current = current
        self.changed.emit()

    def box_of_hit(self, number: int) -> Box | None:
        """Where a hit is, or begins."""
        return self._hits[number][0] if number < len(self._hits) and self._hits[number] else None

    # What is seen

    def paint(self, painter: QPainter, on_screen: Callable[[Box], QRectF], seen: QRectF) -> None:
        """Paint upon the picture; `on_screen` gives the place of a box, `seen` is all that is visible."""
        others = (box for number, hit in enumerate(self._hits) if number != self._current for box in hit)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_SELECTED)
        _draw(painter, [on_screen(box) for box in _without_overlap(self._lit)], seen, 0)
        painter.setBrush(_FOUND)
        _draw(painter, [on_screen(box) for box in others], seen, 1)
        if 0 <= self._current < len(self._hits):
            painter.setPen(QPen(_CURRENT_EDGE, 2))
            painter.setBrush(_CURRENT)
            _draw(painter, [on_screen(box) for box in self._hits[self._current]], seen, 2)


def _draw(painter: QPainter, rects: Sequence[QRectF], seen: QRectF, grown: float) -> None:
    """Rounded, unless there are so many that this would take long."""
    shown = [rect.adjusted(-grown, -grown, grown, grown) for rect in rects if rect.intersects(seen)]
    if len(shown) > _MANY:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawRects(shown)
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for rect in shown:
        painter.drawRoundedRect(rect, 2 + grown, 2 + grown)


def _without_overlap(boxes: Sequence[Box]) -> Iterable[Box]:
    """Boxes of lines are a little too high; where two lie over each other the colour would be doubled."""
    before: Box | None = None
    for box in boxes:
        overlaps = before is not None and before.left < box.right and box.left < before.right
        if before is not None and overlaps and before.top < box.top < before.bottom:
            yield Box(box.left, before.bottom, box.right, max(box.bottom, before.bottom))
        else:
            yield box
        before = box
