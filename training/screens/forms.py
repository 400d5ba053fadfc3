"""Forms and property sheets: labels with values, in fields or plain, and check boxes."""

from __future__ import annotations

import random

from training.screens.asking import Asker
from training.screens.dialogs import draw_button, listed
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.sketch import Sketch, title_bar, title_room
from training.screens.themes import Style

_FIELDS: dict[str, str] = {
    "Name": "name", "First name": "name", "E-mail": "email", "Email": "email", "City": "place", "Address": "address",
    "Phone": "phone", "Date": "date", "Time": "time", "User name": "login", "Server": "host", "Port": "number",
    "Password": "code", "Path": "path", "File": "file", "File name": "file", "Size": "size", "Version": "version",
    "Amount": "amount", "Price": "amount", "Host": "host", "Company": "app", "Comment": "sentence", "Country": "place",
    "ID": "code", "Serial number": "code", "Status": "word", "Type": "noun", "Owner": "name", "Modified": "date",
    "Folder": "path", "Age": "percent", "Key": "code", "Order number": "number", "Subject": "words", "From": "email",
    "To": "email", "Language": "noun", "Width": "number", "Height": "number", "IP address": "host", "Total": "amount",
}  # fmt: skip


def draw_form(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """Up to six labelled values, up to four check boxes, perhaps a title and buttons."""
    pen = style.type.pen()
    label_pen = style.type.pen(bold=rng.random() < 0.2)
    rows = form_rows(rng, writer)
    boxes = form_options(rng, writer) if rng.random() < 0.4 else []
    checked = [rng.random() < 0.5 for _ in boxes]
    buttons = writer.buttons(3) if rng.random() < 0.5 else []
    title = writer.title() if rng.random() < 0.6 else ""
    title_pen = style.type.pen(bold=style.theme.bold_title)
    bar = round(title_pen.line * rng.uniform(1.3, 1.9)) if title else 0
    mark = rng.choice((":", ":", ""))
    side, gap = style.pad(rng.randint(6, 18)), style.pad(rng.randint(6, 16))
    pitch = round(pen.line * rng.uniform(1.4, 2.0))
    label_width = max((label_pen.width(label + mark) for label, _ in rows), default=0)
    value_width = max((pen.width(value) for _, value in rows), default=0) + 2 * style.px(5)
    padding, space = style.pad(14), style.px(6)
    button_width = sum(pen.width(label) + 2 * padding + space for label in buttons)
    width = max(label_width + gap + value_width + 2 * side, button_width + 2 * side,
                max((pen.width(label) for label in boxes), default=0) + pitch + 2 * side,
                title_room(style, title, title_pen, bar) if title else 0)  # fmt: skip
    height = bar + 2 * side + pitch * (len(rows) + len(boxes)) + (pitch + side // 2 if buttons else 0)
    sketch = Sketch(width, height, style.theme.window)
    if title:
        title_bar(sketch, style, title, title_pen, bar)
    top = bar + side
    fields, right_labels = rng.random() < 0.75, rng.random() < 0.5
    column = side + label_width + gap
    focused = rng.choice(rows)[0] if writer.training and fields and len(rows) > 1 and rng.random() < 0.35 else ""
    for label, value in rows:
        baseline = sketch.row(top, top + pitch, pen)
        left = column - gap - label_pen.width(label + mark) if right_labels else side
        sketch.text(left, baseline, label + mark, label_pen, style.theme.ink)
        if fields:
            box = (column, top + 1, sketch.image.width - side, top + pitch - 2)
            sketch.panel(box, style.theme.field, style.theme, sunken=True)
            if label == focused:
                _show_focus(sketch, style, box)
        sketch.text(column + style.px(5), baseline, value, pen, style.theme.field_ink if fields else style.theme.ink)
        top += pitch
    for label, on in zip(boxes, checked, strict=True):
        _check_box(sketch, style, side, top, pitch, on=on)
        sketch.text(side + pitch, sketch.row(top, top + pitch, pen), label, pen, style.theme.ink)
        top += pitch
    left, top = sketch.image.width - side - button_width + space, top + side // 2
    for label in buttons:
        wide = pen.width(label) + 2 * padding
        draw_button(sketch, style, (left, top, left + wide, top + pitch - 1), label, pen)
        left += wide + space
    asker = Asker(rng)
    ask_form(asker, title, rows, dict(zip(boxes, checked, strict=True)), buttons)
    if focused:
        asker.ask("focused", focused, as_kind="selected")
    return sketch.finish(asker, "form", "form")


def ask_form(
    asker: Asker, title: str, rows: list[tuple[str, str]], options: dict[str, bool], buttons: list[str]
) -> None:
    """All that can be asked about a form."""
    if title:
        asker.ask("title", title)
    for label, value in rows:
        asker.ask("value", value, label=label)
    if len(rows) > 1:
        asker.ask("labels", ", ".join(label for label, _ in rows))
    if options:
        asker.ask("checked", ", ".join(label for label, on in options.items() if on) or "None")
        for label, on in options.items():
            asker.ask("is_checked", "Yes" if on else "No", label=label)
    if buttons:
        asker.ask("buttons", ", ".join(buttons))
    named = f' titled "{title}"' if title else ""
    fielded = f" with the fields {listed([label for label, _ in rows])}" if len(rows) > 1 else ""
    asker.ask("describe", f"A form{named}{fielded}.")


def form_options(rng: random.Random, writer: Writer) -> list[str]:
    """Labels of one to four check boxes."""
    labels = [writer.label().replace(",", ".") for _ in range(rng.randint(1, 4))]
    return list(dict.fromkeys(labels))


def _show_focus(sketch: Sketch, style: Style, box: tuple[float, float, float, float]) -> None:
    """A frame in a colour that stands out from the field."""
    accent, field = style.theme.accent, style.theme.field
    apart = max(abs(a - b) for a, b in zip(accent, field, strict=True)) > 60
    left, top, right, bottom = (round(value) for value in box)
    sketch.draw.rectangle((left, top, right - 1, bottom - 1), None, accent if apart else (60, 130, 230), 2)


def _check_box(sketch: Sketch, style: Style, left: int, top: float, pitch: int, *, on: bool) -> None:
    size = round(pitch * 0.55)
    top = round(top + (pitch - size) / 2)
    sketch.draw.rectangle((left, top, left + size, top + size), style.theme.field, style.theme.line)
    if on:
        ink, thick = style.theme.field_ink, max(1, size // 6)
        points = (
            (left + size * 0.2, top + size * 0.5),
            (left + size * 0.42, top + size * 0.75),
            (left + size * 0.82, top + size * 0.22),
        )
        sketch.draw.line(points, ink, thick)


def form_rows(rng: random.Random, writer: Writer) -> list[tuple[str, str]]:
    """One to six different labels with their values."""
    rows: dict[str, str] = {}
    for _ in range(rng.randint(1, 6)):
        if rng.random() < 0.6:
            label = rng.choice(list(_FIELDS))
            value = _value(rng, writer, _FIELDS[label])
        else:
            label = writer.label().replace(",", ".")
            value = rng.choice((writer.number, writer.code, writer.word, writer.amount, writer.name, writer.date))()
        if rng.random() < 0.15:
            value = writer.noise(1, 2)
        rows[label] = value[:34].strip()
    return list(rows.items())


def _value(rng: random.Random, writer: Writer, kind: str) -> str:
    if kind == "place":
        return rng.choice(writer.vocabulary.places)
    if kind == "address":
        way = rng.choice(("Street", "Road", "Avenue", "Lane"))
        return f"{rng.randint(1, 199)} {writer.slot('noun').capitalize()} {way}"
    if kind == "phone":
        return f"+{rng.randint(1, 98)} {rng.randint(10, 999)} {rng.randint(1000, 9999999)}"
    if kind == "login":
        return writer.slot("noun") + str(rng.randrange(100))
    return writer.slot(kind)
