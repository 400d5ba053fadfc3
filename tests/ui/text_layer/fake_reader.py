"""A reader of images' text that knows its answers, and the layers that tests write."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm.api.text_layer import Box, TextLayer, TextLine, Word
from desktop_vlm.ui.pictures.loading import PictureData
from desktop_vlm.ui.pictures.pdf import PdfPage
from desktop_vlm.ui.text_layer.protocol import Availability


class FakeReader(QObject):
    """Answers from `layers` and `failures`, by SHA-256, in a turn of its own; an image without an answer waits.

    Attributes:
        requested: SHA-256s in the order in which they were asked for.
        pages: the PDF pages among them.
        cancelled: those given up.
        prepared: how often it was said that an image will come.
    """

    read = Signal(str, object)
    failed = Signal(str, str)
    availability_changed = Signal(object)

    def __init__(self, availability: Availability = Availability.READY) -> None:
        super().__init__()
        self.layers: dict[str, TextLayer] = {}
        self.failures: dict[str, str] = {}
        self.requested: list[str] = []
        self.pages: dict[str, PdfPage] = {}
        self.cancelled: list[str] = []
        self.prepared = 0
        self._availability = availability
        self._waiting: list[str] = []

    @property
    def availability(self) -> Availability:
        return self._availability

    def set_availability(self, availability: Availability) -> None:
        self._availability = availability
        self.availability_changed.emit(availability)

    def request(self, sha256: str, data: PictureData | PdfPage, *, urgent: bool = False) -> None:
        self.requested.append(sha256)
        if isinstance(data, PdfPage):
            self.pages[sha256] = data
        self._waiting.insert(0 if urgent else len(self._waiting), sha256)
        QTimer.singleShot(0, self, self._answer_next)

    def _answer_next(self) -> None:
        if self._waiting:
            self.answer(self._waiting.pop(0))

    def answer(self, sha256: str) -> None:
        if sha256 in self.layers:
            self.read.emit(sha256, self.layers[sha256])
        elif sha256 in self.failures:
            self.failed.emit(sha256, self.failures[sha256])

    def cancel(self, sha256: str) -> None:
        self.cancelled.append(sha256)
        self._waiting = [one for one in self._waiting if one != sha256]

    def prepare(self) -> None:
        self.prepared += 1

    def close(self) -> None:
        self._waiting.clear()


def layer_of(lines: Sequence[str], *, width: int = 800, height: int = 600, line_px: int = 20) -> TextLayer:
    """A layer with these lines one below the other, ten pixels a character."""
    made = []
    for number, text in enumerate(lines):
        top = float(number * line_px)
        words, at = [], 0
        for part in text.split(" "):
            words.append(Word(part, Box(at * 10.0, top, (at + len(part)) * 10.0, top + line_px)))
            at += len(part) + 1
        made.append(TextLine(text, Box(0.0, top, len(text) * 10.0, top + line_px), tuple(words), 1.0))
    return TextLayer(width, height, tuple(made), (0,) if made else ())


def layer_of_font(lines: Sequence[str], size: tuple[int, int], font_px: float) -> TextLayer:
    """A layer with these lines as a font of this size has them, one below the other."""
    made = []
    for number, text in enumerate(lines):
        top = number * font_px * 1.5
        box = Box(0.0, top, len(text) * font_px * 0.6, top + font_px * 1.2)
        made.append(TextLine(text, box, (Word(text, box),), 1.0))
    return TextLayer(*size, tuple(made), (0,) if made else ())
