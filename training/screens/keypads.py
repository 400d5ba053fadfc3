"""Calculators and keypads: a display over rows of keys."""

from __future__ import annotations

import random

from training.screens.asking import Asker
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.sketch import Sketch, title_bar
from training.screens.themes import Style
from training.screens.words import vocabulary

_PADS = (
    "7 8 9 /|4 5 6 *|1 2 3 -|0 . = +",
    "C ( ) %|7 8 9 /|4 5 6 x|1 2 3 -|0 . = +",
    "1 2 3|4 5 6|7 8 9|* 0 #",
    "7 8 9|4 5 6|1 2 3|0 . C",
    "MC MR M+ M-|7 8 9 /|4 5 6 *|1 2 3 -|0 . = +",
    (
        "1/x x^2 SQRT CE/C AC|INV sin cos tan DRG|e EE log ln y^x|PI x! ( ) /|STO 7 8 9 *|RCL 4 5 6 -"
        "|SUM 1 2 3 +|EXC 0 . +/- ="
    ),
    "sin cos tan|7 8 9|4 5 6|1 2 3|0 . =",
    "AND OR XOR|A B C|D E F|7 8 9|4 5 6|1 2 3",
)
_HELD_OUT_PADS = ("AC +/- % /|7 8 9 x|4 5 6 -|1 2 3 +|0 00 . =", "1 2 3 A|4 5 6 B|7 8 9 C|* 0 # D")


def draw_keypad(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """A calculator with a number on its display."""
    pads = _HELD_OUT_PADS if writer.split == "held_out" and rng.random() < 0.5 else _PADS
    rows = [row.split() for row in rng.choice(pads).split("|")]
    pen = style.type.pen()
    shown_pen = style.type.pen(rng.choice((1.0, 1.2, 1.5)), mono=rng.random() < 0.4)
    shown = _number(rng)
    title = rng.choice((*vocabulary(writer.split).apps, "Calculator", "Calculator")) if rng.random() < 0.5 else ""
    title_pen = style.type.pen(bold=style.theme.bold_title)
    bar = round(title_pen.line * 1.5) if title else 0
    key_wide = max(pen.width(key) for row in rows for key in row) + style.pad(rng.randint(8, 26))
    key_high = round(pen.line * rng.uniform(1.2, 2.0))
    gap, side = style.px(rng.randint(2, 7)), style.px(rng.randint(4, 10))
    display = round(shown_pen.line * rng.uniform(1.3, 2.0))
    columns = max(map(len, rows))
    width = (
        max(
            columns * (key_wide + gap) - gap,
            shown_pen.width(shown) + style.px(12),
            title_pen.width(title) + style.px(70),
        )
        + 2 * side
    )
    key_wide = (round(width) - 2 * side + gap) / columns - gap
    sketch = Sketch(width, bar + side * 2 + display + gap + len(rows) * (key_high + gap), style.theme.window)
    if title:
        title_bar(sketch, style, title, title_pen, bar)
    top = bar + side
    sketch.panel(
        (side, top, sketch.image.width - side, top + display), style.theme.field, style.theme, sunken=True, radius=2
    )
    left = sketch.image.width - side - style.px(5) - shown_pen.width(shown)
    sketch.text(left, sketch.row(top, top + display, shown_pen), shown, shown_pen, style.theme.field_ink)
    top += display + gap
    for row in rows:
        for column, key in enumerate(row):
            left = side + column * (key_wide + gap)
            strong = not (key.isdigit() or key == ".") and style.theme.edge != "line"
            fill, ink = (
                (style.theme.window, style.theme.ink) if strong else (style.theme.button, style.theme.button_ink)
            )
            sketch.panel((left, top, left + key_wide, top + key_high), fill, style.theme)
            sketch.centred(left, left + key_wide, sketch.row(top, top + key_high, pen), key, pen, ink)
        top += key_high + gap
    asker = Asker(rng)
    if title:
        asker.ask("title", title)
    asker.ask("display", shown)
    for number, row in enumerate(rows, 1):
        asker.ask("keys", ", ".join(row), n=number)
    asker.ask("describe", f"A calculator that shows {shown}.")
    return sketch.finish(asker, "keypad", "calculator")


def _number(rng: random.Random) -> str:
    number = str(rng.randrange(10 ** rng.randint(1, 9)))
    if rng.random() < 0.35:
        number += f".{rng.randrange(10 ** rng.randint(1, 5))}"
    return ("-" if rng.random() < 0.15 else "") + number
