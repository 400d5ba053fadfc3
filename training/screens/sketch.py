"""An image in the making, which remembers where its characters are."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from training.screens.asking import Asker
from training.screens.records import Glyph, Screen
from training.screens.themes import Style, Theme
from training.screens.typefaces import Colour, Pen


class Sketch:
    """An RGB image with its glyphs.

    Attributes: `image`, `draw` (Pillow's, for anything but text) and `glyphs`.
    """

    def __init__(self, width: float, height: float, fill: Colour) -> None:
        self.image = Image.new("RGB", (max(8, round(width)), max(8, round(height))), fill)
        self.draw = ImageDraw.Draw(self.image)
        self.glyphs: list[Glyph] = []

    def text(self, x: float, baseline: float, text: str, pen: Pen, colour: Colour) -> float:
        """Draw from x on; returns where the text ends, px."""
        baseline = round(baseline)
        x = x if pen.manner in {"smooth", "lcd"} else round(x)
        pen.write(self.image, x, baseline, text, colour)
        top, bottom = baseline - pen.up, baseline + pen.down
        for char in text:
            right = x + pen.advance(char)
            self.glyphs.append(Glyph(char, (x, top, right, bottom)))
            x = right
        return x

    def centred(self, left: float, right: float, baseline: float, text: str, pen: Pen, colour: Colour) -> None:
        self.text((left + right - pen.width(text)) / 2, baseline, text, pen, colour)

    def lines(self, x: float, top: float, lines: Sequence[str], pen: Pen, colour: Colour, pitch: float) -> float:
        """Lines below each other, the first from `top` on; returns where the next line would start."""
        for line in lines:
            self.text(x, top + _rise(pen, pitch), line, pen, colour)
            top += pitch
        return top

    def row(self, top: float, bottom: float, pen: Pen) -> float:
        """The baseline that centres capitals between two heights."""
        return round((top + bottom + pen.up) / 2)

    def panel(self, box: tuple[float, float, float, float], fill: Colour | None, theme: Theme, *, sunken: bool = False,
              radius: int = 4) -> None:  # fmt: skip
        """A button's, a field's or a frame's ground and edge, as the theme has it."""
        left, top, right, bottom = (round(value) for value in box)
        right, bottom = max(left + 1, right - 1), max(top + 1, bottom - 1)
        edge = theme.edge
        if edge == "bevel":
            self.draw.rectangle((left, top, right, bottom), fill)
            light, dark = ((255, 255, 255), _darker(theme.line))[:: -1 if sunken else 1]
            self.draw.line((left, bottom, left, top, right, top), light)
            self.draw.line((right, top, right, bottom, left, bottom), dark)
        elif edge in {"round", "pill"} and min(right - left, bottom - top) > 2 * radius:
            radius = (bottom - top) // 2 if edge == "pill" and not sunken else radius
            self.draw.rounded_rectangle((left, top, right, bottom), min(radius, 14), fill, theme.line)
        else:
            self.draw.rectangle((left, top, right, bottom), fill, None if edge == "flat" else theme.line)

    def finish(self, asker: Asker, kind: str, noun: str) -> Screen:
        return Screen(self.image, tuple(self.glyphs), asker.take(), kind, noun)


def title_bar(sketch: Sketch, style: Style, title: str, pen: Pen, height: int) -> None:
    """A bar across the top with the title, and the marks of its close button and its like."""
    theme = style.theme
    width = sketch.image.width
    sketch.draw.rectangle((0, 0, width, height - 1), theme.title)
    mark = max(6, round(height * 0.36))
    middle = height // 2
    left, right = style.px(7), width - style.px(8)
    if theme.close == "lights":
        for colour in ((255, 95, 87), (254, 188, 46), (40, 200, 64)):
            sketch.draw.ellipse((left, middle - mark // 2, left + mark, middle + mark // 2), colour)
            left += round(mark * 1.6)
        left += mark // 2
    elif theme.close in {"cross", "box"}:
        box = (right - mark, middle - mark // 2, right, middle - mark // 2 + mark)
        if theme.close == "box":
            sketch.panel((box[0] - 3, box[1] - 3, box[2] + 4, box[3] + 4), theme.window, theme)
        ink = theme.ink if theme.close == "box" else theme.title_ink
        thick = 2 if style.scale > 1.3 else 1
        sketch.draw.line(box, ink, thick)
        sketch.draw.line((box[0], box[3], box[2], box[1]), ink, thick)
        right -= mark * 2
    baseline = sketch.row(0, height, pen)
    if theme.title_align == "centre" and pen.width(title) < 2 * min(width / 2 - left, right - width / 2):
        sketch.centred(0, width, baseline, title, pen, theme.title_ink)
    else:
        sketch.text(left, baseline, title, pen, theme.title_ink)


def title_room(style: Style, title: str, pen: Pen, height: int) -> float:
    """The least width, px, of a window whose bar shows the whole title."""
    return pen.width(title) + 3 * max(6, height * 0.36) * 1.6 + style.px(30)


def _rise(pen: Pen, pitch: float) -> float:
    """From a line's top to its baseline."""
    return (pitch + pen.up) / 2


def _darker(colour: Colour) -> Colour:
    red, green, blue = (value * 3 // 4 for value in colour)
    return red, green, blue
