"""Full screens: several windows on a desktop with a taskbar, scaled down by the program before a model sees them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from training.screens.absent import absent_questions, no_mark_of
from training.screens.asking import Asker
from training.screens.desktop_questions import ask_windows
from training.screens.finding import ask_beside_marks
from training.screens.legibility import LEAST_READ_PX, LEGIBLE_PX, canvas_scale
from training.screens.mark_questions import Marked, mark_questions
from training.screens.marked_controls import Role, control_questions, roles_of
from training.screens.marks import ask_marked, draw_mark, draw_marks, stroke_glyphs
from training.screens.neighbours import texts_of
from training.screens.open_windows import open_windows
from training.screens.pages import PROMPTS
from training.screens.phrases import Writer
from training.screens.records import Glyph, Question, Screen, Split
from training.screens.rewording import reworded
from training.screens.sketch import Sketch
from training.screens.stacking import Window, markable_texts, paste_windows, unlocated_parts
from training.screens.striking import struck_texts, unstruck
from training.screens.surroundings import Icons, draw_icons, paint_ground, panel_height, under_panel
from training.screens.taskbars import Taskbar, draw_taskbar
from training.screens.themes import Style, draw_style
from training.screens.typefaces import Colour

SIZES = ((1024, 700), (1024, 768), (1280, 720), (1280, 800), (1366, 768), (1440, 900), (1600, 900), (1920, 1080),
         (1920, 1200), (2560, 1440), (2560, 1440), (3840, 2160))  # fmt: skip
TRAINING_SIZES: dict[tuple[int, int], float] = {
    (1024, 700): 4, (1024, 768): 6, (1280, 720): 5, (1280, 800): 6, (1280, 1024): 2, (1366, 768): 10, (1440, 900): 8,
    (1600, 900): 13, (1680, 1050): 5, (1920, 1080): 20, (1920, 1200): 12, (2560, 1440): 15, (3840, 2160): 5,
}  # fmt: skip
"""How often screens to train on have a size: large ones, whose letters get small on the canvas, are read worst."""
_SLOT_PX = 3.5
"""Width of a letter's place on the canvas, at which strokes of marks are labelled."""
_LEGIBLE_SHARE, _FINE_SHARE = 0.37, 0.42
"""Of the screens to train on: text is as large as a person sets it there, so that most of it can be read on the
canvas; or ordinary text has letters of `_FINE_PX` there, hardly larger than can be read."""
_FINE_PX = (6.1, 7.9)
_MARK_SHARE, _NO_MARK_SHARE = 0.84, 0.3
"""Of the screens to train on that have marks; of those without, that are asked about one."""
_WHOLE_TEXTS = frozenset({"title", "near", "cell", "button", "heading"})
"""Kinds of questions whose answers are texts that may be marked."""
_COPIED = frozenset({"text", "copied"})
"""Kinds of questions that a single text which a mark strikes leaves without an answer."""
_ABSENT_PROMPT_SHARE, _ABSENT_SHARE = 0.85, 0.7
"""Of screens to train on: quick actions, and people, ask for what is not there."""
_MOST = 250
"""Questions about a screen to train on."""
_NUMBERS = frozenset({"count", "how_many"})
"""Kinds of questions that numbers answer."""
_MOST_SAME, _MOST_OTHERS = {"0": 2, "1": 1, "2": 1, "3": 2}, 6
"""Of these questions about a screen, those that may have one of the small numbers, or another one, as an answer."""
_KEPT = {"0": 0.6, "1": 0.4, "2": 0.5, "3": 0.6, "4": 0.75}
"""Of these questions, too, so that larger numbers are answers about as often."""
_GROUNDS: tuple[Colour, ...] = ((0, 128, 128), (58, 110, 165), (48, 10, 36), (30, 40, 60), (122, 143, 106), (0, 0, 0),
                                (230, 232, 235), (47, 72, 88))  # fmt: skip


def draw_desktop(rng: random.Random, *, split: Split, tile_px: int = 560) -> Screen:
    """One to four windows; of the same state of `rng` always the same."""
    training = split == "train"
    width, height = _choose_size(rng) if training else rng.choice(SIZES)
    writer, style = Writer(rng, split), draw_style(rng, split)
    scale = canvas_scale(width, height, tile_px)
    if training:
        style = _sized(rng, style, scale)
    panel = panel_height(rng, style) if writer.training else 0
    height -= panel
    sketch = Sketch(width, height, rng.choice(_GROUNDS))
    bar = style.px(rng.choice((26, 30, 36))) if rng.random() < 0.8 else 0
    windows = open_windows(rng, writer, style, (width, height - bar), scale)
    icons = Icons()
    if writer.training:
        paint_ground(rng, sketch)
        icons = draw_icons(rng, sketch, style, writer, height - bar)
        paste_windows(rng, sketch, windows, style, scale)
    else:
        for window in windows:
            sketch.image.paste(window.screen.image, window.box[:2])
    asker = Asker(rng)
    titles = [window.title for window in windows]
    taskbar = draw_taskbar(rng, sketch, style, writer, titles, bar) if bar else Taskbar()
    ask_windows(rng, asker, windows, scale, training=training)
    small = style.type.pen(0.9)
    legible = (small.up + small.down) * scale >= (LEAST_READ_PX if training else LEGIBLE_PX)
    asker.questions = taskbar.of_the_screen(rng, asker.questions)
    if training:
        asker.questions += _absent(rng, windows, sketch.glyphs, icons, scale)
    if training and legible:
        taskbar.ask(rng, asker)
        asker.questions += icons.questions(rng, [window.box for window in windows])
    if taskbar.clock and legible:
        asker.ask("clock", taskbar.clock, as_kind="value")
    glyphs = _seen(windows) + sketch.glyphs
    glyphs += [glyph for place in icons.seen([one.box for one in windows]) for glyph in icons.glyphs[place]]
    marked = _mark(rng, asker, sketch, windows, glyphs, scale, split)
    glyphs += stroke_glyphs(marked, glyphs, sketch.image.size, step_px=_SLOT_PX / scale)
    questions = asker.take()
    if training:
        kept = [_weighed(question) for question in _evened(rng, questions) if question.kind and question.text]
        questions = reworded(rng, kept, most=_MOST)
    parts = tuple(unlocated_parts(windows))
    screen = Screen(sketch.image, tuple(glyphs), questions, "desktop", "desktop", unlocated=parts)
    clock = bool(taskbar.clock)
    return under_panel(rng, screen, style, writer, panel, clock=clock, legible=legible) if panel else screen


def _choose_size(rng: random.Random) -> tuple[int, int]:
    return rng.choices(list(TRAINING_SIZES), list(TRAINING_SIZES.values()))[0]


def _sized(rng: random.Random, style: Style, scale: float) -> Style:
    """The style with larger or smaller type, as people set it on a screen whose pixels are scaled so."""
    pen, draw = style.type.pen(), rng.random()
    height = (pen.up + pen.down) / pen.size  # of letters, for each px of the type
    if draw < _FINE_SHARE:
        size = rng.uniform(*_FINE_PX) / scale / height
    elif draw < _FINE_SHARE + _LEGIBLE_SHARE:
        size = max(style.type.size, rng.uniform(1.05, 1.6) * LEGIBLE_PX / scale)
    else:
        return style
    return replace(style, type=replace(style.type, size=size))


def _evened(rng: random.Random, questions: Sequence[Question]) -> list[Question]:
    """Few of those about one screen that have the same number as an answer: small ones would be most."""
    by_number: dict[str, list[int]] = {}
    for place, one in enumerate(questions):
        if one.kind in _NUMBERS and one.answer.isdigit():
            by_number.setdefault(one.answer, []).append(place)
    dropped: set[int] = set()
    for number, places in by_number.items():
        most = _MOST_SAME.get(number, _MOST_OTHERS)
        kept = rng.sample(places, min(most, len(places)))
        dropped |= set(places) - {place for place in kept if rng.random() < _KEPT.get(number, 1.0)}
    return [one for place, one in enumerate(questions) if place not in dropped]


def _weighed(question: Question) -> Question:
    """The prompt to describe the screen is a kind of its own, so that a run can ask it more often than others."""
    return replace(question, kind="described") if question.text == PROMPTS["describe"] else question


def _absent(rng: random.Random, windows: list[Window], beside: Sequence[Glyph], icons: Icons,
            scale: float) -> list[Question]:  # fmt: skip
    """Questions for what no window shows, where all of them can be read; `beside` is what stands in no window."""
    if any(window.screen.unlocated or not window.screen.located for window in windows):
        return []
    for window in windows:
        heights = sorted(glyph.box[3] - glyph.box[1] for glyph in window.drawn)
        if not heights or heights[len(heights) // 4] * scale < LEAST_READ_PX:
            return []
    more = "\n".join(one.text for some in (beside, *icons.glyphs) for one in texts_of(some))
    prompts, ways = int(rng.random() < _ABSENT_PROMPT_SHARE), int(rng.random() < _ABSENT_SHARE)
    found = absent_questions(rng, [window.screen for window in windows], more, prompts=prompts, ways=ways)
    taken = {one.text for window in windows for one in window.screen.questions}
    return [one for one in found if one.text not in taken]


def _mark(rng: random.Random, asker: Asker, sketch: Sketch, windows: list[Window], seen: list[Glyph], scale: float,
          split: Split) -> list[Marked]:  # fmt: skip
    """Marks on texts that are seen as a whole, with questions about them; `seen` are all characters of the screen."""
    if split == "held_out":
        glyphs = [glyph for window in windows if window.whole for glyph in window.glyphs]
        one = draw_mark(rng, sketch, glyphs, least_px=LEGIBLE_PX / scale) if rng.random() < 0.5 else None
        if one:
            asker.questions = unstruck(asker.questions, struck_texts([one], _seen(windows)))
            ask_marked(asker, one)
        return [one] if one else []
    least = LEAST_READ_PX / scale
    glyphs = [glyph for window in windows for glyph in window.texts]
    boxed = [(one.text, one.box) for window in windows for one in window.boxed]
    markable = [one for window in windows for one in markable_texts(window, least)]
    careful = any(one.kind in _COPIED for one in asker.questions)
    marked: list[Marked] = []
    roles: dict[str, Role] = {}
    if rng.random() < _MARK_SHARE:
        own = [one for window in windows for one in window.screen.questions]
        roles = roles_of(own, [*texts_of(seen), *(one for window in windows for one in window.boxed)])
        marked = draw_marks(rng, sketch, glyphs, least_px=least, seen=seen, careful=careful, favoured=roles,
                            boxed=markable, around_boxes=[box for _, box in boxed])  # fmt: skip
    if marked:
        struck = struck_texts(marked, seen, boxed)
        asker.questions = _unstruck_formulas(unstruck(asker.questions, struck), marked, windows)
        others = [one.answer for one in asker.questions if one.kind in _WHOLE_TEXTS and len(one.answer) <= 30]
        asker.questions += mark_questions(rng, marked, others) + control_questions(rng, marked, roles)
        asker.questions += unstruck(ask_beside_marks(rng, marked, windows), struck)
    elif rng.random() < _NO_MARK_SHARE:
        asker.questions += no_mark_of(rng, ())
    return marked


def _unstruck_formulas(questions: list[Question], marked: list[Marked], windows: list[Window]) -> list[Question]:
    """The questions without those about a formula where a stroke is on its window: it may hide a part."""
    boxes = [window.box for window in windows if window.screen.kind == "formula"]
    if not any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in boxes for one in marked
               for x, y in one.strokes):  # fmt: skip
        return questions
    return [one for one in questions if one.kind != "formula"]


def _seen(windows: list[Window]) -> list[Glyph]:
    return [glyph for window in windows for glyph in window.glyphs]
