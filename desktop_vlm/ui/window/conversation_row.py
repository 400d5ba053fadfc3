"""How a row of the list of conversations is drawn: headings, titles, and below a title what a search found."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_vlm.history.records import ConversationSummary
from desktop_vlm.history.snippets import HIT_BEGIN, HIT_END
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint, safe_result

Index = QModelIndex | QPersistentModelIndex
SUMMARY = Qt.ItemDataRole.UserRole
"""Of a row: its `Heading` or `ConversationSummary`."""


@dataclass(frozen=True)
class Heading:
    """A row that says what those below it have in common."""

    text: str


class ConversationRow(QStyledItemDelegate):
    """Draws headings, titles, and below a title what a search found."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme

    @safe_result(lambda: QSize(100, 35))
    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(SUMMARY)
        px = self._theme.text_px
        if isinstance(row, Heading):
            return QSize(100, round(px * 2.3))
        return QSize(100, round(px * (3.9 if _is_hit(row) else 2.5)))

    @safe_paint
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(SUMMARY)
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if isinstance(row, Heading):
                self._paint_heading(painter, option.rect, row)
            else:
                self._paint_conversation(painter, option.rect, option, row)
        finally:  # the painter is the list's own, and goes on to the next row
            painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect, row: Heading) -> None:
        painter.setPen(self._theme.color("faint"))
        painter.setFont(self._theme.font(0.82, QFont.Weight.DemiBold))
        where = rect.adjusted(10, 0, -8, -4)
        painter.drawText(where, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), row.text)

    def _paint_conversation(
        self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, row: ConversationSummary
    ) -> None:
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        box = rect.adjusted(0, 1, 0, -1)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent_soft" if selected else "hover"))
            painter.drawRoundedRect(box, 8, 8)
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(self._theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 7, 7)
        inner = box.adjusted(10, 0, -10, 0)
        if row.pinned:
            self._theme.icon("pin", "faint").paint(painter, QRect(inner.right() - 13, inner.center().y() - 6, 13, 13))
            inner.setRight(inner.right() - 20)
        painter.setPen(self._theme.color("text"))
        painter.setFont(self._theme.font(0.95))
        metrics = painter.fontMetrics()
        title = row.title or self.tr("New conversation")
        line = metrics.elidedText(title, Qt.TextElideMode.ElideRight, inner.width())
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if not _is_hit(row):
            painter.drawText(inner, left, line)
            return
        half = inner.height() // 2
        painter.drawText(inner.adjusted(0, 3, 0, -half), left, line)
        below = inner.adjusted(0, half - 1, 0, -4)
        if row.hit_picture:
            side = round(self._theme.text_px * 0.95)
            place = QRect(below.left(), below.center().y() - side // 2 + 1, side, side)
            self._theme.icon("image", "muted").paint(painter, place)
            below.setLeft(place.right() + 6)
        self._paint_hit(painter, below, row.snippet)

    def _paint_hit(self, painter: QPainter, rect: QRect, snippet: str) -> None:
        """The line that was found, its hits in the colour of links; the first of them can always be seen."""
        parts = _parts(snippet)
        x = rect.left()
        for number, (text, hit) in enumerate(parts):
            painter.setFont(self._theme.font(0.84, QFont.Weight.DemiBold if hit else QFont.Weight.Normal))
            painter.setPen(self._theme.color("link" if hit else "muted"))
            metrics = painter.fontMetrics()
            room = rect.right() - x
            if room <= 8:
                return
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            if number == 0 and not hit and len(parts) > 1:
                first = metrics.horizontalAdvance(parts[1][0] + "…") * 6 // 5  # bold letters are wider
                shown = metrics.elidedText(text, Qt.TextElideMode.ElideLeft, max(room - first, room // 3))
            painter.drawText(QRect(x, rect.top(), room, rect.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)
            x += metrics.horizontalAdvance(shown)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName(self.tr("Title of the conversation"))
        return editor


def _parts(snippet: str) -> list[tuple[str, bool]]:
    """A snippet's parts that are not empty, and whether each is a hit."""
    found = []
    for part in snippet.replace("\n", " ").split(HIT_BEGIN):
        hit, mark, rest = part.partition(HIT_END)
        found += [(hit, True), (rest, False)] if mark else [(hit, False)]
    return [part for part in found if part[0]]


def _is_hit(row: ConversationSummary) -> bool:
    return HIT_BEGIN in row.snippet
