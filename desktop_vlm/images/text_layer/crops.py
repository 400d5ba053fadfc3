"""Cutting a line out of an image, so that its letters fill the crop alike, whatever the detector's rectangle is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.text_layer.detection import Region
from desktop_vlm.images.text_layer.engine import Pixels
from desktop_vlm.images.text_layer.frames import without_frames
from desktop_vlm.images.text_layer.ink import Mask, Span, ink_of, runs

_PAD = 0.3
"""Around the ink, as a share of its height: with less, reading costs more; with more, small letters are lost."""

_IN_A_LETTER = 0.15
"""Of the crop's height: gaps between a letter's parts, one above the other, are no higher."""

_VERTICAL = 1.5
"""A rectangle so many times higher than wide is a line that was turned."""


@dataclass(frozen=True)
class Crop:
    """A line, cut out.

    Attributes:
        pixels: with the text from left to right, [height, width, 3].
        box: of the line in the image, px: its ink where there is a plain ground.
        ink: which of the pixels are ink, None where there is none.
        inner: the columns of `pixels` from the ink's first to behind its last.
        turned: how often `pixels` was turned by 90 degrees counter-clockwise from how the line stands in the image.
    """

    pixels: Pixels
    box: Box
    ink: Mask | None
    inner: Span
    turned: int = 0

    def place(self, start: float, end: float) -> Box:
        """The part of the line between two columns of `pixels`, in the image, px."""
        box, (first, last) = self.box, self.inner
        share = [min(1.0, max(0.0, (at - first) / max(1, last - first))) for at in (start, end)]
        if self.turned == 0:
            return Box(box.left + share[0] * box.width, box.top, box.left + share[1] * box.width, box.bottom)
        if self.turned == 2:
            return Box(box.right - share[1] * box.width, box.top, box.right - share[0] * box.width, box.bottom)
        if self.turned == 1:
            return Box(box.left, box.top + share[0] * box.height, box.right, box.top + share[1] * box.height)
        return Box(box.left, box.bottom - share[1] * box.height, box.right, box.bottom - share[0] * box.height)

    def upside_down(self) -> Crop:
        """The same line, turned by 180 degrees."""
        width = self.pixels.shape[1]
        ink = None if self.ink is None else np.rot90(self.ink, 2)
        inner = (width - self.inner[1], width - self.inner[0])
        return Crop(np.rot90(self.pixels, 2), self.box, ink, inner, (self.turned + 2) % 4)


def cut(pixels: Pixels, region: Region) -> Crop:
    """A region's line; one that is much higher than wide is turned so that its top becomes its left end."""
    if not region.upright:
        return _cut_tilted(pixels, region)
    left, top, right, bottom = _whole(region.corners)
    if bottom - top >= _VERTICAL * (right - left):
        part = np.rot90(pixels[top:bottom, left:right])
        return Crop(part, Box(left, top, right, bottom), None, (0, part.shape[1]), 1)
    return _cut_around_ink(pixels, region, (left, top, right, bottom))


def _whole(corners: Pixels | np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> tuple[int, int, int, int]:
    left, top = np.floor(corners.min(axis=0)).astype(int).tolist()
    right, bottom = np.ceil(corners.max(axis=0)).astype(int).tolist()
    return left, top, right, bottom


def _cut_around_ink(pixels: Pixels, region: Region, whole: tuple[int, int, int, int]) -> Crop:
    left, top, right, bottom = whole
    part = pixels[top:bottom, left:right]
    core = _whole(region.core)
    ink = ink_of(part)
    painted = part
    if ink is not None:
        painted, ink = without_frames(part, ink)
    rows = None if ink is None else _rows(ink[:, core[0] - left : core[2] - left], (core[1] + core[3]) / 2 - top)
    columns = None if ink is None or rows is None else _columns(ink[slice(*rows)], core[0] - left, core[2] - left)
    if ink is None or rows is None or columns is None:
        return Crop(part, Box(left, top, right, bottom), None, (0, right - left))
    box = (left + columns[0], top + rows[0], left + columns[1], top + rows[1])
    pad = max(1, round(_PAD * (rows[1] - rows[0])))
    around = _padded(pixels, (box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad))
    if painted is not part:
        around = _pasted(around, painted, left - box[0] + pad, top - box[1] + pad)
    width = columns[1] - columns[0]
    mask = np.zeros(around.shape[:2], bool)
    mask[pad:-pad, pad:-pad] = ink[slice(*rows), slice(*columns)]
    return Crop(around, Box(*(float(side) for side in box)), mask, (pad, pad + width))


def _pasted(under: Pixels, over: Pixels, left: int, top: int) -> Pixels:
    """An image with another one laid over it at a place, as far as both reach."""
    result = under.copy()
    height, width = min(under.shape[0], top + over.shape[0]), min(under.shape[1], left + over.shape[1])
    y, x = max(0, top), max(0, left)
    result[y:height, x:width] = over[y - top : height - top, x - left : width - left]
    return result


def _rows(ink: Mask, middle: float) -> Span | None:
    """The rows of the line that the middle is in."""
    found = runs(ink.any(axis=1), gap=_IN_A_LETTER * len(ink))
    return min(found, key=lambda run: max(run[0] - middle, middle - run[1], 0.0), default=None)


def _columns(ink: Mask, first: int, last: int) -> Span | None:
    """From the first to the last ink; what reaches in from beyond the crop, beside the core, belongs to others."""
    width = ink.shape[1]
    found = runs(ink.any(axis=0))
    kept = [run for run in found if not (run[0] == 0 and run[1] <= first) and not (run[1] == width and run[0] >= last)]
    return (kept[0][0], kept[-1][1]) if kept else None


def _padded(pixels: Pixels, box: tuple[int, int, int, int]) -> Pixels:
    """A part of an image; beyond the image its border goes on."""
    left, top, right, bottom = box
    height, width = pixels.shape[:2]
    part = pixels[max(0, top) : bottom, max(0, left) : right]
    beyond = ((max(0, -top), max(0, bottom - height)), (max(0, -left), max(0, right - width)), (0, 0))
    return np.pad(part, beyond, mode="edge")


def _cut_tilted(pixels: Pixels, region: Region) -> Crop:
    import cv2

    top_left, top_right, bottom_right, bottom_left = region.corners
    width = max(1, int(max(np.linalg.norm(top_left - top_right), np.linalg.norm(bottom_left - bottom_right))))
    height = max(1, int(max(np.linalg.norm(top_left - bottom_left), np.linalg.norm(top_right - bottom_right))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(region.corners, target)
    made: Pixels = cv2.warpPerspective(
        pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    turned = int(height >= _VERTICAL * width)
    left, top, right, bottom = _whole(region.corners)
    box = Box(max(0, left), max(0, top), min(pixels.shape[1], right), min(pixels.shape[0], bottom))
    made = np.rot90(made, turned)
    return Crop(made, box, None, (0, made.shape[1]), turned)
