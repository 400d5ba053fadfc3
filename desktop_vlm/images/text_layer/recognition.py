"""Reading an image: pixels -> `TextLayer`. It decodes natively, so it runs in a process of its own.

The networks are loaded once and kept until `release`. One image is read at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from PIL import Image

from desktop_vlm.api.errors import Cancelled
from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.open import to_rgb
from desktop_vlm.images.text_layer import engine
from desktop_vlm.images.text_layer.codes import find_codes
from desktop_vlm.images.text_layer.crops import cut
from desktop_vlm.images.text_layer.detection import regions_of, text_map
from desktop_vlm.images.text_layer.engine import Network, Pixels, is_installed, model_path
from desktop_vlm.images.text_layer.joining import join
from desktop_vlm.images.text_layer.line_reading import LineReader
from desktop_vlm.images.text_layer.order import arrange
from desktop_vlm.images.text_layer.words import line_of

__all__ = ["is_installed", "prepare", "recognise", "release"]

_LEAST_CONFIDENCE = 0.5
"""What is read with less is more often a drawing than text."""


class _Networks:
    def __init__(self) -> None:
        self.detector = Network(model_path(engine.DETECTION_MODEL))
        self.reader = LineReader(Network(model_path(engine.READING_MODEL)))


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
        rgb = to_rgb(image)
        pixels: Pixels = np.asarray(rgb)[:, :, ::-1]  # the networks know blue, green, red
        found = text_map(networks.detector, pixels, check)
        crops = [cut(pixels, region) for region in join(regions_of(found), found, pixels)]
        readings = networks.reader.read(crops, check)
        lines = [
            line_of(reading) for reading in readings if reading.text.strip() and reading.confidence >= _LEAST_CONFIDENCE
        ]
        check()
        seen = find_codes(np.asarray(rgb.convert("L"))) if codes else ()
        return arrange(lines, image.width, image.height, seen)


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
