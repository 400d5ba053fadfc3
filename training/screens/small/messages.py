"""Small messages with buttons, and small input lines."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from training.screens.asking import Asker
from training.screens.dialogs import NOUNS, Mood, ask_dialog, clearly_asked, draw_icon
from training.screens.phrases import Writer
from training.screens.phrasing import question
from training.screens.records import Box, Question, Screen
from training.screens.sketch import Sketch
from training.screens.small.looks import Look
from training.screens.words import with_article

_ASKED = ("What is asked?", "What does it ask?", "Which question is asked?", "What am I asked?", "Read the question.",
          "What is the question?", "What does the window ask?", "What does it want to know?",
          "What does the dialog ask?")  # fmt: skip
_HAS_BUTTON = ("Is there a button {t}?", "Does it have a button {t}?", "Is there a button that says {t}?",
               "Can I press {t}?", "Do you see a button {t}?", "Is {t} one of the buttons?", "Is there a {t} button?",
               "Is one of the buttons {t}?")  # fmt: skip
_NTH_BUTTON = ("Which button is the {nth}?", "What does the {nth} button say?", "Read the {nth} button.",
               "What is the {nth} button?", "The {nth} button?", "What is written on the {nth} button?",
               "Name the {nth} button.", "Which button comes {nth}?")  # fmt: skip
_LAST_BUTTON = ("Which button is the last?", "What does the last button say?", "Read the last button.",
                "What is the last button?", "Name the last button.", "What is written on the last button?",
                "Which button comes last?", "The last button?")  # fmt: skip
_NTH = ("first", "second", "third", "fourth")
_ENTERED = ("What is entered?", "What is in the field?", "Read the field.", "What was typed in?",
            "Which text is in the field?", "What does the input field say?", "What is typed?",
            "What stands in the field?")  # fmt: skip
_KIND = ("What kind of window is this?", "What is this?", "What kind of screenshot is this?",
         "What sort of window is it?", "What do you call this?", "What is shown?", "Which kind of thing is this?",
         "Name what this is.")  # fmt: skip
_IS = ("Is this {t}?", "Is it {t}?", "Is {t} shown?", "Do you see {t}?", "Does the screenshot show {t}?",
       "Would you call this {t}?", "Is there {t}?", "Is what you see {t}?")  # fmt: skip
_OTHERS = ("a terminal", "a browser", "a receipt", "a table", "a bar chart", "an editor", "a spreadsheet")


@dataclass(frozen=True)
class _Plan:
    """What a message window shows; `icon` is its side, px, or 0; `stacked`: buttons are below each other."""

    title: str
    lines: list[str]
    buttons: list[str]
    icon: int
    mood: Mood
    stacked: bool


def draw_message(rng: random.Random, writer: Writer, look: Look) -> Screen:
    """A message and one to four buttons, seldom none."""
    plan = _plan(rng, writer, look)
    pen, pad = look.pen, look.pad
    gap = pad + rng.randint(0, 8)
    pitch = round(pen.line * rng.uniform(1.0, 1.15))
    sizes = _button_sizes(rng, look, plan)
    space = rng.randint(2, 14)
    bar = look.bar if plan.title else 0
    indent = plan.icon + gap if plan.icon else 0
    frame = rng.randint(2, 5) if look.framed else 0
    text_high = max(pitch * len(plan.lines) + 2 * frame, plan.icon)
    rows_wide, rows_high = _together(sizes, space, stacked=plan.stacked)
    width = max(indent + max(map(pen.width, plan.lines)) + 2 * frame, rows_wide) + 2 * gap + rng.choice((0, 0, 8, 40))
    width = max(width, look.title_room(plan.title) if plan.title else 0)
    high = bar + gap + text_high + (gap + rows_high if sizes else 0) + gap
    sketch = Sketch(width, high, look.theme.window)
    width = sketch.image.width
    if plan.title:
        look.draw_title(sketch, plan.title)
    top = bar + gap
    if plan.icon:
        _draw_mark(rng, sketch, look, plan, (gap, top + (text_high - plan.icon) // 2))
    if frame:
        sketch.draw.rectangle((gap + indent, top, width - gap - 1, top + text_high - 1), None, look.theme.line)
    text_top = top + (text_high - pitch * len(plan.lines)) / 2
    _draw_text(sketch, look, plan.lines, (gap + indent + frame, text_top), pitch,
               centred=rng.random() < 0.2 and not plan.icon)  # fmt: skip
    below = top + text_high + gap
    if look.ruled and sizes:
        sketch.draw.line((0, below - gap // 2, width, below - gap // 2), look.theme.line)
    boxes = _button_boxes(look.ends, sizes, (gap, below, width - gap), space, stacked=plan.stacked)
    default = rng.choice((-1, -1, 0, len(boxes) - 1))
    for number, (label, box) in enumerate(zip(plan.buttons, boxes, strict=True)):
        look.draw_button(sketch, box, label, default=number == default)
    if rng.random() < 0.6:
        look.draw_border(sketch)
    return _asked(rng, writer, sketch, plan)


def _together(sizes: list[tuple[float, float]], space: float, *, stacked: bool) -> tuple[float, float]:
    """How wide and high buttons are together."""
    if not sizes:
        return 0, 0
    between = space * (len(sizes) - 1)
    wide, high = [one for one, _ in sizes], [one for _, one in sizes]
    return (max(wide), sum(high) + between) if stacked else (sum(wide) + between, max(high))


def _draw_text(sketch: Sketch, look: Look, lines: list[str], corner: tuple[float, float], pitch: int, *,
               centred: bool) -> None:  # fmt: skip
    left, top = corner
    if not centred:
        sketch.lines(left, top, lines, look.pen, look.theme.ink, pitch)
        return
    for number, line in enumerate(lines):
        row = sketch.row(top + number * pitch, top + (number + 1) * pitch, look.pen)
        sketch.centred(0, sketch.image.width, row, line, look.pen, look.theme.ink)


def _plan(rng: random.Random, writer: Writer, look: Look) -> _Plan:
    mood: Mood = rng.choices(("error", "warning", "question", "info", "plain"), (4, 2, 3, 2, 5))[0]
    message = writer.message(error=mood == "error", most_words=rng.randint(3, 12))
    if mood == "question" and rng.random() < 0.5:
        message = writer.sentence(2, 8).rstrip(".!?") + "?"
    lines = look.pen.wrap(message, rng.uniform(80, 340))[:4]
    title = writer.title() if rng.random() < 0.4 else ""
    buttons = writer.buttons() if rng.random() < 0.95 else []
    if rng.random() < 0.1 and buttons:
        buttons = [label.lower() for label in buttons]
    icon = rng.choice((16, 20, 24, 32)) if look.name in {"motif", "fltk", "tk"} and mood != "plain" else 0
    if rng.random() < 0.4:
        icon = 0
    return _Plan(title, lines, buttons, icon, mood, stacked=len(buttons) > 1 and rng.random() < 0.12)


def _button_sizes(rng: random.Random, look: Look, plan: _Plan) -> list[tuple[float, float]]:
    high = round(look.button_pen.line * rng.uniform(1.1, 1.7)) + 2
    padding = rng.randint(3, 16)
    widths = [look.button_pen.width(label) + 2 * padding for label in plan.buttons]
    if widths and (plan.stacked or rng.random() < 0.3):
        widths = [max(widths)] * len(widths)
    return [(wide, high) for wide in widths]


def _button_boxes(ends: str, sizes: list[tuple[float, float]], room: tuple[float, float, float], space: float, *,
                  stacked: bool) -> list[Box]:  # fmt: skip
    """Where buttons stand in the room (left, top, right)."""
    left, top, right = room
    if stacked:
        boxes = []
        for wide, high in sizes:
            boxes.append((left, top, right if ends == "full" else left + wide, top + high))
            top += high + space
        return boxes
    spare = right - left - sum(wide for wide, _ in sizes) - space * (len(sizes) - 1)
    x = left + {"right": spare, "centre": spare / 2}.get(ends, 0)
    more = spare / (len(sizes) + 1) if ends == "spread" and sizes else 0
    wider = spare / len(sizes) if ends == "full" and sizes else 0
    boxes = []
    for wide, high in sizes:
        x += more
        boxes.append((round(x), round(top), round(x + wide + wider), round(top + high)))
        x += wide + wider + space
    return boxes


def _draw_mark(rng: random.Random, sketch: Sketch, look: Look, plan: _Plan, corner: tuple[int, int]) -> None:
    """The icon: a disc, a triangle, or FLTK's white square with a mark that nobody would read out."""
    left, top = corner
    if look.name != "fltk":
        draw_icon(sketch, plan.mood, left, top, plan.icon, look.style)
        return
    sketch.panel((left, top, left + plan.icon, top + plan.icon), (255, 255, 255), look.theme)
    mark = {"question": "?", "info": "i"}.get(plan.mood, "!")
    pen = look.style.type.text.pen(plan.icon * 0.8, "mono", 1.0, bold=True)
    blue = rng.choice(((0, 0, 192), (0, 0, 0), (192, 0, 0)))
    known = len(sketch.glyphs)
    sketch.centred(left, left + plan.icon, sketch.row(top, top + plan.icon, pen), mark, pen, blue)
    del sketch.glyphs[known:]


def _asked(rng: random.Random, writer: Writer, sketch: Sketch, plan: _Plan) -> Screen:
    asker = Asker(rng)
    noun = NOUNS[plan.mood] if plan.icon else "dialog"
    ask_dialog(asker, noun, plan.title, plan.lines, plan.buttons, error=plan.mood == "error")
    if plan.stacked:
        asker.questions = [one for one in asker.questions if one.kind != "button"]
    message = " ".join(plan.lines)
    if message.endswith("?"):
        asker.questions.append(question(rng, "message", message, _ASKED))
    asker.questions += button_questions(rng, writer, plan.buttons)
    asker.questions += kind_questions(rng, noun)
    return sketch.finish(asker, "dialog", noun)


def button_questions(rng: random.Random, writer: Writer, buttons: list[str]) -> list[Question]:
    """About one of several buttons, and whether there is one."""
    found = []
    if len(buttons) > 1:
        place = rng.randrange(len(buttons))
        found.append(question(rng, "button", buttons[place], _NTH_BUTTON, nth=_NTH[place]))
        found.append(question(rng, "button", buttons[-1], _LAST_BUTTON))
    absent = writer.buttons(1)[0]
    if buttons and absent not in buttons and "{" not in absent + "".join(buttons):
        found.append(question(rng, "present", "Yes", _HAS_BUTTON, t=rng.choice(buttons)))
        found.append(question(rng, "present", "No", _HAS_BUTTON, t=absent))
    return found


def kind_questions(rng: random.Random, noun: str) -> list[Question]:
    """What it is, and what it is not."""
    others = [other for other in _OTHERS if noun not in other]
    return [
        question(rng, "kind", f"{with_article(noun, capital=True)}.", _KIND[:1] + _KIND[2:5]),
        question(rng, "present", "Yes", _IS, t=with_article(noun)),
        question(rng, "present", "No", _IS, t=rng.choice(others[:2] + others)),
    ]


def draw_input(rng: random.Random, writer: Writer, look: Look) -> Screen:
    """A label, a field with a value or none, perhaps buttons."""
    label, value = writer.label(), writer.words(1, 3) if rng.random() < 0.85 else ""
    if rng.random() < 0.3:
        label = " ".join(look.pen.wrap(writer.message(error=False, most_words=7), 280)[:1])
    buttons = writer.buttons(2) if rng.random() < 0.6 else []
    pen, gap = look.pen, look.pad + 3
    beside = rng.random() < 0.4
    mark = rng.choice((":", ":", ""))
    shown = label + mark if label[-1].isalnum() else label
    field_high = round(pen.line * 1.4)
    field_wide = max(pen.width(value) + 14, rng.randint(60, 180))
    top_wide = pen.width(shown) + gap + field_wide if beside else max(pen.width(shown), field_wide)
    plan = _Plan(writer.title() if rng.random() < 0.35 else "", [shown], buttons, 0, "plain", stacked=False)
    sizes = _button_sizes(rng, look, plan)
    across = sum(wide for wide, _ in sizes) + 6 * max(0, len(sizes) - 1)
    bar = look.bar if plan.title else 0
    width = max(top_wide, across, look.title_room(plan.title) - 2 * gap if plan.title else 0) + 2 * gap
    high = bar + gap + field_high + (0 if beside else round(pen.line) + 2) + gap
    sketch = Sketch(width, high + (sizes[0][1] + gap if sizes else 0), look.theme.window)
    if plan.title:
        look.draw_title(sketch, plan.title)
    row = sketch.row(bar + gap, bar + gap + (field_high if beside else pen.line), pen)
    sketch.text(gap, row, shown, pen, look.theme.ink)
    left, top = (gap + pen.width(shown) + gap, bar + gap) if beside else (gap, bar + gap + round(pen.line) + 2)
    right = sketch.image.width - gap
    sketch.panel((left, top, right, top + field_high), look.theme.field, look.theme, sunken=True, radius=1)
    end = sketch.text(left + 5, sketch.row(top, top + field_high, pen), value, pen, look.theme.field_ink)
    sketch.draw.line((end + 1, top + 3, end + 1, top + field_high - 4), look.theme.field_ink)
    boxes = _button_boxes(look.ends, sizes, (gap, high, right), 6, stacked=False)
    for name, box in zip(buttons, boxes, strict=True):
        look.draw_button(sketch, box, name, default=False)
    asker = Asker(rng)
    ask_dialog(asker, "input dialog", plan.title, [shown], buttons, error=False)
    asker.questions = [one for one in asker.questions if one.kind != "line"]
    if value:
        asker.questions.append(question(rng, "value", value, _ENTERED))
        asker.ask("value", value, label=label.rstrip(":"))
        asker.questions = [replace(one, answer=f"{one.answer} It says \"{value}\".") if one.kind == "describe"
                           and rng.random() < 0.5 else one for one in asker.questions if one.kind != "all"]  # fmt: skip
    asker.questions = clearly_asked(rng, asker.questions)
    asker.questions += button_questions(rng, writer, buttons) + kind_questions(rng, "input dialog")
    return sketch.finish(asker, "dialog", "input dialog")
