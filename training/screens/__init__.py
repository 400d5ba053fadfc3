"""Synthetic screenshots with exact questions and answers, from which the demo model learns to read.

    rng = random.Random(7)
    screen = draw_screen(rng, split="train")

The fonts come from `training.fonts`; see `typefaces.fonts_folder` for where they are looked for.
"""

from __future__ import annotations

from training.screens.composites import draw_composite
from training.screens.desktops import draw_desktop
from training.screens.generator import LAYOUTS, draw_layout, draw_screen
from training.screens.records import Glyph, Question, Screen, Split

__all__ = [
    "LAYOUTS",
    "Glyph",
    "Question",
    "Screen",
    "Split",
    "draw_composite",
    "draw_desktop",
    "draw_layout",
    "draw_screen",
]
