"""Finding on an image of the screen what has a colour of its own, since Wayland tells nobody where windows are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

IntArray = NDArray[np.int_]

FILE_PATCH, IMAGE_PATCH = (255, 0, 160), (0, 160, 255)
"""Of the other program: what a file, and what an image can be dragged from."""
DROPPED = (255, 208, 176)
"""Of the image that is dragged from it."""
PAPER = (255, 255, 238)
"""All else of it."""
DIMMED_PAPER = (134, 136, 128)
"""The same under our overlay."""
READY = (0x3F, 0xB9, 0x50)
"""The dot of our icon in the panel, once the model is ready."""
NOTICE = (28, 28, 26)
"""Around the words of a notice over our window."""
_TOLERANCE = 8
_LEAST_PIXELS = 4
_OUTLIERS = 2
"""Percent of the pixels at each side that may be something else."""


@dataclass(frozen=True)
class Spot:
    """Where something is, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def middle(self) -> tuple[int, int]:
        """A place in it."""
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2


def find(
    image: Path, color: tuple[int, int, int], least: int = _LEAST_PIXELS, tolerance: int = _TOLERANCE
) -> Spot | None:
    """What has the colour; None where fewer pixels have."""
    ys, xs = np.nonzero(np.abs(_pixels(image) - color).max(axis=2) <= tolerance)
    if len(xs) < least:
        return None
    edges = (_OUTLIERS, 100 - _OUTLIERS)
    (left, right), (top, bottom) = (np.percentile(one, edges) for one in (xs, ys))
    return Spot(round(left), round(top), round(right), round(bottom))


def changed(before: Path, after: Path) -> Spot | None:
    """The one thing that is new, such as a menu; small changes beside it do not count. None where all is the same."""
    is_new = np.abs(_pixels(before) - _pixels(after)).max(axis=2) > _TOLERANCE
    if is_new.sum() < _LEAST_PIXELS:
        return None
    (left, right), (top, bottom) = (_most_of(is_new.sum(axis=axis)) for axis in (0, 1))
    return Spot(left, top, right, bottom)


def _most_of(counts: IntArray) -> tuple[int, int]:
    """First and last of those lines that are about as long as the longest."""
    (long,) = np.nonzero(counts > counts.max() / 2)
    return int(long[0]), int(long[-1])


def _pixels(image: Path) -> IntArray:
    with Image.open(image) as opened:
        return np.asarray(opened.convert("RGB")).astype(int)
