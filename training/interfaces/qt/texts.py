"""Where a Qt window draws its characters: it is painted once more, onto a device that only takes down texts."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPaintDevice, QPaintEngine, QPaintEngineState, QTextItem
from PySide6.QtWidgets import QWidget

from training.screens.webpages import Line

_JOINED = 0.75
"""Px between two pieces that are one text, as where a letter is underlined."""
_SHADOW = 1.3
"""Px from a text to its shadow."""
_ONE_GLYPH = 0.01
"""Px between the edges of a character that is a part of the glyph before it."""
_SEEN = 0.7
"""Of a character's height and width that are enough to read it."""


@dataclass
class Piece:
    """Characters drawn at once: `edges` as those of lines, px; `clip` is what is seen there."""

    text: str
    edges: list[float]
    top: float
    bottom: float
    baseline: float
    clip: QRectF


@dataclass
class Texts:
    """What was drawn; `turned`: some of it not from left to right."""

    pieces: list[Piece] = field(default_factory=list)
    turned: bool = False


@functools.lru_cache(maxsize=300)
def _extents(described: str) -> tuple[float, float]:
    """From the baseline to the top of "d" and to the bottom of "p"."""
    font = QFont()
    font.fromString(described)
    metrics = QFontMetricsF(font)
    return metrics.tightBoundingRect("d").top(), metrics.tightBoundingRect("p").bottom()


def parted(edges: Sequence[float]) -> list[float]:
    """Edges of characters, of which those that are one glyph, as "fi" is in some fonts, share its width."""
    found = list(edges)
    place = 1
    while place < len(found) - 1:
        end = place
        while end + 1 < len(found) and found[end + 1] - found[place] < _ONE_GLYPH:
            end += 1
        if end > place:
            first, count = place - 1, end - place + 1
            step = (found[end] - found[first]) / count
            found[place:end] = [found[first] + step * (one + 1) for one in range(count - 1)]
        place = end + 1
    return found


class _Engine(QPaintEngine):
    """Draws nothing and takes down texts."""

    def __init__(self) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.texts = Texts()

    def begin(self, _device: QPaintDevice) -> bool:
        return True

    def end(self) -> bool:
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, _state: QPaintEngineState) -> None:  # noqa: N802 - Qt's name
        return

    def drawTextItem(self, at: Any, item: QTextItem) -> None:  # noqa: N802 - Qt's name
        painter, text = self.painter(), item.text()
        matrix = painter.deviceTransform()
        if not text.strip():
            return
        if matrix.m12() or matrix.m21() or matrix.m11() != 1 or item.renderFlags() & QTextItem.RenderFlag.RightToLeft:
            self.texts.turned = True
            return
        if painter.pen().color().alpha() < 60 or painter.opacity() < 0.3:
            return
        start, font = matrix.map(QPointF(at)), item.font()
        metrics = QFontMetricsF(font)
        widths = parted([metrics.horizontalAdvance(text, end) for end in range(len(text) + 1)])
        stretch = item.width() / widths[-1] if widths[-1] else 1.0
        top, bottom = _extents(font.toString())
        clip = QRectF(self.systemClip().boundingRect())
        if painter.hasClipping():
            inner = matrix.mapRect(painter.clipBoundingRect())
            clip = clip.intersected(inner) if not clip.isNull() else inner
        edges = [start.x() + width * stretch for width in widths]
        piece = Piece(text, edges, start.y() + top, start.y() + bottom, start.y(), clip)
        self.texts.pieces.append(piece)


def _nothing(*_what: Any) -> None:
    return


for _name in ("Pixmap", "Image", "TiledPixmap", "Path", "Polygon", "Rects", "Lines", "Points", "Ellipse"):
    setattr(_Engine, f"draw{_name}", _nothing)


class _Device(QPaintDevice):
    """As large as the window."""

    def __init__(self, like: QWidget) -> None:
        super().__init__()
        self._like, self.engine = like, _Engine()

    def paintEngine(self) -> QPaintEngine:  # noqa: N802 - Qt's name
        return self.engine

    def metric(self, asked: QPaintDevice.PaintDeviceMetric) -> int:
        kinds = QPaintDevice.PaintDeviceMetric
        values = {
            kinds.PdmWidth: self._like.width(), kinds.PdmHeight: self._like.height(), kinds.PdmDepth: 32,
            kinds.PdmDpiX: self._like.logicalDpiX(), kinds.PdmDpiY: self._like.logicalDpiY(),
            kinds.PdmPhysicalDpiX: self._like.logicalDpiX(), kinds.PdmPhysicalDpiY: self._like.logicalDpiY(),
            kinds.PdmNumColors: 2**31 - 1, kinds.PdmDevicePixelRatio: 1, kinds.PdmDevicePixelRatioScaled: 1 << 16,
        }  # fmt: skip
        return values.get(asked, 0)


def photograph(window: QWidget) -> Image.Image:
    """What the window shows."""
    shot = window.grab().toImage()
    shot = shot.convertToFormat(shot.Format.Format_RGB888)
    raw = bytes(shot.constBits())
    return Image.frombytes("RGB", (shot.width(), shot.height()), raw, "raw", "RGB", shot.bytesPerLine())


def texts_of(window: QWidget) -> Texts:
    """All that a window draws, in the order in which it is drawn."""
    device = _Device(window)
    window.render(device, QPoint(0, 0))
    return device.engine.texts


def _without_shadows(pieces: list[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    for piece in pieces:
        near = [one for one in kept[-8:] if one.text == piece.text and abs(one.edges[0] - piece.edges[0]) < _SHADOW
                and abs(one.baseline - piece.baseline) < _SHADOW]  # fmt: skip
        kept = [one for one in kept if one not in near] if near else kept
        kept.append(piece)
    return kept


def _joined(pieces: list[Piece]) -> list[Piece]:
    rows: list[Piece] = []
    for piece in pieces:
        last = rows[-1] if rows else None
        if (last and abs(last.baseline - piece.baseline) < _JOINED and abs(last.edges[-1] - piece.edges[0]) < _JOINED
                and last.clip == piece.clip):  # fmt: skip
            last.text += piece.text
            last.edges = last.edges[:-1] + piece.edges
            last.top, last.bottom = min(last.top, piece.top), max(last.bottom, piece.bottom)
        else:
            rows.append(Piece(piece.text, list(piece.edges), piece.top, piece.bottom, piece.baseline, piece.clip))
    return rows


def _seen(piece: Piece, bounds: QRectF) -> list[Line]:
    """The parts of it that are not cut off, without blanks around them."""
    clip = bounds.intersected(piece.clip) if not piece.clip.isNull() else bounds
    down = min(piece.bottom, clip.bottom()) - max(piece.top, clip.top())
    if down < _SEEN * (piece.bottom - piece.top):
        return []
    whole = [min(right, clip.right()) - max(left, clip.left()) >= _SEEN * (right - left) and right > left
             for left, right in itertools.pairwise(piece.edges)]  # fmt: skip
    return parts_of(Line(piece.text, tuple(piece.edges), piece.top, piece.bottom), whole)


def parts_of(line: Line, kept: Sequence[bool]) -> list[Line]:
    """The parts of a line whose characters are kept, without blanks around them."""
    parts = []
    for is_kept, group in itertools.groupby(range(len(line.text)), lambda place: kept[place]):
        places = list(group)
        text = line.text[places[0] : places[-1] + 1]
        if is_kept and text.strip():
            first = places[0] + len(text) - len(text.lstrip())
            last = first + len(text.strip())
            parts.append(Line(text.strip(), line.edges[first : last + 1], line.top, line.bottom))
    return parts


def lines_of(texts: Texts, size: QRect) -> list[Line]:
    """The characters that are seen within `size`, in the order of drawing."""
    bounds = QRectF(size)
    return [line for piece in _joined(_without_shadows(texts.pieces)) for line in _seen(piece, bounds)]


def overlap(lines: list[Line]) -> bool:
    """Whether texts lie on each other, as where a layout has gone wrong."""
    boxes = sorted((line.box for line in lines), key=lambda box: box[1])
    for place, one in enumerate(boxes):
        for other in itertools.takewhile(lambda box, low=one[3]: box[1] < low, boxes[place + 1 :]):  # type: ignore[misc]
            across = min(one[2], other[2]) - max(one[0], other[0])
            down = min(one[3], other[3]) - max(one[1], other[1])
            if across > 2 and down > 0.25 * min(one[3] - one[1], other[3] - other[1]):
                return True
    return False
