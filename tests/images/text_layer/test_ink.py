"""Ink: what differs from the colour behind it."""

from __future__ import annotations

import numpy as np

from desktop_vlm.images.text_layer.ink import ink_of, runs


def test_ink_is_what_differs_from_the_ground() -> None:
    crop = np.full((6, 9, 3), 250, np.uint8)
    crop[2:4, 3:6] = 40
    crop[2, 7] = (250, 250, 180)
    ink = ink_of(crop)
    assert ink is not None
    assert np.argwhere(ink).tolist() == [[2, 3], [2, 4], [2, 5], [2, 7], [3, 3], [3, 4], [3, 5]]


def test_light_ink_on_a_dark_ground_is_the_same() -> None:
    crop = np.full((4, 5, 3), 20, np.uint8)
    crop[1, 1:3] = (20, 90, 20)
    ink = ink_of(crop)
    assert ink is not None
    assert np.argwhere(ink).tolist() == [[1, 1], [1, 2]]


def test_no_ink_where_there_is_no_plain_ground() -> None:
    gradient = np.repeat(np.linspace(0, 255, 40).astype(np.uint8)[None, :, None], 3, axis=2)
    assert ink_of(np.repeat(gradient, 8, axis=0)) is None
    assert ink_of(np.full((5, 5, 3), 128, np.uint8)) is None
    assert ink_of(np.zeros((0, 3, 3), np.uint8)) is None


def test_runs_join_over_small_gaps() -> None:
    profile = np.array([0, 1, 1, 0, 1, 0, 0, 1], bool)
    assert runs(profile) == [(1, 3), (4, 5), (7, 8)]
    assert runs(profile, gap=1) == [(1, 5), (7, 8)]
    assert runs(np.zeros(3, bool)) == []
