"""Windows on each other: which is seen to be in front, and what each may be called by its place."""

from __future__ import annotations

import random

import numpy as np
import pytest

from training.screens import Screen, desktop_questions, draw_desktop
from training.screens.records import Glyph
from training.screens.several_windows import names_one, window_names
from training.screens.sketch import Sketch
from training.screens.stacking import (
    Window,
    covering,
    front_is_seen,
    leaves_in_sight,
    paste_windows,
    place_names,
    with_window,
)
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder


def window(left: int, top: int, right: int, bottom: int) -> Window:
    image = Sketch(right - left, bottom - top, (250, 250, 250)).image
    glyphs = [Glyph("x", (left + 2, top + 2, left + 8, top + 12))]
    return Window(Screen(image, (), (), "window", "window"), "x", (left, top, right, bottom), glyphs)


LARGE, DIALOG = window(0, 0, 800, 600), window(200, 100, 400, 200)
LEFT, RIGHT, BELOW = window(0, 0, 300, 200), window(500, 20, 800, 220), window(250, 400, 550, 600)


def test_a_window_is_in_front_where_all_others_have_something_on_them() -> None:
    assert front_is_seen([LARGE])
    assert front_is_seen([LARGE, DIALOG])
    assert not front_is_seen([LEFT, RIGHT])
    assert not front_is_seen([LARGE, RIGHT, DIALOG])  # two lie free on the large one
    assert covering([LARGE, LEFT, DIALOG], 0) == [1, 2]
    assert covering([LARGE, LEFT, RIGHT], 1) == []


def test_windows_are_called_by_their_side_size_and_depth() -> None:
    assert "window on the left" in place_names([LEFT, RIGHT, BELOW], 0, 40)
    assert "window on the right" in place_names([LEFT, RIGHT, BELOW], 1, 40)
    assert place_names([LEFT, RIGHT, BELOW], 2, 40)[0] == "lower window"
    assert "window in the middle" in place_names([LEFT, RIGHT, BELOW], 2, 40)
    behind, front = place_names([LARGE, DIALOG], 0, 40), place_names([LARGE, DIALOG], 1, 40)
    assert {"large window", "window behind"} <= set(behind)
    assert {"small window", "window in front"} <= set(front)
    assert not any("left" in name or "right" in name for name in behind + front)  # one is within the other
    assert place_names([LARGE], 0, 40) == []


def test_what_a_window_hides_is_not_its_neighbours_text() -> None:
    behind = window(210, 110, 420, 190)
    windows = with_window([behind, LEFT], DIALOG)
    assert windows == [behind, LEFT, DIALOG]
    assert (behind.glyphs, behind.whole) == ([], False)
    assert not leaves_in_sight(DIALOG, window(190, 90, 410, 200))
    assert leaves_in_sight(DIALOG, LARGE)


def test_a_noun_names_one_window_only() -> None:
    assert names_one("dialog", ["editor", "dialog"])
    assert not names_one("dialog", ["error dialog", "dialog"])
    assert names_one("error dialog", ["error dialog", "dialog"])
    assert not names_one("window", ["editor", "window"])
    assert not any("log" in name.split() for name in window_names("error dialog", ["error dialog"], front=False))


@pytest.mark.skipif(not (fonts_folder() / "fonts.json").exists(), reason="needs `python -m training.fonts`")
def test_edges_are_drawn_beside_windows_alone() -> None:

    style = draw_style(random.Random(1), "train")
    seen = set()
    for seed in range(12):
        sketch = Sketch(900, 700, (200, 200, 200))
        paste_windows(random.Random(seed), sketch, [DIALOG], style, 0.6)
        pixels = np.asarray(sketch.image)
        assert (pixels[100:200, 200:400] == 250).all()
        assert (pixels[:70] == 200).all()
        seen.add(bool((pixels[100:200, 195:200] != 200).any()))
    assert seen == {False, True}


@pytest.mark.skipif(not (fonts_folder() / "fonts.json").exists(), reason="needs `python -m training.fonts`")
def test_held_out_screens_are_not_asked_which_of_several_free_windows_is_in_front(
    monkeypatch: pytest.MonkeyPatch,
) -> None:

    asked = {True: 0, False: 0}
    for free in (False, True):
        if free:
            monkeypatch.setattr(desktop_questions, "front_is_seen", lambda windows: len(windows) == 1)
        for seed in range(30):
            questions = draw_desktop(random.Random(seed), split="held_out").questions
            several = next(one.answer for one in questions if one.kind == "count") != "1"
            asked[free] += several and any(one.asked and one.asked[0] == "in_front" for one in questions)
    assert asked[True] == 0 < asked[False]
