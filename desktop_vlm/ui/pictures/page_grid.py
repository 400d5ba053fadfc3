"""Pages of a file as a grid of thumbnails, of which some are chosen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFont, QImage, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop_vlm.ui.pictures.page_thumbnails import PageThumbnails
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint, safe_result
from desktop_vlm.ui.widgets.painting import draw_icon, draw_ring, rounded_whole, with_alpha

_CELL = QSize(132, 176)
_PICTURE = QSize(112, 136)
_SOON_MS = 30
"""After the view was scrolled: what is passed quickly is not made."""

AnyIndex = QModelIndex | QPersistentModelIndex


class PageGrid(QListView):
    """Click, Ctrl+click and Shift+click choose; so do the arrows with Shift, Space and Ctrl+A. Digits go to a page.

    Signals:
        chosen: other pages are chosen; their numbers in order, as a tuple.
        accepted: Enter, or a double click.
    """

    chosen = Signal(object)
    accepted = Signal()

    def __init__(self, theme: Theme, thumbnails: PageThumbnails, count: int, title: str) -> None:
        """`title` is what a page is called, with its number in the place of {0}."""
        super().__init__()
        self._thumbnails = thumbnails
        self._count = count
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSpacing(4)
        self.setMouseTracking(True)
        self._pages = _Pages(thumbnails, count, title, self)
        self.setModel(self._pages)
        self.setItemDelegate(_Painter(theme, thumbnails, self))
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit(self.numbers()))
        self.activated.connect(lambda _index: self.accepted.emit())
        self._look = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._look.timeout.connect(self._request)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._look.start())
        theme.changed.connect(self.viewport().update)

    def numbers(self) -> tuple[int, ...]:
        """The chosen pages, in order."""
        return tuple(sorted(index.row() + 1 for index in self.selectionModel().selectedIndexes()))

    def choose(self, numbers: Iterable[int]) -> None:
        """Choose these pages and no others; says nothing to `chosen`."""
        selection = QItemSelection()
        rows = [number - 1 for number in numbers if 1 <= number <= self._count]
        for row in rows:
            index = self._pages.index(row)
            selection.select(index, index)
        self.selectionModel().blockSignals(True)
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.selectionModel().blockSignals(False)
        if rows:
            self.scrollTo(self._pages.index(rows[0]))
        self.viewport().update()

    def visible(self) -> range:
        """Numbers of the pages that are seen."""
        across = max(1, self.viewport().width() // (_CELL.width() + self.spacing()))
        height = _CELL.height() + self.spacing()
        top = self.verticalOffset() // height
        bottom = (self.verticalOffset() + self.viewport().height()) // height
        return range(top * across + 1, min(self._count, (bottom + 1) * across) + 1)

    def _request(self) -> None:
        seen = self.visible()
        behind = range(seen.stop, min(self._count + 1, seen.stop + len(seen)))
        self._thumbnails.request([*seen, *behind])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._look.start()


class _Pages(QAbstractListModel):
    def __init__(self, thumbnails: PageThumbnails, count: int, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._count = count
        self._title = title
        self._thumbnails = thumbnails
        thumbnails.came.connect(self._changed)
        thumbnails.lost.connect(self._changed)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._count

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        number = index.row() + 1
        if role == Qt.ItemDataRole.DisplayRole:
            return str(number)  # what typing digits looks for
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            words = self._title.format(number)
            return f"{words}: {self.tr('cannot be shown')}" if self._thumbnails.is_lost(number) else words
        return _CELL if role == Qt.ItemDataRole.SizeHintRole else None

    def _changed(self, number: int) -> None:
        index = self.index(number - 1)
        self.dataChanged.emit(index, index)


class _Painter(QStyledItemDelegate):
    """All of a page on a card, its number below; a ring and a tick where it is chosen."""

    def __init__(self, theme: Theme, thumbnails: PageThumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnails = thumbnails

    @safe_result(lambda: _CELL)
    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        return _CELL

    @safe_paint
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        theme, number = self._theme, index.row() + 1
        state: QStyle.StateFlag = option.state
        cell = QRectF(option.rect)
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        is_current = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = cell.adjusted(2, 2, -2, -2)
        if is_chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft" if is_chosen else "hover"))
            painter.drawRoundedRect(card, 8, 8)
        if is_chosen or is_current:
            ring = theme.color("accent")
            draw_ring(painter, card, 8, ring if is_current else with_alpha(ring, 0.55), 2)
        room = QRectF(cell.center().x() - _PICTURE.width() / 2, cell.top() + 10, _PICTURE.width(), _PICTURE.height())
        self._paint_page(painter, room, self._thumbnails.image(number), is_lost=self._thumbnails.is_lost(number))
        font = theme.font(0.86, QFont.Weight.DemiBold if is_chosen else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(theme.color("text" if is_chosen else "muted"))
        below = QRectF(cell.left(), room.bottom() + 4, cell.width(), cell.bottom() - room.bottom() - 8)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(number))
        if is_chosen:
            at = QPointF(card.right() - 13, card.top() + 13)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            painter.drawEllipse(at, 9, 9)
            draw_icon(painter, theme.icon("check", "on_accent"), at, 13)
        painter.restore()

    def _paint_page(self, painter: QPainter, room: QRectF, image: QImage | None, *, is_lost: bool) -> None:
        if image is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("hover"))
            painter.drawRoundedRect(room.adjusted(8, 0, -8, 0), 4, 4)
            icon = self._theme.icon("triangle-alert" if is_lost else "image", "faint")
            draw_icon(painter, icon, room.center(), 22)
            return
        ratio = painter.device().devicePixelRatio()
        size = round(room.width()), round(room.height())
        painter.drawPixmap(room.topLeft(), rounded_whole(image, *size, ratio, 3))
        scale = min(room.width() / image.width(), room.height() / image.height())
        shown = QRectF(0, 0, image.width() * scale, image.height() * scale)
        shown.moveCenter(room.center())
        draw_ring(painter, shown, 3, self._theme.color("border"), 1)
