"""Title bars for windows that have none."""

from __future__ import annotations

import random
from dataclasses import replace

from training.screens.asking import Asker
from training.screens.phrases import Writer
from training.screens.records import Glyph, Screen
from training.screens.sketch import Sketch, title_bar
from training.screens.themes import Style


def framed(rng: random.Random, screen: Screen, writer: Writer, style: Style) -> Screen:
    """With a title bar, where the window has none and one fits."""
    pen = style.type.pen(bold=style.theme.bold_title)
    title, height = writer.words(1, 3).capitalize(), round(pen.line * 1.5)
    titled = any(question.kind == "title" for question in screen.questions)
    if titled or pen.width(title) + style.px(90) > screen.image.width:
        return screen
    sketch = Sketch(screen.image.width, screen.image.height + height, style.theme.window)
    title_bar(sketch, style, title, pen, height)
    sketch.image.paste(screen.image, (0, height))
    glyphs = [Glyph(g.char, (g.box[0], g.box[1] + height, g.box[2], g.box[3] + height)) for g in screen.glyphs]
    asker = Asker(rng)
    asker.ask("title", title)
    return replace(screen, image=sketch.image, glyphs=(*sketch.glyphs, *glyphs),
                   questions=(*screen.questions, *asker.take()))  # fmt: skip
