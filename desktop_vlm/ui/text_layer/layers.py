"""The text of every image that the window knows, each read once."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.ui.pictures.loading import PictureData
from desktop_vlm.ui.pictures.pdf import PdfPage
from desktop_vlm.ui.text_layer.protocol import Availability, TextReader

MOST_PAGES = 30
"""Pages of PDFs whose files are kept in memory until their text is read."""


class LayerState(Enum):
    """What is known of an image's text."""

    NONE = "none"
    READING = "reading"
    READ = "read"
    FAILED = "failed"


class TextLayers(QObject):
    """Layers by the SHA-256 of the image.

    Signals:
        changed(str): an image's text was read, or could not be.
        availability_changed(Availability)
    """

    changed = Signal(str)
    availability_changed = Signal(object)

    def __init__(self, reader: TextReader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._layers: dict[str, TextLayer] = {}
        self._failures: dict[str, str] = {}
        self._requested: set[str] = set()
        self._pages: dict[str, PdfPage] = {}
        self._is_on = True
        reader.read.connect(self._read)
        reader.failed.connect(self._failed)
        reader.availability_changed.connect(lambda _: self.availability_changed.emit(self.availability))

    @property
    def availability(self) -> Availability:
        """OFF where it is switched off, else the reader's."""
        return self._reader.availability if self._is_on else Availability.OFF

    def set_on(self, on: bool) -> None:
        """Whether images are read at all. What was read before can still be had."""
        if on == self._is_on:
            return
        self._is_on = on
        if not on:
            for sha256 in tuple(self._requested):
                self._reader.cancel(sha256)
                self._failed(sha256, self._off_sentence())
        self.availability_changed.emit(self.availability)

    def layer(self, sha256: str) -> TextLayer | None:
        """The text of an image; None while it is not read."""
        return self._layers.get(sha256)

    def state(self, sha256: str) -> LayerState:
        """What is known of an image's text."""
        if sha256 in self._layers:
            return LayerState.READ
        if sha256 in self._failures:
            return LayerState.FAILED
        return LayerState.READING if sha256 in self._requested else LayerState.NONE

    def problem(self, sha256: str) -> str:
        """Why an image's text could not be read: a sentence, or ""."""
        return self._failures.get(sha256, "")

    def request(self, sha256: str, data: PictureData, *, urgent: bool = False) -> None:
        """Have an image read, if it is not yet; `changed` follows, also where it was read before."""
        if sha256 in self._layers:
            self.changed.emit(sha256)
            return
        self._failures.pop(sha256, None)
        if not self._is_on:
            QTimer.singleShot(0, self, lambda: self._failed(sha256, self._off_sentence()))
            return
        self._requested.add(sha256)
        self._reader.request(sha256, self._pages.get(sha256, data), urgent=urgent)

    def note_page(self, sha256: str, page: PdfPage) -> None:
        """An image shows this page, whose text may be there without being recognised; kept until it is read."""
        if sha256 not in self._layers:
            self._pages[sha256] = page
            while len(self._pages) > MOST_PAGES:
                del self._pages[next(iter(self._pages))]

    def cancel(self, sha256: str) -> None:
        """Nobody needs this image's text any more; what is read already stays."""
        if sha256 in self._requested:
            self._requested.discard(sha256)
            self._reader.cancel(sha256)

    def prepare(self) -> None:
        """An image will come soon."""
        self._reader.prepare()

    def close(self) -> None:
        self._reader.close()

    def _off_sentence(self) -> str:
        return self.tr("Reading text in pictures is switched off in the settings.")

    def _read(self, sha256: str, layer: TextLayer) -> None:
        self._requested.discard(sha256)
        self._pages.pop(sha256, None)
        self._layers[sha256] = layer
        self.changed.emit(sha256)

    def _failed(self, sha256: str, sentence: str) -> None:
        self._requested.discard(sha256)
        self._failures[sha256] = sentence
        self.changed.emit(sha256)
