"""Dialogs in more looks than `dialogs` has, to train on: header bars, alerts, bubbles, wizards, with fields and lists.

A dialog is a stack of blocks between its title and its buttons; each part is chosen on its own, so that looks mix.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from training.screens.asking import Asker
from training.screens.button_looks import ButtonLook, draw_button_look, draw_looking_button, sign_room
from training.screens.dialog_texts import Content, draw_content
from training.screens.dialogs import MISSPELT_SHARE, NOUNS, Mood, ask_dialog, clearly_asked, draw_dialog, draw_icon
from training.screens.misspelling import misspelt
from training.screens.phrases import Writer
from training.screens.phrasing import question
from training.screens.records import Question, Screen
from training.screens.sketch import Sketch, title_bar, title_room
from training.screens.themes import Style
from training.screens.typefaces import Colour, Pen

_SHARE = 0.55
"""Of the dialogs to train on that look like these."""
_SMALLER_FROM = 13
"""Px of the type, from which on a text may be smaller than its dialog's other parts."""
_MOODS: tuple[Mood, ...] = ("error", "warning", "question", "info", "plain")
_CONTENT_SHARE = 0.5
"""Of these dialogs that say what dialogs of real programs do."""
_PLACES = ("right", "right", "right", "left", "centre", "full", "stack", "stack", "apart")
"""Of the buttons."""
_FIELD_LABELS = ("Password:", "Name:", "User name:", "Folder:", "Address:", "Code:", "File name:", "Search:", "Value:")
_CHECKS = ("Don't ask again", "Remember my choice", "Apply to all", "Show details", "Do not show this again",
           "Keep me signed in", "Start automatically")  # fmt: skip
_FIELD_VALUE = ("What is entered in the dialog?", "What is in the field?", "What is typed in?", "Read the field.",
                "What does the input field say?", "Which text is in the field?", "What was entered?",
                "What stands in the input field?")  # fmt: skip
_OPTIONS = ("Which options are there?", "List the options.", "What can I choose from?", "What are the choices?",
            "Name the entries of the list.", "Which entries does the list have?", "What is in the list?",
            "Read the list.")  # fmt: skip
_CHOSEN = ("Which option is selected?", "What is selected?", "Which entry is highlighted?", "What is chosen?",
           "Which one is picked?", "Which entry of the list is selected?", "What is the current choice?",
           "Which option is active?")  # fmt: skip
_PROGRESS = ("How far is it?", "What is the progress?", "How many percent are done?", "What does the progress bar say?",
             "How much is done?", "Which percentage is shown?", "Read the percentage.",
             "How far along is it?")  # fmt: skip
_DETAILS = ("What do the details say?", "Read the details.", "What is in the box below the message?",
            "Which details are given?", "Quote the details.", "What stands in the details?", "Copy the details.",
            "What is written in the box?")  # fmt: skip
_CHECK = ("What does the check box say?", "Read the check box.", "What is written beside the check box?",
          "Which option has a check box?", "What is next to the box?", "What can I tick?",
          "Which box can be ticked?", "What does the box at the bottom say?")  # fmt: skip
_TICKED = ("Is {t} ticked?", "Is {t} checked?", "Is the box {t} ticked?", "Is there a tick at {t}?")


@dataclass(frozen=True)
class Block:
    """A part of a dialog: its size, px, and what draws it at (left, top, width)."""

    wide: float
    high: float
    draw: Callable[[float, float, float], None]


@dataclass
class Request:
    """A dialog in the making; blocks are drawn onto `sketch` once its size is known."""

    rng: random.Random
    writer: Writer
    style: Style
    sketch: Sketch = field(init=False)
    blocks: list[Block] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    ground: Colour = (255, 255, 255)
    ink: Colour = (0, 0, 0)
    look: ButtonLook = "plain"

    def ask(self, kind: str, answer: str, phrasings: tuple[str, ...], **slots: object) -> None:
        """A question in one of these phrasings."""
        self.questions.append(question(self.rng, kind, answer, phrasings, **slots))

    def add_lines(self, lines: list[str], pen: Pen, *, centred: bool = False, pitch: float = 1.2) -> None:
        """A block of lines; `pitch` is from line to line, in heights of a line."""
        if not lines:
            return
        high = round(pen.line * pitch)

        def draw(left: float, top: float, width: float) -> None:
            for number, line in enumerate(lines):
                x = left + (width - pen.width(line)) / 2 if centred else left
                row = self.sketch.row(top + number * high, top + (number + 1) * high, pen)
                self.sketch.text(x, row, line, pen, self.ink)

        self.blocks.append(Block(max(map(pen.width, lines)), high * len(lines), draw))


def draw_any_dialog(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """A message box, or to train on, also any other dialog."""
    training = writer.training and rng.random() < _SHARE
    return draw_request(rng, writer, style) if training else draw_dialog(rng, writer, style)


def draw_request(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """A dialog with a title above or inside, a message, perhaps more, and buttons in one of many places."""
    theme = style.theme
    look = rng.choices(("bar", "heading", "header", "none"), (5, 4, 3, 1))[0]
    content = draw_content(rng, writer) if rng.random() < _CONTENT_SHARE else _any_content(rng, writer, look)
    mood = content.mood
    made = Request(rng, writer, style, look=draw_button_look(rng))
    made.ground, made.ink = rng.choice(((theme.window, theme.ink), (theme.field, theme.field_ink)))
    small = style.type.size >= _SMALLER_FROM and rng.random() < 0.3
    pen, bold = style.type.pen(0.88 if small else 1.0), style.type.pen(rng.choice((1.0, 1.15, 1.35)), bold=True)
    if look == "heading" and not (bold.face.bold or bold.size > 1.2 * pen.size):
        look = "bar"  # nothing would set it apart from the message
    centred = look == "heading" and rng.random() < 0.5
    wrap_at = pen.size * rng.choice((rng.uniform(9, 16), rng.uniform(12, 34)))
    title, head = content.title, content.heading
    if look == "heading":
        title, head = head or title, ""
        title = " ".join(title.split())
        made.add_lines(bold.wrap(title, wrap_at * 1.2), bold, centred=centred)
    elif look == "none":
        title, head = "", ""
    elif not title:
        title = writer.title()
    heads = bold.wrap(head, wrap_at * 1.2) if head else []
    lines = pen.wrap(content.text, wrap_at)
    made.add_lines(heads, bold)
    made.add_lines(lines, pen, centred=centred, pitch=rng.uniform(1.05, 1.4))
    before = len(made.blocks)
    _add_extras(made, content, wrap_at)
    plain = len(made.blocks) == before
    buttons = content.buttons if rng.random() < 0.96 else []
    icon = style.px(rng.choice((24, 32, 48))) if mood != "plain" and look != "header" and rng.random() < 0.6 else 0
    noun = NOUNS[mood] if icon else "dialog"
    place = "header" if look == "header" else rng.choice(_PLACES)
    _lay_out(made, (look, place), title, buttons, mood if icon else "plain", icon, above=centred)
    asker = Asker(rng)
    ask_dialog(asker, noun, title, [*heads, *lines], buttons, error=mood == "error")
    dropped = set() if plain and look != "header" else {"all", "line"}
    if place == "stack":
        dropped.add("button")  # none is further to the left
    asker.questions = [question for question in asker.questions if question.kind not in dropped]
    asker.questions = clearly_asked(rng, [*asker.questions, *made.questions])
    return made.sketch.finish(asker, "dialog", noun)


def _any_content(rng: random.Random, writer: Writer, look: str) -> Content:
    """Any words at all, seldom below a heading of their own."""
    mood = rng.choices(_MOODS, (4, 2, 2, 2, 3))[0]
    head = writer.words(2, 6).capitalize() if look in {"bar", "header"} and rng.random() < 0.25 else ""
    title, message = writer.title(), writer.message(error=mood == "error")
    if rng.random() < MISSPELT_SHARE:
        title, head, message = (misspelt(rng, one) for one in (title, head, message))
    return Content(title, head, message, writer.buttons(), mood)


def _add_extras(made: Request, content: Content, wrap_at: float) -> None:
    """What its kind of dialog has beside its texts, or anything."""
    rng = made.rng
    if content.facts:
        _add_details(made, wrap_at, list(content.facts))
    elif content.extra:
        {"field": _add_field, "progress": _add_progress}[content.extra](made, wrap_at)
    else:
        for add in rng.sample(_EXTRAS, rng.choices((0, 1, 2), (5, 5, 1))[0]):
            add(made, wrap_at)


def _lay_out(made: Request, looks: tuple[str, str], title: str, buttons: list[str], mood: Mood, icon: int,
             *, above: bool) -> None:  # fmt: skip
    """Draw everything: the title, the icon beside or above the blocks, the blocks, the buttons last."""
    (look, place), rng, style, theme = looks, made.rng, made.style, made.style.theme
    pen, title_pen = style.type.pen(), style.type.pen(bold=theme.bold_title)
    side, gap = style.pad(rng.randint(10, 28)), style.pad(rng.randint(6, 16))
    high = round(pen.line * rng.uniform(1.3, 1.9))
    bar = {"bar": round(title_pen.line * rng.uniform(1.3, 1.9)), "header": high + 2 * style.px(6)}.get(look, 0)
    pad = style.pad(rng.randint(10, 22))
    widths = [pen.width(label) + 2 * pad + sign_room(style, pen, made.look) for label in buttons]
    space = style.px(rng.randint(4, 12))
    indent = icon + gap if icon and not above else 0
    inner = max(block.wide for block in made.blocks) + indent
    inner = max(inner, style.px(rng.choice((120, 180, 260))), _row_room(place, widths, space, title_pen.width(title)))
    width = inner + 2 * side
    if look == "bar":
        width = max(width, title_room(style, title, title_pen, bar))
    body = sum(block.high for block in made.blocks) + gap * (len(made.blocks) - 1) + (icon + gap if above else 0)
    rows = len(buttons) if place == "stack" else min(1, len(buttons))
    foot = 0 if place == "header" else rows * (high + space // 2) + gap
    made.sketch = sketch = Sketch(width, bar + side + max(body, icon) + foot + side, made.ground)
    width = float(sketch.image.width)
    if look == "bar":
        title_bar(sketch, style, title, title_pen, bar)
    elif look == "header":
        sketch.draw.rectangle((0, 0, width, bar), theme.title)
        sketch.draw.line((0, bar, width, bar), theme.line)
    top = float(bar + side)
    if icon:
        left = round((width - icon) / 2) if above else round(side)
        draw_icon(sketch, mood, left, round(top), icon, style)
        top += icon + gap if above else 0
    for block in made.blocks:
        block.draw(side + indent, top, width - 2 * side - indent)
        top += block.high + gap
    if look == "header":
        _header(made, title, title_pen, buttons, widths, bar, high)
    elif buttons:
        _buttons(made, place, buttons, widths, (side, sketch.image.height - side - foot + gap), (high, space))
    if rng.random() < 0.6:
        sketch.draw.rectangle((0, 0, width - 1, sketch.image.height - 1), None, theme.line)


def _row_room(place: str, widths: list[float], space: int, title: float) -> float:
    """How wide a dialog is at least for its buttons, px; in a header bar beside a title of this width."""
    if not widths:
        return title if place == "header" else 0
    if place == "stack":
        return max(widths)
    if place == "full":
        return (max(widths) + space) * len(widths)
    row = sum(widths) + space * (len(widths) - 1)
    return row + title + 40 if place == "header" else row


def _header(made: Request, title: str, pen: Pen, buttons: list[str], widths: list[float], bar: int,
            high: int) -> None:  # fmt: skip
    """A title between the first button and the rest."""
    sketch, style, theme = made.sketch, made.style, made.style.theme
    edge, width = style.px(6), sketch.image.width
    lefts, x = [], float(edge)
    for number, wide in enumerate(widths):
        if number == 1:
            x = width - edge - sum(widths[1:]) - style.px(4) * (len(widths) - 2)
        lefts.append(x)
        x += wide + style.px(4)
    begin = lefts[0] + widths[0] if widths else 0.0
    end = lefts[1] if len(widths) > 1 else width
    sketch.centred(begin, end, sketch.row(0, bar, pen), title, pen, theme.title_ink)
    for number, (label, wide, left) in enumerate(zip(buttons, widths, lefts, strict=True)):
        box = (left, edge, left + wide, edge + high)
        draw_looking_button(sketch, style, box, label, style.type.pen(), look=made.look, ground=theme.title,
                            default=0 < number == len(buttons) - 1, place=number)  # fmt: skip


def _buttons(made: Request, place: str, buttons: list[str], widths: list[float], at: tuple[float, float],
             size: tuple[int, int]) -> None:  # fmt: skip
    """In a row at one side, as wide as the dialog, or below each other."""
    rng, sketch, style, pen = made.rng, made.sketch, made.style, made.style.type.pen()
    (side, top), (high, space) = at, size
    room = sketch.image.width - 2 * side
    default = rng.choice((0, len(buttons) - 1, -1))
    if place == "full":
        widths = [(room - space * (len(buttons) - 1)) / len(buttons)] * len(buttons)
    elif place == "stack":
        widths = [room] * len(buttons)
    row = sum(widths) + space * (len(widths) - 1)
    left = {"right": side + room - row, "centre": side + (room - row) / 2}.get(place, side)
    if place in {"right", "full"} and rng.random() < 0.3:
        sketch.draw.line((0, top - style.px(5), sketch.image.width, top - style.px(5)), style.theme.line)
    for number, (label, wide) in enumerate(zip(buttons, widths, strict=True)):
        draw_looking_button(sketch, style, (left, top, left + wide, top + high), label, pen, look=made.look,
                            ground=made.ground, default=number == default, place=number)  # fmt: skip
        if place == "stack":
            top += high + space // 2
        elif place == "apart" and number == 0:
            left = side + room - sum(widths[1:]) - space * (len(widths) - 2)
        else:
            left += wide + space


def _add_field(made: Request, wrap_at: float) -> None:
    """A label above or beside an input field; a password is dots."""
    rng, style, theme, pen = made.rng, made.style, made.style.theme, made.style.type.pen()
    label = rng.choice((*_FIELD_LABELS, made.writer.label() + ":"))
    secret = label == "Password:"
    value = "" if secret else rng.choice((made.writer.file, made.writer.name, made.writer.word, made.writer.path))()
    high = round(pen.line * 1.5)
    label_wide = pen.width(label) + style.px(8)

    def draw(left: float, top: float, width: float) -> None:
        made.sketch.text(left, made.sketch.row(top, top + high, pen), label, pen, made.ink)
        box = (left + label_wide, top, left + width, top + high)
        made.sketch.panel(box, theme.field, theme, sunken=True)
        x, middle, dot = box[0] + style.px(6), top + high / 2, max(2, style.px(3))
        for number in range(rng.randint(4, 9) if secret else 0):
            at = x + number * dot * 3
            made.sketch.draw.ellipse((at, middle - dot, at + 2 * dot, middle + dot), theme.field_ink)
        if value:
            made.sketch.text(x, made.sketch.row(top, top + high, pen), value, pen, theme.field_ink)

    made.blocks.append(Block(label_wide + max(wrap_at / 2, pen.width(value) + style.px(16)), high, draw))
    if value:
        made.ask("value", value, _FIELD_VALUE)
        made.ask("value", value, ("What is {t}?", "What is entered for {t}?", "What does it say for {t}?",
                                  "Which value does {t} have?"), t=label.rstrip(":"))  # fmt: skip


def _add_options(made: Request, wrap_at: float) -> None:
    """Two to five choices: rows, one highlighted, or radio buttons."""
    rng, style, theme, pen = made.rng, made.style, made.style.theme, made.style.type.pen()
    options = list(dict.fromkeys(made.writer.label().replace(",", ".") for _ in range(rng.randint(2, 5))))
    chosen = rng.randrange(len(options))
    radio, high, dot = rng.random() < 0.5, round(pen.line * 1.4), style.px(6)

    def draw(left: float, top: float, width: float) -> None:
        if not radio:
            made.sketch.panel((left, top, left + width, top + high * len(options) + 4), theme.field, theme, sunken=True)
        for number, option in enumerate(options):
            y, ink = top + 2 + number * high, made.ink if radio else theme.field_ink
            middle = y + high / 2
            if radio:
                box = (left, middle - dot, left + 2 * dot, middle + dot)
                made.sketch.draw.ellipse(box, theme.field, theme.ink)
                if number == chosen:
                    made.sketch.draw.ellipse((left + dot * 0.5, middle - dot * 0.5, left + dot * 1.5,
                                              middle + dot * 0.5), theme.field_ink)  # fmt: skip
            elif number == chosen:
                made.sketch.draw.rectangle((left + 2, y, left + width - 3, y + high - 1), theme.accent)
                ink = theme.accent_ink
            x = left + (2 * dot + style.px(6) if radio else style.px(6))
            made.sketch.text(x, made.sketch.row(y, y + high, pen), option, pen, ink)

    wide = max(map(pen.width, options)) + style.px(30)
    made.blocks.append(Block(max(wide, wrap_at * 0.6), high * len(options) + 4, draw))
    made.ask("list", ", ".join(options), _OPTIONS)
    made.ask("selected", options[chosen], _CHOSEN)


def _add_progress(made: Request, wrap_at: float) -> None:
    """A bar with its percentage."""
    rng, style, theme, pen = made.rng, made.style, made.style.theme, made.style.type.pen()
    done, high = rng.randint(2, 98), style.px(rng.randint(6, 16))
    text = f"{done}{rng.choice(('%', ' %'))}"

    def draw(left: float, top: float, width: float) -> None:
        right = left + width - pen.width(text) - style.px(8)
        middle = top + pen.line / 2
        made.sketch.panel((left, middle - high / 2, right, middle + high / 2), theme.field, theme, sunken=True)
        fill = (left + 1, middle - high / 2 + 1, left + 1 + (right - left - 2) * done / 100, middle + high / 2 - 2)
        made.sketch.draw.rectangle(fill, theme.accent)
        made.sketch.text(right + style.px(8), made.sketch.row(top, top + pen.line, pen), text, pen, made.ink)

    made.blocks.append(Block(max(wrap_at * 0.7, style.px(140)), pen.line, draw))
    made.ask("value", text, _PROGRESS)


def _add_details(made: Request, wrap_at: float, lines: list[str] | None = None) -> None:
    """A box with two to four lines in fixed-width type."""
    rng, style, theme = made.rng, made.style, made.style.theme
    pen = style.type.pen(0.95, mono=rng.random() < 0.8)
    lines = lines or [made.writer.jumble(1, 4)[:44].strip() for _ in range(rng.randint(2, 4))]
    high = round(pen.line * 1.15)

    def draw(left: float, top: float, width: float) -> None:
        box = (left, top, left + width, top + high * len(lines) + style.px(8))
        made.sketch.panel(box, theme.field, theme, sunken=True)
        made.sketch.lines(left + style.px(5), top + style.px(4), lines, pen, theme.field_ink, high)

    wide = max(map(pen.width, lines)) + style.px(12)
    made.blocks.append(Block(max(wide, wrap_at * 0.5), high * len(lines) + style.px(8), draw))
    made.ask("lines", "\n".join(lines), _DETAILS)


def _add_check(made: Request, _: float) -> None:
    """A check box with its text."""
    rng, style, theme, pen = made.rng, made.style, made.style.theme, made.style.type.pen()
    text, ticked, size = rng.choice((*_CHECKS, made.writer.words(2, 4).capitalize())), rng.random() < 0.5, style.px(12)

    def draw(left: float, top: float, width: float) -> None:  # noqa: ARG001 - as wide as its text
        middle = top + pen.line / 2
        box = (left, middle - size / 2, left + size, middle + size / 2)
        made.sketch.panel(box, theme.field, theme, sunken=True, radius=2)
        if ticked:
            points = (
                (left + 2, middle),
                (left + size * 0.4, middle + size * 0.3),
                (left + size - 2, middle - size * 0.3),
            )
            made.sketch.draw.line(points, theme.field_ink, 2)
        made.sketch.text(left + size + style.px(6), made.sketch.row(top, top + pen.line, pen), text, pen, made.ink)

    made.blocks.append(Block(size + style.px(6) + pen.width(text), pen.line, draw))
    made.ask("value", text, _CHECK)
    made.ask("is_checked", "Yes" if ticked else "No", _TICKED, t=text)


_EXTRAS = [_add_field, _add_options, _add_progress, _add_details, _add_check]
