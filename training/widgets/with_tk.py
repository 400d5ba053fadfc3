"""Plans as windows of Tk, whose widgets say where their characters are, or centre them.

Needs tkinter and an X server without a window manager.
"""

from __future__ import annotations

import functools
import random
import tkinter as tk
from collections.abc import Callable
from tkinter import font as tkfont
from tkinter import ttk
from typing import Any

from PIL import ImageGrab

from training.screens.typefaces import load_families
from training.screens.webpages import Line
from training.widgets.parts import (
    DOWN,
    UP,
    Bar,
    Beside,
    Field,
    Fields,
    Grid,
    Group,
    Icon,
    Lines,
    Menus,
    Outline,
    Part,
    Pick,
    Plan,
    Press,
    Rows,
    Say,
    Shot,
    Tabs,
    Tick,
    wrapped,
)

_GROUNDS = ("#d9d9d9", "#d9d9d9", "#f0f0f0", "#dcdad5", "#ececec", "#ffffff", "#c0c0c0", "#33393b", "#2b2b2b")
_SIZES = (10, 11, 12, 12, 13, 13, 14, 15, 16, 18)
_ICONS = {"error": "::tk::icons::error", "warning": "::tk::icons::warning", "question": "::tk::icons::question",
          "info": "::tk::icons::information"}  # fmt: skip
_CELL_PAD = 4
"""Px that Tk leaves left of a cell's text."""


class TkWindows:
    """Windows of Tk, one after the other, in one of its themes each, or in its classic widgets."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._root = tk.Tk()
        self._root.overrideredirect(boolean=True)
        self._root.geometry("+0+0")
        self._style = ttk.Style(self._root)
        self._themes = self._style.theme_names()
        there = set(tkfont.families(self._root))
        families = [family for family in load_families("train") if not family.bitmap and family.name in there]
        self._families = [family.name for family in families]
        self._monos = [family.name for family in families if family.mono]
        self._known: list[Callable[[], list[Line]]] = []
        self.dress()

    def dress(self) -> None:
        """Another theme, another ground, other fonts."""
        rng, style = self._rng, self._style
        style.theme_use(rng.choice(self._themes))
        usual = [
            name for name in ("DejaVu Sans", "Noto Sans", "Liberation Sans", "Cantarell") if name in self._families
        ]
        name = rng.choice(usual if usual and rng.random() < 0.4 else self._families)
        size = -rng.choice(_SIZES)
        self._font = tkfont.Font(self._root, family=name, size=size)
        self._bold = tkfont.Font(self._root, family=name, size=size, weight="bold")
        self._mono = tkfont.Font(self._root, family=rng.choice(self._monos), size=-rng.choice((11, 12, 13, 14, 15)))
        self._classic = rng.random() < 0.35
        ground = rng.choice(_GROUNDS)
        dark = int(ground[1:3], 16) < 128
        self._ground, self._ink = ground, "#f0f0f0" if dark else "#000000"
        self._field = rng.choice(("#1e1e1e", "#202428")) if dark else "#ffffff"
        self._chosen = rng.choice(("#4a6984", "#c3c3c3", "#3584e4", "#000080")) if not dark else "#15539e"
        chosen_ink = "#000000" if self._chosen == "#c3c3c3" else "#ffffff"
        self._chosen_ink = chosen_ink
        style.configure(".", font=self._font, background=ground, foreground=self._ink)
        style.configure("TEntry", fieldbackground=self._field, foreground=self._ink)
        for name in ("TCombobox", "TSpinbox"):
            style.map(name, fieldbackground=[("", self._field)], foreground=[("", self._ink)],
                      selectbackground=[("", self._field)], selectforeground=[("", self._ink)])  # fmt: skip
        style.configure("Treeview", background=self._field, fieldbackground=self._field, foreground=self._ink,
                        font=self._font, rowheight=self._line(self._font) + rng.randint(1, 8))  # fmt: skip
        style.map("Treeview", background=[("selected", self._chosen)], foreground=[("selected", chosen_ink)])
        style.configure("Treeview.Heading", font=self._font)

    def shoot(self, plan: Plan, title: str) -> Shot:  # noqa: ARG002 - the window manager draws Tk's titles
        """Build, draw, photograph; a window that does not get the size it asks for raises ValueError."""
        rng, root = self._rng, self._root
        self._known = []
        top = tk.Frame(root, background=self._ground, padx=rng.randint(3, 18), pady=rng.randint(3, 16))
        self._pad = rng.randint(2, 9)
        self._stack(top, plan.parts)
        top.pack()
        root.update_idletasks()
        root.update()
        left, down, wide, high = top.winfo_rootx(), top.winfo_rooty(), top.winfo_width(), top.winfo_height()
        try:
            if top.winfo_reqwidth() != wide or top.winfo_reqheight() != high:
                raise ValueError(f"the window is {wide} x {high} px")
            shot = ImageGrab.grab((left, down, left + wide, down + high), xdisplay="").convert("RGB")
            texts = [line for known in self._known for line in known()]
        finally:
            top.destroy()
        return Shot(shot, [_moved(line, left, down) for line in texts])

    # --- texts and where they are

    def _line(self, font: tkfont.Font) -> int:
        return font.metrics("linespace")

    def _text(self, text: str, font: tkfont.Font, left: float, top: float) -> Line:
        """A line of this font whose line box begins there, in the screen's px."""
        edges = tuple(left + font.measure(text[:end]) for end in range(len(text) + 1))
        return self._known_line(text, edges, font, top)

    def _known_line(self, text: str, edges: tuple[float, ...], font: tkfont.Font, top: float) -> Line:
        size, baseline = -font.cget("size"), top + font.metrics("ascent")
        return Line(text, edges, baseline - UP * size, baseline + DOWN * size)

    def _centred(self, widget: Any, lines: list[str], font: tkfont.Font) -> list[Line]:
        """A block of lines in the middle of a widget, flush left."""
        wide, step = max(map(font.measure, lines)), self._line(font)
        left = widget.winfo_rootx() + (widget.winfo_width() - wide) // 2
        top = widget.winfo_rooty() + (widget.winfo_height() - step * len(lines)) // 2
        return [self._text(line, font, left, top + number * step) for number, line in enumerate(lines) if line]

    def _label(self, parent: Any, lines: list[str], font: tkfont.Font | None = None) -> Any:
        font = font or self._font
        label = tk.Label(parent, text="\n".join(lines), font=font, background=self._ground, foreground=self._ink,
                         justify="left", borderwidth=0, padx=0, pady=1, highlightthickness=0)  # fmt: skip
        self._known.append(lambda: self._centred(label, lines, font))
        return label

    # --- parts

    def _stack(self, parent: Any, parts: list[Part]) -> None:
        for part in parts:
            self._build(parent, part)

    def _build(self, parent: Any, part: Part) -> None:
        builders: dict[type, Callable[[Any, Any], None]] = {
            Say: self._say, Icon: self._icon, Press: self._press, Fields: self._fields, Tick: self._tick,
            Pick: self._pick, Rows: self._rows, Grid: self._grid, Outline: self._outline, Lines: self._lines,
            Tabs: self._tabs, Group: self._group, Bar: self._bar, Menus: self._menus, Beside: self._beside,
        }  # fmt: skip
        builders[type(part)](parent, part)

    def _frame(self, parent: Any) -> Any:
        return tk.Frame(parent, background=self._ground)

    def _say(self, parent: Any, part: Say) -> None:
        font = self._bold if part.bold else self._font
        self._label(parent, wrapped(part.text, part.wrap), font).pack(anchor="w", pady=self._pad)

    def _icon(self, parent: Any, part: Icon) -> None:
        frame = self._frame(parent)
        frame.pack(anchor="w")
        shown = tk.Label(frame, image=_ICONS[part.mood], background=self._ground)
        shown.pack(side="left", padx=self._pad)
        self._label(frame, wrapped(part.beside.text, part.beside.wrap)).pack(side="left", padx=self._pad)

    def _press(self, parent: Any, part: Press) -> None:
        frame = self._frame(parent)
        frame.pack(anchor={"left": "w", "right": "e"}.get(part.side, "center"), pady=self._pad,
                   fill="x" if part.side == "spread" else "none")  # fmt: skip
        wide = self._rng.random() < 0.5
        for label in part.labels:
            button: Any
            if self._classic:
                button = tk.Button(frame, text=label, font=self._font, background=self._ground, foreground=self._ink,
                                   padx=self._pad + 3, pady=self._pad // 2)  # fmt: skip
            else:
                button = ttk.Button(frame, text=label)
                button.configure(width=-8 if wide else 0)
            button.pack(side="left", padx=self._pad // 2 + 1, expand=part.side == "spread")
            self._known.append(functools.partial(self._centred, button, [label], self._font))

    def _fields(self, parent: Any, part: Fields) -> None:
        frame = self._frame(parent)
        frame.pack(anchor="w", pady=self._pad)
        side = self._rng.choice(("w", "e"))
        for row, one in enumerate(part.fields):
            if one.label:
                label = self._label(frame, [one.label])
                label.grid(row=row, column=0, sticky=side, padx=self._pad, pady=self._pad // 2)
            self._value(frame, one).grid(row=row, column=1, sticky="w", padx=self._pad, pady=self._pad // 2)

    def _value(self, parent: Any, one: Field) -> Any:
        if one.kind == "plain":
            return self._label(parent, [one.value])
        room = max(12, len(one.value) + 4) + self._rng.randint(0, 10)
        made: Any
        if one.kind == "choice":
            made = ttk.Combobox(parent, values=[one.value], width=room, font=self._font)
        elif one.kind == "number":
            made = ttk.Spinbox(parent, from_=0, to=9999, width=8, font=self._font)
        elif self._classic:
            made = tk.Entry(parent, width=room, font=self._font, background=self._field, foreground=self._ink,
                            highlightthickness=self._rng.choice((0, 1)))  # fmt: skip
        else:
            made = ttk.Entry(parent, width=room, font=self._font)
        made.insert(0, one.value)
        self._known.append(lambda: self._entered(made, one.value))
        return made

    def _entered(self, entry: Any, value: str) -> list[Line]:
        left, top = entry.winfo_rootx(), entry.winfo_rooty()
        boxes = [entry.bbox(place) for place in range(len(value))]
        edges = (*(left + box[0] for box in boxes), left + boxes[-1][0] + self._font.measure(value[-1]))
        return [self._known_line(value, edges, self._font, top + boxes[0][1])]

    def _mark(self, parent: Any, label: str, make: Callable[[Any], Any]) -> None:
        """A check box or a radio button, with its label as a widget of its own."""
        frame = self._frame(parent)
        frame.pack(anchor="w", pady=self._pad // 3)
        make(frame).pack(side="left")
        self._label(frame, [label]).pack(side="left")

    def _tick(self, parent: Any, part: Tick) -> None:
        state = tk.BooleanVar(self._root, value=part.on)

        def make(frame: Any) -> Any:
            if self._classic:
                box: Any = tk.Checkbutton(frame, variable=state, background=self._ground, highlightthickness=0)
            else:
                box = ttk.Checkbutton(frame, variable=state)
            box.state_kept = state
            return box

        self._mark(parent, part.label, make)

    def _pick(self, parent: Any, part: Pick) -> None:
        state = tk.StringVar(self._root, value=str(part.chosen))
        for number, label in enumerate(part.labels):

            def make(frame: Any, number: int = number) -> Any:
                if self._classic:
                    dot: Any = tk.Radiobutton(frame, variable=state, value=str(number), background=self._ground,
                                              highlightthickness=0)  # fmt: skip
                else:
                    dot = ttk.Radiobutton(frame, variable=state, value=str(number))
                dot.state_kept = state
                return dot

            self._mark(parent, label, make)

    def _rows(self, parent: Any, part: Rows) -> None:
        widest = max(map(self._font.measure, part.lines))
        made = tk.Listbox(parent, font=self._font, height=len(part.lines), background=self._field,
                          foreground=self._ink, selectbackground=self._chosen, selectforeground=self._chosen_ink,
                          width=widest // self._font.measure("0") + self._rng.randint(2, 8), activestyle="none",
                          highlightthickness=self._rng.choice((0, 1)), exportselection=False)  # fmt: skip
        made.insert("end", *part.lines)
        if part.chosen >= 0:
            made.selection_set(part.chosen)
        made.pack(anchor="w", pady=self._pad)

        def known() -> list[Line]:
            left, top, lines = made.winfo_rootx(), made.winfo_rooty(), []
            for number, text in enumerate(part.lines):
                x, y, _, high = made.bbox(number) or (0, 0, 0, 0)
                lines.append(self._text(text, self._font, left + x, top + y + (high - self._line(self._font)) // 2))
            return lines

        self._known.append(known)

    def _grid(self, parent: Any, part: Grid) -> None:
        columns = [f"c{number}" for number in range(len(part.header))]
        made: Any = ttk.Treeview(parent, columns=columns, show="headings", height=len(part.rows))
        for number, (column, head) in enumerate(zip(columns, part.header, strict=True)):
            texts = [head, *(row[number] for row in part.rows)]
            wide = max(map(self._font.measure, texts)) + 2 * _CELL_PAD + self._rng.randint(10, 30)
            made.heading(column, text=head)
            made.column(column, width=wide, stretch=False)
        names = [made.insert("", "end", values=row) for row in part.rows]
        if part.chosen >= 0:
            made.selection_set(names[part.chosen])
        made.pack(anchor="w", pady=self._pad)

        def known() -> list[Line]:
            lines = []
            for name, row in zip(names, part.rows, strict=True):
                for column, cell in zip(columns, row, strict=True):
                    lines.append(self._cell(made, made.bbox(name, column), cell, _CELL_PAD))
            top_y = made.bbox(names[0], columns[0])[1]
            for column, head in zip(columns, part.header, strict=True):
                x, _, wide, _ = made.bbox(names[0], column)
                left = made.winfo_rootx() + x + (wide - self._font.measure(head)) // 2
                top = made.winfo_rooty() + (top_y - self._line(self._font)) // 2
                lines.append(self._text(head, self._font, left, top))
            return lines

        self._known.append(known)

    def _cell(self, tree: Any, box: Any, text: str, pad: int) -> Line:
        x, y, _, high = box
        return self._text(text, self._font, tree.winfo_rootx() + x + pad,
                          tree.winfo_rooty() + y + (high - self._line(self._font)) // 2)  # fmt: skip

    def _outline(self, parent: Any, part: Outline) -> None:
        made: Any = ttk.Treeview(parent, show="tree", height=len(part.items))
        made.column("#0", width=max(self._font.measure(text) for _, text in part.items) + 80, stretch=False)
        names: list[str] = []
        branch = ""
        for depth, text in part.items:
            names.append(made.insert(branch if depth else "", "end", text=text, open=True))
            branch = branch if depth else names[-1]
        if part.chosen >= 0:
            made.selection_set(names[part.chosen])
        made.pack(anchor="w", pady=self._pad)

        def known() -> list[Line]:
            lines = []
            for name, (_, text) in zip(names, part.items, strict=True):
                box = made.bbox(name)
                middle = box[1] + box[3] // 2
                start = next(x for x in range(box[2]) if str(made.identify_element(x, middle)).endswith("text"))
                lines.append(self._cell(made, (0, *box[1:]), text, start))
            return lines

        self._known.append(known)

    def _lines(self, parent: Any, part: Lines) -> None:
        frame = self._frame(parent)
        frame.pack(anchor="w", pady=self._pad)
        font = self._mono if part.mono else self._font
        if part.first:
            numbers = [str(part.first + place) for place in range(len(part.lines))]
            self._typed(frame, numbers, font, dim=True)
        self._typed(frame, part.lines, font, dim=False)

    def _typed(self, parent: Any, lines: list[str], font: tkfont.Font, *, dim: bool) -> None:
        room = max(map(font.measure, lines)) // font.measure("0") + (1 if dim else self._rng.randint(2, 12))
        made = tk.Text(parent, font=font, width=room, height=len(lines), wrap="none", padx=3, pady=2,
                       background=self._ground if dim else self._field, foreground=self._ink,
                       borderwidth=0 if dim else 1, highlightthickness=0)  # fmt: skip
        made.insert("1.0", "\n".join(lines))
        made.pack(side="left", anchor="n")

        def known() -> list[Line]:
            left, top, found = made.winfo_rootx(), made.winfo_rooty(), []
            for number, text in enumerate(lines, 1):
                boxes = [box for place in range(len(text)) if (box := made.bbox(f"{number}.{place}"))]
                if text and len(boxes) == len(text):
                    edges = (*(left + box[0] for box in boxes), left + boxes[-1][0] + font.measure(text[-1]))
                    found.append(self._known_line(text, edges, font, top + boxes[0][1]))
            return found

        self._known.append(known)

    def _tabs(self, parent: Any, part: Tabs) -> None:
        made: Any = ttk.Notebook(parent)
        for number, name in enumerate(part.names):
            page = self._frame(made)
            if number == part.open_:
                self._stack(page, part.inside)
            made.add(page, text=name)
        made.select(part.open_)
        made.pack(anchor="w", pady=self._pad)
        self._known.append(lambda: self._tab_names(made, part.names))

    def _tab_names(self, book: Any, names: list[str]) -> list[Line]:
        """Tabs do not say where they are, but what is at a place: where a tab's label begins in each direction."""
        places = ((x, y) for x in range(book.winfo_width()) for y in range(0, 3 * self._line(self._font), 2))
        begins: dict[int, tuple[int, int]] = {}
        for x, y in places:
            if book.identify(x, y) == "label":
                number = int(book.index(f"@{x},{y}"))
                left, top = begins.get(number, (x, y))
                begins[number] = (min(left, x), min(top, y))
        left, top = book.winfo_rootx(), book.winfo_rooty()
        return [self._text(names[number], self._font, left + x, top + y) for number, (x, y) in begins.items()]

    def _group(self, parent: Any, part: Group) -> None:
        label = self._label(parent, [part.label])
        made: Any
        if self._classic:
            made = tk.LabelFrame(parent, labelwidget=label, background=self._ground, padx=6, pady=4)
        else:
            made = ttk.Labelframe(parent, labelwidget=label, padding=6)
        self._stack(made, part.inside)
        made.pack(anchor="w", pady=self._pad, ipadx=self._font.measure(part.label) // 2)
        label.lift()

    def _bar(self, parent: Any, part: Bar) -> None:
        made = ttk.Progressbar(parent, length=self._rng.randint(160, 360), maximum=100, value=part.done)
        made.pack(anchor="w", pady=self._pad)
        if part.text:
            self._label(parent, [part.text]).pack(anchor=self._rng.choice(("w", "center", "e")))

    def _menus(self, parent: Any, part: Menus) -> None:
        frame = self._frame(parent)
        frame.pack(anchor="w")
        for name in part.names:
            self._label(frame, [name]).pack(side="left", padx=self._pad + 2)

    def _beside(self, parent: Any, part: Beside) -> None:
        frame = self._frame(parent)
        frame.pack(anchor="w")
        for inside in (part.left, part.right):
            column = self._frame(frame)
            column.pack(side="left", anchor="n", padx=self._pad)
            self._stack(column, inside)


def _moved(line: Line, left: float, top: float) -> Line:
    return Line(line.text, tuple(edge - left for edge in line.edges), line.top - top, line.bottom - top)
