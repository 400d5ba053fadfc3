"""Which tiles an image gets, against transformers' MllamaImageProcessor."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.api.image_sizing import choose_canvas, fit_to_canvas, supported_aspect_ratios
from desktop_vlm.images.tiles import cut


def test_aspect_ratio_ids_are_metas() -> None:
    assert supported_aspect_ratios(4) == ((1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (3, 1), (4, 1))


@pytest.mark.parametrize(
    ("size", "canvas", "fitted"),
    [
        ((560, 560), (1, 1), (560, 560)),
        ((561, 560), (1, 2), (561, 560)),
        ((1920, 1080), (2, 2), (1120, 630)),
        ((400, 1600), (3, 1), (400, 1600)),
        ((1, 1), (1, 1), (560, 560)),
        ((20000, 50), (1, 4), (2240, 5)),
        ((50, 20000), (4, 1), (5, 2240)),
    ],
)
def test_canvas_and_size(size: tuple[int, int], canvas: tuple[int, int], fitted: tuple[int, int]) -> None:
    assert choose_canvas(*size, tile_size=560, max_tiles=4) == canvas
    assert fit_to_canvas(*size, canvas, 560) == fitted


def test_an_image_is_cut_row_by_row_and_black_where_it_does_not_reach() -> None:
    image = Image.new("RGB", (20, 12), (9, 8, 7))
    found = cut(image, tile_size=10, max_tiles=4)
    assert (found.grid, found.size, found.pixels.shape) == ((2, 2), (20, 12), (4, 10, 10, 3))
    assert (found.pixels[:2] == (9, 8, 7)).all()
    assert (found.pixels[2:, :2] == (9, 8, 7)).all()
    assert not found.pixels[2:, 2:].any()
    assert np.array_equal(found.pixels[2], found.pixels[3])
