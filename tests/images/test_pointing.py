"""Pointing at places of images: what is drawn, what is cut out, and what is kept of it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.pointing import Pointer, cut_out, draw_pointers, kept_pointers, pointers_from_json

SIZE = (600, 400)
AREA, SPOT = Pointer(Box(200, 100, 320, 180)), Pointer(Box(100, 300, 100, 300))


def noise() -> Image.Image:
    return Image.fromarray(np.random.default_rng(1).integers(60, 200, (400, 600, 3), np.uint8))


def red(image: Image.Image) -> np.ndarray:
    values = np.asarray(image).astype(int)
    found: np.ndarray = (values == (229, 23, 63)).all(axis=2)
    return found


def test_an_area_is_framed_and_nothing_in_it_is_touched() -> None:
    image = noise()
    marked = draw_pointers(image, [AREA])
    changed = (np.asarray(marked) != np.asarray(image)).any(axis=2)
    assert not changed[100:180, 200:320].any()
    assert not changed[:80].any()
    found = np.argwhere(red(marked))
    assert found.min(axis=0).tolist() == pytest.approx([92, 192], abs=3)
    assert found.max(axis=0).tolist() == pytest.approx([188, 328], abs=3)


def test_a_spot_is_ringed_and_its_middle_marked() -> None:
    marked = red(draw_pointers(noise(), [SPOT]))
    assert marked[300, 100]
    assert marked[300, 126]
    assert marked[274, 100]
    assert not marked[300, 113]


def test_several_are_numbered_and_one_is_not() -> None:
    one = np.asarray(draw_pointers(noise(), [AREA]))
    two = np.asarray(draw_pointers(noise(), [AREA, SPOT]))
    corner = np.s_[75:100, 175:200]
    assert (one[corner] != two[corner]).any()


def test_what_ends_at_the_edge_is_seen() -> None:
    whole = Pointer(Box(0, 0, 600, 400))
    marked = red(draw_pointers(noise(), [whole]))
    for line in (
        marked[:8].any(axis=0),
        marked[-8:].any(axis=0),
        marked[:, :8].any(axis=1),
        marked[:, -8:].any(axis=1),
    ):
        assert np.asarray(line)[20:-20].all()


def test_the_line_is_as_thick_for_the_eye_on_a_large_image() -> None:
    large = Image.new("RGB", (6000, 400), "white")
    marked: np.ndarray = red(draw_pointers(large, [Pointer(Box(2000, 150, 3000, 250))]))
    assert 20 <= marked[:, 2500].sum() / 2 <= 32


def test_parts_have_their_own_pixels_with_some_room_around() -> None:
    image = noise()
    area, spot = cut_out(image, [AREA, SPOT])
    left, top, right, bottom = AREA.part(SIZE)
    assert (left < 200, top < 100, right > 320, bottom > 180) == (True,) * 4
    assert (np.asarray(area) == np.asarray(image)[top:bottom, left:right]).all()
    assert spot.width == pytest.approx(256, abs=2)
    assert SPOT.part(SIZE)[0] == 0 or SPOT.part(SIZE)[0] < 100


@pytest.mark.parametrize(
    "box", [(0, 0, 0, 0), (599, 399, 599, 399), (599, 0, 600, 400), (0, 0, 600, 400), (5, 5, 6, 6)]
)
def test_parts_are_never_empty_and_within_the_image(box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = Pointer(Box(*box)).part(SIZE)
    assert 0 <= left < right <= 600
    assert 0 <= top < bottom <= 400


def test_what_is_kept_comes_back_and_damage_is_left_out() -> None:
    assert pointers_from_json([one.as_json() for one in (AREA, SPOT)]) == (AREA, SPOT)
    damaged: list[object] = [
        [1, 2, 3],
        "ab",
        None,
        [5, 5, 1, 1],
        [float("nan"), 0, 1, 1],
        [1e9, 0, 2e9, 1],
        AREA.as_json(),
    ]
    assert pointers_from_json(damaged) == (AREA,)
    assert kept_pointers({"a": [SPOT.as_json()], "b": 5, "c": []}) == {"a": (SPOT,)}
    assert kept_pointers([]) == {}  # type: ignore[arg-type]
