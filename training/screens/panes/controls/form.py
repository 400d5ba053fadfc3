"""Controls of dialogs: radio buttons, check boxes, drop-down lists, sliders, fields with a button beside them.

Each is drawn at the top of a frame's room, takes its height and is asked about; `Form` collects the values for JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from training.screens.page import black_or_white
from training.screens.panes.control_phrasings import (
    BESIDE,
    BOXES,
    CHECKED,
    CHECKED_COUNT,
    IS_CHECKED,
    KINDS_JSON,
    RADIO,
    RADIO_COUNT,
    RADIO_OPTIONS,
    UNCHECKED,
)
from training.screens.panes.frame import Frame
from training.screens.records import Question
from training.screens.themes import luminance
from training.screens.typefaces import Colour

_MOST_JSON = 500
_OF_BOXES = re.compile(r"box|tick|check", re.IGNORECASE)
_PLACED = ("at the bottom", "bottom row", "below", "lower edge")
_ROW_KINDS = frozenset({"buttons", "how_many", "json", "value"})
_TICKS = ("tick", "tick", "cross", "filled", "switch")


DIALOGS = {"propert": "property dialog", "option": "options dialog", "preference": "preferences dialog"}
WIZARDS = {"wizard": "wizard", "setup": "setup assistant", "install": "installer"}
"""What a dialog is called whose title has this in it."""


def noun_of(title: str, nouns: dict[str, str], other: str) -> str:
    """What people call a dialog with this title; `other` where it does not say it."""
    return next((noun for part, noun in nouns.items() if part in title.lower()), other)


@dataclass
class Form:
    """A dialog's controls in the making.

    Attributes: `values`: texts by label; `on`: check boxes by label; `beside`: buttons by the label of their
        field; `label_px`: the least width of labels; `circles`: whether there are radio buttons.
    """

    frame: Frame
    values: dict[str, str | int] = field(default_factory=dict)
    on: dict[str, bool] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    label_px: float = 0
    circles: bool = False

    def __post_init__(self) -> None:
        rng = self.frame.rng
        self.pitch = round(self.frame.pen.line * rng.uniform(1.5, 1.9))
        self.tick, self.dot = rng.choice(_TICKS), rng.choice(("dot", "dot", "ring", "filled"))
        self.colon = rng.choice(("", ":", ":"))

    def room(self, rows: float = 1) -> bool:
        return self.frame.top + rows * self.pitch < self.frame.bottom

    def radio(self, label: str, options: Sequence[str], chosen: str) -> None:
        """Choices of which one is on, below their label or beside each other."""
        frame, rng = self.frame, self.frame.rng
        size = round(frame.pen.up * 1.1)
        across = sum(frame.pen.width(one) + size + 3 * frame.gap for one in options) < frame.wide - 2 * frame.gap
        across = across and rng.random() < 0.4
        if label in self.values or not self.room(2 if across else len(options) + 1):
            return
        if max(map(frame.pen.width, (label, *options))) + size + 4 * frame.gap > frame.wide:
            return
        frame.put(frame.left + frame.gap, frame.top, label + self.colon, None, frame.ink, self.pitch)
        frame.top += self.pitch
        x = frame.left + 2 * frame.gap
        for option in options:
            self._circle(x, frame.top + self.pitch / 2, size, on=option == chosen)
            end = frame.put(x + size + frame.gap * 0.7, frame.top, option, None, frame.ink, self.pitch)
            x = end + 2 * frame.gap if across else x
            frame.top += 0 if across else self.pitch
        frame.top += self.pitch if across else 0
        self.values[label], self.circles = chosen, True
        frame.say_phrase("selected", chosen, RADIO, label=label)
        if rng.random() < 0.5:
            frame.say_phrase("list", ", ".join(options), RADIO_OPTIONS, label=label)
        if rng.random() < 0.25:
            frame.say_phrase("how_many", str(len(options)), RADIO_COUNT, label=label)

    def _circle(self, x: float, middle: float, size: float, *, on: bool) -> None:
        draw, theme, r = self.frame.sketch.draw, self.frame.style.theme, size / 2
        box = (x, middle - r, x + size, middle + r)
        ink = self._apart(theme.field) if self.dot != "dot" else theme.field_ink
        draw.ellipse(box, theme.field, self.frame.ink)
        if on and self.dot == "ring":
            draw.ellipse(box, None, ink, max(3, round(size / 3.2)))
        elif on:
            part = 0.5 if self.dot == "dot" else 0.64
            draw.ellipse((x + r * (1 - part), middle - r * part, x + r * (1 + part), middle + r * part), ink)

    def _apart(self, ground: Colour) -> Colour:
        """The accent, where it differs from the ground."""
        accent = self.frame.accent
        return accent if abs(luminance(accent) - luminance(ground)) > 45 else self.frame.style.theme.field_ink

    def check(self, label: str, *, on: bool) -> None:
        """A box with or without a tick, or a switch."""
        frame, size = self.frame, round(self.frame.pen.up * 1.15)
        wide = size * (1.8 if self.tick == "switch" else 1)
        if label in self.on or not self.room() or frame.pen.width(label) + wide + 3 * frame.gap > frame.wide:
            return
        x, middle = frame.left + frame.gap, frame.top + self.pitch / 2
        box = (x, middle - size / 2, x + wide, middle + size / 2)
        draw, theme, ink = frame.sketch.draw, frame.style.theme, frame.style.theme.field_ink
        if self.tick == "switch":
            frame.fill(box, self._apart(frame.line) if on else frame.line, round(size / 2))
            at = box[2] - size if on else box[0]
            draw.ellipse((at + 2, box[1] + 2, at + size - 2, box[3] - 2), theme.field)
        else:
            draw.rectangle(box, theme.field, frame.ink)
        if on and self.tick == "tick":
            draw.line((box[0] + 2, middle, x + size * 0.4, box[3] - 3, box[2] - 2, box[1] + 2), ink, 2)
        elif on and self.tick == "cross":
            draw.line((box[0] + 2, box[1] + 2, box[2] - 2, box[3] - 2), ink, 2)
            draw.line((box[0] + 2, box[3] - 2, box[2] - 2, box[1] + 2), ink, 2)
        elif on and self.tick == "filled":
            fill = self._apart(theme.field)
            frame.fill(box, fill)
            tick = (box[0] + 2, middle, x + size * 0.4, box[3] - 3, box[2] - 2, box[1] + 2)
            draw.line(tick, black_or_white(fill), 2)
        frame.put(x + wide + frame.gap * 0.8, frame.top, label, None, frame.ink, self.pitch)
        frame.top += self.pitch
        self.on[label] = on
        frame.say_phrase("is_checked", "Yes" if on else "No", IS_CHECKED[5:] if self.tick == "switch" else IS_CHECKED,
                         label=label)  # fmt: skip

    def value(self, label: str, value: str | int, form: str, unit: str = "", button: str = "") -> None:
        """A field (`form` entry, combo, spin or slider) after its label, with a unit or a button behind it."""
        frame, text = self.frame, str(value)
        end = frame.pen.width(unit or button) + (3 * frame.gap if button else 0) + (2 * frame.gap if unit else 0)
        left = frame.left + max(self.label_px, frame.pen.width(label + self.colon)) + 2 * frame.gap
        needed = frame.pen.width(text) + 5 * frame.gap
        if label in self.values or not self.room() or left + needed + end + frame.gap > frame.right:
            return
        frame.put(frame.left + frame.gap, frame.top, label + self.colon, None, frame.ink, self.pitch)
        stretch = frame.rng.uniform(0, 1) if form in {"entry", "combo"} else 0.15
        right = left + needed + (frame.right - frame.gap - end - left - needed) * stretch
        box = (left, frame.top + 2, right, frame.top + self.pitch - 2)
        if form == "slider":
            self._slider(left, right, int(value))
            frame.put(right + frame.gap, frame.top, text + unit, None, frame.ink, self.pitch)
        else:
            self._box(box, text, form)
        if button:
            self._button(right + frame.gap, button)
            self.beside[label] = button
            frame.say_phrase("button", button, BESIDE, label=label)
        elif unit and form != "slider":
            frame.put(right + frame.gap / 2, frame.top, unit, None, frame.ink, self.pitch)
        frame.top += self.pitch
        self.values[label] = value
        frame.ask_value(label, text + (unit if form == "slider" else ""))

    def _slider(self, left: float, right: float, value: int) -> None:
        frame, middle = self.frame, self.frame.top + self.pitch / 2
        at = left + (right - left) * min(100, value) / 100
        frame.fill((left, middle - 2, right, middle + 1), frame.line)
        frame.fill((left, middle - 2, at, middle + 1), frame.accent)
        r = frame.pen.up * 0.45
        frame.sketch.draw.ellipse((at - r, middle - r, at + r, middle + r), frame.style.theme.button, frame.ink)

    def _box(self, box: tuple[float, float, float, float], text: str, form: str) -> None:
        frame, theme = self.frame, self.frame.style.theme
        flat = form == "combo" and frame.rng.random() < 0.4
        frame.sketch.panel(box, theme.button if flat else theme.field, theme, sunken=not flat)
        ink = theme.button_ink if flat else theme.field_ink
        frame.put(box[0] + frame.gap * 0.8, frame.top, text, None, ink, self.pitch)
        x, middle, r = box[2] - frame.gap - 2, (box[1] + box[3]) / 2, max(2, frame.pen.size // 5)
        if form == "combo":
            frame.sketch.draw.polygon(((x - r, middle - r / 2), (x + r, middle - r / 2), (x, middle + r)), ink)
        elif form == "spin":
            frame.sketch.draw.polygon(((x - r, middle - 2), (x + r, middle - 2), (x, middle - 2 - r)), ink)
            frame.sketch.draw.polygon(((x - r, middle + 2), (x + r, middle + 2), (x, middle + 2 + r)), ink)

    def _button(self, x: float, name: str) -> float:
        frame, theme = self.frame, self.frame.style.theme
        right = x + frame.pen.width(name) + 2 * frame.gap
        frame.sketch.panel((x, frame.top + 2, right, frame.top + self.pitch - 2), theme.button, theme)
        frame.put(x + frame.gap, frame.top, name, None, theme.button_ink, self.pitch)
        return right

    # --- about all of them

    def ask_all(self) -> None:
        """Which boxes are ticked and how many, and values as JSON under a schema that the question names."""
        frame, rng = self.frame, self.frame.rng
        ticked = [label for label, on in self.on.items() if on]
        clear = [label for label in self.on if label not in ticked]
        if len(self.on) > 1 and not (self.circles and self.tick == "switch"):
            if ticked and not any("," in label for label in ticked):
                frame.say_phrase("list", ", ".join(ticked), self._of(CHECKED))
            if clear and rng.random() < 0.5 and not any("," in label for label in clear):
                frame.say_phrase("list", ", ".join(clear), self._of(UNCHECKED))
            frame.say_phrase("how_many", str(len(ticked)), self._of(CHECKED_COUNT))
            if rng.random() < 0.3 and not any("," in label for label in self.on):
                frame.say_phrase("list", ", ".join(self.on), self._of(BOXES))
        for _ in range(2):
            self._ask_json()
        if self.beside:  # there are other buttons than those of the row
            frame.asker.questions = [one for one in frame.asker.questions if not _is_vague(one)]

    def _of(self, phrasings: Sequence[str]) -> list[str]:
        """Those that fit: a switch has no tick, and beside radio buttons only boxes are asked for by that name."""
        if self.circles and self.tick != "switch" and any("box" in one for one in phrasings):
            return [one for one in phrasings if "box" in one]
        return [one for one in phrasings if self.tick != "switch" or not _OF_BOXES.search(one)]

    def _ask_json(self) -> None:
        frame, rng = self.frame, self.frame.rng
        every: dict[str, str | int | bool] = {**self.values, **self.on}
        if frame.document and frame.document == frame.titled and rng.random() < 0.3:
            every = {"Title": frame.titled, **every}
        if len(every) < 2 or any(set(label) & set('{}"\\') for label in every):
            return
        chosen = sorted(rng.sample(list(every), rng.randint(2, min(5, len(every)))), key=list(every).index)
        space = rng.choice(("_", "_", " "))
        keys = [label.lower().replace(" ", space).rstrip(".?") for label in chosen]
        answer = json.dumps({key: every[label] for key, label in zip(keys, chosen, strict=True)}, ensure_ascii=False)
        kinds = [_kind(every[label]) for label in chosen]
        shape = "{" + ", ".join(f'"{key}": {kind}' for key, kind in zip(keys, kinds, strict=True)) + "}"
        if len(set(keys)) == len(keys) and len(answer) < _MOST_JSON:
            frame.say_phrase("json", answer, KINDS_JSON, schema=shape)


def _kind(value: str | bool | int) -> str:
    """As people write what a value is."""
    return "true/false" if isinstance(value, bool) else "number" if isinstance(value, int) else "string"


def _is_vague(question: Question) -> bool:
    """Whether it is about the row of buttons and does not say so."""
    text = question.text.lower()
    return "button" in text and question.kind in _ROW_KINDS and not any(place in text for place in _PLACED)
