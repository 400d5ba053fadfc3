"""The text of every image that the window knows, each read once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.ui.pictures.loading import PictureData
from desktop_vlm.ui.pictures.pdf import PdfPage
from desktop_vlm.ui.text_layer.kept_layers import KeptLayers
from desktop_vlm.ui.text_layer.memory import MOST_WORDS, LayerMemory, size_of
from desktop_vlm.ui.text_layer.no_reader import missing_sentence
from desktop_vlm.ui.text_layer.protocol import Availability, TextReader

_LOOK_UP_MS = 300
"""So long the history may take; then an image is read all the same."""

MOST_PAGES = 30
"""Pages of PDFs whose files are kept in memory until their text is read."""


class LayerState(Enum):
    """What is known of an image's text."""

    NONE = "none"
    READING = "reading"
    READ = "read"
    FAILED = "failed"


@dataclass
class _Request:
    """An image whose text somebody wants to have.

    Attributes:
        is_looked_up: the history was asked, and what it said is known.
        is_sent: the reader has it.
    """

    data: PictureData
    urgent: bool
    is_looked_up: bool = False
    is_sent: bool = False


class TextLayers(QObject):
    """Layers by the SHA-256 of the image.

    What was read before comes from memory or the history. Whoever is in no hurry waits for a quiet moment: until
    nothing came for `idle_ms`, and while the engine answers.

    Signals:
        changed(str): an image's text was read, or could not be.
        availability_changed(Availability)
    """

    changed = Signal(str)
    availability_changed = Signal(object)

    def __init__(
        self, reader: TextReader, parent: QObject | None = None, *, kept: KeptLayers | None = None, idle_ms: int = 0
    ) -> None:
        super().__init__(parent)
        self._reader = reader
        self._kept = kept
        self._memory = LayerMemory()
        self._failures: dict[str, str] = {}
        self._requests: dict[str, _Request] = {}
        self._to_load: deque[str] = deque()
        self._to_load_words = 0
        self._loading = ""
        self._pages: dict[str, PdfPage] = {}
        self._deleted: set[str] = set()
        self._is_on = True
        self._is_held = False
        self._soon = QTimer(self, singleShot=True, interval=idle_ms)
        self._soon.timeout.connect(self._send_waiting)
        reader.read.connect(self._read)
        reader.failed.connect(self._failed)
        reader.availability_changed.connect(lambda _: self.availability_changed.emit(self.availability))

    @property
    def availability(self) -> Availability:
        """OFF where it is switched off, else the reader's."""
        return self._reader.availability if self._is_on else Availability.OFF

    @property
    def refusal(self) -> str:
        """Why no image is read here, as every request would hear: a sentence, or "" where text can be read."""
        sentences = {Availability.OFF: self._off_sentence, Availability.MISSING: missing_sentence}
        sentence = sentences.get(self.availability)
        return sentence() if sentence else ""

    def set_on(self, on: bool) -> None:
        """Whether images are read at all. What was read before can still be had."""
        if on == self._is_on:
            return
        self._is_on = on
        for sha256 in () if on else tuple(self._requests):
            self._take_back(sha256)
            self._failed(sha256, self._off_sentence())
        self.availability_changed.emit(self.availability)

    def hold(self, held: bool) -> None:
        """Whether images that nobody waits for are left alone: something else needs the processor."""
        self._is_held = held
        for sha256, request in tuple(self._requests.items()):
            if held and request.is_sent and not request.urgent:
                self._take_back(sha256)
        if not held:
            self._soon.start()

    def layer(self, sha256: str) -> TextLayer | None:
        """The text of an image; None while it is not read."""
        return self._memory.get(sha256)

    def state(self, sha256: str) -> LayerState:
        """What is known of an image's text."""
        if sha256 in self._memory:
            return LayerState.READ
        if sha256 in self._failures:
            return LayerState.FAILED
        return LayerState.READING if sha256 in self._requests else LayerState.NONE

    def problem(self, sha256: str) -> str:
        """Why an image's text could not be read: a sentence, or ""."""
        return self._failures.get(sha256, "")

    def request(self, sha256: str, data: PictureData, *, urgent: bool = False) -> None:
        """Have an image read, if it is not yet; `changed` follows, also where it was read before.

        Args:
            sha256: of the image.
            data: its file.
            urgent: somebody waits for it.
        """
        if sha256 in self._memory:
            self.changed.emit(sha256)
            return
        self._failures.pop(sha256, None)
        request = self._requests.get(sha256)
        if request is None:
            self._deleted.discard(sha256)
            request = self._requests[sha256] = _Request(data, urgent, is_looked_up=self._kept is None)
            if self._kept is not None:
                QTimer.singleShot(_LOOK_UP_MS, self, partial(self._looked_up, sha256, request, None))
                self._kept.load(sha256, partial(self._looked_up, sha256, request))
        elif urgent and not request.urgent:
            request.urgent, request.is_sent = True, False  # once more, before all others
        self._send_on(sha256, request)

    def read_ahead(self, sha256: str, data: PictureData) -> None:
        """Have an image that came read in a quiet moment. Where text cannot be read nothing happens, and nothing fails.

        Args: as those of `request`.
        """
        can_read = self.availability in {Availability.READY, Availability.UNKNOWN}
        if can_read and self.state(sha256) in {LayerState.NONE, LayerState.FAILED}:
            self.request(sha256, data)

    def note_page(self, sha256: str, page: PdfPage) -> None:
        """An image shows this page, whose text may be there without being recognised; kept until it is read."""
        if sha256 not in self._memory:
            self._pages[sha256] = page
            while len(self._pages) > MOST_PAGES:
                del self._pages[next(iter(self._pages))]

    def cancel(self, sha256: str) -> None:
        """Nobody needs this image's text any more; what is read already stays."""
        self._take_back(sha256)
        self._requests.pop(sha256, None)

    def leave(self, sha256: str) -> None:
        """Whoever asked for an image without hurry no longer does; if another waits for it, it is read all the same."""
        request = self._requests.get(sha256)
        if request is not None and not request.urgent:
            self.cancel(sha256)

    def left_draft(self, sha256: str) -> None:
        """An image left the question that was written: it is not read any more, and what was kept of it may be gone."""
        self.leave(sha256)
        if self._kept is not None:
            self._kept.forget(sha256)

    def load_kept(self, sha256s: Iterable[str]) -> None:
        """Bring what the history has of these images into memory, one after the other; none is read.

        Those of an earlier call that are not there yet are left out, and so are the last ones where all are too much.
        """
        self._to_load_words = MOST_WORDS // 2
        self._to_load = deque(one for one in sha256s if one not in self._memory)
        if not self._loading:
            self._load_next()

    def images_kept(self, sha256s: Iterable[str]) -> None:
        """These images are in the history: what was read of them before is kept with them."""
        for sha256 in sha256s:
            layer = self._memory.get(sha256)
            if self._kept is not None and layer is not None and not self._kept.is_kept(sha256):
                self._kept.keep(sha256, layer)

    def image_gone(self, sha256: str) -> None:
        """An image is gone: nothing of it is left here, or becomes known any more."""
        self.cancel(sha256)
        self._deleted.add(sha256)
        self._memory.drop(sha256)
        self._failures.pop(sha256, None)
        self._pages.pop(sha256, None)
        self._to_load = deque(one for one in self._to_load if one != sha256)
        if self._kept is not None:
            self._kept.forget()
        self.changed.emit(sha256)

    def forget_all(self) -> None:
        """Every image is deleted: nothing of any is left here, or becomes known any more."""
        self._deleted |= set(self._requests)
        for sha256 in tuple(self._requests):
            self.cancel(sha256)
        self._memory.clear()
        self._failures.clear()
        self._pages.clear()
        self._to_load.clear()
        if self._kept is not None:
            self._kept.forget()

    def forget(self, sha256: str) -> None:
        """Keep nothing of an image: it was only looked at."""
        if sha256 in self._requests:
            self._deleted.add(sha256)  # what of it is on its way
        self.cancel(sha256)
        self._memory.drop(sha256)
        self._failures.pop(sha256, None)

    def prepare(self) -> None:
        """An image will come soon."""
        if self._is_on:
            self._reader.prepare()

    def close(self) -> None:
        self._reader.close()

    # A request's way

    def _looked_up(self, sha256: str, request: _Request, layer: TextLayer | None) -> None:
        if self._requests.get(sha256) is not request:
            return
        if layer is not None:
            self._take_back(sha256)
            self._come(sha256, layer)
        elif not request.is_looked_up:
            request.is_looked_up = True
            self._send_on(sha256, request)

    def _send_on(self, sha256: str, request: _Request) -> None:
        if not request.is_looked_up or request.is_sent:
            return
        if not self._is_on:
            QTimer.singleShot(0, self, partial(self._failed, sha256, self._off_sentence()))
        elif request.urgent:
            request.is_sent = True
            self._reader.request(sha256, self._pages.get(sha256, request.data), urgent=True)
        elif self._soon.interval() or self._is_held:
            self._soon.start()
        else:
            self._send_waiting()

    def _send_waiting(self) -> None:
        """What is in no hurry, in the order in which it was asked for."""
        for sha256, request in tuple(self._requests.items()):
            if request.is_looked_up and not request.is_sent and not self._is_held:
                request.is_sent = True
                self._reader.request(sha256, self._pages.get(sha256, request.data))

    def _take_back(self, sha256: str) -> None:
        request = self._requests.get(sha256)
        if request is not None and request.is_sent:
            request.is_sent = False
            self._reader.cancel(sha256)

    def _off_sentence(self) -> str:
        return self.tr("Reading text in pictures is switched off in the settings.")

    def _read(self, sha256: str, layer: TextLayer) -> None:
        if sha256 in self._deleted:  # it came while everything was deleted
            return
        if self._kept is not None:
            self._kept.keep(sha256, layer)
        self._come(sha256, layer)

    def _come(self, sha256: str, layer: TextLayer) -> None:
        self._requests.pop(sha256, None)
        self._failures.pop(sha256, None)
        self._pages.pop(sha256, None)
        self._memory.put(sha256, layer)
        self.changed.emit(sha256)

    def _failed(self, sha256: str, sentence: str) -> None:
        if self._requests.pop(sha256, None) is not None:
            self._failures[sha256] = sentence
            self.changed.emit(sha256)

    # What the history has

    def _load_next(self) -> None:
        self._loading = self._to_load.popleft() if self._to_load and self._kept is not None else ""
        if self._loading and self._kept is not None:
            self._kept.load(self._loading, partial(self._loaded, self._loading))

    def _loaded(self, sha256: str, layer: TextLayer | None) -> None:
        if layer is not None and sha256 not in self._memory:
            self._take_back(sha256)
            self._come(sha256, layer)
            self._to_load_words -= size_of(layer)
        if self._to_load_words < 0:
            self._to_load.clear()
        self._load_next()
