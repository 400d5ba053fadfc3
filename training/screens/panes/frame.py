"""A program's window in the making: title bar, menus, tool bar, lists, tabs, fields, status bar, with questions."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from training.screens.page import Page, mixed
from training.screens.panes.looks import BOLD_ROW, TAB_LOOKS, close_signs, row_look, show_row, show_tab
from training.screens.panes.names import Names
from training.screens.panes.program_names import program_name, title_form
from training.screens.panes.questions import (
    DEFAULT_BUTTON,
    IS_VALUE,
    JSON_FORM,
    JSON_ONE,
    OPEN_TAB,
    OPENED,
    PROGRAM,
    PROGRAM_KIND,
    PROGRAM_TITLE,
    STATUS,
    TITLE,
    VALUE,
)
from training.screens.phrases import Writer
from training.screens.records import Question, Screen
from training.screens.sketch import title_bar
from training.screens.themes import Style, luminance
from training.screens.typefaces import Colour, Pen
from training.screens.whether import whether_value
from training.screens.words import with_article

_MENUS = ("File", "Edit", "View", "Search", "Go", "Insert", "Format", "Tools", "Options", "Window", "Help", "Session",
          "Bookmarks", "Project", "Document", "Actions", "Settings", "Server", "Layout", "Terminal", "Run")  # fmt: skip
_ICONS: tuple[Colour, ...] = ((229, 165, 10), (53, 132, 228), (38, 162, 105), (192, 28, 40), (145, 65, 172),
                              (120, 124, 130), (230, 97, 0))  # fmt: skip
_MOST_JSON = 700
"""Characters of a form as JSON."""
_FULL_SHARE, _MOST_ROWS = 0.4, 44
_COLUMNS, _LINES = 42, 21
"""Ems across and lines down that a window has at least: in smaller windows programs have smaller letters."""
_ONE = re.compile(r"\b((?:with|and) 1 (?:[a-z]+ )?[a-z]+?)(?:(ss)e)?s\b")
"""One of what a description counts, with the "s" of several."""


@dataclass(frozen=True)
class Field:
    """A setting: `form` is how its value is shown (entry, combo, spin, plain)."""

    label: str
    value: str
    form: str = "entry"


class Frame(Page):
    """A window with a title bar.

    Attributes: `app`, `noun`: the program's name and kind; `document`: what is open in it; `titled`: what the bar
        says; `named`: whether the name is seen.
    """

    def __init__(self, rng: Random, writer: Writer, style: Style, width: int, height: int, noun: str, *,
                 grounds: tuple[Colour, Colour] | None = None, columns: int = _COLUMNS,
                 lines: int = _LINES) -> None:  # fmt: skip
        size = min(style.type.size, width / columns, height / lines)
        style = replace(style, type=replace(style.type, size=size), scale=min(style.scale, width / 500))
        super().__init__(rng, writer, style, width, height, grounds)
        self.noun, self.app = noun, program_name(rng, writer, noun, most=max(9, columns // 2))
        self.document, self.titled, self.named = "", "", False
        self.absent: dict[str, str] = {}
        self.valued: list[str] = []
        self.gap = round(self.pen.size * rng.uniform(0.5, 0.9))
        self.pitch_px = round(self.pen.line * rng.choice((1.05, 1.15, 1.3, 1.5)))
        self.bar_ground, self.bar_ink = style.theme.window, style.theme.ink

    # --- what is asked about any list

    def fits(self, text: str, width: float, pen: Pen | None = None) -> str:
        """The text, or as much of it as fits, with dots after it."""
        pen = pen or self.pen
        if pen.width(text) <= width:
            return text
        while text and pen.width(text + "...") > width:
            text = text[:-1]
        return text.rstrip() + "..."

    def say_phrase(self, kind: str, answer: str, phrasings: Sequence[str], **slots: object) -> None:
        """As `ask`, for phrasings with braces of JSON and slots that begin them."""
        rng = self.rng
        text = rng.choice(phrasings)
        for slot, value in slots.items():
            text = text.replace("{" + slot + "}", str(value))
        text = text[0].upper() + text[1:]
        if rng.random() < 0.2 and not text[:2].isupper():
            text = text[0].lower() + text[1:]
        if rng.random() < 0.2 and "{" not in text:
            text = text.rstrip("?.") or text
        if kind == "present" and answer == "No":
            self.absent[text] = str(slots.get("name", ""))
        self.asker.questions.append(Question(kind, text, answer))

    def ask_names(self, names: Sequence[str], item: str, items: str, where: str = "", *, selected: str = "",
                  across: bool = False, kind: str = "list", whole: bool = True, most: int = 4,
                  lined: bool = True) -> None:  # fmt: skip
        """About names in order: see `Names`."""
        if len(set(names)) == len(names):
            Names(self.rng, self.writer, self.say_phrase, names, item, items, where, across, lined).ask(
                kind, selected=selected, whole=whole, most=most)  # fmt: skip

    def ask_value(self, label: str, value: str, *more: str) -> None:
        """A value by its label, in the words of any value or in words of its own."""
        if value and not value.endswith("..."):
            lower = label if label[1:2].isupper() or self.rng.random() < 0.3 else label[0].lower() + label[1:]
            self.say_phrase("value", value, more if more and self.rng.random() < 0.7 else VALUE, label=lower)
            asked = whether_value(self.rng, value, self.valued)
            self.valued.append(value)
            if asked:
                self.say_phrase("yes_no", asked[0], IS_VALUE, label=lower, value=asked[1])

    def ask_object(self, values: dict[str, str], *, whole: bool = True) -> None:
        """Some or all of the values as one JSON object."""
        rng = self.rng
        if len(values) < 2:
            return
        answer = json.dumps(values, ensure_ascii=False)
        if whole and len(values) <= 8 and len(answer) <= _MOST_JSON:
            self.say_phrase("json", answer, JSON_FORM)
        chosen = sorted(rng.sample(list(values), rng.randint(2, min(6, len(values)))), key=list(values).index)
        keys = {name: name.lower().replace(" ", rng.choice((" ", "_"))) for name in chosen}
        answer = json.dumps({key: values[name] for name, key in keys.items()}, ensure_ascii=False)
        if len(answer) <= _MOST_JSON:
            shape = "{" + ", ".join(f'"{key}": "..."' for key in keys.values()) + "}"
            names = list(keys.values())
            self.say_phrase("json", answer, JSON_ONE, keys=", ".join(names[:-1]) + " and " + names[-1], schema=shape)

    # --- bars

    def title(self, document: str, kind: str = "") -> None:
        """The title bar: what is open, the program's name, or both; asks for what it says.

        It says the name alone where that is all there is: `document` is the same.
        """
        rng, style = self.rng, self.style
        pen = style.type.pen(bold=style.theme.bold_title)
        high = round(pen.line * rng.uniform(1.35, 1.8))
        form = "{a}" if document == self.app else title_form(rng, pen.has)
        self.document = document
        self.titled = form.format(d=document, a=self.app)
        if pen.width(self.titled) > self.right - high * 2.4 - style.px(30):
            form, self.titled = "{a}", self.fits(self.app, self.right - high * 2.4 - style.px(30), pen)
        self.named = "{a}" in form and not self.titled.endswith("...")
        title_bar(self.sketch, style, self.titled, pen, high)
        self.top = float(high)
        if not self.titled.endswith("..."):
            self.say_phrase("title", self.titled, TITLE)
            if kind and "{d}" in form:
                self.ask_opened(kind)

    def ask_opened(self, kind: str) -> None:
        self.say_phrase("file", self.document, OPENED[kind])

    def strip(self, high: float, ground: Colour | None = None) -> tuple[float, float]:
        """Takes a bar of the window's colour from the top; returns its top and bottom."""
        top = self.top
        self.fill((self.left, top, self.right, top + high), ground or self.bar_ground)
        self.top += high
        return top, top + high

    def menus(self, share: float = 0.8, names: Sequence[str] = ()) -> None:
        """A menu bar, mostly."""
        rng = self.rng
        if rng.random() > share:
            return
        names = names or ["File", *sorted(rng.sample(_MENUS[1:], rng.randint(2, 7)), key=_MENUS.index)]
        high = round(self.pen.line * rng.uniform(1.15, 1.5))
        top, _ = self.strip(high)
        x, shown = float(self.gap), []
        for name in names:
            if x + self.pen.width(name) > self.right - self.gap:
                break
            x = self.put(x, top, name, None, self.bar_ink, high) + self.gap * 1.8
            shown.append(name)
        self.ask_names(shown, "menu", "menus", rng.choice(("", " at the top", " in the menu bar")), across=True,
                       kind="menu", most=2)  # fmt: skip

    def icon(self, x: float, middle: float, size: float) -> None:
        """A small shape in colour."""
        draw, colour = self.sketch.draw, self.rng.choice(_ICONS)
        box = (round(x), round(middle - size / 2), round(x + size), round(middle + size / 2))
        shape = self.rng.randrange(5)
        if shape == 0:
            draw.ellipse(box, colour)
        elif shape == 1:
            draw.rectangle(box, colour)
        elif shape == 2:
            draw.rectangle(box, None, colour, max(1, round(size / 6)))
        elif shape == 3:
            draw.polygon(((box[0], box[3]), (box[2], box[3]), ((box[0] + box[2]) // 2, box[1])), colour)
        else:
            draw.line((box[0], box[1], box[2], box[3]), colour, max(1, round(size / 5)))
            draw.line((box[0], box[3], box[2], box[1]), colour, max(1, round(size / 5)))

    def tools(self, names: Sequence[str] = (), share: float = 0.75) -> None:
        """A tool bar: icons, icons beside or above their names, or names alone."""
        rng = self.rng
        if rng.random() > share:
            return
        look = rng.choice(("icons", "icons", "beside", "below", "names")) if names else "icons"
        high = round(self.pen.line * (2.9 if look == "below" else rng.uniform(1.6, 2.2)))
        top, bottom = self.strip(high, rng.choice((self.bar_ground, mixed(self.bar_ink, self.bar_ground, 0.06))))
        x, shown, size = float(self.gap), [], self.pen.up * rng.uniform(0.9, 1.4)
        for name in names if look != "icons" else [""] * rng.randint(5, 22):
            wide = self.pen.width(name)
            if x + wide + 2 * size + self.gap > self.right:
                break
            if look == "icons":
                self.icon(x, (top + bottom) / 2, size)
                x += size + self.gap * rng.choice((0.8, 0.8, 0.8, 2))
                continue
            if look == "below":
                self.icon(x + wide / 2 - size / 2, top + high * 0.3, size)
                x = self.put(x, top + high * 0.5, name, None, self.bar_ink, high * 0.5) + self.gap * 1.6
            else:
                if look == "beside":
                    self.icon(x, (top + bottom) / 2, size)
                    x += size + self.gap * 0.5
                x = self.put(x, top, name, None, self.bar_ink, high) + self.gap * 1.6
            shown.append(name)
        self.sketch.draw.line((self.left, self.top - 1, self.right, self.top - 1), self.line)
        self.ask_names(shown, "button", "buttons", rng.choice((" in the tool bar", " at the top")), across=True,
                       kind="buttons", most=3)  # fmt: skip

    def status(self, parts: Sequence[str]) -> list[str]:
        """A status bar with as many parts as fit; returns these."""
        high = round(self.pen.line * self.rng.uniform(1.2, 1.5))
        self.bottom -= high
        self.fill((self.left, self.bottom, self.right, self.bottom + high), self.bar_ground)
        self.sketch.draw.line((self.left, self.bottom, self.right, self.bottom), self.line)
        x, shown = self.left + self.gap, []
        for part in parts:
            if x + self.pen.width(part) > self.right - self.gap:
                break
            x = self.put(x, self.bottom, part, None, self.bar_ink, high) + self.gap * 3
            shown.append(part)
        if shown:
            self.say_phrase("status", " ".join(shown), STATUS)
        return shown

    def buttons(self, names: Sequence[str], *, align: str = "right", where: str = " at the bottom",
                default: str = "") -> None:  # fmt: skip
        """A row of buttons at the bottom, one of them the default one."""
        high = round(self.pen.line * 2.4)
        wides = [self.pen.width(name) + self.style.px(26) + self.gap for name in names]
        if sum(wides) > self.wide - 2 * self.gap or self.bottom - high < self.top:
            return
        self.bottom -= high
        self.fill((self.left, self.bottom, self.right, self.bottom + high), self.bar_ground)
        x = self.right - sum(wides) - self.gap if align == "right" else self.left + self.gap
        for name in names:
            fill = self.accent_on_bar() if name == default else None
            x = self.button(x, self.bottom + self.pen.line * 0.35, name, fill) + self.gap
        if default and len(names) > 1:
            self.say_phrase("selected", default, DEFAULT_BUTTON)
        self.ask_names(names, "button", "buttons", where, across=True, kind="buttons")

    def tabs(self, names: Sequence[str], opened: str, *, where: str = " at the top", pen: Pen | None = None) -> None:
        """A row of tabs, in one of several looks."""
        rng, pen = self.rng, pen or self.pen
        high = round(pen.line * rng.uniform(1.4, 1.9))
        look = rng.choice([look for look in TAB_LOOKS if look != "bold" or self.bold.face.bold])
        cross = self.pen.size if rng.random() < 0.2 else 0
        top, bottom = self.strip(high)
        x, shown, bar = self.left + rng.choice((0, self.gap)), [], (self.bar_ground, self.bar_ink)
        for name in names:
            used = self.bold if look == "bold" and name == opened else pen
            end = x + used.width(name) + 2.4 * self.gap + cross
            if end > self.right:
                break
            ink = show_tab(self, (x, top + 2, end, bottom), look, bar, self.accent_on_bar(), opened=name == opened)
            self.put(x + 1.2 * self.gap, top, name, used, ink, high)
            if cross:
                close_signs(self, (end - self.gap,), (top + bottom) / 2 + 1, ink)
            shown.append(name)
            x = end + rng.choice((0, 2))
        self.ask_names(shown, "tab", "tabs", where, selected=opened if len(shown) > 1 else "", across=True, kind="menu")
        if opened in shown and len(shown) > 1:
            self.say_phrase("selected", opened, OPEN_TAB)

    def accent_on_bar(self) -> Colour:
        apart = abs(luminance(self.style.theme.accent) - luminance(self.bar_ground)) > 40
        return self.style.theme.accent if apart else self.bar_ink

    def put_at_end(self, right: float, top: float, text: str, ink: Colour, high: float) -> None:
        """A text that ends at `right`."""
        self.put(right - self.pen.width(text), top, text, None, ink, high)

    # --- panes

    def panel(self, names: Sequence[str], item: str, items: str, *, heading: str = "", selected: str = "",
              share: float = 0.22, right: bool = False, icons: bool = True, whole: bool = True,
              indents: Sequence[int] = (), where: str | None = None) -> list[str]:  # fmt: skip
        """A list at one side, as wide as it needs up to a share of the room; returns the names shown."""
        rng, pitch = self.rng, self.pitch_px
        size = self.pen.up * 0.9 if icons else 0
        step = self.pen.size * 1.1
        widest = max(self.pen.width(name) + step * (indents[n] if indents else 0) for n, name in enumerate(names))
        wide = min(max(widest, self.bold.width(heading)) + 3 * self.gap + size, self.wide * share * 1.5)
        left = self.right - wide if right else self.left
        ground, ink = rng.choice(((self.bar_ground, self.bar_ink), (self.ground, self.ink)))
        self.fill((left, self.top, left + wide, self.bottom), ground)
        self.sketch.draw.line((left if right else left + wide,) * 1 + (self.top,) +
                              (left if right else left + wide, self.bottom), self.line)  # fmt: skip
        top = self.top + self.gap / 2
        if heading:
            top = self.put(left + self.gap, top, heading, self.bold, ink, pitch) * 0 + top + pitch
        shown: list[str] = []
        bold: tuple[str, ...] = ()
        look = row_look(rng, signs=not indents, bold=self.bold.face.bold and not self.pen.face.bold)
        for n, name in enumerate(names):
            if top + pitch > self.bottom:
                break
            x, used = left + self.gap + (step * indents[n] if indents else 0), ink
            text = self.fits(name, left + wide - self.gap - size - x)
            if name == selected:
                bold = (name,)
                used = show_row(self, (left + 1, top, left + wide - 1, top + pitch), ground, ink, look)
                selected = text
            if icons:
                self.icon(x, top + pitch / 2, size)
            pen = self.bold if look == BOLD_ROW and name in bold else None
            self.put(x + size + (self.gap * 0.5 if icons else 0), top, text, pen, used, pitch)
            shown.append(text)
            top += pitch
        if right:
            self.right = left
        else:
            self.left = left + wide + 1
        place = rng.choice((" on the right", " at the right side") if right else (" on the left", " in the side bar",
                                                                                  " at the left"))  # fmt: skip
        if shown:
            self.ask_names(shown, item, items, place if where is None else where,
                           selected=selected if selected in shown else "",
                           whole=whole and len(shown) == len(names))  # fmt: skip
        return shown

    def fields(self, rows: Sequence[Field], *, columns: bool = True) -> dict[str, str]:
        """Labels with values in entries, combo boxes and spin boxes; returns those drawn."""
        rng, theme = self.rng, self.style.theme
        pitch = round(self.pen.line * rng.uniform(1.6, 2.1))
        label_wide = max(self.pen.width(row.label) for row in rows) + 2 * self.gap
        room = self.wide - 2 * self.gap - (label_wide if columns else 0)
        wide = min(room, max(self.pen.width(row.value) for row in rows) + 5 * self.gap + self.style.px(60))
        at_right = rng.random() < 0.3
        drawn: dict[str, str] = {}
        for row in rows:
            if (
                self.top + pitch * (1 if columns else 2) > self.bottom
                or self.pen.width(row.value) + 3 * self.gap > wide
            ):
                continue
            label = row.label + rng.choice(("", ":")) if not drawn else row.label + ("" if self._plain else ":")
            self._plain = not label.endswith(":")
            x = self.left + self.gap
            self.put(x + (label_wide - self.gap - self.pen.width(label) - 4 if at_right and columns else 0), self.top,
                     label, None, self.ink, pitch)  # fmt: skip
            if columns:
                x += label_wide
            else:
                self.top += pitch
            box = (x, self.top + 2, x + wide, self.top + pitch - 2)
            self._field(box, row, pitch, theme.field_ink if row.form != "plain" else self.ink)
            drawn[row.label] = row.value
            self.top += pitch
        for label in rng.sample(list(drawn), min(5, len(drawn))):
            self.ask_value(label, drawn[label])
        labels = list(drawn)
        if labels:
            self.ask_names(labels, "field", "fields", kind="labels", most=1)
            self.ask_object(drawn)
        return drawn

    _plain = False

    def _field(self, box: tuple[float, float, float, float], row: Field, pitch: int, ink: Colour) -> None:
        left, top, right, bottom = box
        if row.form != "plain":
            self.sketch.panel(box, self.style.theme.field, self.style.theme, sunken=True)
        self.put(left + self.gap, self.top, row.value, None, ink, pitch)
        middle, r = (top + bottom) / 2, max(2, self.pen.size // 4)
        if row.form == "combo":
            x = right - 2 * r - 4
            self.sketch.draw.polygon(((x - r, middle - r / 2), (x + r, middle - r / 2), (x, middle + r)), ink)
        elif row.form == "spin":
            x = right - 2 * r - 4
            self.sketch.draw.polygon(((x - r, middle - 2), (x + r, middle - 2), (x, middle - 2 - r)), ink)
            self.sketch.draw.polygon(((x - r, middle + 2), (x + r, middle + 2), (x, middle + 2 + r)), ink)

    def rows_for(self, least: int, most: int, pitch: float = 0) -> int:
        """How many rows a list has: so many, or often as many as there is room for in rows of `pitch` px."""
        room = int((self.bottom - self.top) / (pitch or self.pitch_px)) - 2
        if room > most and self.rng.random() < _FULL_SHARE:
            return min(_MOST_ROWS, room - self.rng.randint(0, 2))
        return self.rng.randint(least, most)

    # --- the end

    def finish(self, kind: str, noun: str) -> Screen:
        """As any page's, without questions that have two answers, or ask whether is there what is elsewhere."""
        screen = super().finish(kind, noun)
        seen = "".join(glyph.char for glyph in screen.glyphs if not glyph.char.isspace())
        wrong = {text for text, name in self.absent.items() if "".join(name.split()) in seen}
        yes = [one.text for one in screen.questions if one.kind == "present" and one.answer == "Yes"]
        wrong |= set(self.rng.sample(yes, min(len(yes), len(wrong))))
        screen = replace(screen, questions=tuple(one for one in screen.questions if one.text not in wrong))
        answers: dict[str, set[str]] = {}
        for one in screen.questions:
            answers.setdefault(_bare(one.text), set()).add(one.answer)
        return replace(screen, questions=tuple(one for one in screen.questions if len(answers[_bare(one.text)]) == 1))

    def done(self, kind: str, description: str) -> Screen:
        """The screen: which program it is, its kind and a description last."""
        thing = with_article(self.noun, capital=True)
        name = self.app if self.named else thing
        self.say_phrase("program", name, PROGRAM)
        self.say_phrase("program", name, PROGRAM)
        if self.named and self.app in self.titled:
            self.say_phrase("program", name, PROGRAM_TITLE)
        self.say_phrase("program", thing, PROGRAM_KIND)
        named = f" called {self.app}" if self.named else ""
        description = _ONE.sub(r"\1\2", description.replace("with 1 entries", "with 1 entry"))
        self.describe(f"{thing}{named} {description}")
        return self.finish(kind, self.noun)


def dialog_size(rng: Random, style: Style, ems: tuple[int, int], lines: tuple[int, int]) -> tuple[int, int]:
    """Px of a dialog that has so many ems across and lines down, least and most, at the style's size of letters."""
    size = style.type.size
    return round(size * rng.uniform(*ems)), round(size * 1.2 * rng.uniform(*lines))


def _bare(text: str) -> str:
    return text.lower().rstrip("?.")
