"""The visible part of an edited picture, by the renderer that makes the one which is sent, in the picture threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PIL import Image
from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QImage

from desktop_vlm.images.annotations.document import from_below
from desktop_vlm.images.annotations.drawing import Mosaic, draw
from desktop_vlm.images.annotations.marks import Mark
from desktop_vlm.images.annotations.shapes import Blur
from desktop_vlm.images.redaction import pixels_of
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.loading import to_pillow, to_qimage

_STRIP_PIXELS = 250_000


@dataclass(frozen=True)
class View:
    """What is to be seen.

    Attributes:
        level: number of the size of the picture that is shown, each half as large as the one before.
        part: of that level, px.
        marks: on the picture.
    """

    level: int
    part: QRect
    marks: tuple[Mark, ...]


class ExactView(QObject):
    """Makes views one after the other; of those that wait only the latest.

    Attributes:
        view, image: the latest that is made.
        mosaics: what blurs look like.

    Signals:
        made: another is there.
    """

    made = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._levels: Sequence[QImage] = ()
        self._waiting: View | None = None
        self._running: View | None = None
        self._round = 0
        self.view: View | None = None
        self.image: QImage | None = None
        self.mosaics: dict[Blur, QImage] = {}

    def show_levels(self, levels: Sequence[QImage]) -> None:
        """Another picture: what was made is of no use any more."""
        self._levels = levels
        self._round += 1
        self.view = self.image = self._waiting = None
        self.mosaics.clear()

    def request(self, view: View) -> None:
        """Make a view, unless it is there or under way."""
        if not self._levels or not view.marks or view in (self.view, self._running):
            return
        self._waiting = view
        if self._running is None:
            self._start()

    def _start(self) -> None:
        view, self._waiting = self._waiting, None
        if view is not None:
            self._running = view
            work = partial(make_view, list(self._levels), view)
            self._background.run(work, partial(self._came, self._round, view), self._failed)

    def _came(self, made_for: int, view: View, result: tuple[QImage, dict[Blur, QImage]]) -> None:
        self._running = None
        if made_for == self._round:
            self.view, (self.image, self.mosaics) = view, result
            self.made.emit()
        self._start()

    def _failed(self, _sentence: str) -> None:  # the log has it; what Qt paints stays
        self._running = None
        self._start()


def make_view(levels: Sequence[QImage], view: View) -> tuple[QImage, dict[Blur, QImage]]:
    """The pixels of a view, and what its blurs look like. Not for the window's thread."""
    whole = (levels[0].width(), levels[0].height())
    level = levels[view.level]
    scale = level.width() / whole[0]
    marks = from_below(view.marks)
    mosaics = {shape: _mosaic(levels, shape) for mark in marks for shape in mark.shapes if isinstance(shape, Blur)}
    image = pixels(level, view.part)
    corner = (view.part.x() / scale, view.part.y() / scale)
    for mark in marks:
        draw(image, mark.shapes, corner, scale, mosaics)
    return to_qimage(image), {blur: to_qimage(one.cells) for blur, one in mosaics.items()}


def _mosaic(levels: Sequence[QImage], blur: Blur) -> Mosaic:
    """From a smaller size of the picture, where each cell still has several of its pixels."""
    area = pixels_of(blur.box, levels[0].width(), levels[0].height()) or (0, 0, 1, 1)
    at = max(0, min(len(levels) - 1, blur.cell.bit_length() - 4))
    across, down = levels[at].width() / levels[0].width(), levels[at].height() / levels[0].height()
    left, top = int(area[0] * across), int(area[1] * down)
    right, bottom = max(left + 1, round(area[2] * across)), max(top + 1, round(area[3] * down))
    part = pixels(levels[at], QRect(left, top, right - left, bottom - top))
    size = area[2] - area[0], area[3] - area[1]
    cells = max(1, round(size[0] / blur.cell)), max(1, round(size[1] / blur.cell))
    return Mosaic(area, part.resize(cells, Image.Resampling.BOX))


def pixels(image: QImage, part: QRect) -> Image.Image:
    """A part of an image, RGB; in strips, since Qt keeps Python's lock while it copies."""
    made = Image.new("RGB", (part.width(), part.height()))
    rows = max(1, _STRIP_PIXELS // max(1, part.width()))
    for top in range(0, part.height(), rows):
        strip = image.copy(part.x(), part.y() + top, part.width(), min(rows, part.height() - top))
        made.paste(to_pillow(strip), (0, top))
    return made
