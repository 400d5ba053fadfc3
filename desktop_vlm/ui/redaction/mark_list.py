"""The places that may be covered, each with its switch."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_vlm.ui.redaction.proposal import Mark, Proposal
from desktop_vlm.ui.redaction.sentences import DRAWN, kind_label
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint, safe_result
from desktop_vlm.ui.widgets.painting import elided
from desktop_vlm.ui.widgets.toggle import draw_toggle, toggle_size

_MARK = Qt.ItemDataRole.UserRole


class MarkList(QListWidget):
    """Click or Space switches a place; Delete takes one back that was drawn.

    Signals:
        pointed: index of the mark that the person looks at, -1 for none.
    """

    pointed = Signal(int)

    def __init__(self, theme: Theme, proposal: Proposal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._proposal = proposal
        self.setItemDelegate(_Delegate(theme, self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setAccessibleName(self.tr("Places to hide"))
        self.currentRowChanged.connect(self.pointed)
        self.entered.connect(lambda index: self.pointed.emit(index.row()))
        theme.changed.connect(self.doItemsLayout)
        proposal.changed.connect(self.show_marks)
        self.show_marks()

    def show_marks(self) -> None:
        """Show the proposal as it is; rows that stay are kept."""
        marks = self._proposal.marks
        while self.count() > len(marks):
            self.takeItem(self.count() - 1)
        while self.count() < len(marks):
            self.addItem(QListWidgetItem())
        for row, mark in enumerate(marks):
            item = self.item(row)
            if item.data(_MARK) != mark:
                item.setData(_MARK, mark)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, self._spoken(mark))
                item.setToolTip(mark.text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if marks else Qt.FocusPolicy.NoFocus)

    def _spoken(self, mark: Mark) -> str:
        state = self.tr("hidden") if mark.on else self.tr("shown")
        return ", ".join(part for part in (kind_label(mark.kind), mark.text, state) if part)

    def _switch(self, row: int) -> None:
        self._proposal.switch(row, not self._proposal.marks[row].on)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        row = self.indexAt(event.position().toPoint()).row()
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self._switch(row)

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)  # type: ignore[arg-type]
        self.pointed.emit(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentRow()
        if row >= 0 and event.key() == Qt.Key.Key_Space:
            self._switch(row)
        elif row >= 0 and event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            if self._proposal.marks[row].kind == DRAWN:
                self._proposal.remove(row)
            else:
                self._proposal.switch(row, False)
        else:
            super().keyPressEvent(event)


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: QListWidget) -> None:
        super().__init__(view)
        self._theme = theme

    @safe_result(lambda: QSize(100, 48))
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, round(self._theme.text_px * 3.4))

    @safe_paint
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        mark = index.data(_MARK)
        if not isinstance(mark, Mark):
            return
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_row(painter, option, mark)
        finally:  # the painter is the list's own, and goes on to the next row
            painter.restore()

    def _paint_row(self, painter: QPainter, option: QStyleOptionViewItem, mark: Mark) -> None:
        state: QStyle.StateFlag = option.state
        box: QRect = option.rect.adjusted(0, 1, 0, -1)
        if state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("hover"))
            painter.drawRoundedRect(box, 8, 8)
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(self._theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 7, 7)
        inner = box.adjusted(10, 0, -10, 0)
        size = toggle_size(self._theme)
        corner = QPoint(inner.right() - size.width(), inner.center().y() - size.height() // 2)
        draw_toggle(painter, QRectF(corner, size), float(mark.on), self._theme)
        inner.setRight(inner.right() - size.width() - 12)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        label = kind_label(mark.kind)
        title = " ".join(mark.text.split()) or label
        font = self._theme.font(0.95)
        painter.setFont(font)
        painter.setPen(self._theme.color("text" if mark.on else "muted"))
        if not mark.text:
            painter.drawText(inner, flags, elided(title, font, inner.width()))
            return
        half = inner.height() // 2
        painter.drawText(inner.adjusted(0, 4, 0, -half), flags, elided(title, font, inner.width()))
        painter.setFont(self._theme.font(0.82))
        painter.setPen(self._theme.color("faint"))
        painter.drawText(inner.adjusted(0, half, 0, -5), flags, label)
