"""Windows that fill a screen, or much of it: each is drawn at the size that it is given."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeAlias

from training.screens.pages import draw_browser, draw_long_terminal
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style

Filling: TypeAlias = "Callable[[random.Random, Writer, Style, int, int], Screen]"

FILLING: dict[str, tuple[float, Filling]] = {
    "browser": (1, draw_browser),
    "long_terminal": (1, draw_long_terminal),
}
"""How often, and by what, each is drawn, given its width and height in pixels."""


def draw_filling(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A random one of them, `width` x `height` px."""
    name = rng.choices(list(FILLING), [weight for weight, _ in FILLING.values()])[0]
    return FILLING[name][1](rng, writer, style, width, height)
