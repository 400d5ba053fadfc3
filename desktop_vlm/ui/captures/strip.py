"""Captures as a strip of thumbnails."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop_vlm.ui.captures.recent import RecentCaptures
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.pictures.menu import add_picture_entries
from desktop_vlm.ui.pictures.thumbnails import PictureItem, ThumbnailStrip
from desktop_vlm.ui.redaction.private_texts import PrivateTexts
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.menu import passing_menu

CAPTURE_SIDE = 76


class CaptureStrip(ThumbnailStrip):
    """The last captures, the latest first. Enter or a click asks about one, Delete removes it.

    Signals:
        asked: SHA-256 of a capture that goes into the question.
        viewed: SHA-256 of a capture that is to be seen in full size.
        again_asked, watch_asked: SHA-256 of a capture whose region is to be captured again, or watched.
        picture_entry_chosen: SHA-256, and the id of one of `PICTURE_ENTRIES`.
    """

    asked = Signal(str)
    viewed = Signal(str)
    again_asked = Signal(str)
    watch_asked = Signal(str)
    picture_entry_chosen = Signal(str, str)

    def __init__(
        self,
        theme: Theme,
        captures: RecentCaptures,
        library: PictureLibrary,
        private_texts: PrivateTexts,
        most: int,
        parent: QWidget | None = None,
    ) -> None:
        """`most` are shown."""
        super().__init__(theme, CAPTURE_SIDE, removable=True, movable=False, parent=parent)
        self._captures = captures
        self._library = library
        self._private_texts = private_texts
        self._most = most
        self.setAccessibleName(self.tr("Recent captures"))
        self.opened.connect(lambda index: self.asked.emit(self._sha256(index)))
        self.removed.connect(lambda index: captures.remove(self._sha256(index)))
        self.cleared.connect(captures.clear)
        self.entry_chosen.connect(lambda index, entry: self.picture_entry_chosen.emit(self._sha256(index), entry))
        captures.changed.connect(self.refresh)
        library.loaded.connect(self._known)
        private_texts.changed.connect(self._known)
        self.refresh()

    def refresh(self) -> None:
        """Show what there is now."""
        side = round(CAPTURE_SIDE * self.devicePixelRatioF())
        self.set_pictures(
            [
                PictureItem(
                    one.picture.name,
                    self._library.thumbnail(one.picture.sha256, side),
                    None,
                    one.picture.width,
                    one.picture.height,
                    True,
                    *self._private_texts.pointed_out(one.picture.sha256),
                )
                for one in self._captures.captures[: self._most]
            ]
        )

    def make_menu(self, index: int) -> QMenu:
        sha256 = self._sha256(index)
        capture = self._captures.get(sha256)
        menu = passing_menu(self)
        menu.addAction(self._theme.icon("arrow-up"), self.tr("Ask about it"), lambda: self.asked.emit(sha256))
        menu.addAction(self._theme.icon("maximize-2"), self.tr("Open"), lambda: self.viewed.emit(sha256))
        if capture is not None and capture.region is not None:
            again, watch = self.tr("Capture this region again"), self.tr("Watch this region\u2026")
            menu.addAction(self._theme.icon("repeat"), again, lambda: self.again_asked.emit(sha256))
            menu.addAction(self._theme.icon("eye"), watch, lambda: self.watch_asked.emit(sha256))
        add_picture_entries(menu, self._theme, lambda entry: self.picture_entry_chosen.emit(sha256, entry))
        menu.addSeparator()
        menu.addAction(self._theme.icon("trash", "danger"), self.tr("Delete"), lambda: self._captures.remove(sha256))
        menu.addAction(self._theme.icon("x"), self.tr("Delete all"), self._captures.clear)
        return menu

    def _sha256(self, index: int) -> str:
        return self._captures.captures[index].picture.sha256

    def _known(self, sha256: str) -> None:
        if self._captures.get(sha256) is not None:
            self.refresh()
