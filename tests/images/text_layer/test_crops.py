"""Crops: a line's ink with an even margin, and the places of its parts in the image."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.text_layer.crops import Crop, cut
from desktop_vlm.images.text_layer.detection import Region, corners_of


def region(core: tuple[int, int, int, int], grow: int = 8) -> Region:
    left, top, right, bottom = core
    return Region(corners_of(left - grow, top - grow, right + grow, bottom + grow), corners_of(*core), upright=True)


def test_a_crop_is_the_ink_with_a_margin() -> None:
    pixels = np.full((80, 200, 3), 255, np.uint8)
    pixels[30:40, 50:120:3] = 0
    pixels[56:66, 50:120] = 0  # the line below
    crop = cut(pixels, region((54, 32, 116, 38)))
    assert crop.box == Box(50, 30, 120, 40)
    assert crop.pixels.shape == (10 + 2 * 3, 70 + 2 * 3, 3)
    assert crop.inner == (3, 73)
    assert crop.ink is not None
    assert np.flatnonzero(crop.ink.any(axis=0))[[0, -1]].tolist() == [3, 72]
    assert np.flatnonzero(crop.ink.any(axis=1)).tolist() == list(range(3, 13))


def test_the_edge_of_a_button_is_not_the_lines() -> None:
    pixels = np.full((80, 200, 3), 255, np.uint8)
    pixels[30:40, 50:120:3] = 0
    pixels[10:60, 44] = 100
    assert cut(pixels, region((50, 32, 118, 38), grow=6)).box == Box(50, 30, 120, 40)


def test_at_the_images_border_the_margin_goes_on() -> None:
    pixels = np.full((12, 60, 3), 255, np.uint8)
    pixels[1:11, 0:60:2] = 0
    crop = cut(pixels, Region(corners_of(0, 0, 60, 12), corners_of(0, 2, 60, 10), upright=True))
    assert crop.box == Box(0, 1, 59, 11)
    assert crop.pixels.shape[:2] == (16, 65)


def test_on_a_photo_the_rectangle_stays() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (60, 100, 3), np.uint8)
    crop = cut(noise, region((20, 20, 80, 34)))
    assert (crop.box, crop.ink, crop.inner) == (Box(12, 12, 88, 42), None, (0, 76))


def made(turned: int) -> Crop:
    return Crop(np.zeros((10, 100, 3), np.uint8), Box(10, 20, 110, 30), None, (0, 100), turned)


@pytest.mark.parametrize(
    ("turned", "box", "place"),
    [
        (0, Box(10, 20, 110, 30), Box(20, 20, 40, 30)),
        (2, Box(10, 20, 110, 30), Box(80, 20, 100, 30)),
        (1, Box(10, 20, 20, 120), Box(10, 30, 20, 50)),
        (3, Box(10, 20, 20, 120), Box(10, 90, 20, 110)),
    ],
)
def test_parts_have_their_place_in_the_image(turned: int, box: Box, place: Box) -> None:
    crop = Crop(np.zeros((10, 100, 3), np.uint8), box, None, (0, 100), turned)
    assert crop.place(10, 30) == place


def test_upside_down_is_turned_by_half() -> None:
    crop = made(0)
    crop.pixels[0, 5] = 9
    other = crop.upside_down()
    assert other.turned == 2
    assert other.pixels[9, 94].tolist() == [9, 9, 9]
    assert other.upside_down().turned == 0
