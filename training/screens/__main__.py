"""A contact sheet to look at: `python -m training.screens --sheet OUT.png --split train --count 40`."""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from training.screens import LAYOUTS, Screen, draw_composite, draw_desktop, draw_layout, draw_screen

_COLUMN = 580
"""Width of an image's cell, px."""
_LINE = 13


def sheet(screens: list[Screen], *, boxes: bool, columns: int = 3, width: int = _COLUMN) -> Image.Image:
    """The images with their questions below, packed into columns `width` px wide."""
    cells = [_cell(screen, boxes=boxes, width=width) for screen in screens]
    heights = [0] * columns
    places = []
    for cell in cells:
        column = heights.index(min(heights))
        places.append((column * width, heights[column]))
        heights[column] += cell.height + 12
    page = Image.new("RGB", (columns * width, max(heights)), (120, 130, 140))
    for cell, place in zip(cells, places, strict=True):
        page.paste(cell, place)
    return page


def _cell(screen: Screen, *, boxes: bool, width: int) -> Image.Image:
    font = ImageFont.load_default(size=10)
    image = screen.image.copy()
    if boxes:
        draw = ImageDraw.Draw(image)
        for glyph in screen.glyphs:
            if glyph.char != " " and len(glyph.char) == 1:
                draw.rectangle(glyph.box, None, (255, 0, 255))
    captions = [f"{screen.kind}, {screen.noun}, {image.width} x {image.height}"]
    captions += [f"[{question.kind}] {question.text} -> {question.answer}" for question in screen.questions]
    cell = Image.new("RGB", (width - 12, image.height + _LINE * len(captions) + 6), (255, 255, 255))
    cell.paste(image, (0, 0))
    draw = ImageDraw.Draw(cell)
    for number, caption in enumerate(captions):
        draw.text((2, image.height + 3 + _LINE * number), caption[: width // 5 + 2], font=font, fill=(0, 0, 0))
    return cell


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheet", type=Path, required=True)
    parser.add_argument("--split", choices=("train", "held_out"), default="train")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--layout", choices=(*LAYOUTS, "composite", "desktop", "any"), default="any")
    parser.add_argument("--boxes", action="store_true", help="draw the characters' boxes")
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    screens = []
    for _ in range(arguments.count):
        if arguments.layout == "composite":
            screens.append(draw_composite(rng, split=arguments.split))
        elif arguments.layout == "desktop":
            screens.append(draw_desktop(rng, split=arguments.split))
        elif arguments.layout == "any":
            screens.append(draw_screen(rng, split=arguments.split))
        else:
            screens.append(draw_layout(rng, arguments.layout, split=arguments.split))
    sheet(screens, boxes=arguments.boxes).save(arguments.sheet)


if __name__ == "__main__":
    main()
