"""Shapes on an image, by Pillow: smooth edges, and memory for a few small tiles only, however large the image is."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.annotations.shapes import (
    Blackness,
    Blur,
    Digits,
    Disc,
    Fill,
    Point,
    Shape,
    Stencil,
    Stroke,
    grown,
)
from desktop_vlm.images.open import to_rgb
from desktop_vlm.images.redaction import pixels_of

_TILE = 256
_FINE = 4
"""Masks are drawn so many times as large, then made smaller: that is what makes edges smooth."""

Pixels = tuple[int, int, int, int]


def draw(
    image: Image.Image,
    shapes: Iterable[Shape],
    corner: Point = (0.0, 0.0),
    scale: float = 1.0,
    mosaics: Mapping[Blur, Mosaic] | None = None,
) -> None:
    """Draw shapes onto an image or a part of one, in place.

    Args:
        image: RGB or RGBA.
        shapes: px of the whole image.
        corner: where the part's top left corner is in the whole image, px.
        scale: pixels of the part for one of the whole image.
        mosaics: of the blurs among the shapes, where the image is a part; of the whole they are made here.
    """
    for shape in shapes:
        if isinstance(shape, Blur):
            _blur(image, mosaics[shape] if mosaics is not None else mosaic(image, shape), corner, scale)
        elif isinstance(shape, Blackness):
            if (area := pixels_of(_placed(shape.box, corner, scale), *image.size)) is not None:
                image.paste(_ink("#000000", image), area)
        elif isinstance(shape, Stencil):
            _stencil(image, shape, corner, scale)
        else:
            _smooth(image, placed(shape, corner, scale))


def placed(shape: Stroke | Fill | Disc | Digits, corner: Point, scale: float) -> Stroke | Fill | Disc | Digits:
    """A shape where it is on a part of the image."""

    def at(point: Point) -> Point:
        return (point[0] - corner[0]) * scale, (point[1] - corner[1]) * scale

    if isinstance(shape, Stroke):
        return replace(shape, points=tuple(map(at, shape.points)), width=shape.width * scale)
    if isinstance(shape, Fill):
        return replace(shape, points=tuple(map(at, shape.points)))
    if isinstance(shape, Disc):
        return replace(shape, center=at(shape.center), radius=shape.radius * scale)
    return replace(shape, center=at(shape.center), height=shape.height * scale)


@dataclass(frozen=True)
class Mosaic:
    """What a blur leaves: a pixel for each cell.

    Attributes:
        area: that is blurred, left, top, right, bottom, px of the whole image.
        cells: RGB.
    """

    area: Pixels
    cells: Image.Image


def mosaic(image: Image.Image, blur: Blur) -> Mosaic:
    """The means of the cells that a blur covers of a whole image; transparency counts as white."""
    area = pixels_of(blur.box, *image.size) or (0, 0, 1, 1)
    size = area[2] - area[0], area[3] - area[1]
    cells = max(1, round(size[0] / blur.cell)), max(1, round(size[1] / blur.cell))
    return Mosaic(area, to_rgb(image.crop(area)).resize(cells, Image.Resampling.BOX))


def _blur(image: Image.Image, made: Mosaic, corner: Point, scale: float) -> None:
    left, top, right, bottom = (
        (side - corner[at % 2]) * scale for at, side in enumerate(made.area)
    )  # where it goes; some of it may be beyond the part
    seen = pixels_of(Box(left, top, right, bottom), *image.size)
    if seen is None:
        return
    across, down = made.cells.width / (right - left), made.cells.height / (bottom - top)
    source = (
        max(0.0, (seen[0] - left) * across),
        max(0.0, (seen[1] - top) * down),
        min(float(made.cells.width), (seen[2] - left) * across),
        min(float(made.cells.height), (seen[3] - top) * down),
    )
    size = seen[2] - seen[0], seen[3] - seen[1]
    image.paste(made.cells.resize(size, Image.Resampling.BILINEAR, box=source), seen[:2])


def _stencil(image: Image.Image, shape: Stencil, corner: Point, scale: float) -> None:
    box = _placed(shape.box, corner, scale)
    size = max(1, round(box.width)), max(1, round(box.height))
    mask = _mask_of(shape.mask)
    if mask.size != size:
        mask = mask.resize(size, Image.Resampling.LANCZOS if scale < 1 else Image.Resampling.BICUBIC)
    at = round(box.left), round(box.top)
    ink = Image.new(image.mode, size, _ink(shape.color, image))
    image.paste(ink, at, mask)


@lru_cache(maxsize=32)
def _mask_of(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
        return image.convert("L")


# --- smooth edges


def _smooth(image: Image.Image, shape: Stroke | Fill | Disc | Digits) -> None:
    area = pixels_of(grown(shape.bounds, 1), *image.size)
    if area is None:
        return
    ink = _ink(shape.color, image)
    for tile in _tiles(area):
        if _touches(shape, tile):
            mask = Image.new("L", ((tile[2] - tile[0]) * _FINE, (tile[3] - tile[1]) * _FINE))
            _into_mask(ImageDraw.Draw(mask), placed(shape, (tile[0], tile[1]), _FINE))
            image.paste(ink, tile, mask.reduce(_FINE))


def _tiles(area: Pixels) -> Iterator[Pixels]:
    left, top, right, bottom = area
    for y in range(top, bottom, _TILE):
        for x in range(left, right, _TILE):
            yield x, y, min(right, x + _TILE), min(bottom, y + _TILE)


def _touches(shape: Stroke | Fill | Disc | Digits, tile: Pixels) -> bool:
    """Whether there may be something of it on a tile: a long thin line misses most of those in its bounds."""
    if not isinstance(shape, Stroke):
        return True
    middle = ((tile[0] + tile[2]) / 2, (tile[1] + tile[3]) / 2)
    return shape.is_near(*middle, math.dist(middle, tile[:2]) + 1)


def _into_mask(pen: ImageDraw.ImageDraw, shape: Stroke | Fill | Disc | Digits) -> None:
    if isinstance(shape, Stroke):
        radius = shape.width / 2
        for start, end in shape.parts:
            _part(pen, start, end, radius)
        for point in shape.points:
            _disc(pen, point, radius)
    elif isinstance(shape, Fill):
        _polygon(pen, shape.points)
    elif isinstance(shape, Disc):
        _disc(pen, shape.center, shape.radius)
    else:
        font = ImageFont.load_default(size=max(1.0, shape.height))
        ink = pen.textbbox((0, 0), shape.text, font=font)
        x, y = shape.center
        at = _whole(x - (ink[0] + ink[2]) / 2), _whole(y - (ink[1] + ink[3]) / 2)
        pen.text(at, shape.text, font=font, fill=255)


def _part(pen: ImageDraw.ImageDraw, start: Point, end: Point, radius: float) -> None:
    length = math.dist(start, end)
    if not length:
        return
    side = (-(end[1] - start[1]) / length * radius, (end[0] - start[0]) / length * radius)
    corners = (
        (start[0] + side[0], start[1] + side[1]),
        (end[0] + side[0], end[1] + side[1]),
        (end[0] - side[0], end[1] - side[1]),
        (start[0] - side[0], start[1] - side[1]),
    )
    _polygon(pen, corners)


def _polygon(pen: ImageDraw.ImageDraw, points: Iterable[Point]) -> None:
    pen.polygon([(_whole(x), _whole(y)) for x, y in points], fill=255)


def _disc(pen: ImageDraw.ImageDraw, center: Point, radius: float) -> None:
    x, y = center
    pen.ellipse((_whole(x - radius), _whole(y - radius), _whole(x + radius), _whole(y + radius)), fill=255)


def _whole(value: float) -> int:
    """Rounded alike on every tile: Pillow rounds what lies left of or above it in the other direction."""
    return math.floor(value + 0.5)


def _placed(box: Box, corner: Point, scale: float) -> Box:
    return Box(
        (box.left - corner[0]) * scale,
        (box.top - corner[1]) * scale,
        (box.right - corner[0]) * scale,
        (box.bottom - corner[1]) * scale,
    )


def _ink(color: str, image: Image.Image) -> tuple[int, ...]:
    rgb = tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))
    return (*rgb, 255) if image.mode == "RGBA" else rgb
