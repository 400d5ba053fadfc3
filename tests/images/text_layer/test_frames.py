"""The frames of buttons are no letters."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_vlm.images.text_layer.engine import Pixels
from desktop_vlm.images.text_layer.frames import frames_of, without_frames
from desktop_vlm.images.text_layer.ink import ink_of

pytest.importorskip("cv2")


def button(*, height: int = 20, letters: int = 4) -> Pixels:
    """Letters of 6 x 8 px in a frame of one px."""
    crop = np.full((26, 60, 3), 240, np.uint8)
    crop[3, 4:50] = crop[3 + height - 1, 4:50] = 90
    crop[3 : 3 + height, 4] = crop[3 : 3 + height, 49] = 90
    for number in range(letters):
        crop[9:17, 10 + 9 * number : 16 + 9 * number] = 20
    return crop


def test_a_frame_is_found_and_painted_over() -> None:
    crop = button()
    ink = ink_of(crop)
    assert ink is not None
    painted, left = without_frames(crop, ink)
    assert np.flatnonzero(left.any(axis=1)).tolist() == list(range(9, 17))
    assert np.flatnonzero(left.any(axis=0))[[0, -1]].tolist() == [10, 42]
    assert painted[3, 4].tolist() == [240, 240, 240]
    assert crop[3, 4].tolist() == [90, 90, 90]


@pytest.mark.parametrize("crop", [button(letters=1), button(height=14), np.full((26, 60, 3), 240, np.uint8)])
def test_what_holds_little_or_is_low_is_none(crop: Pixels) -> None:
    ink = ink_of(crop)
    assert ink is None or frames_of(ink) is None


def test_without_frames_nothing_is_copied() -> None:
    crop = button()
    crop[3:23, 4] = crop[3:23, 49] = crop[3, 4:50] = crop[22, 4:50] = 240
    ink = ink_of(crop)
    assert ink is not None
    painted, left = without_frames(crop, ink)
    assert painted is crop
    assert left is ink
