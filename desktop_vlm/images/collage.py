"""Several images become one, because the model attends only to the last image of a conversation.

The composite has exactly the pixel size of a canvas (a grid of tiles) that the model's image processor knows, so
it reaches the model unscaled. Of all the ways to cut a canvas by straight lines into one cell per image, with the
images kept in reading order, `plan` takes the one whose smallest scale is largest. How, in three steps:

1. At one common scale every image needs a cell of known size. `_shapes` finds all the undominated outlines into
   which these cells can be stacked (Stockmeyer 1983, over runs of consecutive images).
2. `_best_scale` takes the largest scale at which some outline still fits some canvas.
3. `_enlarge` lets images that do not touch the limit grow into the room left over.

Every single row, single column and uniform grid is one of the cuttings, so the result is never worse than those.
An image is never enlarged: beyond its own pixels there is nothing more to read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFont

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.image_sizing import choose_canvas, supported_aspect_ratios
from desktop_vlm.images.open import to_rgb

MAX_IMAGES = 9

BACKGROUND = (205, 209, 214)
BADGE = (24, 34, 48)
DIGIT = (255, 255, 255)

Size: TypeAlias = "tuple[int, int]"
"""(width, height), px."""

Cut: TypeAlias = "int | tuple[bool, Cut, Cut]"
"""An image's index, or (side by side?, first part, second part): left and right, or top and bottom."""

Shape: TypeAlias = "tuple[int, int, Cut]"
"""(width, height, how it is cut), px."""

_STEP = 1 + 1e-9
"""The next scale worth trying; far less than a pixel on any side we make."""


@dataclass(frozen=True)
class PlacedImage:
    """Where one image's pixels are in the composite."""

    image: int
    box: tuple[int, int, int, int]
    """(left, top, right, bottom), px."""
    scale: float
    """Pixels shown to the model per pixel of the source, along the longer side."""


@dataclass(frozen=True)
class Layout:
    """A canvas and what goes where on it, in the images' order."""

    size: Size
    tiles: tuple[int, int]
    """(high, wide)."""
    placements: tuple[PlacedImage, ...]

    @property
    def scale(self) -> float:
        """The scale of the image that suffers most."""
        return min(placement.scale for placement in self.placements)


@dataclass(frozen=True)
class Collage:
    """The composite and its layout."""

    image: Image.Image
    layout: Layout


@dataclass(frozen=True)
class Spacing:
    """What a cell holds besides its image, px."""

    gap: int
    """Between two images; half of it along the canvas' edge."""
    band: int
    """Height of the strip above an image that holds its badge, and the badge's width; 0 without labels."""

    @classmethod
    def of(cls, tile_size: int, *, label: bool) -> Spacing:
        return cls(gap=max(2, tile_size // 140 * 2), band=max(10, tile_size // 25) if label else 0)

    def cell(self, image: Size) -> Size:
        return max(image[0], self.band) + self.gap, image[1] + self.band + self.gap


def plan(sizes: Sequence[Size], *, tile_size: int, max_tiles: int, label: bool = True) -> Layout:
    """The layout for images of these sizes (width, height).

    One image is left as it is; its placement is the whole image, its scale that of the image processor.
    Raises UserError for no image, more than nine, or canvases too small for this many.
    """
    if not sizes:
        raise UserError("There is no image to show; add one first.")
    if len(sizes) > MAX_IMAGES:
        raise UserError(f"{len(sizes)} images are too many for one question; send at most {MAX_IMAGES}.")
    if any(width < 1 or height < 1 for width, height in sizes):
        raise ValueError(f"sizes without pixels: {sizes}")
    if len(sizes) == 1:
        return _single(sizes[0], tile_size=tile_size, max_tiles=max_tiles)
    spacing = Spacing.of(tile_size, label=label)
    scale = _best_scale(sizes, spacing, tile_size, max_tiles)
    # Several cuttings may allow this scale: the one that shows most pixels in all wins, then fewer tiles, then
    # the squarest canvas, then the wide one.
    best: tuple[tuple[int, ...], Layout] | None = None
    shapes = _shapes(_cells(sizes, [scale] * len(sizes), spacing), tile_size, max_tiles)
    for width, height, cut in shapes:
        for high, wide in supported_aspect_ratios(max_tiles):
            canvas = (wide * tile_size, high * tile_size)
            if width > canvas[0] or height > canvas[1]:
                continue
            scales = _enlarge(cut, canvas, sizes, scale, spacing)
            shown = [_scaled(size, s) for size, s in zip(sizes, scales, strict=True)]
            rank = (sum(w * h for w, h in shown), -high * wide, -abs(high - wide), wide)
            if best is None or rank > best[0]:
                best = rank, Layout(canvas, (high, wide), _place(cut, canvas, sizes, shown, spacing))
    assert best is not None  # `scale` was measured to fit
    return best[1]


def compose(
    images: Sequence[Image.Image],
    *,
    tile_size: int,
    max_tiles: int,
    label: bool = True,
    numbers: Sequence[int | str] | None = None,
) -> Collage:
    """The images on one canvas, with their numbers in badges that cover no pixel of theirs; one image: itself.

    Raises UserError as `plan` does.

    Args:
        images: in reading order.
        tile_size: of the model's canvas, px.
        max_tiles: of the model's canvas.
        label: whether there are badges.
        numbers: what they say; counted from 1 if it is not given.
    """
    layout = plan([image.size for image in images], tile_size=tile_size, max_tiles=max_tiles, label=label)
    if len(images) == 1:
        return Collage(images[0], layout)
    composite = Image.new("RGB", layout.size, BACKGROUND)
    for placement in layout.placements:
        left, top, right, bottom = placement.box
        image = to_rgb(images[placement.image])
        if image.size != (right - left, bottom - top):
            image = image.resize((right - left, bottom - top), Image.Resampling.LANCZOS, reducing_gap=3.0)
        composite.paste(image, (left, top))
        if label:
            number = numbers[placement.image] if numbers else placement.image + 1
            _draw_badge(composite, placement, Spacing.of(tile_size, label=True).band, number)
    return Collage(composite, layout)


# --- step 1: which outlines are possible at given cell sizes


def _shapes(cells: Sequence[Size], tile_size: int, max_tiles: int) -> list[Shape]:
    """The undominated outlines of all images together that fit some canvas, narrowest (and tallest) first."""
    fronts: dict[tuple[int, int], list[Shape]] = {}  # of images first..last-1
    for count in range(1, len(cells) + 1):
        for first in range(len(cells) - count + 1):
            last = first + count
            found: list[Shape] = [(*cells[first], first)] if count == 1 else []
            for middle in range(first + 1, last):
                # Of equal outlines the earlier found stays, so a grid is rows and reads as text does.
                found += _one_above_other(fronts[first, middle], fronts[middle, last])
                found += _side_by_side(fronts[first, middle], fronts[middle, last])
            # -(-a // b) rounds up: the tiles that an outline covers
            fitting = [s for s in found if -(-s[0] // tile_size) * -(-s[1] // tile_size) <= max_tiles]
            fronts[first, last] = _undominated(fitting)
    return fronts[0, len(cells)]


def _undominated(shapes: list[Shape]) -> list[Shape]:
    kept: list[Shape] = []
    for shape in sorted(shapes, key=lambda shape: shape[:2]):
        if not kept or shape[1] < kept[-1][1]:
            kept.append(shape)
    return kept


def _side_by_side(left: list[Shape], right: list[Shape]) -> list[Shape]:
    """From the narrowest pair on, only making the taller part wider (and so shorter) can help."""
    found: list[Shape] = []
    i = j = 0
    while i < len(left) and j < len(right):
        (left_width, left_height, left_cut), (right_width, right_height, right_cut) = left[i], right[j]
        found.append((left_width + right_width, max(left_height, right_height), (True, left_cut, right_cut)))
        i, j = i + (left_height >= right_height), j + (right_height >= left_height)
    return found


def _one_above_other(upper: list[Shape], lower: list[Shape]) -> list[Shape]:
    """From the widest (flattest) pair on, only making the wider part narrower can help."""
    found: list[Shape] = []
    i, j = len(upper) - 1, len(lower) - 1
    while i >= 0 and j >= 0:
        (upper_width, upper_height, upper_cut), (lower_width, lower_height, lower_cut) = upper[i], lower[j]
        found.append((max(upper_width, lower_width), upper_height + lower_height, (False, upper_cut, lower_cut)))
        i, j = i - (upper_width >= lower_width), j - (lower_width >= upper_width)
    return found


# --- step 2: the largest common scale


def _best_scale(sizes: Sequence[Size], spacing: Spacing, tile_size: int, max_tiles: int) -> float:
    """The largest common scale, at most 1, at which the images fit a canvas.

    Halve until something fits; then let every cutting that allows a little more grow as far as it goes, until
    none allows more. The last round is the proof: it tried all cuttings.
    """
    scale = 1.0
    while not _shapes(_cells(sizes, [scale] * len(sizes), spacing), tile_size, max_tiles):
        if scale * max(map(max, sizes)) < 1:
            raise UserError(f"{len(sizes)} images do not fit on one canvas of this model; send fewer.")
        scale /= 2
    everyone = range(len(sizes))
    improved = True
    while improved and scale < 1:
        improved = False
        shapes = _shapes(_cells(sizes, [scale * _STEP] * len(sizes), spacing), tile_size, max_tiles)
        for _, _, cut in shapes:
            for high in range(1, max_tiles + 1):  # at a given height the widest canvas is enough
                canvas = (max_tiles // high * tile_size, high * tile_size)
                scales = [min(1.0, scale * _STEP)] * len(sizes)
                if _fits(cut, canvas, _cells(sizes, scales, spacing)):
                    scale = _grow(cut, canvas, sizes, scales, everyone, spacing)
                    improved = True
    return scale


def _grow(
    cut: Cut, canvas: Size, sizes: Sequence[Size], scales: list[float], free: Sequence[int], spacing: Spacing
) -> float:
    """How far the free images, which share a scale that fits, can grow together; at most 1."""
    low, high = scales[free[0]], 1.0
    trial = high
    while high / low > _STEP:
        shown = [trial if image in free else scale for image, scale in enumerate(scales)]
        if _fits(cut, canvas, _cells(sizes, shown, spacing)):
            low = trial
        else:
            high = trial
        trial = (low + high) / 2
    return low


# --- step 3: use the room that is left


def _enlarge(cut: Cut, canvas: Size, sizes: Sequence[Size], scale: float, spacing: Spacing) -> list[float]:
    """Each image's own scale: all grow together, those that hit a limit stop, the others go on."""
    scales = [scale] * len(sizes)
    free = list(range(len(sizes))) if scale < 1 else []
    while free:
        common = _grow(cut, canvas, sizes, scales, free, spacing)
        for image in free:
            scales[image] = common
        growing = [image for image in free if _can_grow(image, cut, canvas, sizes, scales, spacing)]
        if len(growing) == len(free):  # they only wait for each other, over a last pixel
            break
        free = growing
    return scales


def _can_grow(image: int, cut: Cut, canvas: Size, sizes: Sequence[Size], scales: list[float], spacing: Spacing) -> bool:
    """Whether the image alone could be visibly larger: by 1 %, and by a pixel."""
    larger = max(scales[image] * 1.01, scales[image] + 1 / max(sizes[image]))
    trial = [larger if i == image else scale for i, scale in enumerate(scales)]
    return larger <= 1 and _fits(cut, canvas, _cells(sizes, trial, spacing))


# --- geometry


def _scaled(size: Size, scale: float) -> Size:
    """Rounded down, so that what fits on paper fits in pixels; the 1e-6 forgives the floats."""
    return max(1, int(size[0] * scale + 1e-6)), max(1, int(size[1] * scale + 1e-6))


def _cells(sizes: Sequence[Size], scales: Sequence[float], spacing: Spacing) -> list[Size]:
    return [spacing.cell(_scaled(size, scale)) for size, scale in zip(sizes, scales, strict=True)]


def _outline(cut: Cut, cells: Sequence[Size]) -> Size:
    if isinstance(cut, int):
        return cells[cut]
    beside, first, second = cut
    (width, height), (more_width, more_height) = _outline(first, cells), _outline(second, cells)
    if beside:
        return width + more_width, max(height, more_height)
    return max(width, more_width), height + more_height


def _count(cut: Cut) -> int:
    return 1 if isinstance(cut, int) else _count(cut[1]) + _count(cut[2])


def _fits(cut: Cut, canvas: Size, cells: Sequence[Size]) -> bool:
    width, height = _outline(cut, cells)
    return width <= canvas[0] and height <= canvas[1]


def _place(
    cut: Cut, canvas: Size, sizes: Sequence[Size], shown: Sequence[Size], spacing: Spacing
) -> tuple[PlacedImage, ...]:
    """Room left over is shared evenly by the images; in its cell each is centred together with its band."""
    cells = [spacing.cell(size) for size in shown]
    placements: dict[int, PlacedImage] = {}

    def settle(cut: Cut, left: int, top: int, width: int, height: int) -> None:
        if isinstance(cut, int):
            w, h = shown[cut]
            x = left + (width - w) // 2
            y = top + spacing.band + (height - spacing.band - h) // 2
            scale = max(w, h) / max(sizes[cut])
            placements[cut] = PlacedImage(cut, (x, y, x + w, y + h), scale)
            return
        beside, first, second = cut
        (first_width, first_height), (second_width, second_height) = _outline(first, cells), _outline(second, cells)
        share = _count(first) / _count(cut)
        if beside:
            part = first_width + int((width - first_width - second_width) * share)
            settle(first, left, top, part, height)
            settle(second, left + part, top, width - part, height)
        else:
            part = first_height + int((height - first_height - second_height) * share)
            settle(first, left, top, width, part)
            settle(second, left, top + part, width, height - part)

    settle(cut, 0, 0, *canvas)
    return tuple(placements[image] for image in range(len(sizes)))


def _single(size: Size, *, tile_size: int, max_tiles: int) -> Layout:
    """What the model's image processor does."""
    grid = choose_canvas(*size, tile_size=tile_size, max_tiles=max_tiles)
    # Within its canvas an image is enlarged to one tile at most, and only ever shrunk to fit.
    fit = [min(max(side, tile_size), tiles * tile_size) for side, tiles in zip(size, reversed(grid), strict=True)]
    scale = min(fitted / side for fitted, side in zip(fit, size, strict=True))
    return Layout(size, grid, (PlacedImage(0, (0, 0, *size), scale),))


def _draw_badge(composite: Image.Image, placement: PlacedImage, band: int, number: int | str) -> None:
    """The image's number, in the band above its left edge."""
    left, top, right, _ = placement.box
    left = min(left, (left + right - band) // 2)  # over an image narrower than the badge: centred
    air = max(1, band // 10)  # keeps the badge from touching what is below it
    box = (left, top - band, left + band - 1, top - air - 1)
    draw = ImageDraw.Draw(composite)
    draw.rounded_rectangle(box, radius=band // 6, fill=BADGE)
    text = str(number)
    font = ImageFont.load_default(size=band * (0.8 if len(text) == 1 else 1.3 / len(text)))
    middle = ((box[0] + box[2] + 1) / 2, (box[1] + box[3] + 1) / 2)
    # Centred by its own ink: the font's line height would leave a digit too low.
    ink = draw.textbbox((0, 0), text, font=font)
    at = (middle[0] - (ink[0] + ink[2]) / 2, middle[1] - (ink[1] + ink[3]) / 2)
    draw.text(at, text, font=font, fill=DIGIT)
