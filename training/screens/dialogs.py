"""Message boxes: a title bar or none, an icon or none, a wrapped message and one to four buttons."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from training.screens.asking import Asker
from training.screens.misspelling import misspelt
from training.screens.phrases import Writer
from training.screens.phrasing import question
from training.screens.records import Box, Question, Screen
from training.screens.sketch import Sketch, title_bar, title_room
from training.screens.themes import Style
from training.screens.typefaces import Colour, Pen

Mood: TypeAlias = Literal["error", "warning", "question", "info", "plain"]
_FILLS: dict[Mood, Colour] = {
    "error": (211, 47, 47), "warning": (245, 190, 30), "question": (40, 110, 210), "info": (30, 120, 215),
}  # fmt: skip
NOUNS: dict[Mood, str] = {
    "error": "error dialog", "warning": "warning dialog", "question": "question dialog", "info": "information dialog",
    "plain": "dialog",
}  # fmt: skip

MISSPELT_SHARE = 0.25
"""Of the dialogs to train on whose words nobody can guess."""
_LONGER_SHARE = 0.3
"""Of the messages to train on that are two or three sentences: a line that ends with a full stop is not the last."""


def draw_dialog(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """One message box; the questions are about its title, message and buttons."""
    bare = style.theme.close == "none"
    mood: Mood = rng.choices(("error", "warning", "question", "info", "plain"), (4, 2, 2, 2, 6 if bare else 2))[0]
    titled = rng.random() < (0.3 if bare else 0.88)
    title, message = _texts(rng, writer, titled=titled, error=mood == "error")
    buttons = writer.buttons() if rng.random() < 0.93 else []
    text_pen = style.type.pen()
    button_pen = style.type.pen(rng.choice((1.0, 1.0, 1.0, 0.92, 1.08)))
    title_pen = style.type.pen(rng.choice((1.0, 1.0, 0.92, 1.1)), bold=style.theme.bold_title and rng.random() < 0.8)
    lines = text_pen.wrap(message, text_pen.size * rng.uniform(11, 30))[:4]
    pitch = round(text_pen.line * rng.uniform(1.0, 1.3))
    side, gap = style.pad(rng.randint(8, 24)), style.pad(rng.randint(6, 18))
    bar = round(title_pen.line * rng.uniform(1.25, 2.0)) if titled else 0
    icon = style.px(rng.choice((16, 24, 32, 32, 40))) if mood != "plain" and rng.random() < 0.85 else 0
    indent = icon + gap if icon else 0
    button_height = round(button_pen.line * rng.uniform(1.25, 1.9))
    padding = style.pad(rng.randint(8, 22))
    widths = [button_pen.width(label) + 2 * padding for label in buttons]
    if widths and rng.random() < 0.4:
        widths = [max(widths)] * len(widths)
    space = style.px(rng.randint(3, 12))
    row_width = sum(widths) + space * max(0, len(widths) - 1)
    width = max(
        indent + max(map(text_pen.width, lines)) + 2 * side,
        row_width + 2 * side,
        title_room(style, title, title_pen, bar) if titled else 0,
        style.px(rng.choice((60, 60, 140, 220))),
    )
    body = max(pitch * len(lines), icon)
    height = bar + gap + body + (gap + button_height if buttons else 0) + gap
    sketch = Sketch(width, height, style.theme.window)
    width = sketch.image.width
    if titled:
        title_bar(sketch, style, title, title_pen, bar)
    if icon:
        draw_icon(sketch, mood, side, bar + gap, icon, style)
    top = bar + gap + (body - pitch * len(lines)) / 2
    if rng.random() < 0.25 and not icon:
        for number, line in enumerate(lines):
            room = sketch.row(top + pitch * number, top + pitch * (number + 1), text_pen)
            sketch.centred(0, width, room, line, text_pen, style.theme.ink)
    else:
        sketch.lines(side + indent, top, lines, text_pen, style.theme.ink, pitch)
    left = rng.choice((side, (width - row_width) / 2, (width - row_width) / 2, *(width - side - row_width,) * 2))
    default = rng.choice((0, len(buttons) - 1, -1))
    button_top = height - gap - button_height
    for number, (label, wide) in enumerate(zip(buttons, widths, strict=True)):
        box = (left, button_top, left + wide, button_top + button_height)
        draw_button(sketch, style, box, label, button_pen, default=number == default)
        left += wide + space
    if rng.random() < 0.6:
        sketch.draw.rectangle((0, 0, width - 1, sketch.image.height - 1), None, style.theme.line)
    asker = Asker(rng)
    noun = NOUNS[mood] if icon else "dialog"
    ask_dialog(asker, noun, title, lines, buttons, error=mood == "error")
    return sketch.finish(asker, "dialog", noun)


def _texts(rng: random.Random, writer: Writer, *, titled: bool, error: bool) -> tuple[str, str]:
    """A title, if there is one, and a message; longer ones and such that nobody can guess to train on."""
    title = writer.title() if titled else ""
    message = writer.message(error=error)
    if writer.training and rng.random() < _LONGER_SHARE:
        message = " ".join([message, *(writer.sentence(2, 6) for _ in range(rng.randint(1, 2)))])
    if writer.training and rng.random() < MISSPELT_SHARE:
        title, message = misspelt(rng, title), misspelt(rng, message)
    return title, message


def draw_button(sketch: Sketch, style: Style, box: Box, label: str, pen: Pen, *, default: bool = False) -> None:
    """A labelled button; the default one is in the accent's colours."""
    theme = style.theme
    fill, ink = (theme.accent, theme.accent_ink) if default else (theme.button, theme.button_ink)
    sketch.panel(box, fill, theme)
    sketch.centred(box[0], box[2], sketch.row(box[1], box[3], pen), label, pen, ink)


def ask_dialog(asker: Asker, noun: str, title: str, lines: list[str], buttons: list[str], *, error: bool) -> None:
    """All that can be asked about a message box."""
    message = " ".join(lines)
    if title:
        asker.ask("title", title)
    asker.ask("message", message)
    if error:
        asker.ask("error", message, as_kind="message")
    if buttons:
        asker.ask("buttons", ", ".join(buttons))
        asker.ask("button_count", str(len(buttons)), as_kind="count")
    if len(buttons) > 1:
        asker.ask("button_right", buttons[-1], as_kind="button")
        asker.ask("button_left", buttons[0], as_kind="button")
    if not title and len(lines) > 1:
        for number, line in enumerate(lines, 1):
            asker.ask("line", line, n=number)
    named = f' titled "{title}"' if title else f' that says "{message}"'
    with_buttons = f" with the button{'s' if len(buttons) > 1 else ''} {listed(buttons)}" if buttons else ""
    article = "An" if noun[0] in "aei" else "A"
    asker.ask("describe", f"{article} {noun}{named}{with_buttons}.")
    asker.ask("all", " ".join(filter(None, [title, message, *buttons])))


_MESSAGE_ALONE = ("What is the message?", "Read the message.", "Which message is shown?", "What does the message say?",
                  "Quote the message.", "What is the message of the dialog?", "Read the message in the dialog.",
                  "Which message does the dialog show?", "Message?", "What is the dialog's message?")  # fmt: skip
_OTHER_TEXTS = frozenset({"lines", "list", "value", "selected"})
"""Kinds of questions about texts of a dialog that are not its message."""


def has_other_texts(dialog: Sequence[Question]) -> bool:
    """Whether a dialog with these questions has details, options or fields beside its message."""
    return any(one.kind in _OTHER_TEXTS for one in dialog)


def clearly_asked(rng: random.Random, dialog: Sequence[Question]) -> list[Question]:
    """The questions of a dialog: beside other texts its message is asked for as the message, not as what it says.

    The questions about its message and its buttons are not put in other words then.
    """
    if not has_other_texts(dialog):
        return list(dialog)
    return [question(rng, "message", one.answer, _MESSAGE_ALONE) if one.kind == "message" and not is_clear(one.text)
            else replace(one, asked=None) if one.kind in {"message", "buttons"} else one for one in dialog]  # fmt: skip


def is_clear(text: str) -> bool:
    """Whether a question asks for the message, and not for all that a dialog says."""
    words = text.lower().replace("message box", "")
    return any(word in words for word in ("message", "error", "wrong", " ask", "question"))


def listed(names: list[str]) -> str:
    """As English lists: "A, B and C"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def ran(commands: list[str]) -> str:
    """How a terminal's description goes on where these commands were run in it."""
    if len(commands) > 4:
        return f' in which {len(commands)} commands were run, the last one "{commands[-1]}".'
    quoted = listed([f'"{command}"' for command in commands])
    return f" in which {quoted} {'was' if len(commands) == 1 else 'were'} run."


def draw_icon(sketch: Sketch, mood: Mood, left: int, top: int, size: int, style: Style) -> None:
    """A disc, or for warnings a triangle, with its mark drawn as shapes, since it is no text to read."""
    box = (left, top, left + size, top + size)
    draw, white, black = sketch.draw, (255, 255, 255), (0, 0, 0)
    middle, thick = left + size // 2, max(2, size // 9)
    if mood == "warning":
        draw.polygon(((middle, top), (left + size, top + size), (left, top + size)), _FILLS[mood], black)
        draw.line((middle, top + size * 0.36, middle, top + size * 0.68), black, thick)
        draw.line((middle, top + size * 0.78, middle, top + size * 0.88), black, thick)
        return
    if style.theme.edge in {"flat", "line"} and mood == "error":
        draw.rectangle(box, _FILLS[mood])
    else:
        draw.ellipse(box, _FILLS[mood])
    third = size * 0.3
    if mood == "error":
        draw.line((left + third, top + third, left + size - third, top + size - third), white, thick)
        draw.line((left + third, top + size - third, left + size - third, top + third), white, thick)
    elif mood == "info":
        draw.line((middle, top + size * 0.22, middle, top + size * 0.32), white, thick)
        draw.line((middle, top + size * 0.42, middle, top + size * 0.8), white, thick)
    else:
        arc = (left + third, top + size * 0.2, left + size - third, top + size * 0.55)
        draw.arc(arc, 180, 90, white, thick)
        draw.line((middle, top + size * 0.55, middle, top + size * 0.65), white, thick)
        draw.line((middle, top + size * 0.75, middle, top + size * 0.84), white, thick)
