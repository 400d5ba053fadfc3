"""Several pictures on one canvas: nothing lost, nothing smaller than it must be."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from desktop_vlm.collage import Layout, Spacing, compose, plan
from desktop_vlm.errors import UserError

TILE, TILES = 280, 4

sizes_of = st.lists(st.tuples(st.integers(1, 3000), st.integers(1, 3000)), min_size=2, max_size=9)
properties = settings(max_examples=60, deadline=None, derandomize=True)


def fits(sizes: list[tuple[int, int]], scale: float, columns: int, canvas: tuple[int, int]) -> bool:
    """Whether the pictures fit a grid of `columns` whose columns and rows are as wide and high as they must be."""
    spacing = Spacing.of(TILE, label=True)
    cells = [spacing.cell((max(1, round(w * scale)), max(1, round(h * scale)))) for w, h in sizes]
    rows = [cells[i : i + columns] for i in range(0, len(cells), columns)]
    width = sum(max(row[c][0] for row in rows if c < len(row)) for c in range(min(columns, len(cells))))
    height = sum(max(height for _, height in row) for row in rows)
    return width <= canvas[0] and height <= canvas[1]


def best_grid_scale(sizes: list[tuple[int, int]]) -> float:
    """The best single row, column or grid over all canvases, by brute force; never beyond 1."""
    best = 0.0
    for high, wide in ((h, w) for h in range(1, TILES + 1) for w in range(1, TILES // h + 1)):
        for columns in range(1, len(sizes) + 1):
            low, top = best, 1.0
            for _ in range(20):
                middle = (low + top) / 2
                low, top = (middle, top) if fits(sizes, middle, columns, (wide * TILE, high * TILE)) else (low, middle)
            best = max(best, low)
    return best


def check(layout: Layout, sizes: list[tuple[int, int]]) -> None:
    width, height = layout.size
    assert layout.size == (layout.tiles[1] * TILE, layout.tiles[0] * TILE)
    assert layout.tiles[0] * layout.tiles[1] <= TILES
    assert [placement.picture for placement in layout.placements] == list(range(len(sizes)))
    for placement, (w, h) in zip(layout.placements, sizes, strict=True):
        left, top, right, bottom = placement.box
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        assert placement.scale <= 1.0
        # The whole picture, its ratio kept to the pixel.
        assert abs((right - left) - max(1, w * placement.scale)) <= 1
        assert abs((bottom - top) - max(1, h * placement.scale)) <= 1
    for one, other in combinations((placement.box for placement in layout.placements), 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@given(sizes_of)
@properties
def test_nothing_overlaps_is_cropped_or_distorted(sizes: list[tuple[int, int]]) -> None:
    check(plan(sizes, tile_size=TILE, max_tiles=TILES), sizes)


@given(st.lists(st.tuples(st.integers(20, 2600), st.integers(20, 2600)), min_size=2, max_size=9))
@properties
def test_never_worse_than_the_best_row_column_or_grid(sizes: list[tuple[int, int]]) -> None:
    # Rounding to whole pixels may cost one in a side of the smallest picture.
    slack = 1.5 / min(max(size) for size in sizes)
    assert plan(sizes, tile_size=TILE, max_tiles=TILES).scale >= best_grid_scale(sizes) - slack


@pytest.mark.parametrize(
    ("sizes", "gain"),
    [
        ([(2560, 1440), (1080, 2340), (1080, 2340)], 1.2),
        ([(1920, 1080), (1920, 1080), (640, 480), (640, 480), (640, 480)], 1.12),
        ([(1600, 600), (800, 600), (800, 600), (500, 1000)], 1.07),
    ],
)
def test_gain_over_grids(sizes: list[tuple[int, int]], gain: float) -> None:
    assert plan(sizes, tile_size=TILE, max_tiles=TILES).scale >= best_grid_scale(sizes) * gain - 1e-3


def pictures(count: int) -> list[Image.Image]:
    random = np.random.RandomState(count)
    return [
        Image.fromarray(random.randint(0, 255, (60 + 10 * i, 200 - 15 * i, 3), dtype=np.uint8)) for i in range(count)
    ]


@pytest.mark.parametrize("count", [2, 5, 9])
def test_boxes_hold_the_very_pixels(count: int) -> None:
    shown = pictures(count)
    collage = compose(shown, tile_size=TILE, max_tiles=TILES)
    assert collage.image.size == collage.layout.size
    for placement in collage.layout.placements:
        assert placement.scale == 1.0  # they fit as they are
        found = np.asarray(collage.image.crop(placement.box))
        assert np.array_equal(found, np.asarray(shown[placement.picture]))


def test_labels_are_outside_the_pictures_and_stand_out() -> None:
    shown = pictures(4)
    labelled = np.asarray(compose(shown, tile_size=TILE, max_tiles=TILES).image).astype(int)
    collage = compose(shown, tile_size=TILE, max_tiles=TILES)
    background = labelled.copy()
    badge_contrast = []
    for placement in collage.layout.placements:
        left, top, right, bottom = placement.box
        background[top:bottom, left:right] = (205, 209, 214)
        band = labelled[top - Spacing.of(TILE, label=True).band : top, left : left + 20]
        badge_contrast.append(int(band.max() - band.min()))
    assert min(badge_contrast) > 150
    labels = np.abs(background - (205, 209, 214)).sum(-1) > 0
    assert labels.any()  # and all of what is left after the pictures are taken away is labels on the background


def test_the_same_pictures_give_the_same_bytes() -> None:
    first, second = (compose(pictures(5), tile_size=TILE, max_tiles=TILES).image.tobytes() for _ in range(2))
    assert first == second


def test_one_picture_stays_itself() -> None:
    (picture,) = pictures(1)
    collage = compose([picture], tile_size=TILE, max_tiles=TILES)
    assert collage.image is picture


@pytest.mark.parametrize("count", [0, 10])
def test_too_few_or_too_many_get_a_sentence(count: int) -> None:
    with pytest.raises(UserError, match="There is no picture" if count == 0 else "at most 9"):
        plan([(10, 10)] * count, tile_size=TILE, max_tiles=TILES)
