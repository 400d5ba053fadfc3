"""A row of pictures, in the composer or in a message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent
from PySide6.QtWidgets import QFrame, QMenu, QSizePolicy, QSpacerItem, QToolButton, QWidget

from desktop_vlm.api.text_layer import Box
from desktop_vlm.ui.pictures.menu import add_picture_entries
from desktop_vlm.ui.pictures.thumbnail import RING, PictureItem, Thumbnail, size_of
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.flow_layout import FlowLayout
from desktop_vlm.ui.widgets.menu import passing_menu
from desktop_vlm.ui.widgets.turn import Turn

__all__ = ["COMPOSER_SIDE", "MESSAGE_SIDE", "PictureItem", "ThumbnailStrip"]

COMPOSER_SIDE = 72
AT_ONCE = 24
"""Thumbnails that are there as soon as a strip is, if there is time."""
_ALWAYS = 8
"""Be there time or not."""
MESSAGE_SIDE = 180


class ThumbnailStrip(QWidget):
    """Thumbnails that wrap onto further lines. One stop for Tab; arrows, Home and End move within.

    Signals, each with the index of the picture:
        opened: clicked, Enter or Space.
        removed: the button in the corner, Delete or Backspace (only if `removable`).
        moved: dragged, or by Ctrl with an arrow, and where to (only if `removable`).
        cleared: all of them shall go; without an index.
        entry_chosen: from the context menu, or the mark at a picture; also the id of one of `PICTURE_ENTRIES`.
        pointed: with Shift, at a place of the picture; also the Pointer.
        inclusion_asked: from the context menu; also whether the model shall see it.
    """

    opened = Signal(int)
    removed = Signal(int)
    moved = Signal(int, int)
    cleared = Signal()
    entry_chosen = Signal(int, str)
    inclusion_asked = Signal(int, bool)
    pointed = Signal(int, object)

    def __init__(
        self,
        theme: Theme,
        size: int = COMPOSER_SIDE,
        *,
        removable: bool = False,
        movable: bool | None = None,
        align_right: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`size`: greatest height in pixels; `movable`: into another order, if it is not said as `removable`."""
        super().__init__(parent)
        self._theme = theme
        self._side = size
        self._removable = removable
        self._movable = removable if movable is None else movable
        self._thumbnails: list[Thumbnail] = []
        self._waiting: list[PictureItem] = []  # behind those, of very many: each has its room until its turn comes
        self._rooms: list[QSpacerItem] = []
        self._add_soon = QTimer(self, singleShot=True, interval=1)
        self._add_soon.timeout.connect(self._add_some)
        self._current = 0
        self._layout = FlowLayout(self, spacing=2, align_right=align_right)
        self._clear = _ClearButton(theme, self, size)
        self._clear.clicked.connect(self.cleared)
        self._clear.hide()
        self._mark = QFrame(self)
        self._mark.setProperty("kind", "drop-mark")
        self._mark.hide()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("Pictures"))

    @property
    def pictures(self) -> list[PictureItem]:
        return [*(thumbnail.item for thumbnail in self._thumbnails), *self._waiting]

    def set_pictures(self, pictures: Sequence[PictureItem | tuple[str, QImage | None, str | None]]) -> None:
        """Show these; widgets are kept by position, so that nothing flickers and the focus stays."""
        had_focus = any(thumbnail.hasFocus() for thumbnail in self._thumbnails)
        items = [PictureItem(*picture) for picture in pictures]
        self._layout.removeWidget(self._clear)
        while len(self._thumbnails) > len(items):
            gone = self._thumbnails.pop()
            self._layout.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for index, thumbnail in enumerate(self._thumbnails):
            thumbnail.set_item(index + 1, items[index])
        self._wait(items[len(self._thumbnails) :])
        while self._waiting and (n_made := len(self._thumbnails)) < AT_ONCE and (n_made < _ALWAYS or Turn.has_time()):
            self._add()
        self._place_clear()
        self._make_current(min(self._current, len(pictures) - 1), focus=had_focus)
        self._layout.invalidate()
        self.updateGeometry()

    def set_picture(self, index: int, picture: PictureItem) -> None:
        """Show one of them as it is now."""
        size = size_of(picture, self._side, self._theme)
        if (waits := index - len(self._thumbnails)) >= 0:
            before, self._waiting[waits] = self._waiting[waits], picture
            self._rooms[waits].changeSize(size.width(), size.height())
        else:
            before = self._thumbnails[index].item
            self._thumbnails[index].set_item(index + 1, picture)
        if size != size_of(before, self._side, self._theme):
            self._layout.invalidate()
            self.updateGeometry()

    def thumbnail(self, index: int) -> Thumbnail:
        """The button of a picture, for placing the focus."""
        while index >= len(self._thumbnails):
            self._add()
        return self._thumbnails[index]

    def show_places(self, index: int, places: Sequence[Box]) -> None:
        """Light up places of a picture, in its pixels."""
        if places or index < len(self._thumbnails):
            self.thumbnail(index).show_places(places)

    def sizeHint(self) -> QSize:
        return self._layout.sizeHint()

    def _wait(self, items: list[PictureItem]) -> None:
        """Have thumbnails of these added behind the others."""
        self._layout.cut(len(self._thumbnails))
        self._waiting, self._rooms = items, []
        for item in items:
            size = size_of(item, self._side, self._theme)
            self._rooms.append(QSpacerItem(size.width(), size.height()))
            self._layout.addItem(self._rooms[-1])
        if items:
            self._add_soon.start()

    def _add_some(self) -> None:
        """As many as there is time for in this turn of the event loop."""
        with self._layout.held():  # each that is shown would have all of them arranged
            while self._waiting and Turn.has_time():
                self._add()
        if self._waiting:
            self._add_soon.start()

    def _add(self) -> None:
        """Make the thumbnail of the first one that waits."""
        index = len(self._thumbnails)
        may_wait = index >= AT_ONCE
        made = Thumbnail(self._theme, self._side, removable=self._removable, may_wait=may_wait, parent=self)
        # Functions without arguments: these signals carry a flag that is of no use here.
        made.clicked.connect(lambda: self.opened.emit(index))
        made.removal_asked.connect(lambda: self.removed.emit(index))
        made.pointed.connect(lambda pointer: self.pointed.emit(index, pointer))
        made.hiding_asked.connect(lambda: self.entry_chosen.emit(index, "hide"))
        if self._movable:
            made.dragged.connect(self._show_mark)
            made.dropped.connect(partial(self._drop, index))
        self._thumbnails.append(made)
        self._rooms.pop(0)
        self._layout.replace(index, made)
        made.set_item(index + 1, self._waiting.pop(0))
        made.show()

    # Another order

    def _place_clear(self) -> None:
        """Behind the last picture, where there are several."""
        is_shown = self._movable and len(self.pictures) > 1
        if is_shown:
            self._layout.addWidget(self._clear)
        self._clear.setVisible(is_shown)

    def _gap_at(self, point: QPoint) -> int:
        """Before which picture something that is let go at a point of the screen would come."""
        here = self.mapFromGlobal(point)
        lines = {thumbnail.geometry().center().y() for thumbnail in self._thumbnails}
        if not lines:
            return 0
        nearest = min(
            (abs(thumbnail.geometry().center().y() - here.y()), i) for i, thumbnail in enumerate(self._thumbnails)
        )
        line = self._thumbnails[nearest[1]].y()
        on_it = [i for i, thumbnail in enumerate(self._thumbnails) if abs(thumbnail.y() - line) < self._side // 2]
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        before = [i for i in on_it if (here.x() > self._middle(i)) != mirrored]
        return max(before) + 1 if before else min(on_it)

    def _middle(self, index: int) -> int:
        return self._thumbnails[index].geometry().center().x()

    def _show_mark(self, point: QPoint) -> None:
        """Where the picture would go."""
        gap = self._gap_at(point)
        is_last = gap == len(self._thumbnails)
        beside = self._thumbnails[gap - 1 if is_last else gap].geometry()
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = beside.right() if is_last != mirrored else beside.left() - 2
        self._mark.setGeometry(max(0, left), beside.top() + RING, 3, beside.height() - 2 * RING)
        self._mark.show()
        self._mark.raise_()

    def _drop(self, index: int, point: QPoint) -> None:
        self._mark.hide()
        gap = self._gap_at(point)
        self._move(index, gap - 1 if gap > index else gap)

    def _move(self, index: int, to: int) -> None:
        to = min(max(to, 0), len(self.pictures) - 1)
        if to != index:
            has_focus = self._focused() is not None
            self.moved.emit(index, to)
            self._make_current(to, focus=has_focus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self._focused()
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        is_move = event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() in steps
        if index is not None and is_move and self._movable:
            forward = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
            self._move(index, index + forward * steps[Qt.Key(event.key())])
        elif index is None or not self._press(event.key(), index):
            super().keyPressEvent(event)

    def _press(self, key: int, index: int) -> bool:
        last = len(self._thumbnails) - 1
        forward = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
        moves = {
            Qt.Key.Key_Left: index - forward,
            Qt.Key.Key_Right: index + forward,
            Qt.Key.Key_Up: self._beside_line(index, -1),
            Qt.Key.Key_Down: self._beside_line(index, 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if key in moves:
            self._make_current(min(max(moves[Qt.Key(key)], 0), last), focus=True)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit(index)
        elif self._removable and key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.removed.emit(index)
        else:
            return False
        return True

    def _beside_line(self, index: int, step: int) -> int:
        """The nearest thumbnail on the line above (-1) or below (1), or the same."""
        here = self._thumbnails[index].geometry().center()
        lines = {thumbnail.y() for thumbnail in self._thumbnails}
        own = self._thumbnails[index].y()
        beyond = [y for y in lines if (y - own) * step > 0]
        if not beyond:
            return index
        line = min(beyond, key=lambda y: abs(y - own))
        on_it = [i for i, thumbnail in enumerate(self._thumbnails) if thumbnail.y() == line]
        return min(on_it, key=lambda i: abs(self._thumbnails[i].geometry().center().x() - here.x()))

    def _focused(self) -> int | None:
        return next((i for i, thumbnail in enumerate(self._thumbnails) if thumbnail.hasFocus()), None)

    def _make_current(self, index: int, *, focus: bool) -> None:
        self._current = max(0, index)
        for i, thumbnail in enumerate(self._thumbnails):
            stop = Qt.FocusPolicy.StrongFocus if i == self._current else Qt.FocusPolicy.ClickFocus
            thumbnail.setFocusPolicy(stop)
        if focus and self._thumbnails:
            self.thumbnail(self._current).setFocus(Qt.FocusReason.OtherFocusReason)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            under = (thumbnail.geometry().contains(event.pos()) for thumbnail in self._thumbnails)
            index = next((i for i, is_under in enumerate(under) if is_under), None)
        else:
            index = self._focused()
        if index is not None:
            position = event.globalPos()
            if event.reason() != QContextMenuEvent.Reason.Mouse:
                position = self._thumbnails[index].mapToGlobal(QPoint(self._side // 2, self._side // 2))
            self.make_menu(index).popup(position)

    def make_menu(self, index: int) -> QMenu:
        """What can be done with a picture."""
        pictures = self.pictures
        included = pictures[index].included
        menu = passing_menu(self)

        def add(icon: str, text: str, do: Callable[[], None], tone: str = "muted") -> None:
            menu.addAction(self._theme.icon(icon, tone), text).triggered.connect(do)

        add("maximize-2", self.tr("Open"), lambda: self.opened.emit(index))
        add_picture_entries(menu, self._theme, lambda entry: self.entry_chosen.emit(index, entry))
        menu.addSeparator()
        if self._removable:  # in the composer pictures are for the model, unless there were too many
            if not included:
                add("eye", self.tr("Show to the model"), lambda: self.inclusion_asked.emit(index, True))
            if index > 0:
                add("arrow-left", self.tr("Move before"), lambda: self._move(index, index - 1))
            if index + 1 < len(pictures):
                add("arrow-right", self.tr("Move behind"), lambda: self._move(index, index + 1))
            menu.addSeparator()
            add("trash", self.tr("Remove"), lambda: self.removed.emit(index), "danger")
            if len(pictures) > 1:
                add("x", self.tr("Clear all"), self.cleared.emit)
        elif included:
            add("eye-off", self.tr("Leave out for the model"), lambda: self.inclusion_asked.emit(index, False))
        else:
            add("eye", self.tr("Show to the model"), lambda: self.inclusion_asked.emit(index, True))
        return menu


class _ClearButton(QToolButton):
    """Behind the pictures: all of them go."""

    def __init__(self, theme: Theme, parent: QWidget, height: int) -> None:
        super().__init__(parent)
        self._theme = theme
        self._height = height + 2 * RING
        self.setProperty("small", True)
        self.setToolTip(self.tr("Clear all pictures"))
        self.setAccessibleName(self.tr("Clear all pictures"))
        theme.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setIcon(self._theme.icon("x", "muted"))

    def sizeHint(self) -> QSize:
        return QSize(32, self._height)
