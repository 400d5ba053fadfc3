"""A program's window in the making: bars take their part of it, and what is left over is the program's."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from training.screens.asking import PHRASINGS, Asker
from training.screens.pages import PROMPTS
from training.screens.panes.program_names import program_name, title_form
from training.screens.phrases import Writer
from training.screens.program_questions import PROGRAM_PHRASINGS
from training.screens.records import Question, Screen
from training.screens.sketch import Sketch, title_bar
from training.screens.themes import Style, luminance
from training.screens.typefaces import Colour, Pen
from training.screens.words import with_article

MOST_ROWS = 25
_MOST_JSON = 750
"""Characters of an answer: longer ones are not asked for."""
_COLUMNS_OF_TEXT, _LINES_OF_TEXT = 44, 19
"""Ems across and lines down that a window has at least: in smaller windows programs have smaller letters."""
_ICONS: tuple[Colour, ...] = ((229, 165, 10), (53, 132, 228), (38, 162, 105), (192, 28, 40), (145, 65, 172),
                              (154, 153, 150), (230, 97, 0))  # fmt: skip
_LOOKS = ("filled", "filled", "rounded", "tinted", "bar", "outlined", "dotted")
"""Of what is selected."""
_MENUS = ("File", "Edit", "View", "Go", "Insert", "Format", "Tools", "Data", "Message", "Window", "Help", "Settings")


class ProgramAsker(Asker):
    """Asks in the words of `PROGRAM_PHRASINGS`, then in those of all images, and for JSON."""

    def phrase(self, kind: str, **slots: object) -> str:
        if kind not in PROGRAM_PHRASINGS:
            return super().phrase(kind, **slots)
        rng = self._rng
        phrasing = rng.choice(PROGRAM_PHRASINGS[kind])
        if rng.random() < 0.2 and not phrasing.startswith(("{", "JSON", "I ")):
            phrasing = phrasing[0].lower() + phrasing[1:]
        if rng.random() < 0.2 and phrasing[-1] in "?.":
            phrasing = phrasing[:-1]
        for slot, value in slots.items():
            phrasing = phrasing.replace("{" + slot + "}", str(value))
        return phrasing

    def records(self, item: str, items: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Some columns of all rows as JSON, under their headings or under a small schema."""
        rng = self._rng
        if not rows:
            return
        places = sorted(rng.sample(range(len(headings)), rng.randint(1, min(4, len(headings)))))
        keys = [headings[place].lower() for place in places]
        if rng.random() < 0.3:
            keys = [key.replace(" ", "_") for key in keys]
        answer = json.dumps(
            [dict(zip(keys, (row[p] for p in places), strict=True)) for row in rows], ensure_ascii=False
        )
        if len(answer) > _MOST_JSON:
            return
        kind = "json_schema" if rng.random() < 0.35 else "json_rows"
        text = self.phrase(kind, item=item, items=items, keys=_joined(keys), schema=_schema(rng, keys))
        self.questions.append(Question("json", text, answer))

    def record(self, values: dict[str, str]) -> None:
        """Some of the values as one JSON object."""
        rng = self._rng
        names = sorted(rng.sample(list(values), rng.randint(min(2, len(values)), min(5, len(values)))),
                       key=list(values).index)  # fmt: skip
        keys = {name: name.lower().replace(" ", rng.choice((" ", "_"))) for name in names}
        answer = json.dumps({key: values[name] for name, key in keys.items()}, ensure_ascii=False)
        if len(answer) <= _MOST_JSON:
            text = self.phrase("json_one", keys=_joined(list(keys.values())), schema=_schema(rng, list(keys.values())))
            self.questions.append(Question("json", text, answer))

    def whole_table(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """The quick action's own prompt: for windows with one table."""
        answer = json.dumps({"columns": list(headings), "rows": [list(row) for row in rows]}, ensure_ascii=False)
        if len(answer) <= _MOST_JSON:
            self.questions.append(Question("json", PROMPTS["table-to-json"], answer))

    def names(self, items: str, names: Sequence[str]) -> None:
        """Names alone: as English lists and as JSON."""
        if names and sum(map(len, names)) < 300:
            self.ask("items_list", ", ".join(names), as_kind="menu", items=items)
            text = self.phrase("json_names", items=items)
            self.questions.append(Question("json", text, json.dumps(list(names), ensure_ascii=False)))

    def facts(self, known: Mapping[str, tuple[str, tuple[str, ...]]]) -> None:
        """What sentences that are shown say (value and questions of each); not where two answer the same question."""
        for value, questions in known.values():
            if sum(questions[0] == other[0] for _, other in known.values()) == 1:
                self.questions.append(Question("value", self._rng.choice(questions), value))

    def present(self, kind: str, there: str, absent: str, **slots: object) -> None:
        """Yes and no."""
        self.ask(kind, "Yes", as_kind="present", label=there, **slots)
        self.ask(kind, "No", as_kind="present", label=absent, **slots)


class ProgramWindow:
    """A window of `width` x `height` px.

    Attributes: `left`, `top`, `right` and `bottom` bound what no bar has taken yet, px; `pitch` is the height of a row.
    """

    def __init__(self, rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> None:
        size = style.type.size
        size = min(size, width / _COLUMNS_OF_TEXT, height / _LINES_OF_TEXT)
        self.rng, self.writer = rng, writer
        self.style = style = replace(style, type=replace(style.type, size=size), scale=min(style.scale, width / 500))
        self.theme = style.theme
        self.sketch = Sketch(width, height, style.theme.window)
        self.pen, self.bold = style.type.pen(), style.type.pen(bold=True)
        self.asker = ProgramAsker(rng)
        self.left, self.top, self.right, self.bottom = 0, 0, width, height
        self.gap = round(self.pen.size * rng.uniform(0.4, 0.8))
        self.pitch = round(self.pen.line * rng.choice((1.1, 1.2, 1.35, 1.5, 1.75)))
        self.app = writer.slot("app")
        self._named = False

    def fit(self, text: str, width: float, pen: Pen | None = None) -> str:
        """The text, or as much of it as fits, with dots after it."""
        pen = pen or self.pen
        if pen.width(text) <= width:
            return text
        while text and pen.width(text + "...") > width:
            text = text[:-1]
        return text.rstrip() + "..."

    def muted(self, ground: Colour, ink: Colour) -> Colour:
        """An ink between the two, still legible."""
        red, green, blue = ((2 * a + 5 * b) // 7 for a, b in zip(ground, ink, strict=True))
        return red, green, blue

    def selection(self, ground: Colour) -> tuple[Colour, Colour]:
        """Ground and ink of what is selected."""
        theme = self.theme
        if max(abs(a - b) for a, b in zip(theme.accent, ground, strict=True)) > 24:
            return theme.accent, theme.accent_ink
        return ((60, 60, 70), (255, 255, 255)) if luminance(ground) > 127 else ((200, 205, 220), (0, 0, 0))

    def show_selected(self, box: tuple[float, float, float, float], ground: Colour) -> Colour:
        """What is behind a selected row, in one of several looks for training; returns the ink of its text."""
        fill, ink = self.selection(ground)
        look = self.rng.choice(_LOOKS) if self.writer.training else "filled"
        left, top, right, bottom = (round(value) for value in box)
        draw, plain = self.sketch.draw, self.theme.field_ink if ground == self.theme.field else self.theme.ink
        tint = tuple((2 * a + 5 * b) // 7 for a, b in zip(fill, ground, strict=True))
        if look == "filled":
            draw.rectangle((left, top, right, bottom), fill)
            return ink
        if look == "rounded":
            draw.rounded_rectangle((left + 2, top, right - 2, bottom), max(2, (bottom - top) // 4), fill)
            return ink
        if look in {"tinted", "bar", "dotted"}:
            draw.rectangle((left, top, right, bottom), tint)
        if look == "bar":
            draw.rectangle((left, top, left + max(2, self.gap // 3), bottom), fill)
        elif look == "outlined":
            draw.rectangle((left, top, right, bottom), None, fill, 2)
        elif look == "dotted":
            draw.point([(x, y) for x in range(left, right, 2) for y in (top, bottom)], plain)
            draw.point([(x, y) for x in (left, right) for y in range(top, bottom, 2)], plain)
        return plain

    def tabs(self, names: Sequence[str], share: float, *, first: str = "") -> None:
        """A row of tabs, four of the names and `first`, one of them open: not always, and only in training."""
        rng, pen, theme, draw = self.rng, self.pen, self.theme, self.sketch.draw
        if not self.writer.training or rng.random() > share:
            return
        names = list(dict.fromkeys(filter(None, (first, *rng.sample(names, 4)))))
        height, x, opened, shown = round(pen.line * rng.uniform(1.4, 1.9)), float(self.gap), rng.choice(names), []
        look, fill = rng.choice(("raised", "underlined", "filled", "bold")), self.selection(theme.window)
        for name in names:
            used = self.bold if look == "bold" and name == opened else pen
            end = x + used.width(name) + 2 * self.gap
            if end > self.right:
                break
            box, ink = (x, self.top + 2, end, self.top + height - 1), theme.ink
            if name == opened and look == "raised":
                self.sketch.panel(box, theme.field, theme)
                ink = theme.field_ink
            elif name == opened and look == "filled":
                draw.rectangle(box, fill[0])
                ink = fill[1]
            elif name == opened and look == "underlined":
                draw.rectangle((x, self.top + height - 4, end, self.top + height - 1), fill[0])
            self.sketch.text(x + self.gap, self.sketch.row(self.top, self.top + height, used), name, used, ink)
            shown.append(name)
            x = end + self.gap * 0.3
        self.top += height
        self.rule(self.top)
        if opened in shown and len(shown) > 1:
            self.asker.ask("tab_open", opened, as_kind="selected")
        if len(shown) > 1:
            self.asker.ask("tab_list", ", ".join(shown), as_kind="menu")
            self.asker.ask("items_count", str(len(shown)), as_kind="count", items="tabs at the top")

    def keep_for_status(self, share: float) -> bool:
        """Whether a status bar will say how many rows there are (`count_status`), in training; keeps room for it."""
        kept = self.writer.training and self.rng.random() < share
        self.bottom -= round(self.pen.line * 1.35) if kept else 0
        return kept

    def count_status(self, count: int, items: str) -> None:
        """The status bar that room was kept for."""
        rng, chosen = self.rng, self.rng.randint(1, 9)
        self.bottom += round(self.pen.line * 1.35)
        form = rng.choice(("{n} {items}", "{n} {items}, {k} selected", "{k} of {n} {items} selected", "{Items}: {n}",
                           "Total: {n} {items}", "{n} {items} shown"))  # fmt: skip
        chosen = min(chosen, count)
        text = form.format(n=count, k=chosen, items=items, Items=items.capitalize())
        if self.status(text) == text:
            self.asker.ask("status_says", str(count), as_kind="count", items=items)
            if "{k}" in form:
                self.asker.ask("status_selected", str(chosen), as_kind="count", items=items)

    def title(self, subject: str) -> str:
        """The title bar: the subject, the program's name or both. Returns what it says."""
        rng, style = self.rng, self.style
        pen = style.type.pen(bold=self.theme.bold_title)
        height = round(pen.line * rng.uniform(1.35, 1.9))
        title = rng.choice((f"{subject} - {self.app}", f"{subject} - {self.app}", subject, self.app))
        if self.writer.training:
            self.app = program_name(rng, self.writer, "", most=24)
            title = title_form(rng, pen.has).format(d=subject, a=self.app)
        title = self.fit(title, self.right - 3 * max(6, height * 0.36) * 1.6 - style.px(30), pen)
        self._named = title.endswith(self.app) or (
            self.writer.training and self.app in title and not title.endswith("...")
        )
        title_bar(self.sketch, style, title, pen, height)
        self.top = height
        self.asker.ask("title", title)
        return title

    def menus(self) -> None:
        """A menu bar, sometimes."""
        if self.rng.random() < 0.45:
            return
        names = [name for name in _MENUS if name in {"File", "Edit", "Help"} or self.rng.random() < 0.4]
        height, x = round(self.pen.line * self.rng.uniform(1.2, 1.5)), float(self.gap)
        shown = []
        for name in names:
            if x + self.pen.width(name) < self.right - self.gap:
                row = self.sketch.row(self.top, self.top + height, self.pen)
                x = self.sketch.text(x, row, name, self.pen, self.theme.ink) + self.gap * 1.6
                shown.append(name)
        self.top += height
        self.asker.ask("menu", ", ".join(shown))

    def tools(self, names: Sequence[str], share: float = 0.6) -> None:
        """A tool bar: buttons with labels, or icons alone."""
        if self.rng.random() > share:
            return
        height, x = round(self.pen.line * 1.7), float(self.gap)
        labelled, framed, shown = self.rng.random() < 0.6, self.rng.random() < 0.4, []
        middle = self.top + height / 2
        for name in names:
            wide = height * 0.75 + (self.pen.width(name) + self.gap if labelled else 0)
            if x + wide + self.gap > self.right:
                break
            if framed:
                self.sketch.panel((x, self.top + 2, x + wide, self.top + height - 2), self.theme.button, self.theme)
            self.icon(x + self.gap * 0.4, middle, height * 0.45)
            if labelled:
                ink = self.theme.button_ink if framed else self.theme.ink
                at = x + self.gap * 0.7 + height * 0.45
                self.sketch.text(at, self.sketch.row(self.top, self.top + height, self.pen), name, self.pen, ink)
                shown.append(name)
            x += wide + self.gap * 0.6
        self.top += height
        self.rule(self.top - 1)
        if shown:
            self.asker.ask("toolbar", ", ".join(shown), as_kind="buttons")

    def status(self, text: str) -> str:
        """The status bar. Returns what it says."""
        height = round(self.pen.line * 1.35)
        self.bottom -= height
        text = self.fit(text, self.right - 2 * self.gap)
        row = self.sketch.row(self.bottom, self.bottom + height, self.pen)
        self.rule(self.bottom)
        self.sketch.text(self.gap, row, text, self.pen, self.theme.ink)
        self.asker.ask("status", text)
        return text

    def rule(self, y: float) -> None:
        self.sketch.draw.line((self.left, y, self.right, y), self.theme.line)

    def icon(self, x: float, middle: float, size: float) -> None:
        """A small coloured shape."""
        box = (round(x), round(middle - size / 2), round(x + size), round(middle + size / 2))
        colour, draw = self.rng.choice(_ICONS), self.sketch.draw
        shape = self.rng.randrange(4)
        if shape == 0:
            draw.ellipse(box, colour)
        elif shape == 1:
            draw.rectangle(box, colour)
        elif shape == 2:
            draw.rectangle(box, None, colour, max(1, round(size / 6)))
        else:
            draw.polygon(((box[0], box[3]), (box[2], box[3]), ((box[0] + box[2]) // 2, box[1])), colour)

    def finish(self, kind: str, noun: str, description: str) -> Screen:
        """The image with its questions; `noun` is what people call the program."""
        thing = with_article(noun, capital=True)
        if self._named:
            self.asker.ask("program", self.app)
        else:
            self.asker.ask("program", thing)
        self.asker.ask("program_kind", thing, as_kind="program")
        self.asker.ask("describe", f"{thing} {description}")
        return self.sketch.finish(self.asker, kind, noun)


def known(kind: str) -> bool:
    """Whether there are phrasings for it."""
    return kind in PROGRAM_PHRASINGS or kind in PHRASINGS


def _joined(keys: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(keys[:-1]), keys[-1]]))


def _schema(rng: random.Random, keys: Sequence[str]) -> str:
    value = rng.choice(('"..."', "string", '""'))
    return "{" + ", ".join(f'"{key}": {value}' for key in keys) + "}"
