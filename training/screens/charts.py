"""Simple charts: bars upright or lying, or a line, with their values written at them."""

from __future__ import annotations

import random

from training.screens.asking import Asker
from training.screens.dialogs import listed
from training.screens.phrases import DAYS, MONTHS, Writer
from training.screens.records import Screen
from training.screens.sketch import Sketch
from training.screens.themes import Style, luminance
from training.screens.typefaces import Colour, Pen

_FILLS: tuple[Colour, ...] = (
    (31, 119, 180), (255, 127, 14), (44, 160, 44), (214, 39, 40), (148, 103, 189), (66, 133, 244), (15, 157, 88),
    (219, 68, 55), (100, 110, 125), (0, 150, 136),
)  # fmt: skip


def draw_chart(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """Two to six labelled values, all different."""
    labels, values = _series(rng, writer)
    dark = rng.random() < 0.2
    ground, ink = ((34, 36, 42), (230, 230, 230)) if dark else ((255, 255, 255), (20, 20, 20))
    if rng.random() < 0.3:
        ground, ink = style.theme.window, style.theme.ink
    pen = style.type.pen(0.92)
    title_pen = style.type.pen(rng.choice((1.0, 1.15)), bold=rng.random() < 0.5)
    title = writer.words(1, 4).capitalize() if rng.random() < 0.8 else writer.noise(1, 2)
    title = title if rng.random() < 0.75 else ""
    fills = rng.sample(_FILLS, len(labels)) if rng.random() < 0.3 else [rng.choice(_FILLS)] * len(labels)
    fills = [fill if abs(luminance(fill) - luminance(ground)) > 30 else ink for fill in fills]
    form = rng.choices(("bar chart", "horizontal", "line chart"), (5, 3, 2))[0]
    if form == "horizontal":
        sketch = _lying(rng, style, labels, values, pen, title, title_pen, ground, ink, fills)
    else:
        sketch = _upright(
            rng, style, labels, values, pen, title, title_pen, ground, ink, fills, joined=form == "line chart"
        )
    noun = "line chart" if form == "line chart" else "bar chart"
    asker = Asker(rng)
    if title:
        asker.ask("chart_title", title, as_kind="title")
    for label, value in zip(labels, values, strict=True):
        asker.ask("bar", str(value), as_kind="value", label=label)
    asker.ask("categories", ", ".join(labels), as_kind="labels")
    asker.ask("highest", labels[values.index(max(values))], as_kind="extreme")
    asker.ask("lowest", labels[values.index(min(values))], as_kind="extreme")
    asker.ask("bar_count", str(len(labels)), as_kind="count")
    named = f' titled "{title}"' if title else ""
    asker.ask("describe", f"A {noun}{named} with values for {listed(labels)}.")
    return sketch.finish(asker, "chart", noun)


def _series(rng: random.Random, writer: Writer) -> tuple[list[str], list[int]]:
    count = rng.randint(2, 6)
    draw = rng.random()
    if draw < 0.3:
        start = rng.randrange(12 - count)
        labels = [month if draw < 0.1 else month[:3] for month in MONTHS[start : start + count]]
    elif draw < 0.4:
        labels = [day[:3] for day in DAYS[:count]]
    elif draw < 0.5:
        first = rng.randint(1990, 2030)
        labels = [str(first + number) for number in range(count)]
    else:
        names: dict[str, None] = {}
        while len(names) < count:
            names[(writer.noise(1, 1).replace(",", ".") if draw > 0.92 else writer.slot("noun").capitalize())[:9]] = (
                None
            )
        labels = list(names)
    return labels, rng.sample(range(1, rng.choice((12, 60, 100, 100, 1000))), count)


def _upright(rng: random.Random, style: Style, labels: list[str], values: list[int], pen: Pen, title: str,
             title_pen: Pen, ground: Colour, ink: Colour, fills: list[Colour], *, joined: bool) -> Sketch:  # fmt: skip
    side, line = style.px(10), round(pen.line)
    slot = max([pen.width(label) for label in labels] + [pen.width(str(value)) for value in values]) + style.px(
        rng.randint(8, 22)
    )
    head = round(title_pen.line * 1.6) if title else side // 2
    tall = style.px(rng.randint(50, 130))
    wide = max(slot * len(labels), title_pen.width(title))
    sketch = Sketch(wide + 2 * side, head + line * 2.4 + tall + side, ground)
    if title:
        sketch.centred(0, sketch.image.width, sketch.row(0, head, title_pen), title, title_pen, ink)
    slot = wide / len(labels)
    floor = head + line + tall
    thick = slot * rng.uniform(0.4, 0.8)
    tops = [floor - tall * value / max(values) for value in values]
    middles = [side + slot * (number + 0.5) for number in range(len(labels))]
    if joined:
        sketch.draw.line(list(zip(middles, tops, strict=True)), fills[0], style.px(2))
    for label, value, middle, top, fill in zip(labels, values, middles, tops, fills, strict=True):
        if joined:
            sketch.draw.ellipse((middle - 3, top - 3, middle + 3, top + 3), fill)
        else:
            sketch.draw.rectangle((middle - thick / 2, min(top, floor - 1), middle + thick / 2, floor), fill)
        if joined:  # a plate keeps the line from crossing the number
            half = pen.width(str(value)) / 2 + 1
            sketch.draw.rectangle((middle - half, top - 5 - line, middle + half, top - 5), ground)
        sketch.centred(
            middle - slot, middle + slot, round(top - style.px(3) - pen.down * 0.6 - 2 * joined), str(value), pen, ink
        )
        sketch.centred(middle - slot, middle + slot, sketch.row(floor + 2, floor + line * 1.4, pen), label, pen, ink)
    sketch.draw.line((side, floor, sketch.image.width - side, floor), ink)
    return sketch


def _lying(rng: random.Random, style: Style, labels: list[str], values: list[int], pen: Pen, title: str,
           title_pen: Pen, ground: Colour, ink: Colour, fills: list[Colour]) -> Sketch:  # fmt: skip
    side, pitch = style.px(8), round(pen.line * rng.uniform(1.2, 1.8))
    head = round(title_pen.line * 1.6) if title else side
    label_width, value_width = max(map(pen.width, labels)), max(pen.width(str(value)) for value in values)
    longest = style.px(rng.randint(80, 220))
    wide = max(label_width + longest + value_width + 4 * side, title_pen.width(title) + 2 * side)
    sketch = Sketch(wide, head + pitch * len(labels) + side, ground)
    if title:
        sketch.centred(0, sketch.image.width, sketch.row(0, head, title_pen), title, title_pen, ink)
    start = side * 2 + label_width
    for number, (label, value, fill) in enumerate(zip(labels, values, fills, strict=True)):
        top = head + pitch * number
        baseline = sketch.row(top, top + pitch, pen)
        end = start + max(1.0, longest * value / max(values))
        sketch.text(start - side - pen.width(label), baseline, label, pen, ink)
        sketch.draw.rectangle((start, top + pitch * 0.15, end, top + pitch * 0.85), fill)
        sketch.text(end + style.px(5), baseline, str(value), pen, ink)
    return sketch
