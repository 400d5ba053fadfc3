"""Marks on the text of an answer: what of it stands in a picture, and what it claims that no picture shows.

Marks are painted over the document and never part of it: text, selection and what is copied stay as they are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextBlock, QTextDocument

from desktop_vlm.ui.markdown.inline import line_rects, utf16_length
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.painting import with_alpha

_DOT_PX = 1.6
_BACK = 64
"""Marks looked at before the first that is surely visible: cells of one row of a table have different heights."""


class MarkKind(Enum):
    """Whether what is marked stands in a picture."""

    FOUND = "found"
    MISSING = "missing"


@dataclass(frozen=True)
class Mark:
    """A mark on a passage of an answer.

    Attributes:
        passage: its number in `MarkdownView.passages`.
        start, end: its characters.
        kind: what is known of it.
        key: what it means to whoever made it.
    """

    passage: int
    start: int
    end: int
    kind: MarkKind
    key: int


@dataclass(frozen=True)
class PlacedMark:
    """A mark in a document; `start` and `end` are positions as Qt counts them."""

    start: int
    end: int
    kind: MarkKind
    key: int

    @classmethod
    def of(cls, mark: Mark, text: str, base: int) -> PlacedMark:
        """A mark on a text that begins at a position of the document."""
        start = base + utf16_length(text[: mark.start])
        return cls(start, start + utf16_length(text[mark.start : mark.end]), mark.kind, mark.key)


class MarkPainter:
    """The marks of one document."""

    def __init__(self, theme: Theme, document: QTextDocument) -> None:
        self._theme = theme
        self._document = document
        self.marks: list[PlacedMark] = []
        self.lit = -1

    def set_marks(self, marks: Sequence[PlacedMark]) -> None:
        """Show these instead."""
        self.marks = sorted(marks, key=lambda mark: (mark.start, -mark.end))

    def at(self, position: int) -> PlacedMark | None:
        """The mark that covers a position of the document."""
        number = bisect_right(self.marks, position, key=lambda mark: mark.start) - 1
        return self.marks[number] if number >= 0 and position < self.marks[number].end else None

    def visible(self, area: QRect) -> Iterator[tuple[PlacedMark, QTextBlock, QRectF]]:
        """The marks in an area of the document, each with its block and where that is."""
        layout = self._document.documentLayout()

        def bottom(mark: PlacedMark) -> int:
            return int(layout.blockBoundingRect(self._document.findBlock(mark.start)).bottom())

        first = max(bisect_right(self.marks, area.top(), key=bottom) - _BACK, 0)
        for mark in self.marks[first:]:
            block = self._document.findBlock(mark.start)
            box = layout.blockBoundingRect(block)
            if box.top() > area.bottom() + area.height():
                break
            if box.bottom() >= area.top() and box.top() <= area.bottom():
                yield mark, block, box

    def draw(self, painter: QPainter, area: QRect, offset: float = 0.0) -> None:
        """What lies behind the text: a soft ground under what is pointed at, dots below what is missing."""
        if not self.marks:
            return
        height = self._theme.text_px * 1.28
        for mark, block, box in self.visible(area):
            rects = line_rects(block, mark.start - block.position(), mark.end - block.position(), height)
            for rect in rects:
                rect.translate(box.left() - offset, box.top())
                if mark.key == self.lit and mark.kind is MarkKind.FOUND:
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(with_alpha(self._theme.color("accent"), 0.2))
                    painter.drawRoundedRect(rect.adjusted(-1, 0, 1, 0), 4, 4)
                elif mark.kind is MarkKind.MISSING:
                    self._draw_dots(painter, rect)

    def _draw_dots(self, painter: QPainter, rect: QRectF) -> None:
        pen = QPen(self._theme.color("warning"), _DOT_PX)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setDashPattern([0.01, 2.2])
        painter.setPen(pen)
        y = round(rect.bottom() - rect.height() * 0.04) + 0.5
        painter.drawLine(QPointF(rect.left() + 1, y), QPointF(rect.right() - 1, y))
