"""The collage: nothing lost, nothing covered, never smaller than the arrangements a person would think of first."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from desktop_vlm.api.errors import UserError
from desktop_vlm.images.collage import BACKGROUND, BADGE, DIGIT, Collage, Layout, compose, plan
from tests.quickest import quickest_s

Size = tuple[int, int]

side = st.one_of(st.integers(1, 40), st.integers(200, 3000))
size = st.one_of(st.tuples(side, side), st.sampled_from([(1, 1), (20000, 50), (50, 20000), (1920, 1080), (1080, 2340)]))
sizes_of_several = st.lists(size, min_size=2, max_size=9)
model = st.sampled_from([(560, 4), (448, 4), (560, 2), (560, 1)])
modest = settings(max_examples=100, deadline=None, derandomize=True)


def canvases(max_tiles: int) -> Iterator[tuple[int, int]]:
    for high in range(1, max_tiles + 1):
        for wide in range(1, max_tiles + 1):
            if high * wide <= max_tiles:
                yield high, wide


def processed_size(width: int, height: int, tile: int, max_tiles: int) -> tuple[Size, tuple[int, int]]:
    """What the mllama image processor of transformers does, from its source: the resized size, and the canvas."""
    scales = {(h, w): min(h * tile / height, w * tile / width) for h, w in canvases(max_tiles)}
    up = [scale for scale in scales.values() if scale >= 1]
    expected = min(up) if up else max(scales.values())
    high, wide = min((c for c, scale in scales.items() if scale == expected), key=lambda c: c[0] * c[1])
    target_width = min(max(width, tile), wide * tile)
    target_height = min(max(height, tile), high * tile)
    scale_h, scale_w = target_height / height, target_width / width
    if scale_w < scale_h:
        new = target_width, min(math.floor(height * scale_w) or 1, target_height)
    else:
        new = min(math.floor(width * scale_h) or 1, target_width), target_height
    return new, (high, wide)


def simple_scale(sizes: list[Size], tile: int, max_tiles: int, *, gap: int, band: int) -> float:
    """The best single row, single column or uniform grid over all canvases, by brute force.

    A cell holds the image (at least as wide as the badge), the band above it and half a gap on each side.
    Side lengths are whole pixels, so the question is asked per scale, by bisection.
    """

    def cells(scale: float) -> list[Size]:
        return [(max(1, int(w * scale), band) + gap, max(1, int(h * scale)) + band + gap) for w, h in sizes]

    def fits(scale: float, high: int, wide: int) -> bool:
        widths = [w for w, _ in cells(scale)]
        heights = [h for _, h in cells(scale)]
        room_w, room_h = wide * tile, high * tile
        row = sum(widths) <= room_w and max(heights) <= room_h
        column = max(widths) <= room_w and sum(heights) <= room_h
        grid = any(
            max(widths) * -(-len(sizes) // rows) <= room_w and max(heights) * rows <= room_h
            for rows in range(1, len(sizes) + 1)
        )
        return row or column or grid

    def fits_any(scale: float) -> bool:
        return any(fits(scale, high, wide) for high, wide in canvases(max_tiles))

    if fits_any(1.0):
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if fits_any(middle) else (low, middle)
    return low


def overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def band_of(tile: int) -> int:
    return tile // 25


def badge_boxes(layout: Layout, tile: int) -> list[tuple[int, int, int, int]]:
    band = band_of(tile)
    boxes = []
    for placement in layout.placements:
        left, top, right, _ = placement.box
        left = min(left, (left + right - band) // 2)
        boxes.append((left, top - band, left + band, top))
    return boxes


def noise(size: Size, seed: int) -> Image.Image:
    values = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    return Image.fromarray(values)


# --- properties of the plan


@modest
@given(sizes_of_several, model)
def test_every_image_is_whole_apart_from_the_others_and_inside_a_canvas(
    sizes: list[Size], model: tuple[int, int]
) -> None:
    tile, max_tiles = model
    layout = plan(sizes, tile_size=tile, max_tiles=max_tiles)
    assert layout.tiles in set(canvases(max_tiles))
    assert layout.size == (layout.tiles[1] * tile, layout.tiles[0] * tile)
    assert [placement.image for placement in layout.placements] == list(range(len(sizes)))
    boxes = [placement.box for placement in layout.placements]
    boxes += badge_boxes(layout, tile)
    for i, box in enumerate(boxes):
        left, top, right, bottom = box
        assert 0 <= left < right <= layout.size[0]
        assert 0 <= top < bottom <= layout.size[1]
        assert not any(overlap(box, other) for other in boxes[i + 1 :])


@modest
@given(sizes_of_several, model)
def test_ratios_are_kept_and_the_stated_scale_is_the_real_one(sizes: list[Size], model: tuple[int, int]) -> None:
    layout = plan(sizes, tile_size=model[0], max_tiles=model[1])
    for (width, height), placement in zip(sizes, layout.placements, strict=True):
        left, top, right, bottom = placement.box
        assert 0 < placement.scale <= 1
        assert max(right - left, bottom - top) == pytest.approx(max(width, height) * placement.scale)
        assert abs((right - left) - max(1, width * placement.scale)) <= 1
        assert abs((bottom - top) - max(1, height * placement.scale)) <= 1
    assert layout.scale == min(placement.scale for placement in layout.placements)


@modest
@given(sizes_of_several, model, st.booleans())
def test_never_smaller_than_the_best_row_column_or_grid(sizes: list[Size], model: tuple[int, int], label: bool) -> None:
    tile, max_tiles = model
    layout = plan(sizes, tile_size=tile, max_tiles=max_tiles, label=label)
    simple = simple_scale(sizes, tile, max_tiles, gap=tile // 140 * 2, band=band_of(tile) if label else 0)
    for (width, height), placement in zip(sizes, layout.placements, strict=True):
        longest = max(placement.box[2] - placement.box[0], placement.box[3] - placement.box[1])
        assert longest >= max(1, int(max(width, height) * simple))


@modest
@given(sizes_of_several, model)
def test_a_composite_goes_through_the_image_processor_unscaled(sizes: list[Size], model: tuple[int, int]) -> None:
    layout = plan(sizes, tile_size=model[0], max_tiles=model[1])
    assert processed_size(*layout.size, *model) == (layout.size, layout.tiles)


@modest
@given(size, model)
def test_one_image_is_left_alone_and_its_scale_is_the_processors(size: Size, model: tuple[int, int]) -> None:
    layout = plan([size], tile_size=model[0], max_tiles=model[1])
    (width, height), tiles = processed_size(*size, *model)
    (placement,) = layout.placements
    assert layout.size == size
    assert layout.tiles == tiles
    assert placement.box == (0, 0, *size)
    longer, shown = (size[0], width) if size[0] >= size[1] else (size[1], height)
    assert abs(placement.scale * longer - shown) < 1


# --- known answers


@pytest.mark.parametrize(
    ("sizes", "tiles", "scale"),
    [
        ([(1920, 1080)], (2, 2), 1120 / 1920),
        ([(300, 200)], (1, 1), 560 / 300),
        ([(500, 500), (500, 500)], (1, 2), 1.0),  # nothing to gain from more tiles
        ([(1104, 500), (1104, 500)], (2, 2), 1.0),
        ([(1920, 1080), (1920, 1080)], (2, 2), 943 / 1920),  # stacked: 2 x (530 + 22 + 8) = 1120
        ([(1080, 2340), (1080, 2340)], (2, 2), 1090 / 2340),  # side by side: 1120 - 22 - 8 of height
        ([(1080, 2340)] * 4, (3, 1), 590 / 2340),
    ],
)
def test_known_answers(sizes: list[Size], tiles: tuple[int, int], scale: float) -> None:
    layout = plan(sizes, tile_size=560, max_tiles=4)
    assert layout.tiles == tiles
    assert layout.scale == pytest.approx(scale, abs=1 / 1080)


def test_mixed_images_gain_over_every_simple_arrangement() -> None:
    sizes = [(1920, 1080), (800, 600), (1080, 2340), (640, 360), (2560, 1440), (300, 900), (1200, 200), (500, 500)]
    layout = plan(sizes, tile_size=560, max_tiles=4)
    assert layout.scale > 1.2 * simple_scale(sizes, 560, 4, gap=8, band=22)


def test_a_small_image_grows_into_the_room_that_a_large_one_leaves() -> None:
    layout = plan([(20000, 50), (800, 600)], tile_size=560, max_tiles=4)
    strip, window = layout.placements
    assert strip.scale == pytest.approx(2232 / 20000)  # a row of tiles less the gap
    assert window.scale > 0.6


def test_reading_order_runs_left_to_right_or_downwards() -> None:
    layout = plan([(1000, 800)] * 4, tile_size=560, max_tiles=4)
    assert layout.tiles == (2, 2)  # a column of four is as good, but a square is nicer to look at
    corners = [placement.box[:2] for placement in layout.placements]
    assert corners[0][0] == corners[2][0] < corners[1][0] == corners[3][0]
    assert corners[0][1] == corners[1][1] < corners[2][1] == corners[3][1]


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ([], "There is no image to show; add one first."),
        ([(10, 10)] * 10, "10 images are too many for one question; send at most 9."),
    ],
)
def test_too_few_or_too_many_images(sizes: list[Size], message: str) -> None:
    with pytest.raises(UserError) as caught:
        plan(sizes, tile_size=560, max_tiles=4)
    assert str(caught.value) == message


def test_a_canvas_too_small_for_so_many_says_so() -> None:
    with pytest.raises(UserError) as caught:
        plan([(100, 100)] * 9, tile_size=14, max_tiles=1)
    assert str(caught.value) == "9 images do not fit on one canvas of this model; send fewer."


def test_nine_images_are_planned_quickly() -> None:
    random = np.random.default_rng(7)
    for _ in range(20):
        sizes = [(int(w), int(h)) for w, h in random.integers(1, 3000, (9, 2))]
        planning = partial(plan, sizes, tile_size=560, max_tiles=4)
        assert quickest_s(planning, 0.05, clock=time.thread_time) < 0.05, sizes


# --- the composite


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(1, 900), st.integers(1, 900)), min_size=2, max_size=9),
    st.sampled_from([(560, 4), (448, 4)]),
)
def test_a_placement_holds_exactly_the_resized_image(sizes: list[Size], model: tuple[int, int]) -> None:
    images = [noise(size, seed) for seed, size in enumerate(sizes)]
    collage = compose(images, tile_size=model[0], max_tiles=model[1])
    assert collage.layout == plan(sizes, tile_size=model[0], max_tiles=model[1])
    assert (collage.image.mode, collage.image.size) == ("RGB", collage.layout.size)
    for image, placement in zip(images, collage.layout.placements, strict=True):
        left, top, right, bottom = placement.box
        expected = image.resize((right - left, bottom - top), Image.Resampling.LANCZOS, reducing_gap=3.0)
        assert collage.image.crop(placement.box).tobytes() == expected.tobytes()


@pytest.mark.parametrize("tile", [560, 448])
@pytest.mark.parametrize("pixel", [(255, 255, 255), (0, 0, 0), BACKGROUND, BADGE])
def test_badges_are_visible_and_differ_and_all_else_is_background(tile: int, pixel: tuple[int, int, int]) -> None:
    sizes = [(640, 480)] * 4 + [(300, 900), (1, 1), (3, 700)] + [(90, 9)] * 2
    images = [Image.new("RGB", size, pixel) for size in sizes]
    collage = compose(images, tile_size=tile, max_tiles=4)
    seen = set()
    rest = collage.image.copy()
    for placement, badge in zip(collage.layout.placements, badge_boxes(collage.layout, tile), strict=True):
        cut = np.asarray(collage.image.crop(badge)).astype(int)  # [band, band, 3]
        dark = (cut == BADGE).all(axis=2).mean()
        bright = (cut.min(axis=2) > 230).mean()
        assert dark > 0.5
        assert 0.02 < bright < 0.35
        seen.add(cut.tobytes())
        rest.paste(BACKGROUND, badge)
        rest.paste(BACKGROUND, placement.box)
    assert len(seen) == len(images)
    assert rest.tobytes() == Image.new("RGB", collage.image.size, BACKGROUND).tobytes()


def luminance(colour: tuple[int, int, int]) -> float:
    linear = [((c / 255 + 0.055) / 1.055) ** 2.4 if c > 10 else c / 255 / 12.92 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_badge_colours_have_the_contrast_that_wcag_asks_for_at_its_strictest() -> None:
    for bright in (DIGIT, BACKGROUND):
        assert (luminance(bright) + 0.05) / (luminance(BADGE) + 0.05) >= 7


def test_without_labels_there_is_nothing_but_images_and_background() -> None:
    collage = compose([Image.new("RGB", (300, 200))] * 3, tile_size=560, max_tiles=4, label=False)
    rest = collage.image.copy()
    for placement in collage.layout.placements:
        rest.paste(BACKGROUND, placement.box)
    assert rest.tobytes() == Image.new("RGB", rest.size, BACKGROUND).tobytes()


def test_the_same_images_give_identical_bytes() -> None:
    images = [noise(size, 3) for size in [(1920, 1080), (800, 600), (1080, 2340)]]
    once, again = (compose(images, tile_size=560, max_tiles=4) for _ in range(2))
    assert once.image.tobytes() == again.image.tobytes()
    assert once.layout == again.layout


def test_one_image_comes_back_as_the_same_object() -> None:
    image = Image.new("RGBA", (30, 20), (1, 2, 3, 4))
    assert compose([image], tile_size=560, max_tiles=4).image is image


def test_transparency_is_laid_over_white() -> None:
    clear = Image.new("RGBA", (200, 100), (9, 9, 9, 0))
    collage = compose([clear, clear], tile_size=560, max_tiles=4)
    for placement in collage.layout.placements:
        assert collage.image.crop(placement.box).getcolors() == [(20000, (255, 255, 255))]


def badge_of(collage: Collage, place: int) -> Image.Image:
    """What is drawn in the band above an image, as wide as the badge."""
    left, top, _, _ = collage.layout.placements[place].box
    return collage.image.crop((left, top - 22, left + 22, top))


def test_badges_say_the_numbers_that_are_given() -> None:
    """With the second of three left out, the third still says 3; two digits fit into the badge."""
    images = [Image.new("RGB", (200, 150), color) for color in ("red", "green", "blue")]
    every = compose(images, tile_size=560, max_tiles=4)
    some = compose([images[0], images[2]], tile_size=560, max_tiles=4, numbers=[1, 3])
    assert badge_of(some, 0).tobytes() == badge_of(every, 0).tobytes()
    assert badge_of(some, 1).tobytes() == badge_of(every, 2).tobytes()
    assert badge_of(some, 1).tobytes() != badge_of(every, 1).tobytes()
    assert some.layout == plan([(200, 150)] * 2, tile_size=560, max_tiles=4)
    two_digits = np.asarray(badge_of(compose(images[:2], tile_size=560, max_tiles=4, numbers=[9, 12]), 1))
    inked = np.argwhere((two_digits > 128).all(axis=2) & (two_digits != BACKGROUND).any(axis=2))
    ground = np.argwhere((two_digits == BADGE).all(axis=2))
    assert len(inked) > 20
    assert (inked.min(axis=0) > ground.min(axis=0)).all()
    assert (inked.max(axis=0) < ground.max(axis=0)).all()
