"""Every picture that the window shows, kept or about to be: its bytes, and small versions of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop_vlm.ui.history_thread import HistoryThread
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.loading import PictureData, ThumbnailLoader


class PictureLibrary(QObject):
    """Pictures by SHA-256: those of the history, and those of the question being written.

    Signals:
        loaded: a thumbnail that was asked for can be had now; carries the SHA-256.
    """

    loaded = Signal(str)

    def __init__(self, history: HistoryThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self._new: dict[str, NewPicture] = {}
        self._lenders: list[Callable[[str], bytes | None]] = []
        self._loader = ThumbnailLoader(self)
        self._loader.loaded.connect(lambda sha256, _: self.loaded.emit(sha256))

    def set_new(self, pictures: Sequence[NewPicture]) -> None:
        """The pictures of the question being written, instead of those before."""
        self._new = {picture.sha256: picture for picture in pictures}

    def data(self, sha256: str) -> PictureData:
        """The bytes, or what fetches them in another thread than the window's."""
        if sha256 in self._new:
            return self._new[sha256].data
        lent = next((data for lender in self._lenders if (data := lender(sha256)) is not None), None)
        return self._fetch(sha256) if lent is None else lent

    def lend(self, lender: Callable[[str], bytes | None]) -> None:
        """Ask `lender`, too, for the bytes of pictures; it gives None for those that it does not have."""
        self._lenders.append(lender)

    def drop_thumbnails(self, sha256: str) -> None:
        """Whoever shows a picture has its small versions made again."""
        self._loader.forget(sha256)

    def thumbnail(self, sha256: str, side: int) -> QImage | None:
        """A version that covers `side` device pixels both ways; None until `loaded` comes."""
        return self._loader.get(sha256, side, self.data(sha256))

    def known_thumbnail(self, sha256: str, side: int) -> QImage | None:
        """The same, where it is there; it is not asked for."""
        return self._loader.known(sha256, side)

    def forget(self, sha256: str) -> None:
        """A picture is gone."""
        self._new.pop(sha256, None)
        self._loader.forget(sha256)

    def _fetch(self, sha256: str) -> Callable[[], bytes]:
        return lambda: self._history.fetch(lambda history: history.picture(sha256))
