"""A row of pictures, in the composer or in a message."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from desktop_vlm.ui.pictures.menu import add_picture_entries
from desktop_vlm.ui.pictures.thumbnail import PictureItem, Thumbnail
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.flow_layout import FlowLayout

__all__ = ["COMPOSER_SIDE", "MESSAGE_SIDE", "PictureItem", "ThumbnailStrip"]

COMPOSER_SIDE = 72
MESSAGE_SIDE = 180


class ThumbnailStrip(QWidget):
    """Thumbnails that wrap onto further lines. One stop for Tab; arrows, Home and End move within.

    Signals, each with the index of the picture:
        opened: clicked, Enter or Space.
        removed: the button in the corner, Delete or Backspace (only if `removable`).
        entry_chosen: from the context menu, or the mark at a picture; also the id of one of `PICTURE_ENTRIES`.
        inclusion_asked: from the context menu, unless `removable`; also whether the model shall see it.
    """

    opened = Signal(int)
    removed = Signal(int)
    entry_chosen = Signal(int, str)
    inclusion_asked = Signal(int, bool)

    def __init__(
        self,
        theme: Theme,
        size: int = COMPOSER_SIDE,
        *,
        removable: bool = False,
        square: bool | None = None,
        align_right: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`size`: greatest height in pixels; in the composer they are square, else they show all of a picture."""
        super().__init__(parent)
        self._theme = theme
        self._side = size
        self._removable = removable
        self._square = removable if square is None else square
        self._thumbnails: list[Thumbnail] = []
        self._current = 0
        self._layout = FlowLayout(self, spacing=2, align_right=align_right)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("Pictures"))

    @property
    def pictures(self) -> list[PictureItem]:
        return [thumbnail.item for thumbnail in self._thumbnails]

    def set_pictures(self, pictures: Sequence[PictureItem | tuple[str, QImage | None, str | None]]) -> None:
        """Show these; widgets are kept by position, so that nothing flickers and the focus stays."""
        had_focus = any(thumbnail.hasFocus() for thumbnail in self._thumbnails)
        while len(self._thumbnails) > len(pictures):
            gone = self._thumbnails.pop()
            self._layout.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self._thumbnails) < len(pictures):
            self._add()
        for index, picture in enumerate(pictures):
            self._thumbnails[index].set_item(index + 1, PictureItem(*picture))
        self._make_current(min(self._current, len(pictures) - 1), focus=had_focus)
        self._layout.invalidate()
        self.updateGeometry()

    def thumbnail(self, index: int) -> Thumbnail:
        """The button of a picture, for placing the focus."""
        return self._thumbnails[index]

    def sizeHint(self) -> QSize:
        return self._layout.sizeHint()

    def _add(self) -> None:
        index = len(self._thumbnails)
        made = Thumbnail(self._theme, self._side, square=self._square, removable=self._removable, parent=self)
        # Functions without arguments: these signals carry a flag that is of no use here.
        made.clicked.connect(lambda: self.opened.emit(index))
        made.removal_asked.connect(lambda: self.removed.emit(index))
        made.hiding_asked.connect(lambda: self.entry_chosen.emit(index, "hide"))
        self._thumbnails.append(made)
        self._layout.addWidget(made)
        made.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self._focused()
        if index is None or not self._press(event.key(), index):
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
            self._thumbnails[self._current].setFocus(Qt.FocusReason.OtherFocusReason)

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
        included = self._thumbnails[index].item.included
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def add(icon: str, text: str, do: Callable[[], None]) -> None:
            menu.addAction(self._theme.icon(icon), text).triggered.connect(do)

        add("maximize-2", self.tr("Open"), lambda: self.opened.emit(index))
        add_picture_entries(menu, self._theme, lambda entry: self.entry_chosen.emit(index, entry))
        if self._removable:  # in the composer every picture is for the model
            add("trash", self.tr("Remove"), lambda: self.removed.emit(index))
        elif included:
            add("eye-off", self.tr("Leave out for the model"), lambda: self.inclusion_asked.emit(index, False))
        else:
            add("eye", self.tr("Show to the model"), lambda: self.inclusion_asked.emit(index, True))
        return menu
