"""What windows consist of, whatever toolkit builds them, and what comes out of that."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from PIL import Image

from training.screens.dialogs import Mood
from training.screens.toolkits import Recorder
from training.screens.webpages import Line

FieldKind: TypeAlias = Literal["entry", "choice", "plain", "number"]
UP, DOWN = 0.74, 0.21
"""Of a font's size: how far letters like `d` and `p` reach above and below the baseline."""


@dataclass(frozen=True)
class Say:
    """A text that wraps after about so many characters; `bold` as headings are."""

    text: str
    wrap: int = 60
    bold: bool = False


@dataclass(frozen=True)
class Icon:
    """A message's icon, beside what it stands before."""

    mood: Mood
    beside: Say


@dataclass(frozen=True)
class Press:
    """Buttons in a row, at the left, in the middle, at the right, or spread."""

    labels: list[str]
    side: Literal["left", "middle", "right", "spread"] = "right"


@dataclass(frozen=True)
class Field:
    """A label and its value, which may be edited, chosen or only read."""

    label: str
    value: str
    kind: FieldKind = "entry"


@dataclass(frozen=True)
class Fields:
    """Labelled fields below each other; labels stand left of their fields."""

    fields: list[Field]


@dataclass(frozen=True)
class Tick:
    """A check box."""

    label: str
    on: bool


@dataclass(frozen=True)
class Pick:
    """Radio buttons, one of which is chosen."""

    labels: list[str]
    chosen: int


@dataclass(frozen=True)
class Rows:
    """A list; -1 for none chosen."""

    lines: list[str]
    chosen: int = -1


@dataclass(frozen=True)
class Grid:
    """A table with a header."""

    header: list[str]
    rows: list[list[str]]
    chosen: int = -1


@dataclass(frozen=True)
class Outline:
    """A tree that is open: (depth, text) from top to bottom."""

    items: list[tuple[int, str]]
    chosen: int = -1


@dataclass(frozen=True)
class Lines:
    """Text that can be edited; `mono` as code is; numbered from `first` on, or not at all (0)."""

    lines: list[str]
    mono: bool = False
    first: int = 0


@dataclass(frozen=True)
class Tabs:
    """Pages of which one is open."""

    names: list[str]
    open_: int
    inside: list[Part]


@dataclass(frozen=True)
class Group:
    """A frame with a heading."""

    label: str
    inside: list[Part]


@dataclass(frozen=True)
class Bar:
    """How much is done, percent, and what says so (or "")."""

    done: int
    text: str


@dataclass(frozen=True)
class Menus:
    """A menu bar."""

    names: list[str]


@dataclass(frozen=True)
class Beside:
    """Two columns."""

    left: list[Part]
    right: list[Part]


Part: TypeAlias = (
    Say | Icon | Press | Fields | Tick | Pick | Rows | Grid | Outline | Lines | Tabs | Group | Bar | Menus | Beside
)


@dataclass(frozen=True)
class Plan:
    """A window: what it shows, and all that can be asked about it; `lines` are numbered from `first` on."""

    parts: list[Part]
    asker: Recorder
    kind: str
    noun: str
    lines: list[str] = field(default_factory=list)
    first: int = 1


@dataclass(frozen=True)
class Shot:
    """What a toolkit made of a plan: the image, and every text on it; `title`: where its own bar says one."""

    image: Image.Image
    texts: list[Line]
    title: str = ""


class Toolkit(Protocol):
    """Builds windows in one theme and font after the other."""

    def dress(self) -> None:
        """Take another theme and another font."""

    def shoot(self, plan: Plan, title: str) -> Shot:
        """Build the window, and photograph it. `title` may go into a bar of the toolkit's own."""


def wrapped(text: str, most: int) -> list[str]:
    """Lines of at most so many characters where words allow it."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]
