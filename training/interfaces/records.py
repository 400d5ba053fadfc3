"""What is known about a window that others laid out: which controls are seen, where, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from training.screens.records import Box
from training.screens.webpages import Line

Role: TypeAlias = Literal[
    "button", "tool", "link", "checkbox", "radio", "switch", "field", "combo", "spin", "slider", "progress", "label",
    "heading", "message", "tab", "menu", "entry", "cell", "header", "status", "group", "text", "badge", "image",
    "paragraph", "code", "item", "definition", "notice", "crumb", "hint", "error", "tile", "price",
    "section", "line",
]  # fmt: skip
"""Which kind of control it is.

- "tool": a button of a tool bar; "menu": a menu of a menu bar.
- "entry": a row of a list, a tree, a menu or a navigation.
- "field": text is typed into it; "combo": one of several is chosen; "text": a box with several lines.
- "label": a short text; "message": what a dialog or a notice says; "heading": of a page or a part of it.
- "line": one of the lines in a box of several, whose id is its `container`; `row` is its place in the text, -1 where
  the text's beginning is not seen.
- "cell" and "header": of a table, with `row` and `column`; "group": a frame with a caption; "badge": a number or a
  word on another control.
- "paragraph", "code", "item" (of a list) and "definition" (`label` is what it is of) are read; "notice": a box whose
  title is `label`; "crumb": of a breadcrumb; "hint": in grey in an empty field; "error": what is wrong with a field.
- "tile": one of several that are alike, by its title; `label` is what they are called. "price": of the tile `label`.
- "section": a heading, all of whose section is seen; `row` is how many paragraphs it has.
"""


@dataclass(frozen=True)
class Control:
    """A control that is seen as a whole.

    Attributes:
        role: which kind of control it is.
        text: what it shows: a button's label, a field's content; "" where it shows none.
        box: of the control with its text, px in the image.
        letters: height of its letters from the top of "d" to the bottom of "p", px; 0 where it has none.
        label: the visible text that says what it is, where that stands beside or above it, without a colon.
        is_on: of checkboxes, radio buttons, switches and toggle buttons.
        selected: of tabs, entries, cells and tools: it looks selected or pressed.
        enabled: it does not look greyed out.
        container: an id of the list, table, tab bar, menu bar, tool bar or group that it is in; "" for none.
        called: what people call that container where a visible text names it: a heading, a group's caption.
        row: of cells, from 0; of a table's headers -1; of paragraphs, code and items: the place below their heading.
        column: of cells and headers, from 0.
        wrapped: the lines of a paragraph as they are seen.
    """

    role: Role
    text: str
    box: Box
    letters: float = 0.0
    label: str = ""
    is_on: bool | None = None
    selected: bool = False
    enabled: bool = True
    container: str = ""
    called: str = ""
    row: int = -1
    column: int = -1
    wrapped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Interface:
    """All that is known about a window's image.

    Attributes:
        noun: what people call it, such as "settings window", "text editor", "web page".
        title: what its title bar says, seen or not; "" where it has none.
        framed: whether the image has a title bar (or a browser) around it already.
        program: the program's name where it is seen in the image or in the title, else "".
        controls: those that are seen as a whole, in reading order.
        lines: the characters that are seen; empty where their places are not known.
        located: whether `lines` has all the characters of the image.
        is_dialog: whether it is a dialog, which lies in front of a program.
        cut: the containers of which more is there than `controls` has, seen in part or not at all, such as a list that
            is scrolled; "" among them where that holds of the window itself, whose buttons are not all here then.
    """

    noun: str
    title: str
    framed: bool
    program: str
    controls: tuple[Control, ...]
    lines: tuple[Line, ...] = ()
    located: bool = False
    is_dialog: bool = False
    cut: frozenset[str] = frozenset()
