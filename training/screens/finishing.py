"""What happens to a drawn window before it is a screenshot: desktops behind it, margins, cut edges, slight noise."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw

from training.screens.absent import no_mark
from training.screens.mark_questions import mark_questions
from training.screens.marked_controls import control_questions, roles_of
from training.screens.marks import draw_marks, stroke_glyphs, text_runs
from training.screens.neighbours import texts_of
from training.screens.prompts import prompted
from training.screens.records import Glyph, Screen
from training.screens.sketch import Sketch
from training.screens.striking import struck_texts
from training.screens.themes import THEMES
from training.screens.typefaces import Colour

MAX_WIDTH, MAX_HEIGHT = 640, 480
"""Px of an image."""

_UNMARKED = frozenset({"shapes", "chart", "formula"})
_MARK_SHARE = 0.35
"""Of small images to train on that have marks."""
_NO_MARK_SHARE = 0.03
"""Of those without, how many are asked about one."""
_DESKTOPS: tuple[Colour, ...] = (
    (0, 128, 128), (58, 110, 165), (48, 10, 36), (30, 40, 60), (200, 205, 210), (255, 255, 255), (0, 0, 0),
)  # fmt: skip


def finish(rng: random.Random, screen: Screen, *, training: bool = False) -> Screen:
    """The screen as someone would have captured it; to train on, also with marks and the quick actions' prompts."""
    if training:
        screen = prompted(rng, screen)
    draw = rng.random()
    free = (MAX_WIDTH - screen.image.width, MAX_HEIGHT - screen.image.height)
    if screen.kind != "shapes" and draw < 0.12 and min(free) > 60:
        screen = _on_desktop(rng, screen)
    elif draw < 0.25:
        screen = _with_margin(rng, screen, min(20, *(max(0, side // 2) for side in free)))
    elif draw < 0.31 and screen.kind in {"dialog", "window", "form"}:
        screen = _cut(screen, rng.randint(1, 3))
    if rng.random() < 0.03:
        screen = _noisy(rng, screen)
    if training and screen.located and screen.kind not in _UNMARKED and rng.random() < _MARK_SHARE:
        return _marked(rng, screen)
    if training and screen.located and rng.random() < _NO_MARK_SHARE:
        screen = replace(screen, questions=(*screen.questions, *no_mark(rng, screen)))
    return screen


def _marked(rng: random.Random, screen: Screen) -> Screen:
    """With boxes, circles or arrows on some of its texts; without, where they would strike others."""
    sketch = Sketch(8, 8, (0, 0, 0))
    sketch.image = screen.image.copy()
    sketch.draw = ImageDraw.Draw(sketch.image)
    roles = roles_of(screen.questions, texts_of(screen.glyphs))
    marked = draw_marks(rng, sketch, screen.glyphs, least_px=6, careful=True, favoured=roles)
    if not marked or struck_texts(marked, screen.glyphs):
        return screen
    texts = [text for text, _ in text_runs(screen.glyphs) if 2 <= len(text) <= 30]
    questions = mark_questions(rng, marked, rng.sample(texts, min(6, len(texts))))
    questions += control_questions(rng, marked, roles)
    labels = stroke_glyphs(marked, screen.glyphs, screen.image.size, step_px=4)
    return replace(screen, image=sketch.image, glyphs=(*labels, *screen.glyphs),
                   questions=(*screen.questions, *questions))  # fmt: skip


def _on_desktop(rng: random.Random, screen: Screen) -> Screen:
    """Other windows lie behind; their contents are bars instead of text, so that there is nothing else to read."""
    width = min(MAX_WIDTH, screen.image.width + rng.randint(30, 160))
    height = min(MAX_HEIGHT, screen.image.height + rng.randint(30, 140))
    image = Image.new("RGB", (width, height), _colour(rng))
    draw = ImageDraw.Draw(image)
    if rng.random() < 0.3:
        upper, lower = np.array(_colour(rng), np.float32), np.array(_colour(rng), np.float32)
        slope = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
        column = (upper + (lower - upper) * slope).astype(np.uint8)
        image.paste(Image.fromarray(np.broadcast_to(column, (height, width, 3)).copy()))
    for _ in range(rng.randint(0, 3)):
        _background_window(rng, draw, width, height)
    if rng.random() < 0.4:
        draw.rectangle((0, height - 22, width, height), (rng.randrange(90),) * 3)
    left, top = rng.randint(0, width - screen.image.width), rng.randint(0, height - screen.image.height)
    if rng.random() < 0.5:
        near = (left + 4, top + 4, left + screen.image.width + 3, top + screen.image.height + 3)
        draw.rectangle(near, (40, 40, 44))
    image.paste(screen.image, (left, top))
    return _moved(screen, image, left, top)


def _background_window(rng: random.Random, draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
    theme = rng.choice(THEMES)
    left, top = rng.randint(-40, width - 60), rng.randint(-20, height - 40)
    right, bottom = left + rng.randint(90, 320), top + rng.randint(60, 220)
    draw.rectangle((left, top, right, bottom), theme.window, theme.line)
    draw.rectangle((left + 1, top + 1, right - 1, top + 18), theme.title)
    for row in range(top + 28, min(bottom, height) - 6, 13):
        draw.rectangle((left + 8, row, left + 8 + rng.randint(10, max(11, right - left - 20)), row + 4), theme.line)


def _with_margin(rng: random.Random, screen: Screen, most: int) -> Screen:
    sides = [rng.randint(0, most) for _ in range(4)]
    width, height = screen.image.width + sides[0] + sides[2], screen.image.height + sides[1] + sides[3]
    corner = screen.image.getpixel((0, 0))
    fill = _colour(rng) if rng.random() < 0.6 or not isinstance(corner, tuple) else corner
    image = Image.new("RGB", (width, height), fill)
    image.paste(screen.image, (sides[0], sides[1]))
    return _moved(screen, image, sides[0], sides[1])


def _cut(screen: Screen, by: int) -> Screen:
    """A capture that misses the outermost pixels, where never a character is."""
    width, height = screen.image.size
    return _moved(screen, screen.image.crop((by, by, width - by, height - by)), -by, -by)


def _noisy(rng: random.Random, screen: Screen) -> Screen:
    pixels = np.asarray(screen.image).astype(np.int16)
    noise = np.random.default_rng(rng.getrandbits(32)).integers(-6, 7, pixels.shape[:2], np.int16)
    return replace(screen, image=Image.fromarray((pixels + noise[:, :, None]).clip(0, 255).astype(np.uint8)))


def _moved(screen: Screen, image: Image.Image, x: int, y: int) -> Screen:
    glyphs = []
    for glyph in screen.glyphs:
        left, top, right, bottom = glyph.box
        glyphs.append(Glyph(glyph.char, (left + x, top + y, right + x, bottom + y)))
    return replace(screen, image=image, glyphs=tuple(glyphs))


def _colour(rng: random.Random) -> Colour:
    return rng.choice((*_DESKTOPS, (rng.randrange(256), rng.randrange(256), rng.randrange(256))))
