"""One to five coloured shapes: questions about colour, shape and number."""

from __future__ import annotations

import math
import random
from collections import Counter

from PIL import Image

from training.screens.asking import Asker
from training.screens.dialogs import listed
from training.screens.phrases import Writer
from training.screens.records import SHAPE_NAMES, Glyph, Screen
from training.screens.sketch import Sketch
from training.screens.themes import Style, luminance
from training.screens.typefaces import Colour
from training.screens.words import with_article

COLOURS: dict[str, tuple[Colour, ...]] = {
    "red": ((220, 30, 30), (255, 0, 0), (190, 20, 40)),
    "green": ((30, 160, 50), (0, 128, 0), (60, 190, 70)),
    "blue": ((30, 70, 210), (0, 0, 255), (50, 110, 230)),
    "yellow": ((250, 220, 30), (255, 255, 0), (240, 205, 50)),
    "orange": ((250, 140, 20), (255, 128, 0), (240, 120, 10)),
    "purple": ((130, 40, 170), (128, 0, 128), (150, 60, 200)),
    "pink": ((255, 130, 180), (255, 105, 180), (250, 160, 200)),
    "brown": ((130, 75, 30), (139, 69, 19), (110, 65, 35)),
    "black": ((0, 0, 0), (20, 20, 20)),
    "white": ((255, 255, 255), (250, 250, 250)),
    "grey": ((128, 128, 128), (145, 145, 145), (110, 112, 115)),
}
_PLURALS = {"circle": "circles", "square": "squares", "triangle": "triangles", "star": "stars",
            "rectangle": "rectangles", "diamond": "diamonds", "cross": "crosses", "heart": "hearts"}  # fmt: skip
_MARKED = (-0.26, 0.0, 0.26)
"""Where a shape is marked, in its radii from the middle: inside of all kinds."""


def draw_shapes(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """Shapes side by side or in a loose grid, none touching another."""
    held_out = writer.split == "held_out"
    ground = rng.choice(((255, 255, 255), (240, 240, 240), (250, 245, 230), (40, 44, 52), (0, 0, 0), (200, 215, 230),
                         (228, 240, 226), style.theme.window))  # fmt: skip
    usable = [name for name, tones in COLOURS.items() if all(_apart(tone, ground) for tone in tones)]
    count = rng.randint(1, 5)
    repeat = rng.random() < 0.5  # half of the images show some kind several times
    kinds = rng.choices(rng.sample(SHAPE_NAMES, 2), k=count) if repeat else rng.choices(SHAPE_NAMES, k=count)
    names = rng.choices(rng.sample(usable, min(2, len(usable))) if repeat and rng.random() < 0.6 else usable, k=count)
    cell = style.px(rng.choice((48, 60, 80) if held_out else (40, 56, 70, 96)))
    columns = count if rng.random() < 0.5 else rng.randint(1, count)
    rows = -(-count // columns)
    sketch = Sketch(cell * columns + style.px(8), cell * rows + style.px(8), ground)
    for number, (kind, name) in enumerate(zip(kinds, names, strict=True)):
        size = cell * rng.uniform(0.45, 0.85)
        slack = (cell - size) / 2
        x = style.px(4) + number % columns * cell + cell / 2 + rng.uniform(-slack, slack) * 0.7
        y = style.px(4) + number // columns * cell + cell / 2 + rng.uniform(-slack, slack) * 0.7
        tone = rng.choice(COLOURS[name])
        _draw(sketch, kind, x, y, size / 2, tone if held_out else _shifted(rng, tone), smooth=rng.random() < 0.6)
        sketch.glyphs += _marks(f"{name} {kind}", x, y, size / 2)
    asker = Asker(rng)
    _ask(asker, kinds, names)
    return sketch.finish(asker, "shapes", f"{names[0]} {kinds[0]}" if count == 1 else "drawing of shapes")


def _ask(asker: Asker, kinds: list[str], names: list[str]) -> None:
    of_kind, of_colour, pairs = Counter(kinds), Counter(names), Counter(zip(names, kinds, strict=True))
    count = len(kinds)
    if count == 1:
        asker.ask("only_colour", names[0], as_kind="colour")
        asker.ask("only_shape", kinds[0], as_kind="shape")
    for kind, name in dict.fromkeys(zip(kinds, names, strict=True)):
        if of_kind[kind] == 1:
            asker.ask("colour", name, shape=kind)
        if of_colour[name] == 1:
            asker.ask("shape", kind, colour=name)
    asker.ask("count_all", str(count), as_kind="count")
    for kind, number in of_kind.items():
        asker.ask("count", str(number), shape=_PLURALS[kind])
    for name, number in of_colour.items():
        asker.ask("count", str(number), shape=f"{name} shapes")
    phrases = [f"{with_article(name)} {kind}" if number == 1 else f"{number} {name} {_PLURALS[kind]}"
               for (name, kind), number in pairs.items()]  # fmt: skip
    text = listed(phrases)
    asker.ask("describe", text[0].upper() + text[1:] + ".")


def _marks(mark: str, x: float, y: float, r: float) -> list[Glyph]:
    centres = [(x + across * r, y + down * r) for down in _MARKED for across in _MARKED]
    return [Glyph(mark, (left, top, left, top)) for left, top in centres]


def _shifted(rng: random.Random, tone: Colour) -> Colour:
    """A tone that anyone would give the same name."""
    red, green, blue = (max(0, min(255, value + rng.randint(-9, 9))) for value in tone)
    return red, green, blue


def _apart(tone: Colour, ground: Colour) -> bool:
    distance = math.dist(tone, ground)
    return distance > 120 or (distance > 80 and abs(luminance(tone) - luminance(ground)) > 60)


def _outline(kind: str, x: float, y: float, r: float) -> list[tuple[float, float]]:
    def ring(angles: int, turn: float, radii: tuple[float, ...]) -> list[tuple[float, float]]:
        steps = ((radii[i % len(radii)], turn + 2 * math.pi * i / angles) for i in range(angles))
        return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for radius, angle in steps]

    if kind == "triangle":
        return ring(3, -math.pi / 2, (r,))
    if kind == "star":
        return ring(10, -math.pi / 2, (r, r * 0.42))
    if kind == "diamond":
        return [(x, y - r), (x + r * 0.75, y), (x, y + r), (x - r * 0.75, y)]
    if kind == "cross":
        a, b = r * 0.9, r * 0.32
        return [(x - b, y - a), (x + b, y - a), (x + b, y - b), (x + a, y - b), (x + a, y + b), (x + b, y + b),
                (x + b, y + a), (x - b, y + a), (x - b, y + b), (x - a, y + b), (x - a, y - b),
                (x - b, y - b)]  # fmt: skip
    across, down = (r, r * 0.55) if kind == "rectangle" else (r * 0.85, r * 0.85)
    return [(x - across, y - down), (x + across, y - down), (x + across, y + down), (x - across, y + down)]


def _draw(sketch: Sketch, kind: str, x: float, y: float, r: float, fill: Colour, *, smooth: bool) -> None:
    if not smooth:
        if kind == "circle":
            sketch.draw.ellipse((x - r, y - r, x + r, y + r), fill)
        else:
            sketch.draw.polygon(_outline(kind, x, y, r), fill)
        return
    box = (int(x - r) - 1, int(y - r) - 1, int(x + r) + 2, int(y + r) + 2)
    large = Sketch((box[2] - box[0]) * 4, (box[3] - box[1]) * 4, (0, 0, 0))
    _draw(large, kind, (x - box[0]) * 4, (y - box[1]) * 4, r * 4, (255, 255, 255), smooth=False)
    mask: Image.Image = large.image.convert("L").reduce(4)
    sketch.image.paste(fill, box[:2], mask)
