"""The parts of an answer between parser and widgets: plain values that compare equal when they look equal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntFlag
from typing import NamedTuple


class Style(IntFlag):
    """How a run of text looks; several at once."""

    PLAIN = 0
    BOLD = 1
    ITALIC = 2
    STRIKE = 4
    CODE = 8
    FORMULA = 16
    DISPLAY = 32
    MUTED = 64


class Span(NamedTuple):
    """A run of text of one look; for a formula its LaTeX. `href` is the address of a link, or empty."""

    text: str
    style: Style = Style.PLAIN
    href: str = ""


class TextKind(Enum):
    """What a `Text` is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    RULE = "rule"


@dataclass(frozen=True)
class Text:
    """A paragraph, heading or rule.

    Attributes:
        path: the lists ("l") and quotes ("q") it is in, outermost first.
        marker: bullet or number where a list item begins, else empty.
        level: of a heading, 1 to 6.
        tight: item of a list without blank lines between its items.
    """

    spans: tuple[Span, ...] = ()
    kind: TextKind = TextKind.PARAGRAPH
    path: str = ""
    marker: str = ""
    level: int = 0
    tight: bool = False


@dataclass(frozen=True)
class Code:
    """A code block, or a part of one that is too long to be shown at once.

    Attributes:
        language: as written after the fence, or empty.
        part: number of this part, the first being 0.
        more: whether another part follows; each then ends where the next one begins, with its line break.
    """

    text: str
    language: str = ""
    path: str = ""
    part: int = 0
    more: bool = False


class Cell(NamedTuple):
    """A table cell, and its Markdown."""

    spans: tuple[Span, ...]
    source: str


@dataclass(frozen=True)
class Table:
    """A table; `align` has "left", "center", "right" or "" per column; every row has as many cells as the header."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    align: tuple[str, ...]
    path: str = ""


@dataclass(frozen=True)
class Grid:
    """A table too large to be laid out as a whole; `source` is its Markdown, read line by line as it is seen."""

    source: str
    path: str = ""


@dataclass(frozen=True)
class Formula:
    """A display formula; not `closed` while its end has yet to come."""

    latex: str
    closed: bool = True
    path: str = ""


Leaf = Text | Code | Table | Grid | Formula
