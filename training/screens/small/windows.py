"""Which small window is drawn how often, and all but messages: menus, clocks, meters, tooltips, labels, terminals."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeAlias

from training.screens.asking import Asker
from training.screens.notices import draw_status
from training.screens.phrases import DAYS, Writer
from training.screens.phrasing import question
from training.screens.records import Screen
from training.screens.sketch import Sketch
from training.screens.small.looks import Look, draw_look
from training.screens.small.messages import draw_input, draw_message, kind_questions
from training.screens.windows import ask_lines, draw_menu

SMALL_SHARE = 0.2
"""Of single small images to train on."""
MIN_SIZE, MAX_SIZE = (100, 20), (400, 160)
"""Px across and down."""

Small: TypeAlias = "Callable[[random.Random, Writer, Look], Screen]"

_TIME = ("What time is it?", "What does the clock show?", "Read the clock.", "Which time is shown?", "What is shown?",
         "What time does it say?", "Read the time.", "What does it say?")  # fmt: skip
_LEVEL = ("What is the value?", "Which value is shown?", "What does the meter show?", "How high is {t}?",
          "What is {t}?", "Read the value of {t}.", "{t}?", "What is the value of {t}?")  # fmt: skip
_COMMAND = ("Which command was run?", "What is the command?", "What was typed?", "Read the command.",
            "Which command stands after the prompt?", "What was entered?", "Which command is shown?",
            "What did I type?")  # fmt: skip


def draw_small(rng: random.Random, writer: Writer) -> Screen:
    """A random one, at most `MAX_SIZE`."""
    while True:
        draw = rng.choices([draw for _, draw in SMALL], [weight for weight, _ in SMALL])[0]
        screen = draw(rng, writer, draw_look(rng))
        wide, high = screen.image.size
        if MIN_SIZE[0] <= wide <= MAX_SIZE[0] and MIN_SIZE[1] <= high <= MAX_SIZE[1]:
            return screen


def _boxed(rng: random.Random, look: Look, lines: list[str]) -> Sketch:
    """Lines on the window's ground, with a border or none."""
    pen, pad = look.pen, look.pad
    pitch = round(pen.line * 1.1)
    sketch = Sketch(max(map(pen.width, lines)) + 2 * pad + rng.choice((0, 0, 20, 60)),
                    pitch * len(lines) + 2 * pad, look.theme.window)  # fmt: skip
    sketch.lines(pad, pad, lines, pen, look.theme.ink, pitch)
    if rng.random() < 0.7:
        look.draw_border(sketch)
    return sketch


def draw_clock(rng: random.Random, writer: Writer, look: Look) -> Screen:
    """A time, perhaps with a date."""
    time = writer.time()
    if rng.random() < 0.4:
        time += f":{rng.randrange(60):02}"
    if rng.random() < 0.2:
        time += rng.choice((" AM", " PM"))
    date = rng.choice(("", writer.date(), f"{rng.choice(DAYS)[:3]} {writer.date()}"))
    lines = [f"{date} {time}"] if date and rng.random() < 0.5 else [*filter(None, (time, date))]
    sketch = _boxed(rng, look, lines)
    asker = Asker(rng)
    asker.questions.append(question(rng, "value", time, _TIME[:5] if len(lines) == 1 and not date else _TIME[:4]))
    if date:
        asker.ask("date", date, as_kind="value")
    asker.ask("text", " ".join(lines))
    asker.ask("describe", f"A clock that shows {time}.")
    asker.questions += kind_questions(rng, "clock")
    return sketch.finish(asker, "line", "clock")


def draw_meter(rng: random.Random, writer: Writer, look: Look) -> Screen:
    """One to three values with a bar each."""
    names = list(dict.fromkeys(writer.label() for _ in range(rng.randint(1, 3))))
    levels = [rng.randrange(101) for _ in names]
    said = [f"{level}{rng.choice(('%', ' %'))}" for level in levels]
    pen, pad = look.pen, look.pad + 2
    pitch = round(pen.line * 1.4)
    label_wide, value_wide = max(map(pen.width, names)), max(map(pen.width, said))
    bar_wide = rng.randint(40, 140)
    sketch = Sketch(label_wide + bar_wide + value_wide + 4 * pad, pitch * len(names) + 2 * pad, look.theme.window)
    filled = rng.choice(((0, 128, 0), (0, 0, 128), (128, 128, 128), look.theme.ink))
    for number, (name, level, text) in enumerate(zip(names, levels, said, strict=True)):
        top = pad + number * pitch
        row, left = sketch.row(top, top + pitch, pen), 2 * pad + label_wide
        sketch.text(pad, row, name, pen, look.theme.ink)
        sketch.panel((left, top + 2, left + bar_wide, top + pitch - 2), look.theme.field, look.theme, sunken=True)
        end = left + 2 + (bar_wide - 5) * level / 100
        sketch.draw.rectangle((left + 2, top + 4, end, top + pitch - 5), filled)
        sketch.text(left + bar_wide + pad, row, text, pen, look.theme.ink)
    asker = Asker(rng)
    for name, text in zip(names, said, strict=True):
        if "{" not in name:
            ways = _LEVEL if len(names) == 1 else _LEVEL[3:]
            asker.questions.append(question(rng, "value", text, ways, t=name))
    if len(names) > 1:
        asker.ask("labels", ", ".join(names))
    asker.ask("describe", f"A meter with {', '.join(f'{a} at {b}' for a, b in zip(names, said, strict=True))}.")
    asker.questions += kind_questions(rng, "meter")
    return sketch.finish(asker, "form", "meter")


def draw_label(rng: random.Random, writer: Writer, look: Look) -> Screen:
    """Little text alone: a label or a tooltip."""
    tooltip = rng.random() < 0.5
    text = rng.choice((writer.sentence(1, 6), writer.words(1, 4), writer.path(), writer.label(), writer.noise(1, 3)))
    lines = look.pen.wrap(text, rng.uniform(100, 360))[:2]
    if tooltip:
        theme = look.theme
        yellow = rng.choice(((255, 255, 225), (255, 255, 192), (250, 250, 210), (0, 0, 0)))
        ink = (255, 255, 255) if yellow == (0, 0, 0) else (0, 0, 0)
        pitch, pad = round(look.pen.line * 1.1), rng.randint(2, 5)
        wide = max(map(look.pen.width, lines)) + 2 * pad
        sketch = Sketch(wide, pitch * len(lines) + 2 * pad, yellow)
        sketch.lines(pad, pad, lines, look.pen, ink, pitch)
        sketch.draw.rectangle((0, 0, sketch.image.width - 1, sketch.image.height - 1), None, theme.line)
    else:
        sketch = _boxed(rng, look, lines)
    asker, noun = Asker(rng), "tooltip" if tooltip else "label"
    asker.ask("text", " ".join(lines))
    asker.ask("describe", f'A {noun} that says "{" ".join(lines)}".')
    asker.questions += kind_questions(rng, noun)
    return sketch.finish(asker, "line", noun)


def draw_tiny_terminal(rng: random.Random, writer: Writer, look: Look) -> Screen:
    """Two to six lines, the last but seldom a prompt, in fixed-width bitmap type."""
    pen = look.style.type.mono.pen(look.style.type.size, "mono", 1.0)
    prompt = rng.choice(("$ ", "$ ", "# ", "% ", "> ", "~$ "))
    command = writer.jumble(1, 3)[:30].strip()
    lines = [prompt + command] + [line[:44].strip() for line in (writer.message(error=False, most_words=6)
                                  for _ in range(rng.randint(0, 3)))]  # fmt: skip
    if rng.random() < 0.7:
        lines.append(prompt.strip())
    dark = rng.random() < 0.5
    ground, ink = ((0, 0, 0), (230, 230, 230)) if dark else ((255, 255, 255), (0, 0, 0))
    pitch = round(pen.line)
    wide = max(map(pen.width, lines)) + rng.choice((4, 30, 90))
    sketch = Sketch(wide, pitch * len(lines) + 4, ground)
    sketch.lines(2, 2, lines, pen, ink, pitch)
    if rng.random() < 0.7:
        left = 4 + pen.width(lines[-1] + " ")
        top = 2 + pitch * (len(lines) - 1)
        sketch.draw.rectangle((left, top + 1, left + pen.width("n"), top + pitch - 1), ink)
    asker = Asker(rng)
    asker.questions.append(question(rng, "command", command, _COMMAND))
    ask_lines(asker, lines)
    asker.ask("describe", f"A terminal with {len(lines)} lines." if len(lines) > 1 else "A terminal with one line.")
    asker.questions += kind_questions(rng, "terminal")
    return sketch.finish(asker, "terminal", "terminal")


def _menu(rng: random.Random, writer: Writer, look: Look) -> Screen:
    return draw_menu(rng, writer, look.style)


def _toast(rng: random.Random, writer: Writer, look: Look) -> Screen:
    return draw_status(rng, writer, look.style)


SMALL: tuple[tuple[float, Small], ...] = (
    (62, draw_message), (9, draw_input), (6, _menu), (5, _toast), (4, draw_clock), (4, draw_meter), (6, draw_label),
    (6, draw_tiny_terminal),
)  # fmt: skip
