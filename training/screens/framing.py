"""Title bars for windows that have none, and windows that move."""

from __future__ import annotations

import random
from dataclasses import replace

from training.screens.asking import Asker
from training.screens.phrases import Writer
from training.screens.records import Glyph, Screen
from training.screens.sketch import Sketch, title_bar
from training.screens.themes import Style
from training.screens.typefaces import Pen


def framed(rng: random.Random, screen: Screen, writer: Writer, style: Style) -> Screen:
    """With a title bar, where the window has none and one fits."""
    title = writer.words(1, 3).capitalize()
    titled = any(question.kind == "title" for question in screen.questions)
    if titled or bar_pen(style)[0].width(title) + style.px(90) > screen.image.width:
        return screen
    asker = Asker(rng)
    asker.ask("title", title)
    below = under_bar(screen, style, title)
    return replace(below, questions=(*below.questions, *asker.take()))


def bar_pen(style: Style) -> tuple[Pen, int]:
    """What writes a title, and the height of its bar, px."""
    pen = style.type.pen(bold=style.theme.bold_title)
    return pen, round(pen.line * 1.5)


def under_bar(screen: Screen, style: Style, title: str) -> Screen:
    """The window below a bar with this title, which its questions do not know of."""
    pen, high = bar_pen(style)
    sketch = Sketch(screen.image.width, screen.image.height + high, style.theme.window)
    title_bar(sketch, style, title, pen, high)
    sketch.image.paste(screen.image, (0, high))
    return replace(moved(screen, 0, high), image=sketch.image,
                   glyphs=(*sketch.glyphs, *glyphs_moved(screen, 0, high)))  # fmt: skip


def moved(screen: Screen, left: float, top: float) -> Screen:
    """The screen with its questions' places as far from the left and from the top, px."""
    questions = tuple(
        replace(one, needs=tuple((box[0] + left, box[1] + top, box[2] + left, box[3] + top) for box in one.needs))
        if one.needs else one for one in screen.questions)  # fmt: skip
    return replace(screen, questions=questions)


def glyphs_moved(screen: Screen, left: float, top: float) -> list[Glyph]:
    """Its characters, as far from the left and from the top, px."""
    return [Glyph(g.char, (g.box[0] + left, g.box[1] + top, g.box[2] + left, g.box[3] + top)) for g in screen.glyphs]
