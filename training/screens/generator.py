"""Draws a screen of a random layout."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from training.screens.charts import draw_chart
from training.screens.editors import draw_editor
from training.screens.facts.documents import draw_small_facts
from training.screens.finishing import MAX_HEIGHT, MAX_WIDTH, finish
from training.screens.forms import draw_form
from training.screens.formulas import draw_formulas
from training.screens.keypads import draw_keypad
from training.screens.notices import draw_line, draw_paragraph, draw_status
from training.screens.panes.fillings import draw_program
from training.screens.phrases import Writer
from training.screens.receipts import draw_receipt
from training.screens.records import Screen, Split
from training.screens.requests import draw_any_dialog
from training.screens.rewording import reworded
from training.screens.shapes import draw_shapes
from training.screens.small import SMALL_SHARE, draw_small
from training.screens.tables import draw_table
from training.screens.terminals import draw_terminal
from training.screens.themes import Style, draw_style
from training.screens.toolkits import SHARE, draw_toolkit, has_pack
from training.screens.windows import draw_menu, draw_window

Layout: TypeAlias = "Callable[[random.Random, Writer, Style], Screen]"

TRAINING_WEIGHTS: dict[str, float] = {
    "shapes": 26,
    "receipt": 16,
    "facts": 80,
    "program": 26,
    "formula": 12,
    "chart": 12,
}
"""How often layouts that are hard to learn are drawn for training, in place of their weight in `LAYOUTS`."""

LAYOUTS: dict[str, tuple[float, Layout]] = {
    "dialog": (36, draw_any_dialog),
    "window": (7, draw_window),
    "menu": (2, draw_menu),
    "terminal": (8, draw_terminal),
    "editor": (4, draw_editor),
    "form": (6, draw_form),
    "receipt": (8, draw_receipt),
    "table": (5, draw_table),
    "chart": (4, draw_chart),
    "shapes": (7, draw_shapes),
    "keypad": (2, draw_keypad),
    "status": (4, draw_status),
    "line": (4, draw_line),
    "paragraph": (4, draw_paragraph),
    "facts": (0, draw_small_facts),
    "program": (0, draw_program),
    "formula": (0, draw_formulas),
}
"""How often, and by what, each kind of image is drawn; held-out images in just this mixture."""


def draw_screen(rng: random.Random, *, split: Split) -> Screen:
    """A random image: of the same state of `rng` always the same. Training images are asked about in many words."""
    screen = draw_plain(rng, split=split)
    return screen if split == "held_out" else replace(screen, questions=reworded(rng, screen.questions))


def draw_plain(rng: random.Random, *, split: Split) -> Screen:
    """As `draw_screen`, with questions as the layouts ask them."""
    if split == "train" and has_pack() and rng.random() < SHARE:
        return finish(rng, draw_toolkit(rng), training=True)
    if split == "train" and rng.random() < SMALL_SHARE:
        return finish(rng, draw_small(rng, Writer(rng, split)), training=True)
    more = TRAINING_WEIGHTS if split == "train" else {}
    weights = [more.get(name, weight) for name, (weight, _) in LAYOUTS.items()]
    return draw_layout(rng, rng.choices(list(LAYOUTS), weights)[0], split=split)


def draw_layout(rng: random.Random, layout: str, *, split: Split) -> Screen:
    """An image of the layout with this name in `LAYOUTS`, at most 640 x 480 px."""
    while True:
        screen = LAYOUTS[layout][1](rng, Writer(rng, split), draw_style(rng, split))
        if screen.image.width <= MAX_WIDTH and screen.image.height <= MAX_HEIGHT:
            return finish(rng, screen, training=split == "train")
