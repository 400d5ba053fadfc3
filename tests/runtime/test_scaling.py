"""An image scaled into tiles in C, against Pillow's `resize`."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.runtime import scaling
from desktop_vlm.runtime.scaling import can_scale, scale_into_tiles

pytestmark = pytest.mark.skipif(scaling._function() is None, reason="there was no C compiler at installation")

SIZES = [
    ((1904, 1064), (1120, 626)),
    ((801, 613), (560, 429)),
    ((640, 400), (1120, 700)),  # larger
    ((2500, 121), (1120, 54)),
    ((333, 777), (480, 1120)),
    ((5, 3), (1120, 672)),
    ((1, 1), (3, 2)),
    ((700, 400), (3, 2)),  # fewer rows than bands, hundreds of pixels in one
    ((30_000, 2), (560, 1)),
]
TABLE = np.arange(3 * 256, dtype=np.float32).reshape(3, 256)
SIDE = 560


def scaled(image: Image.Image, size: tuple[int, int]) -> np.ndarray:
    """The tiles put together again, (3, height, width); -1 where nothing was written."""
    n_across, n_down = -(-size[0] // SIDE), -(-size[1] // SIDE)
    out = np.full((n_down * n_across, 3, SIDE, SIDE), -1, dtype=np.float32)
    scale_into_tiles(image, size, TABLE, out, n_across)
    tiles = out.reshape(n_down, n_across, 3, SIDE, SIDE).transpose(2, 0, 3, 1, 4)
    return tiles.reshape(3, n_down * SIDE, n_across * SIDE)


@pytest.mark.parametrize(("before", "after"), SIZES)
def test_the_bytes_are_pillows_in_a_table(before: tuple[int, int], after: tuple[int, int]) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (*before[::-1], 3), dtype=np.uint8)
    image = Image.fromarray(noise)
    assert can_scale(before, after)
    found = scaled(image, after)
    expected = np.asarray(image.resize(after, Image.Resampling.BILINEAR)).transpose(2, 0, 1)
    np.testing.assert_array_equal(found[:, : after[1], : after[0]], expected + TABLE[:, :1, None])
    assert np.all(found[:, after[1] :] == -1)
    assert np.all(found[:, :, after[0] :] == -1)


def test_black_and_white_stay_what_they_are() -> None:
    """GIVEN sums at both ends of a byte, with many weights THEN none goes beyond it."""
    for value in (0, 255):
        found = scaled(Image.new("RGB", (4001, 3001), (value,) * 3), (7, 5))[:, :5, :7]
        np.testing.assert_array_equal(found, np.broadcast_to(TABLE[:, value, None, None], found.shape))


def test_an_image_in_several_pieces_of_memory_is_scaled_as_one() -> None:
    """GIVEN pixels that lie together in one image and not in another, which is larger THEN both ways are Pillow's."""
    noise = np.random.default_rng(6).integers(0, 256, (1500, 4000, 3), dtype=np.uint8)
    large = Image.fromarray(noise)
    small = large.crop((0, 0, 1000, 700))
    assert [scaling._Pixels(image).pixel_bytes for image in (large, small)] == [3, 4]
    for image in (large, small):
        expected = np.asarray(image.resize((500, 333), Image.Resampling.BILINEAR)).transpose(2, 0, 1)
        np.testing.assert_array_equal(scaled(image, (500, 333))[:, :333, :500], expected + TABLE[:, :1, None])


@pytest.mark.parametrize(
    ("before", "after"),
    [((300, 1400), (120, 560)), ((700, 400), (700, 100)), ((400, 700), (100, 700)), ((3_000_000, 2), (560, 1))],
)
def test_what_pillow_does_otherwise_is_left_to_it(before: tuple[int, int], after: tuple[int, int]) -> None:
    assert not can_scale(before, after)
