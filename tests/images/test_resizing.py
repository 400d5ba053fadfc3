"""An image scaled by several threads, against Pillow's `resize`."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.images.resizing import resize_into

SIZES = [
    ((1280, 800), (1120, 700)),
    ((801, 613), (560, 429)),  # no multiple of the bands
    ((640, 400), (1120, 700)),  # larger
    ((2500, 120), (1120, 54)),
    ((700, 400), (3, 2)),  # fewer columns than bands
    ((700, 400), (700, 100)),  # one side stays
    ((400, 700), (100, 700)),
    ((300, 1400), (120, 560)),  # Pillow 13 scales the columns first
    ((300000, 1), (560, 1)),
    ((20, 12), (10, 6)),  # not worth a thread
]


@pytest.mark.parametrize(("before", "after"), SIZES)
def test_the_bytes_are_pillows(before: tuple[int, int], after: tuple[int, int]) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (*before[::-1], 3), dtype=np.uint8)
    image = Image.fromarray(noise)
    canvas = np.zeros((after[1] + 3, after[0] + 2, 3), dtype=np.uint8)

    resize_into(canvas[: after[1], : after[0]], image)

    expected = np.asarray(image.resize(after, Image.Resampling.BILINEAR))
    np.testing.assert_array_equal(canvas[: after[1], : after[0]], expected)
    assert not canvas[after[1] :].any()
    assert not canvas[:, after[0] :].any()
