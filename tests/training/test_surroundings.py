"""What is around windows: icons are asked about where they are seen, and a panel moves all that is below it."""

from __future__ import annotations

import random

import pytest
from PIL import Image

from training.screens.phrases import Writer
from training.screens.records import Glyph, Question, Screen
from training.screens.sketch import Sketch
from training.screens.surroundings import Icons, draw_icons, paint_ground, under_panel
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder

needs_fonts = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)


def test_covered_icons_are_neither_listed_nor_counted() -> None:
    icons = Icons(["Home", "Trash"], [(0, 0, 50, 50), (0, 60, 50, 110)], [[], []], "Trash")
    seen = icons.questions(random.Random(1), [])
    assert {(one.kind, one.answer) for one in seen} >= {
        ("list", "Home, Trash"),
        ("how_many", "2"),
        ("selected", "Trash"),
    }
    covered = icons.questions(random.Random(1), [(40, 100, 200, 200)])
    assert [(one.kind, one.answer) for one in covered] == [("present", "Yes")]
    assert "Home" in covered[0].text
    assert icons.questions(random.Random(1), [(0, 0, 300, 300)]) == []


@needs_fonts
def test_icons_have_their_names_below_them() -> None:
    for seed in range(20):
        rng = random.Random(seed)
        sketch = Sketch(800, 600, (0, 0, 0))
        paint_ground(rng, sketch)
        icons = draw_icons(rng, sketch, draw_style(rng, "train"), Writer(rng, "train"), 560)
        assert not sketch.glyphs
        assert len(set(icons.names)) == len(icons.names) == len(icons.boxes)
        for name, glyphs in zip(icons.names, icons.glyphs, strict=True):
            assert "".join(glyph.char for glyph in glyphs) == name


@needs_fonts
def test_a_panel_moves_what_is_below_it() -> None:
    rng = random.Random(4)
    screen = Screen(
        Image.new("RGB", (900, 500)),
        (Glyph("a", (10, 20, 18, 32)),),
        (Question("value", "?", "a", needs=((10, 20, 18, 32),)),),
        "desktop",
        "desktop",
    )
    below = under_panel(rng, screen, draw_style(rng, "train"), Writer(rng, "train"), 26, clock=True, legible=True)
    assert below.image.size == (900, 526)
    assert below.glyphs[-1].box == (10, 46, 18, 58)
    assert below.questions[0].needs == ((10, 46, 18, 58),)
