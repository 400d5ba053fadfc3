"""Chats."""

from __future__ import annotations

import random

from training.screens.phrases import DAYS, Writer
from training.screens.programs.parts import ask_side, draw_side
from training.screens.programs.window import ProgramWindow
from training.screens.records import Screen
from training.screens.sites.facts import fact
from training.screens.themes import Style

_FACT_SHARE = 0.35
"""Of messages for training that hold something people ask for."""


def draw_chat(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A chat of this size: channels or people at the left, messages with sender and time, an input line."""
    window = ProgramWindow(rng, writer, style, width, height)
    channels = rng.random() < 0.6
    sign = rng.choice(("# ", "#", "")) if channels else ""
    names = [(sign + _channel(rng, writer)) if channels else writer.name() for _ in range(rng.randint(4, 16))]
    names = list(dict.fromkeys(names))
    opened = rng.choice(names)
    title = window.title(rng.choice((opened, writer.word().capitalize())))
    if rng.random() < 0.4:
        window.menus()
    counts = {name: str(rng.randint(1, 40)) for name in names if rng.random() < 0.2}
    entry, entries = ("channel", "channels") if channels else ("person", "people")
    if rng.random() < 0.9:
        side = draw_side(window, names, opened, counts=counts, icons=not channels and rng.random() < 0.6, share=0.2,
                         heading=rng.choice(("", "Channels" if channels else "Contacts")))  # fmt: skip
        absent = sign + _channel(rng, writer) if channels else writer.name()
        ask_side(window, side, entry, entries, absent)
        for name, count in side.counts.items():
            window.asker.ask("gauge", count, as_kind="value", label=f"the number beside {name}")
    _head(window, opened)
    window.sketch.draw.rectangle((window.left, window.top, window.right, window.bottom), window.theme.field)
    _input(window)
    said = _messages(window)
    _ask(window, said)
    shown = title if opened in title else opened
    return window.finish("chat", "chat", f"with {len(said)} messages; {shown} is open.")


def _channel(rng: random.Random, writer: Writer) -> str:
    return rng.choice((writer.slot("noun"), f"{writer.slot('noun')}-{writer.slot('noun')}", writer.word()))


def _head(window: ProgramWindow, opened: str) -> None:
    """The open channel's name and its topic, which is asked for."""
    rng, pen, theme = window.rng, window.pen, window.theme
    height = round(window.bold.line * 1.6)
    window.sketch.draw.rectangle((window.left, window.top, window.right, window.top + height), theme.window)
    row = window.sketch.row(window.top, window.top + height, pen)
    name = window.fit(opened, (window.right - window.left) * 0.4, window.bold)
    x = window.sketch.text(window.left + window.gap, row, name, window.bold, theme.ink)
    if rng.random() < 0.6:
        topic = window.fit(window.writer.sentence(3, 8), window.right - x - 4 * window.gap)
        window.sketch.text(x + 2 * window.gap, row, topic, pen, window.muted(theme.window, theme.ink))
        window.asker.ask("topic", topic, as_kind="value")
    window.top += height
    window.rule(window.top - 1)


def _input(window: ProgramWindow) -> None:
    """The line at the bottom that is written into."""
    height = round(window.pen.line * 1.7)
    window.bottom -= height
    box = (window.left + window.gap, window.bottom, window.right - window.gap, window.bottom + height - window.gap // 2)
    window.sketch.panel(box, window.theme.field, window.theme, sunken=True)
    room = box[2] - box[0] - 2 * window.gap
    text = window.rng.choice(("Write a message...", "Message", "Type here", window.writer.sentence(2, 5)))
    text = window.fit(text, room)
    ink = window.muted(window.theme.field, window.theme.field_ink)
    row = window.sketch.row(box[1], box[3], window.pen)
    window.sketch.text(box[0] + window.gap, row, text, window.pen, ink)
    window.asker.ask("typed", text, as_kind="value")


def _messages(window: ProgramWindow) -> list[tuple[str, str, str]]:
    """Draws messages from the top until there is no room; returns sender, time and text of each."""
    rng, writer, pen, sketch = window.rng, window.writer, window.pen, window.sketch
    people = [writer.name() for _ in range(rng.randint(2, 6))]
    one_line, avatars = rng.random() < 0.35, rng.random() < 0.5
    day = rng.choice(("", "", "", rng.choice((*DAYS, "Today", "Yesterday"))))
    ink, faint = window.theme.field_ink, window.muted(window.theme.field, window.theme.field_ink)
    pitch = round(pen.line * rng.uniform(1.15, 1.4))
    indent = round(pitch * 1.8) if avatars and not one_line else 0
    left, top = window.left + 2 * window.gap, float(window.top + window.gap)
    wide = min(window.right - left - indent - 2 * window.gap, pen.size * rng.choice((24, 34, 46, 60)))
    minute = rng.randrange(0, 20 * 60)
    said: list[tuple[str, str, str]] = []
    asked: dict[str, tuple[str, tuple[str, ...]]] = {}
    if day:
        sketch.text((window.left + window.right) / 2, top + pen.up, day, pen, faint)
        top += pitch * 1.4
    for _ in range(rng.randint(3, 18)):
        sender = rng.choice(people)
        minute += rng.randint(0, 25)
        when = f"{minute // 60 % 24:02}:{minute % 60:02}"
        text = writer.sentence(2, 12) if rng.random() < 0.7 else writer.message(error=rng.random() < 0.3)
        if writer.training and rng.random() < _FACT_SHARE:
            text, value, questions = fact(rng, writer)
            asked[text] = (value, questions)
        if one_line:
            text = window.fit(text, window.right - left - 2 * window.gap - pen.width(f"{when} <{sender}> ") - pitch)
        lines = [text] if one_line else pen.wrap(text, wide)
        if top + pitch * (len(lines) + (not one_line)) > window.bottom or max(map(pen.width, lines)) > wide * 1.8:
            break
        if one_line:
            x = sketch.text(left, top + pen.up, when, pen, faint) + window.gap
            x = sketch.text(x, top + pen.up, sender, window.bold, ink) + window.gap
            sketch.text(x, top + pen.up, text, pen, ink)
        else:
            if avatars:
                window.icon(left, top + pitch * 0.8, pitch * 1.3)
            x = sketch.text(left + indent, top + pen.up, sender, window.bold, ink) + window.gap
            sketch.text(x, top + pen.up, when, pen, faint)
            sketch.lines(left + indent, top + pitch, lines, pen, ink, pitch)
        top += pitch * (len(lines) + (not one_line)) + (0 if one_line else window.gap)
        said.append((sender, when, text))
    window.asker.facts({text: known for text, known in asked.items() if any(text == one for _, _, one in said)})
    return said


def _ask(window: ProgramWindow, said: list[tuple[str, str, str]]) -> None:
    asker, rng = window.asker, window.rng
    asker.ask("items_count", str(len(said)), as_kind="count", items="messages")
    if not said:
        return
    asker.ask("last_writer", said[-1][0], as_kind="value")
    asker.ask("first_writer", said[0][0], as_kind="value")
    asker.ask("last_said", said[-1][2], as_kind="message")
    asker.ask("first_said", said[0][2], as_kind="message")
    senders, times = [sender for sender, _, _ in said], [when for _, when, _ in said]
    asker.ask("people", ", ".join(dict.fromkeys(senders)), as_kind="menu")
    for sender, when, text in rng.sample(said, min(5, len(said))):
        if senders.count(sender) == 1:
            asker.ask("said", text, as_kind="message", label=sender)
            asker.ask("when_said", when, as_kind="value", label=sender)
        if times.count(when) == 1:
            asker.ask("said_at", text, as_kind="message", label=when)
            asker.ask("who_at", sender, as_kind="value", label=when)
        if len(text) < 60:
            asker.ask("who_said", sender, as_kind="value", label=text)
    asker.records("message", "messages", ("Sender", "Time", "Text"), said[:8] if len(said) <= 8 else said)
