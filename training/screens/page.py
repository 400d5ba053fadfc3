"""A page or pane in the making: a sketch with room to write into from the top down, and questions about what is there.

What is cut off by an edge is not asked about: `Page.finish` keeps only answers that are on the image as a whole.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from training.screens.asking import Asker
from training.screens.pages import PROMPTS, Table, explained, table_questions
from training.screens.phrases import Writer
from training.screens.records import Question, Screen
from training.screens.relations import Relation, relation_questions
from training.screens.sketch import Sketch
from training.screens.themes import Style, luminance
from training.screens.typefaces import Colour, Pen

_LISTS = frozenset({"buttons", "menu", "columns", "labels", "row", "list"})
_FREE = frozenset({"describe", "present", "yes_no", "whether", "is_checked", "how_many", "line_number", "program",
                   "colour", "cell_name"})  # fmt: skip
"""Kinds whose answers need not be on the image."""
MOST_COPIED = 900
_SHORT_SHARE = 0.4
"""Of tables for training that have few rows: their JSON is learned best."""


def mixed(a: Colour, b: Colour, share: float) -> Colour:
    """`share` of a, the rest of b."""
    red, green, blue = (round(share * x + (1 - share) * y) for x, y in zip(a, b, strict=True))
    return red, green, blue


class Page:
    """A sketch with a cursor.

    Attributes: `left`, `right`, `top`, `bottom`: the room that is left, px; `ground`, `ink`, `faint`, `accent`, `line`:
    colours; `pen`, `bold`, `mono`, `large`: pens.
    """

    def __init__(self, rng: random.Random, writer: Writer, style: Style, width: int, height: int,
                 grounds: tuple[Colour, Colour] | None = None) -> None:  # fmt: skip
        theme = style.theme
        self.rng, self.writer, self.style = rng, writer, style
        self.ground, self.ink = grounds or (theme.field, theme.field_ink)
        self.sketch, self.asker = Sketch(width, height, self.ground), Asker(rng)
        apart = abs(luminance(theme.accent) - luminance(self.ground)) > 60
        self.accent = theme.accent if apart else self.ink
        self.faint = mixed(self.ink, self.ground, rng.uniform(0.6, 0.9))
        self.line = mixed(self.ink, self.ground, rng.uniform(0.12, 0.35))
        self.shade = mixed(self.ink, self.ground, rng.uniform(0.04, 0.1))
        self.pen, self.bold = style.type.pen(), style.type.pen(bold=True)
        self.mono = style.type.pen(mono=True)
        self.large = style.type.pen(rng.uniform(1.3, 2.2), bold=rng.random() < 0.8)
        self.spacing = rng.uniform(1.15, 1.6)
        self.left, self.right, self.top, self.bottom = 0.0, float(width), 0.0, float(height)

    @property
    def pitch(self) -> int:
        """Of rows, px."""
        return round(self.pen.line * self.spacing)

    @property
    def wide(self) -> float:
        return self.right - self.left

    # --- drawing

    def put(self, x: float, top: float, text: str, pen: Pen | None = None, colour: Colour | None = None,
            high: float | None = None) -> float:  # fmt: skip
        """A text in a row from `top` on, `high` px high; returns its end."""
        pen = pen or self.pen
        baseline = self.sketch.row(top, top + (high or self.pitch), pen)
        return self.sketch.text(x, baseline, text, pen, colour or self.ink)

    def put_right(self, right: float, top: float, text: str, pen: Pen | None = None,
                  colour: Colour | None = None) -> None:  # fmt: skip
        self.put(right - (pen or self.pen).width(text), top, text, pen, colour)

    def say(self, text: str, pen: Pen | None = None, colour: Colour | None = None, *, gap: float = 0.4,
            most: int = 6) -> bool:  # fmt: skip
        """A paragraph at the cursor, as wide as the room; False, and nothing drawn, where it does not fit."""
        pen = pen or self.pen
        pitch = round(pen.line * min(self.spacing, 1.4))
        lines = pen.wrap(text, self.wide)
        if (
            len(lines) > most
            or self.top + pitch * len(lines) > self.bottom
            or any(pen.width(line) > self.wide for line in lines)
        ):
            return False
        self.sketch.lines(self.left, self.top, lines, pen, colour or self.ink, pitch)
        self.top += round(pitch * (len(lines) + gap))
        return True

    def fitting(self, text: str, width: float, pen: Pen | None = None) -> str:
        """As many of its words as `width` px hold."""
        return (pen or self.pen).wrap(text, width)[0] if text else text

    def fill(self, box: tuple[float, float, float, float], colour: Colour, radius: int = 0,
             outline: Colour | None = None) -> None:  # fmt: skip
        left, top, right, bottom = (round(value) for value in box)
        if right > left and bottom > top:
            radius = min(radius, (right - left) // 2, (bottom - top) // 2)
            self.sketch.draw.rounded_rectangle((left, top, right, bottom), radius, colour, outline)

    def button(self, x: float, top: float, label: str, fill: Colour | None = None) -> float:
        """Returns its right edge."""
        high, wide = round(self.pen.line * 1.7), self.pen.width(label) + self.style.px(26)
        ground = fill or self.style.theme.button
        self.fill((x, top, x + wide, top + high), ground, self.style.px(4), None if fill else self.line)
        ink = self.style.theme.button_ink if not fill else black_or_white(fill)
        self.sketch.centred(x, x + wide, self.sketch.row(top, top + high, self.pen), label, self.pen, ink)
        return x + wide

    def rule(self) -> None:
        self.sketch.draw.line((self.left, self.top, self.right, self.top), self.line)

    def table(self, table: Table, *, most: int = 20, inks: dict[str, Colour] | None = None,
              fewer: bool = False) -> Table:  # fmt: skip
        """As many rows as fit, and if `fewer`, columns; returns what was drawn (no rows where nothing was)."""
        rng = self.rng
        if self.writer.training and rng.random() < _SHORT_SHARE:
            most = min(most, rng.randint(2, 7))
        count = min(len(table) - 1, int((self.bottom - self.top) / self.pitch) - 1, most)
        gap = self.style.px(18)
        widths = [
            max((self.bold if row is table[0] else self.pen).width(row[i]) for row in table) + gap
            for i in range(len(table[0]))
        ]
        while fewer and sum(widths) > self.wide and len(widths) > 2:
            widths, table = widths[:-1], [row[:-1] for row in table]
        if count < 1 or sum(widths) > self.wide:
            return [table[0]]
        spare = min(self.wide - sum(widths), sum(widths) * rng.choice((0, 0.5, 1.5))) / len(widths)
        widths = [wide + spare for wide in widths]
        end = self.left + sum(widths)
        striped, ruled, headed = rng.random() < 0.4, rng.random() < 0.6, rng.random() < 0.6
        for number, row in enumerate(table[: count + 1]):
            box = (self.left, self.top, end, self.top + self.pitch)
            if (striped and number % 2) or (headed and not number):
                self.fill(box, self.shade)
            x, pen = self.left, self.pen if number else self.bold
            for cell, wide in zip(row, widths, strict=True):
                self.put(x + gap / 3, self.top, cell, pen, (inks or {}).get(cell, self.ink))
                x += wide
            self.top += self.pitch
            if ruled:
                self.sketch.draw.line((self.left, self.top - 1, end, self.top - 1), self.line)
        self.top += self.pitch // 2
        return table[: count + 1]

    # --- asking

    def ask(self, kind: str, answer: str, /, *phrasings: str, **slots: object) -> None:
        """A question in one of the phrasings, written as people write."""
        rng = self.rng
        text = rng.choice(phrasings)
        if rng.random() < 0.25 and not text.startswith("{"):
            text = text[0].lower() + text[1:]
        if rng.random() < 0.25:
            text = text.rstrip("?.")
        self.asker.questions.append(Question(kind, text.format(**slots), answer))

    def ask_whether(self, there: Sequence[str], other: Callable[[], str], *phrasings: str) -> None:
        """Whether there is something: once with what is there, once with what is not."""
        absent = other()
        if there and absent not in there:
            self.ask("present", "Yes", *phrasings, text=self.rng.choice(there))
            self.ask("present", "No", *phrasings, text=absent)

    def ask_table(self, table: Table, item: str = "row", items: str = "rows", *, key: int = 0) -> None:
        """About a table as drawn, headings first: as JSON, and in training about what stands where."""
        self.asker.questions += table_questions(self.rng, table)
        if self.writer.training:
            relation = Relation(table[0], table[1:], item, items, key, count_kind="how_many")
            self.asker.questions += relation_questions(self.rng, relation)

    def prompt(self, action: str, answer: str, kind: str = "text") -> None:
        """A quick action's own prompt."""
        self.asker.questions.append(Question(kind, PROMPTS[action], answer))

    def ask_error(self, error: str, noun: str) -> None:
        self.ask("message", error, "What is the error?", "What is the error message?", "Which error is shown?",
                 "What went wrong?", "Read the error.", "What does the error say?")  # fmt: skip
        self.prompt("explain-error", explained(error, noun), "message")

    def ask_program(self, *names: str) -> None:
        kinds = ("What kind of program is this?",)
        if self.writer.training and not names[0].startswith(("A ", "An ")):
            kinds = ("What is the program called?",)
        self.ask("program", names[0], "Which program is this?", "What program is this?", "What application is open?",
                 *kinds, "Which app is shown?")  # fmt: skip

    def describe(self, text: str) -> None:
        self.asker.ask("describe", text)

    def finish(self, kind: str, noun: str) -> Screen:
        """The screen, without glyphs that are cut off and questions about them."""
        width, height = self.sketch.image.size
        self.sketch.glyphs = [
            g
            for g in self.sketch.glyphs
            if g.box[0] >= 0 and g.box[1] >= 0 and g.box[2] <= width and g.box[3] <= height
        ]
        shown = "".join(glyph.char for glyph in self.sketch.glyphs if glyph.char != " ")
        screen = self.sketch.finish(self.asker, kind, noun)
        return replace(screen, questions=tuple(q for q in screen.questions if _is_seen(q, shown)))


def black_or_white(ground: Colour) -> Colour:
    """The ink that stands out more."""
    return (0, 0, 0) if luminance(ground) > 140 else (255, 255, 255)


def _is_seen(question: Question, shown: str) -> bool:
    if question.kind in _FREE:
        return True
    parts: Iterable[str] = [question.answer]
    if question.kind == "json":
        parts = _leaves(json.loads(question.answer))
    elif question.text == PROMPTS["explain-error"]:
        parts = [question.answer.split("\n")[0][1:-1]]
    elif question.kind in _LISTS:
        parts = question.answer.split(", ")
    elif "\n" in question.answer:
        parts = [line for line in question.answer.split("\n") if not line.startswith("```")]
    return bool(question.answer) and all("".join(part.split()) in shown for part in parts)


def _leaves(value: object) -> list[str]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [] if isinstance(value, bool) else [str(value)]
