"""What a person draws onto a screenshot to point something out: boxes, circles, arrows and underlines."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PIL import Image, ImageDraw


@dataclass(frozen=True)
class Mark:
    """One mark.

    Attributes:
        shape: "box", "circle", "line", or "arrow", which points at `end`.
    """

    shape: str
    start: tuple[int, int]
    end: tuple[int, int]
    colour: str = "#e01b24"
    width: int = 5


def mark(image: Image.Image, marks: tuple[Mark, ...]) -> None:
    """Draw them onto the image."""
    draw = ImageDraw.Draw(image)
    for one in marks:
        if one.shape == "box":
            draw.rectangle((one.start, one.end), outline=one.colour, width=one.width)
        elif one.shape == "circle":
            draw.ellipse((one.start, one.end), outline=one.colour, width=one.width)
        else:
            draw.line((one.start, one.end), one.colour, one.width)
        if one.shape == "arrow":
            angle = math.atan2(one.start[1] - one.end[1], one.start[0] - one.end[0])
            length = 5 * one.width
            wings = [
                (one.end[0] + length * math.cos(angle + turn), one.end[1] + length * math.sin(angle + turn))
                for turn in (-0.5, 0.5)
            ]
            draw.polygon([one.end, *wings], one.colour)
