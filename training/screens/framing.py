"""Title bars for windows that have none, and windows that move."""

from __future__ import annotations

import random
from dataclasses import replace

from training.screens.asking import Asker
from training.screens.panes.program_names import named_title
from training.screens.panes.questions import PROGRAM, PROGRAM_TITLE, TITLE
from training.screens.phrases import Writer
from training.screens.phrasing import question
from training.screens.records import Box, Glyph, Screen
from training.screens.sketch import Sketch, title_bar
from training.screens.themes import Style
from training.screens.typefaces import Pen

_NAMED_SHARE, _BROWSER_SHARE = 0.6, 0.4
"""Of windows to train on that get a bar which names their program; of browsers, which get one above their tabs."""
_UNNAMED = ("dialog", "receipt", "notification", "chart", "form", "wizard", "question", "error", "about box")
"""Parts of nouns of windows that are no programs."""
_KINDS = ("kind", "sort", "type")
"""Words of questions that ask what kind of program it is, whatever its name."""


def framed(rng: random.Random, screen: Screen, writer: Writer, style: Style) -> Screen:
    """With a title bar, where the window has none and one fits."""
    title = writer.words(1, 3).capitalize()
    titled = any(question.kind == "title" for question in screen.questions)
    program = not any(part in screen.noun for part in _UNNAMED)
    if writer.training and program and (screen.noun == "browser" or not titled):
        share = _BROWSER_SHARE if titled else _NAMED_SHARE
        named = _under_name(rng, screen, writer, style) if rng.random() < share else None
        if named:
            return named
    if titled or bar_pen(style)[0].width(title) + style.px(90) > screen.image.width:
        return screen
    asker = Asker(rng)
    asker.ask("title", title)
    below = under_bar(screen, style, title)
    return replace(below, questions=(*below.questions, *asker.take()))


def _under_name(rng: random.Random, screen: Screen, writer: Writer, style: Style) -> Screen | None:
    """Under a bar that names the program, and asked which one it is; None where the bar has no room for it."""
    pen = bar_pen(style)[0]
    title, app = named_title(rng, writer, screen.noun, pen.has)
    page = next((one.answer for one in screen.questions if one.kind == "title"), "")
    if page:
        title = rng.choice(("{d} - {a}", "{d} - {a}", "{d} | {a}", "{a}: {d}")).format(d=page, a=app)
    if pen.width(title) + style.px(90) > screen.image.width:
        return None
    below = under_bar(screen, style, title)
    kept = [one for one in below.questions if one.kind != "title" and (
        one.kind != "program" or any(word in one.text.lower() for word in _KINDS))]  # fmt: skip
    kept.append(question(rng, "title", title, TITLE))
    kept += [question(rng, "program", app, ways) for ways in (PROGRAM, PROGRAM, PROGRAM_TITLE)]
    return replace(below, questions=tuple(kept))


def program_of(screen: Screen) -> str:
    """What is said when someone asks which program a window is of; "" where nobody asks."""
    said = {one.answer for one in screen.questions
            if one.kind == "program" and not any(word in one.text.lower() for word in _KINDS)}  # fmt: skip
    return said.pop() if len(said) == 1 else ""


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
    """The screen with its questions' places, and those of `unlocated`, as far from the left and from the top, px."""
    questions = tuple(
        replace(one, needs=tuple(_shifted(box, left, top) for box in one.needs)) if one.needs else one
        for one in screen.questions
    )
    unlocated = tuple(
        replace(one, box=_shifted(one.box, left, top),
                texts=tuple((text, _shifted(box, left, top)) for text, box in one.texts))
        for one in screen.unlocated)  # fmt: skip
    return replace(screen, questions=questions, unlocated=unlocated)


def _shifted(box: Box, left: float, top: float) -> Box:
    return (box[0] + left, box[1] + top, box[2] + left, box[3] + top)


def glyphs_moved(screen: Screen, left: float, top: float) -> list[Glyph]:
    """Its characters, as far from the left and from the top, px."""
    return [Glyph(g.char, (g.box[0] + left, g.box[1] + top, g.box[2] + left, g.box[3] + top)) for g in screen.glyphs]
