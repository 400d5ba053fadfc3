"""Buttons as programs label them: with an underlined letter, a sign before the label, as bare text, as a link.

Signs are shapes, never letters, so that the label is all there is to read.
"""

from __future__ import annotations

import random
from typing import Literal, TypeAlias

from training.screens.dialogs import draw_button
from training.screens.page import black_or_white
from training.screens.records import Box
from training.screens.sketch import Sketch
from training.screens.themes import Style, luminance
from training.screens.typefaces import Colour, Pen

ButtonLook: TypeAlias = Literal["plain", "mnemonic", "sign", "flat", "outline", "filled", "link"]

_LOOKS: tuple[ButtonLook, ...] = ("plain", "mnemonic", "sign", "flat", "outline", "filled", "link")
_SHARES = (40, 18, 14, 10, 7, 8, 3)
_CONTRAST = 70
"""Of luminance, by which an accent stands out enough to write in it."""
_SIGNS: tuple[Colour, ...] = ((46, 150, 70), (200, 40, 40), (230, 160, 20), (60, 120, 210))


def draw_button_look(rng: random.Random) -> ButtonLook:
    """One for all buttons of a dialog."""
    return rng.choices(_LOOKS, _SHARES)[0]


def sign_room(style: Style, pen: Pen, look: ButtonLook) -> float:
    """How much wider than its label a button is for its sign, px."""
    return pen.up + style.px(6) if look == "sign" else 0


def draw_looking_button(sketch: Sketch, style: Style, box: Box, label: str, pen: Pen, *, look: ButtonLook,
                        ground: Colour, default: bool, place: int) -> None:  # fmt: skip
    """The button number `place` on a ground of this colour."""
    theme = style.theme
    if look in {"plain", "mnemonic", "sign"} or (look == "filled" and default):
        fill, ink = (theme.accent, theme.accent_ink) if default else (theme.button, theme.button_ink)
        if look != "sign":
            draw_button(sketch, style, box, label, pen, default=default)
            if look == "mnemonic":
                _underline(sketch, style, box, label, pen, ink, (place, place + 1))
            return
        sketch.panel(box, fill, theme)
        room = sign_room(style, pen, look)
        left = (box[0] + box[2] - pen.width(label) - room) / 2
        _draw_sign(sketch, left, (box[1] + box[3]) / 2, pen.up, place, ink)
        sketch.text(left + room, sketch.row(box[1], box[3], pen), label, pen, ink)
        return
    apart = abs(luminance(theme.accent) - luminance(ground)) > _CONTRAST
    ink = theme.accent if apart else black_or_white(ground)
    if look == "outline":
        sketch.panel(box, None, theme)
        edge = (round(box[0]), round(box[1]), round(box[2]) - 1, round(box[3]) - 1)
        sketch.draw.rectangle(edge, None, ink, style.px(1))
    sketch.centred(box[0], box[2], sketch.row(box[1], box[3], pen), label, pen, ink)
    if look == "link":
        _underline(sketch, style, box, label, pen, ink, (0, len(label)))


def _underline(sketch: Sketch, style: Style, box: Box, label: str, pen: Pen, ink: Colour,
               letters: tuple[int, int]) -> None:  # fmt: skip
    """Below the letters from the first up to the second place, or below the first letter where there are fewer."""
    first, end = letters if letters[0] < len(label) and label[letters[0]].isalnum() else (0, 1)
    left = (box[0] + box[2] - pen.width(label)) / 2 + pen.width(label[:first])
    top = sketch.row(box[1], box[3], pen) + max(1, round(pen.down * 0.4))
    right = left + pen.width(label[first:end]) - 1
    sketch.draw.line((round(left), top, round(right), top), ink, max(1, style.px(1) // 2))


def _draw_sign(sketch: Sketch, left: float, middle: float, size: float, place: int, ink: Colour) -> None:
    """A tick, a cross, a disc or a square, as high as capitals."""
    top, bottom, right = middle - size / 2, middle + size / 2, left + size
    thick, colour = max(1, round(size / 6)), _SIGNS[place % len(_SIGNS)]
    if place % 4 == 0:
        sketch.draw.line((left, middle, left + size * 0.4, bottom - 1, right, top + 1), colour, thick + 1)
    elif place % 4 == 1:
        sketch.draw.line((left, top + 1, right, bottom - 1), colour, thick + 1)
        sketch.draw.line((left, bottom - 1, right, top + 1), colour, thick + 1)
    elif place % 4 == 2:
        sketch.draw.ellipse((left, top, right, bottom), colour, ink)
    else:
        sketch.draw.rectangle((left, top, right, bottom), colour, ink)
