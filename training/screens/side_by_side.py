"""Desktops that several windows share: halves, thirds and quarters of the screen, each another kind of program."""

from __future__ import annotations

import random

from training.screens.filling import FILLING
from training.screens.framing import framed
from training.screens.panes.fillings import PANES, draw_pane
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.stacking import inactive
from training.screens.themes import Style

TILED_SHARE = 0.2
"""Of the screens to train on that show neither a terminal alone nor a dialog in front of a program."""
_COUNTS = {2: 2, 3: 4, 4: 5}
"""How often so many windows share the screen."""
_FIXED = ("session", "session", "log", "fact_log", "long_terminal", "code_editor")
_PANE_NAMES = (
    "folder",
    "code_window",
    "config_file",
    "plain_text",
    "plain_text",
    "build",
    "process_list",
    "sheet",
    "talk",
    "tallies",
    "tallies",
    "feed",
    "feed",
)
_FIXED_SHARE, _NAMED_SHARE = 0.3, 0.35
"""Of the windows: terminals, logs and editors, and programs that people have beside others."""
_TRIES, _ALIKE_SHARE = 6, 0.1
"""For a window of another kind than those before it, and how often it need not be."""
_PALE_SHARE = 0.6

Part = tuple[float, float, float, float]
"""(left, top, right, bottom) of a window, shares of the room."""


def draw_side_by_side(rng: random.Random, writer: Writer, style: Style,
                      room: tuple[int, int]) -> list[tuple[Screen, int, int]]:  # fmt: skip
    """Windows with their left and top, px; the one with the focus, if it is seen to have it, comes last."""
    parts = split(rng, rng.choices(list(_COUNTS), list(_COUNTS.values()))[0])
    rng.shuffle(parts)
    gap = rng.choice((0, 0, 2, style.px(6), style.px(14)))
    pale = inactive(style) if rng.random() < _PALE_SHARE else style
    drawn: list[tuple[Screen, int, int]] = []
    for place, part in enumerate(parts):
        left, top, right, bottom = (round(share * room[n % 2]) for n, share in enumerate(part))
        used = style if place == len(parts) - 1 else pale
        wide, high = right - left - 2 * gap, bottom - top - 2 * gap
        screen = _member(rng, writer, used, wide, high)
        for _ in range(_TRIES):
            if rng.random() < _ALIKE_SHARE or all(screen.noun != one.noun for one, _, _ in drawn):
                break
            screen = _member(rng, writer, used, wide, high)
        if screen.image.width <= right - left and screen.image.height <= bottom - top:
            drawn.append((screen, left + gap, top + gap))
    return drawn or draw_side_by_side(rng, writer, style, room)


def split(rng: random.Random, count: int) -> list[Part]:
    """The room in 2, 3 or 4 parts: side by side, above each other, one beside two, or a quarter each."""
    x, y = (rng.choice((0.5, 0.5, 0.5, rng.uniform(0.4, 0.6))) for _ in range(2))
    if count == 4:
        return [(0, 0, x, y), (x, 0, 1, y), (0, y, x, 1), (x, y, 1, 1)]
    halves: list[list[Part]] = [[(0, 0, x, 1), (x, 0, 1, 1)], [(0, 0, 1, y), (0, y, 1, 1)]]
    thirds: list[list[Part]] = [
        [(0, 0, x, 1), (x, 0, 1, y), (x, y, 1, 1)], [(0, 0, x, y), (0, y, x, 1), (x, 0, 1, 1)],
        [(0, 0, 1, y), (0, y, x, 1), (x, y, 1, 1)], [(0, 0, x, y), (x, 0, 1, y), (0, y, 1, 1)],
        [(0, 0, 1 / 3, 1), (1 / 3, 0, 2 / 3, 1), (2 / 3, 0, 1, 1)],
    ]  # fmt: skip
    return rng.choice(halves if count == 2 else thirds)


def _member(rng: random.Random, writer: Writer, style: Style, wide: int, high: int) -> Screen:
    draw = rng.random()
    if draw < _FIXED_SHARE:
        screen = FILLING[rng.choice(_FIXED)][1](rng, writer, style, wide, high - style.px(40))
    elif draw < _FIXED_SHARE + _NAMED_SHARE:
        screen = PANES[rng.choice(_PANE_NAMES)][1](rng, writer, style, wide, high)
    else:
        screen = draw_pane(rng, writer, style, wide, high)
    return framed(rng, screen, writer, style)
