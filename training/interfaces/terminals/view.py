"""A screen while questions about it are collected: its rows as controls, and what they say."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from training.interfaces.questions.sheet import Asked
from training.interfaces.records import Control
from training.interfaces.terminals.grid import Grid, Ran
from training.screens.phrases import Writer
from training.screens.records import Box
from training.screens.webpages import Line

_LONGEST = 160
"""Characters of an answer in one line."""
_RULES = frozenset(map(chr, range(0x2500, 0x25A0)))
"""Characters that draw boxes and bars."""
_GAP = 3
"""Blanks after which another text begins."""


@dataclass(frozen=True)
class Place:
    """Where cells are, px: the first one's corner, a cell's size, and its letters' top and bottom in it."""

    left: float
    top: float
    width: float
    height: float
    up: float
    down: float

    def x(self, column: int) -> float:
        return self.left + column * self.width

    def box(self, row: int, first: int, end: int) -> Box:
        top = self.top + row * self.height
        return (self.x(first), top + self.up, self.x(end), top + self.down)


@dataclass(frozen=True)
class Long:
    """A line that goes on in the next rows where it was too long."""

    text: str
    first: int
    last: int


def is_plain(text: str) -> bool:
    """Whether it is ASCII that can be quoted."""
    return bool(text) and text.isascii() and text.isprintable()


def flat(text: str) -> str:
    """In one line, with single blanks."""
    return " ".join(text.split())


class View:
    """A screen and the questions about it.

    Attributes:
        lines: its rows' texts.
        rows: controls of those that are not empty.
        tables: how many outputs of several lines are on the screen: one alone may be "the table".
    """

    def __init__(self, rng: random.Random, writer: Writer, grid: Grid, place: Place) -> None:
        self.rng, self.writer, self.grid, self.place = rng, writer, grid, place
        self.lines = grid.lines
        self.asked: list[Asked] = []
        self.tables = 0
        self.rows: dict[int, Control] = {}
        high = place.down - place.up
        for number, line in enumerate(self.lines):
            if line.strip():
                first = len(line) - len(line.lstrip())
                box = place.box(number, first, len(line))
                self.rows[number] = Control("text", flat(line), box, letters=high)

    def ask(self, kind: str, answer: str, ways: Sequence[str] | str, rows: Iterable[int] | None, **slots: str) -> None:
        """Record a question that these rows answer; None: all of the window does."""
        several = kind in ("lines", "text", "describe", "json") or "\n" in answer
        if not several and (not is_plain(answer) or len(answer) > _LONGEST):
            return
        if not answer.isascii() or not all(is_plain(slot) for slot in slots.values()):
            return
        needs = () if rows is None else tuple(self.rows[row] for row in sorted(set(rows)) if row in self.rows)
        self.asked.append(Asked(kind, answer, ways if isinstance(ways, str) else tuple(ways), slots, needs))

    def ask_fixed(self, kind: str, text: str, answer: str, needs: Sequence[Control]) -> None:
        """Record a question that has been phrased already."""
        if answer.isascii() and is_plain(text):
            self.asked.append(Asked(kind, answer, ("{q}",), {"q": text}, tuple(needs)))

    def yes_no(self, ways: Sequence[str], *, yes: bool, rows: Iterable[int] | None, **slots: str) -> None:
        self.ask("yes_no", "Yes" if yes else "No", ways, rows, **slots)

    def long_lines(self, first: int, end: int) -> list[Long]:
        """The lines from a row to another, put together where they were too long for one row."""
        columns = len(self.grid.cells[0])
        found: list[Long] = []
        open_ = False
        for row in range(max(0, first), min(end, len(self.lines))):
            text = self.lines[row]
            if open_:
                found[-1] = Long(found[-1].text + text, found[-1].first, row)
            else:
                found.append(Long(text, row, row))
            open_ = len(text) == columns
        return found

    def printed(self, ran: Ran) -> list[Long]:
        """What a command printed, without empty lines around it."""
        lines = self.long_lines(ran.start, ran.end)
        while lines and not lines[-1].text.strip():
            lines.pop()
        while lines and not lines[0].text.strip():
            lines.pop(0)
        return lines

    def is_whole(self, ran: Ran) -> bool:
        """Whether all that a command printed is seen."""
        return ran.start >= 0 and ran.row >= 0

    def alone(self, text: str) -> bool:
        """Whether it stands in one row of the screen alone, once."""
        return sum(line.count(text) for line in self.lines) == 1

    def texts(self) -> list[Line]:
        """All characters, parted where a gap is between them."""
        found = []
        for number, line in enumerate(self.lines):
            column = 0
            while column < len(line):
                if line[column] == " " or line[column] in _RULES:
                    column += 1
                    continue
                end = next((at for at in range(column,
                                               len(line)) if line[at] in _RULES or line.startswith(" " * _GAP, at)),
                           len(line))  # fmt: skip
                box = self.place.box(number, column, end)
                edges = tuple(self.place.x(at) for at in range(column, end + 1))
                found.append(Line(line[column:end], edges, box[1], box[3]))
                column = end
        return found

    def counts(self) -> Counter[str]:
        """How often each word is on the screen."""
        return Counter(word for line in self.lines for word in line.split())
