"""Where lines of text are: the detector's map of an image, and the rectangles in it (differentiable binarization).

The map is made tile by tile, so that an image of any size costs a bounded amount of memory. Each tile contributes its
middle only; as its margin is wider than what the network looks at, the map has no seams and no line is cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.images.text_layer.engine import Network, Pixels, Values

Contour: TypeAlias = "NDArray[np.int32]"

TILE_PX = 1280
MARGIN_PX = 96
"""A tile's sides, and what of it is only looked at; both are multiples of the network's stride."""

_STRIDE = 32
_LEAST_CONTRAST = 8
"""Of 255: fainter text than this is not found."""

_IS_TEXT = 0.3
_SURE = 0.5
"""How much a pixel, and a rectangle's pixels on average, must look like text."""

_GROW = 1.6
"""The network marks the core of lines only: rectangles grow by area / circumference, times this."""

_LEAST_SIDE_PX = 3


@dataclass(frozen=True)
class Region:
    """A rectangle with a line of text.

    Attributes:
        corners: x and y of its corners in px, clockwise from where the text is expected to begin, [4, 2].
        upright: whether its sides are parallel to the image's.
    """

    corners: Values
    upright: bool


def find_lines(network: Network, pixels: Pixels, check: Callable[[], None]) -> list[Region]:
    """The rectangles of an image [height, width, 3] that hold text. `check` is called before each tile."""
    return regions_of(text_map(network, pixels, check))


def text_map(network: Network, pixels: Pixels, check: Callable[[], None]) -> Pixels:
    """How much each pixel looks like text, 0 to 255, [height, width]."""
    height, width = pixels.shape[:2]
    result = np.zeros((height, width), np.uint8)
    for top, bottom in _spans(height):
        for left, right in _spans(width):
            check()
            outer_top, outer_left = max(0, top - MARGIN_PX), max(0, left - MARGIN_PX)
            tile = pixels[outer_top : bottom + MARGIN_PX, outer_left : right + MARGIN_PX]
            if _is_blank(tile):
                continue
            found = _tile_map(network, tile)
            inner = found[top - outer_top : bottom - outer_top, left - outer_left : right - outer_left]
            result[top:bottom, left:right] = inner
    return result


def _is_blank(tile: Pixels) -> bool:
    """Whether it has one colour, as the margins of pages and the free space of windows."""
    rows = tile.reshape(tile.shape[0], -1)  # whose extremes numpy finds a hundred times as fast as those of two axes
    most, least = rows.max(axis=0).reshape(-1, 3).max(axis=0), rows.min(axis=0).reshape(-1, 3).min(axis=0)
    return bool((most - least < _LEAST_CONTRAST).all())


def _spans(length: int) -> Iterator[tuple[int, int]]:
    """What each tile contributes along one side; all of them about equally long."""
    if length <= TILE_PX:
        yield 0, length
        return
    count = -(-length // (TILE_PX - 2 * MARGIN_PX))
    for number in range(count):
        yield length * number // count, length * (number + 1) // count


def _tile_map(network: Network, tile: Pixels) -> Pixels:
    height, width = tile.shape[:2]
    padded = np.pad(tile, ((0, -height % _STRIDE), (0, -width % _STRIDE), (0, 0)), mode="edge")
    batch = (padded.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)[None]  # [1, 3, height, width]
    found = network(np.ascontiguousarray(batch))[0, 0]
    made: Pixels = np.round(found[:height, :width] * 255).astype(np.uint8)
    return made


def regions_of(found: Pixels) -> list[Region]:
    """The rectangles around connected text of a map."""
    import cv2

    mask = cv2.dilate((found > _IS_TEXT * 255).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    regions = [_region(found, contour) for contour in contours]
    return [region for region in regions if region is not None]


def _region(found: Pixels, contour: Contour) -> Region | None:
    import cv2

    left, top, width, height = cv2.boundingRect(contour)
    if min(width, height) < _LEAST_SIDE_PX:
        return None
    filled = np.zeros((height, width), np.uint8)
    cv2.fillPoly(filled, [contour - np.array([left, top])], 1)
    if cv2.mean(found[top : top + height, left : left + width], filled)[0] < _SURE * 255:
        return None
    return _upright(contour, found.shape) or _tilted(contour)


def _upright(contour: Contour, shape: tuple[int, ...]) -> Region | None:
    """The rectangle of a contour that is nearly parallel to the image's sides."""
    import cv2

    left, top, width, height = cv2.boundingRect(contour)
    tilted = min(cv2.minAreaRect(contour)[1])
    if min(width, height) > 1.4 * tilted + 2:
        return None
    grow = width * height * _GROW / (2 * (width + height))
    x0, y0 = max(0.0, left - grow), max(0.0, top - grow)
    x1, y1 = min(float(shape[1]), left + width + grow), min(float(shape[0]), top + height + grow)
    return Region(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32), upright=True)


def _tilted(contour: Contour) -> Region:
    import cv2

    centre, (width, height), angle = cv2.minAreaRect(contour)
    grow = width * height * _GROW / (2 * (width + height))
    corners = cv2.boxPoints((centre, (width + 2 * grow, height + 2 * grow), angle))
    return Region(_clockwise(corners), upright=False)


def _clockwise(corners: Values) -> Values:
    """Corners from the one nearest to the top left."""
    by_x = corners[np.argsort(corners[:, 0])]
    left, right = by_x[:2], by_x[2:]
    top_left, bottom_left = left[np.argsort(left[:, 1])]
    top_right, bottom_right = right[np.argsort(right[:, 1])]
    return np.array([top_left, top_right, bottom_right, bottom_left], np.float32)
