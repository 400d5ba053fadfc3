"""Reading an image: pixels -> `TextLayer`. It decodes natively, so it runs in a process of its own.

The networks are loaded once and kept until `release`. One image is read at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from PIL import Image

from desktop_vlm.api.errors import Cancelled
from desktop_vlm.api.text_layer import Box, TextLayer, TextLine, Word
from desktop_vlm.images.open import to_rgb
from desktop_vlm.images.text_layer import engine
from desktop_vlm.images.text_layer.codes import find_codes
from desktop_vlm.images.text_layer.detection import Region, find_lines
from desktop_vlm.images.text_layer.engine import Network, Pixels, is_installed, model_path
from desktop_vlm.images.text_layer.line_reading import Reading, characters_of, crop, read_lines
from desktop_vlm.images.text_layer.order import arrange

__all__ = ["is_installed", "prepare", "recognise", "release"]

_LEAST_CONFIDENCE = 0.5
"""What is read with less is more often a drawing than text."""


class _Networks:
    def __init__(self) -> None:
        self.detector = Network(model_path(engine.DETECTION_MODEL))
        self.reader = Network(model_path(engine.READING_MODEL))
        self.characters = characters_of(self.reader)


_busy = threading.Lock()
_loaded: list[_Networks] = []


def recognise(image: Image.Image, *, should_stop: Callable[[], bool] | None = None, codes: bool = True) -> TextLayer:
    """All text of an image, in reading order.

    Args:
        image: upright, any mode; what shines through lies on white.
        should_stop: asked before each part of the work, each of which takes a fraction of a second.
        codes: whether QR codes and barcodes are looked for.

    Raises:
        UserError: the extra `desktop-vlm[text]` is not installed.
        EngineError: the OCR engine failed.
        Cancelled: `should_stop` said so.
    """

    def check() -> None:
        if should_stop is not None and should_stop():
            raise Cancelled

    with _busy:
        check()
        networks = _networks()
        pixels: Pixels = np.asarray(to_rgb(image))[:, :, ::-1]  # the networks know blue, green, red
        regions = find_lines(networks.detector, pixels, check)
        readings = read_lines(networks.reader, networks.characters, [crop(pixels, one) for one in regions], check)
        check()
        lines = [
            _line(region, reading)
            for region, reading in zip(regions, readings, strict=True)
            if reading.text.strip() and reading.confidence >= _LEAST_CONFIDENCE
        ]
        found = find_codes(np.ascontiguousarray(pixels)) if codes else ()
        return arrange(lines, image.width, image.height, found)


def prepare() -> None:
    """Load the networks, which takes half a second, before an image comes.

    Raises:
        UserError: the extra is not installed.
    """
    with _busy:
        _networks()


def release() -> None:
    """Give the networks' memory back; the next image loads them again."""
    with _busy:
        _loaded.clear()


def _networks() -> _Networks:
    if not _loaded:
        _loaded.append(_Networks())
    return _loaded[0]


def _line(region: Region, reading: Reading) -> TextLine:
    left, top = (float(value) for value in region.corners.min(axis=0))
    right, bottom = (float(value) for value in region.corners.max(axis=0))
    box = Box(left, top, right, bottom)
    return TextLine(reading.text.strip(), box, tuple(_words(reading, box)), reading.confidence)


def _words(reading: Reading, box: Box) -> list[Word]:
    words, at = [], 0
    for part in reading.text.split(" "):
        if part:
            last = at + len(part) - 1
            left, right = reading.starts[at], reading.ends[last]
            words.append(
                Word(part, Box(box.left + left * box.width, box.top, box.left + right * box.width, box.bottom))
            )
        at += len(part) + 1
    return words
