"""How a row of the list of conversations is drawn: headings, titles, and below a title what a search found."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_vlm.history.folders import Scope
from desktop_vlm.history.records import ConversationSummary
from desktop_vlm.history.snippets import HIT_BEGIN, HIT_END
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint, safe_result
from desktop_vlm.ui.widgets.direction import is_right_to_left
from desktop_vlm.ui.widgets.text_menu import use_text_menu
from desktop_vlm.ui.window.row_state import RowState

Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
_PIN_PX, _STATE_PX, _DOT_RADIUS_PX = 13, 14, 4
_ICON_ROOM_PX = 20
"""With the gap before it; all with text of the usual size."""

SUMMARY = Qt.ItemDataRole.UserRole
"""Of a row: its `Heading`, `ScopeRow` or `ConversationSummary`."""

ELSEWHERE = Qt.ItemDataRole.UserRole + 1
"""Of a conversation that a search found: the icon of where it is, if not in the list itself."""


STATE = Qt.ItemDataRole.UserRole + 2
"""Of a conversation: its `RowState`, or None."""

FOUND_TITLE = Qt.ItemDataRole.UserRole + 3
"""Of a conversation: its title with what a search found in it marked, as in snippets; "" where that is nothing."""


@dataclass(frozen=True)
class Heading:
    """A row that says what those below it have in common."""

    text: str


@dataclass(frozen=True)
class ScopeRow:
    """A row that leads to conversations elsewhere: a folder, the archive, or back to the list.

    Attributes:
        scope: where it leads.
        name: of the folder; of the way back, where one is now.
        count: how many conversations are there.
        is_back: whether it is the way back.
    """

    scope: Scope | int
    name: str
    count: int = 0
    is_back: bool = False


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
        if isinstance(row, ScopeRow):
            return QSize(100, round(px * 2.5))
        return QSize(100, round(px * (3.9 if _is_hit(row) else 2.5)))

    @safe_paint
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(SUMMARY)
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # each text's own
            if isinstance(row, Heading):
                self._paint_heading(painter, option.rect, row)
            elif isinstance(row, ScopeRow):
                self._paint_scope(painter, option, index, row)
            else:
                self._paint_conversation(painter, option, index, row)
        finally:  # the painter is the list's own, and goes on to the next row
            painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect, row: Heading) -> None:
        painter.setPen(self._theme.color("faint"))
        painter.setFont(self._theme.font(0.82, QFont.Weight.DemiBold))
        where = rect.adjusted(10, 0, -8, -4)
        painter.drawText(where, int(_LEFT | Qt.AlignmentFlag.AlignBottom), row.text)

    def _paint_box(self, painter: QPainter, option: QStyleOptionViewItem, *, target: bool = False) -> QRect:
        """What shows that a row is selected, under the mouse, focused, or will take what is dragged; what is inside."""
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        rect: QRect = option.rect
        box = rect.adjusted(0, 1, 0, -1)
        if selected or target or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent_soft" if selected or target else "hover"))
            painter.drawRoundedRect(box, 8, 8)
        is_focused = state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange
        if is_focused or target:
            painter.setPen(self._theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 7, 7)
        return box.adjusted(10, 0, -10, 0)

    def _paint_scope(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, row: ScopeRow) -> None:
        target = getattr(self.parent(), "drop_row", -1) == index.row()
        inner = self._paint_box(painter, option, target=target)
        side = round(self._theme.text_px * 1.1)
        icon = "chevron-left" if row.is_back else "archive" if isinstance(row.scope, Scope) else "folder"
        self._theme.icon(icon, "muted").paint(
            painter, QRect(inner.left(), inner.center().y() - side // 2 + 1, side, side)
        )
        inner.setLeft(inner.left() + side + 8)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        if row.count:
            painter.setPen(self._theme.color("faint"))
            painter.setFont(self._theme.font(0.84))
            painter.drawText(inner, middle | int(_RIGHT), str(row.count))
            inner.setRight(inner.right() - painter.fontMetrics().horizontalAdvance(str(row.count)) - 8)
        painter.setPen(self._theme.color("text"))
        painter.setFont(self._theme.font(0.95, QFont.Weight.DemiBold if row.is_back else QFont.Weight.Normal))
        name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, middle | int(_LEFT), name)

    def _paint_conversation(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, row: ConversationSummary
    ) -> None:
        inner = self._paint_box(painter, option)
        for name in [*(["pin"] if row.pinned else []), *filter(None, [index.data(ELSEWHERE)])]:
            self._theme.icon(name, "faint").paint(painter, self._at_end(inner, _PIN_PX))
        state: RowState | None = index.data(STATE)
        if state is not None:
            self._paint_state(painter, inner, state)
        painter.setPen(self._theme.color("text"))
        painter.setFont(
            self._theme.font(0.95, QFont.Weight.DemiBold if state is RowState.UNREAD else QFont.Weight.Normal)
        )
        metrics = painter.fontMetrics()
        title = row.title or self.tr("New conversation")
        line = metrics.elidedText(title, Qt.TextElideMode.ElideRight, inner.width())
        left = int(_LEFT | Qt.AlignmentFlag.AlignVCenter)
        half = inner.height() // 2
        above = inner.adjusted(0, 3, 0, -half) if _is_hit(row) else inner
        found: str = index.data(FOUND_TITLE)
        if found:
            self._paint_hit(painter, above, found, "text", 0.95)
        else:
            painter.drawText(above, left, line)
        if not _is_hit(row):
            return
        below = inner.adjusted(0, half - 1, 0, -4)
        if row.hit_picture:
            side = round(self._theme.text_px * 0.95)
            place = QRect(below.left(), below.center().y() - side // 2 + 1, side, side)
            self._theme.icon("image", "muted").paint(painter, place)
            below.setLeft(place.right() + 6)
        self._paint_hit(painter, below, row.snippet, "muted", 0.84)

    def _paint_state(self, painter: QPainter, inner: QRect, state: RowState) -> None:
        """At the end of the row, which gets shorter by that."""
        place = self._at_end(inner, _STATE_PX)
        if state.icon:
            self._theme.icon(state.icon, state.color).paint(painter, place)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color(state.color))
            radius = self._theme.scaled(_DOT_RADIUS_PX)
            painter.drawEllipse(place.center() + QPoint(1, 0), radius, radius)

    def _at_end(self, inner: QRect, px: int) -> QRect:
        """Where an icon of so many px goes with text of the usual size: the rest of the row gets shorter by it."""
        side = self._theme.scaled(px)
        place = QRect(inner.right() - side, inner.center().y() - (side - 1) // 2, side, side)
        inner.setRight(inner.right() - self._theme.scaled(_ICON_ROOM_PX))
        return place

    def _paint_hit(self, painter: QPainter, rect: QRect, snippet: str, tone: str, size: float) -> None:
        """A line with something found, which has the colour of links; the first hit can always be seen."""
        parts = _parts(snippet)
        is_mirrored = is_right_to_left(snippet)
        used = 0
        for number, (text, hit) in enumerate(parts):
            painter.setFont(self._theme.font(size, QFont.Weight.DemiBold if hit else QFont.Weight.Normal))
            painter.setPen(self._theme.color("link" if hit else tone))
            metrics = painter.fontMetrics()
            room = rect.width() - 1 - used
            if room <= 8:
                return
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            if number == 0 and not hit and len(parts) > 1:
                first = metrics.horizontalAdvance(parts[1][0] + "…") * 6 // 5  # bold letters are wider
                shown = metrics.elidedText(text, Qt.TextElideMode.ElideLeft, max(room - first, room // 3))
            left = rect.left() + (0 if is_mirrored else used)
            side = _RIGHT if is_mirrored else _LEFT
            painter.drawText(
                QRect(left, rect.top(), room, rect.height()), int(side | Qt.AlignmentFlag.AlignVCenter), shown
            )
            used += metrics.horizontalAdvance(shown)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        use_text_menu(editor)
        is_folder = isinstance(index.data(SUMMARY), ScopeRow)
        editor.setAccessibleName(self.tr("Name of the folder") if is_folder else self.tr("Title of the conversation"))
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
