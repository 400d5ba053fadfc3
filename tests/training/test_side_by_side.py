"""Desktops that windows share: each has its part of the room, and a name that says which it is."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from training.screens.phrases import Writer
from training.screens.records import Question, Screen
from training.screens.several_windows import named_window, names_by_contents, window_names
from training.screens.side_by_side import draw_side_by_side, split
from training.screens.sketch import Sketch
from training.screens.stacking import Window, is_place, place_names
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder

needs_fonts = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)


def screen(noun: str, *opened: str) -> Screen:
    asked = tuple(Question("file", "Which file is open?", name) for name in opened)
    return Screen(Sketch(10, 10, (250, 250, 250)).image, (), asked, "window", noun)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_parts_fill_the_room_and_none_covers_another(count: int) -> None:
    for seed in range(20):
        parts = split(random.Random(seed), count)
        assert len(parts) == count
        areas = [(right - left) * (bottom - top) for left, top, right, bottom in parts]
        assert sum(areas) == pytest.approx(1)
        for n, a in enumerate(parts):
            for b in parts[n + 1 :]:
                assert min(a[2], b[2]) <= max(a[0], b[0]) or min(a[3], b[3]) <= max(a[1], b[1])


@needs_fonts
def test_windows_stand_beside_each_other_on_the_screen() -> None:
    for seed in range(6):
        rng = random.Random(seed)
        found = draw_side_by_side(rng, Writer(rng, "train"), draw_style(rng, "train"), (1600, 860))
        boxes = [(x, y, x + one.image.width, y + one.image.height) for one, x, y in found]
        assert all(left >= 0 and top >= 0 and right <= 1600 and bottom <= 860 for left, top, right, bottom in boxes)
        for n, a in enumerate(boxes):
            for b in boxes[n + 1 :]:
                assert min(a[2], b[2]) <= max(a[0], b[0]) or min(a[3], b[3]) <= max(a[1], b[1])


def test_of_four_windows_each_is_called_by_its_corner() -> None:
    boxes = [(0, 0, 500, 400), (500, 0, 1000, 400), (0, 400, 500, 800), (500, 400, 1000, 800)]
    windows = [Window(screen("window"), "", box, []) for box in boxes]
    corners = ["top left", "top right", "bottom left", "bottom right"]
    for place, corner in enumerate(corners):
        names = place_names(windows, place, 40)
        assert f"window at the {corner}" in names
        assert not any(other in name for name in names for other in corners if other != corner)
        assert all(map(is_place, names))


def test_one_beside_two_is_on_its_side_and_they_are_in_corners() -> None:
    boxes = [(0, 0, 500, 800), (500, 0, 1000, 400), (500, 400, 1000, 800)]
    windows = [Window(screen("window"), "", box, []) for box in boxes]
    assert "window on the left" in place_names(windows, 0, 40)
    assert "window at the top right" in place_names(windows, 1, 40)
    assert "window at the bottom right" in place_names(windows, 2, 40)
    assert "window on the right" not in place_names(windows, 1, 40)


def test_a_window_is_called_by_what_is_open_in_it_alone() -> None:
    folder, editor = screen("file manager", "Photos", "/home/ann/Photos"), screen("code editor", "lamp.py")
    assert "folder Photos" in names_by_contents([folder, editor], 0)
    assert "file lamp.py" in names_by_contents([folder, editor], 1)
    assert names_by_contents([folder, screen("file manager", "Photos")], 0) == []
    assert names_by_contents([screen("code editor", "a.py", "b.py"), folder], 0) == []
    assert not any(map(is_place, names_by_contents([folder, editor], 0)))


def test_the_window_is_replaced_by_its_name() -> None:
    one, seen = Question("title", "Which title does the window have?", "x"), set()
    for seed in range(30):
        seen.add(named_window(random.Random(seed), one, ["terminal"]).text)
    assert "Which title does the terminal have?" in seen
    other = replace(one, text="What is behind the window on the left?")
    assert not any(named_window(random.Random(seed), other, ["log"]).text == "What is behind the log on the left?"
                   for seed in range(30))  # fmt: skip


def test_a_window_is_named_by_a_path_with_backslashes() -> None:
    one = Question("title", "Which title does the window have?", "cellar")
    seen = {named_window(random.Random(seed), one, [r"folder C:\cellar\g1"]).text for seed in range(10)}
    assert r"Which title does the folder C:\cellar\g1 have?" in seen


def test_a_database_browser_is_no_web_page() -> None:
    assert "database" in window_names("database browser", ["database browser", "terminal"], front=False)
    assert not {"browser", "web page"} & set(
        window_names("database browser", ["database browser", "terminal"], front=False)
    )


def test_of_two_editors_neither_is_called_the_code() -> None:
    assert window_names("code editor", ["text editor", "code editor"], front=False) == []
    assert "source code" in window_names("code editor", ["terminal", "code editor"], front=False)
