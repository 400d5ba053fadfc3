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
from desktop_vlm.images.text_layer.workers import each
from desktop_vlm.system.cores import usable_cores

Contour: TypeAlias = "NDArray[np.int32]"
Span: TypeAlias = tuple[int, int]

TILE_PX = 1088
LEAST_TILE_PX = 320
MARGIN_PX = 64
"""Sides of what a tile contributes, and what is only looked at around it."""

_STRIDE = 32
_IS_TEXT = 0.3
_SURE = 0.5
"""How much a pixel, and a rectangle's pixels on average, must look like text."""

_GROW = 1.6
"""The network marks the core of lines only: rectangles grow by area / circumference, times this."""

_LEAST_SIDE_PX = 2
_PLAIN = 6
"""Of 255: neighbours that differ by less are one colour."""


@dataclass(frozen=True)
class Region:
    """A rectangle with a line of text.

    Attributes:
        corners: x and y of its corners in px, clockwise from the top left, [4, 2].
        core: the same of what the network has marked; the line is as wide at least.
        upright: whether its sides are parallel to the image's.
    """

    corners: Values
    core: Values
    upright: bool


def text_map(network: Network, pixels: Pixels, check: Callable[[], None]) -> Pixels:
    """How much each pixel looks like text, 0 to 255, [height, width]."""
    height, width = pixels.shape[:2]
    result = np.zeros((height, width), np.uint8)

    def make(tile: tuple[Span, Span]) -> None:
        (top, bottom), (left, right) = tile
        outer_top, outer_left = max(0, top - MARGIN_PX), max(0, left - MARGIN_PX)
        outer = pixels[outer_top : bottom + MARGIN_PX, outer_left : right + MARGIN_PX]
        found = _tile_map(network, outer)
        inner = found[top - outer_top : bottom - outer_top, left - outer_left : right - outer_left]
        result[top:bottom, left:right] = inner

    each(make, list(tiles(height, width)), check)
    return result


def tiles(height: int, width: int) -> Iterator[tuple[Span, Span]]:
    """Rows and columns of what each tile contributes, from the top; a small image is divided among the cores."""
    rows, columns = -(-height // TILE_PX), -(-width // TILE_PX)
    cores = usable_cores()
    if rows * columns < cores and max(height, width) >= 2 * LEAST_TILE_PX:
        most = min(cores, max(height, width) // LEAST_TILE_PX)
        rows, columns = (rows, max(columns, most)) if width >= height else (max(rows, most), columns)
    for row in range(rows):
        for column in range(columns):
            yield (
                (height * row // rows, height * (row + 1) // rows),
                (width * column // columns, width * (column + 1) // columns),
            )


def _tile_map(network: Network, tile: Pixels) -> Pixels:
    """The map of a tile; of what is of one colour at its sides, nothing is computed."""
    result = np.zeros(tile.shape[:2], np.uint8)
    (top, bottom), (left, right) = _used(tile)
    if top >= bottom or left >= right:
        return result
    part = tile[top:bottom, left:right]
    height, width = part.shape[:2]
    padded = np.pad(part, ((0, -height % _STRIDE), (0, -width % _STRIDE), (0, 0)), mode="edge")
    batch = (padded.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)[None]  # [1, 3, height, width]
    found = network(np.ascontiguousarray(batch))[0, 0]
    result[top:bottom, left:right] = np.round(found[:height, :width] * 255)
    return result


def _used(tile: Pixels) -> tuple[Span, Span]:
    """Rows and columns between the first and the last that are not of one colour, with a margin."""
    across = np.abs(np.diff(tile.astype(np.int16), axis=1)).max(axis=2) > _PLAIN
    rows, columns = np.flatnonzero(across.any(axis=1)), np.flatnonzero(across.any(axis=0))
    if not len(rows):
        return (0, 0), (0, 0)
    height, width = tile.shape[:2]
    return (
        (max(0, int(rows[0]) - _STRIDE), min(height, int(rows[-1]) + _STRIDE)),
        (max(0, int(columns[0]) - _STRIDE), min(width, int(columns[-1]) + _STRIDE)),
    )


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
    core = (left, top, left + width, top + height)
    return Region(grown(core, shape), corners_of(*core), upright=True)


def grown(core: tuple[int, int, int, int], shape: tuple[int, ...]) -> Values:
    """The rectangle of a line whose core has these sides, within an image of a shape; corners as a region's."""
    left, top, right, bottom = core
    grow = _growth(right - left, bottom - top)
    return corners_of(
        max(0.0, left - grow),
        max(0.0, top - grow),
        min(float(shape[1]), right + grow),
        min(float(shape[0]), bottom + grow),
    )


def _tilted(contour: Contour) -> Region:
    import cv2

    centre, (width, height), angle = cv2.minAreaRect(contour)
    grow = _growth(width, height)
    corners = cv2.boxPoints((centre, (width + 2 * grow, height + 2 * grow), angle))
    return Region(_clockwise(corners), _clockwise(cv2.boxPoints((centre, (width, height), angle))), upright=False)


def _growth(width: float, height: float) -> float:
    return width * height * _GROW / (2 * (width + height))


def corners_of(left: float, top: float, right: float, bottom: float) -> Values:
    """The corners of a rectangle, clockwise from the top left, [4, 2]."""
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def _clockwise(corners: Values) -> Values:
    """Corners from the top left."""
    by_x = corners[np.argsort(corners[:, 0])]
    left, right = by_x[:2], by_x[2:]
    top_left, bottom_left = left[np.argsort(left[:, 1])]
    top_right, bottom_right = right[np.argsort(right[:, 1])]
    return np.array([top_left, top_right, bottom_right, bottom_left], np.float32)
