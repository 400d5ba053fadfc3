"""Little but text: status messages, single large lines, lists and paragraphs."""

from __future__ import annotations

import random

from training.screens.asking import Asker
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.sketch import Sketch
from training.screens.themes import Style, legible
from training.screens.typefaces import Colour
from training.screens.windows import ask_lines


def draw_status(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """A notification: a coloured strip with one sentence, perhaps a heading above it."""
    pen, head_pen = style.type.pen(), style.type.pen(bold=True)
    message = writer.message(error=rng.random() < 0.5, most_words=9)
    heading = writer.title() if rng.random() < 0.5 else ""
    ground, ink = _colours(rng, style)
    side = style.pad(rng.randint(5, 18))
    pitch = round(pen.line * rng.uniform(1.05, 1.4))
    lines = pen.wrap(message, pen.size * rng.uniform(16, 36))[:3]
    message = " ".join(lines)
    width = max([head_pen.width(heading), *map(pen.width, lines)]) + 2 * side + style.px(rng.choice((0, 0, 30, 90)))
    sketch = Sketch(width, pitch * (len(lines) + bool(heading)) + 2 * side, ground)
    top: float = side
    if heading:
        top = sketch.lines(side, top, [heading], head_pen, ink, pitch)
    sketch.lines(side, top, lines, pen, ink, pitch)
    if rng.random() < 0.3:
        sketch.draw.rectangle((0, 0, style.px(3), sketch.image.height), style.theme.accent)
    asker = Asker(rng)
    if heading:
        asker.ask("heading", heading)
    asker.ask("message", message)
    asker.ask("all", f"{heading} {message}".strip())
    asker.ask("describe", f'A notification that says "{message}".')
    return sketch.finish(asker, "status", "notification")


def draw_line(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """A single line, often large."""
    pen = style.type.pen(rng.choice((1.0, 1.3, 1.6, 2.0)), bold=rng.random() < 0.3, mono=rng.random() < 0.2)
    draw = rng.random()
    if draw < 0.35:
        text = writer.noise(1, 4)
    elif draw < 0.5:
        text = rng.choice(
            (writer.amount, writer.date, writer.time, writer.email, writer.path, writer.code, writer.number)
        )()
    else:
        text = writer.sentence(1, 6) if draw < 0.75 else writer.words(1, 5)
    ground, ink = _colours(rng, style)
    side = style.pad(rng.randint(3, 24))
    sketch = Sketch(pen.width(text) + 2 * side, pen.line * 1.1 + 2 * style.pad(rng.randint(2, 18)), ground)
    sketch.text(side, sketch.row(0, sketch.image.height, pen), text, pen, ink)
    asker = Asker(rng)
    asker.ask("text", text)
    asker.ask("line", text, n=1)
    asker.ask("describe", f'The text "{text}".')
    return sketch.finish(asker, "line", "single line of text")


def draw_paragraph(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """A heading, perhaps, over a paragraph or a list of two to seven lines."""
    pen = style.type.pen(mono=rng.random() < 0.15)
    head_pen = style.type.pen(rng.choice((1.0, 1.3, 1.5)), bold=True)
    ground, ink = _colours(rng, style)
    heading = writer.title() if rng.random() < 0.45 else ""
    count = rng.randint(2, 7)
    if rng.random() < 0.55:
        text = " ".join(writer.message(error=False) for _ in range(4))
        lines = pen.wrap(text, pen.size * rng.uniform(12, 30))[:count]
    else:
        lines = [writer.noise(1, 4) if rng.random() < 0.3 else writer.message(error=False, most_words=6)[:44].strip()
                 for _ in range(count)]  # fmt: skip
        if rng.random() < 0.5:
            lines = [f"{rng.choice('-*') if rng.random() < 0.1 else n}. {line}" for n, line in enumerate(lines, 1)]
    pitch, side = round(pen.line * rng.uniform(1.0, 1.5)), style.pad(rng.randint(4, 20))
    head = round(head_pen.line * 1.5) if heading else 0
    width = max([head_pen.width(heading), *map(pen.width, lines)]) + 2 * side
    sketch = Sketch(width, head + pitch * len(lines) + 2 * side, ground)
    if heading:
        sketch.lines(side, side, [heading], head_pen, ink, head)
    sketch.lines(side, side + head, lines, pen, ink, pitch)
    asker = Asker(rng)
    if heading:
        asker.ask("heading", heading)
        if len(" ".join(lines)) <= 250:
            asker.ask("paragraph", " ".join(lines), as_kind="text")
    else:
        ask_lines(asker, lines)
    asker.ask("describe", f'A text under the heading "{heading}".' if heading else f"A text of {len(lines)} lines.")
    return sketch.finish(asker, "paragraph", "paragraph")


def _colours(rng: random.Random, style: Style) -> tuple[Colour, Colour]:
    """Ground and ink: the theme's, black on white and the like, or anything legible."""
    draw = rng.random()
    if draw < 0.35:
        return style.theme.window, style.theme.ink
    if draw < 0.55:
        return (255, 255, 255), (rng.randrange(60),) * 3
    if draw < 0.65:
        return (rng.randrange(40),) * 3, (255, 255, 255)
    if draw < 0.8:
        return style.theme.accent, style.theme.accent_ink
    ground = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
    return ground, legible(rng, ground)
