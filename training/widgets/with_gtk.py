"""Plans as windows of GTK 3, whose labels and fields hand out where their characters are.

Needs PyGObject with GTK 3 (python3-gi, gir1.2-gtk-3.0) and an X server.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable
from typing import Any

import gi  # type: ignore[import-not-found,unused-ignore]
from PIL import Image

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gtk, Pango  # type: ignore[import-not-found,unused-ignore]  # noqa: E402

from training.screens.typefaces import load_families  # noqa: E402
from training.screens.webpages import Line  # noqa: E402
from training.widgets.gtk_texts import DPI, texts_of_layout, texts_of_text_view, texts_of_tree  # noqa: E402
from training.widgets.parts import (  # noqa: E402
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

THEMES = ("Adwaita", "Adwaita", "Adwaita", "Adwaita-dark", "Adwaita-dark", "Arc", "Arc-Dark", "Arc-Darker", "Breeze",
          "Breeze-Dark", "Greybird", "Greybird-dark", "Materia", "Materia-dark", "Materia-light-compact", "Numix",
          "Raleigh")  # fmt: skip
"""Of Debian's packages arc-theme, breeze-gtk-theme, greybird-gtk-theme, materia-gtk-theme, numix-gtk-theme."""
_SIZES = (11, 12, 13, 13, 14, 14, 15, 16, 17, 19)
_FRAMES_S = 0.05
"""In which GTK surely draws a frame, after a change of size."""
_ICONS = {"error": "dialog-error", "warning": "dialog-warning", "question": "dialog-question",
          "info": "dialog-information"}  # fmt: skip


class GtkWindows:
    """Windows of GTK, one after the other, each in one of the themes that are here."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._settings = Gtk.Settings.get_default()
        there = {family.get_name() for family in Gtk.Label().get_pango_context().list_families()}
        families = [family for family in load_families("train") if not family.bitmap and family.name in there]
        self._families = [family.name for family in families]
        self._monos = [family.name for family in families if family.mono]
        self._known: list[Callable[[], list[Line]]] = []
        self._pad = 6
        self._mono = self._monos[0]
        self.dress()

    def dress(self) -> None:
        """Another theme and another font."""
        rng, settings = self._rng, self._settings
        usual = [name for name in ("DejaVu Sans", "Noto Sans", "Cantarell", "Roboto") if name in self._families]
        name = rng.choice(usual if usual and rng.random() < 0.4 else self._families)
        settings.set_property("gtk-theme-name", rng.choice(THEMES))
        settings.set_property("gtk-font-name", f"{name} {rng.choice(_SIZES)}px")
        settings.set_property("gtk-xft-antialias", int(rng.random() < 0.95))
        settings.set_property("gtk-xft-dpi", DPI * 1024)
        settings.set_property("gtk-xft-hinting", 1)
        settings.set_property("gtk-xft-hintstyle", rng.choice(("hintnone", "hintslight", "hintfull")))
        settings.set_property("gtk-xft-rgba", rng.choice(("none", "none", "rgb")))
        settings.set_property("gtk-enable-animations", False)
        settings.set_property("gtk-cursor-blink", False)
        self._mono = f"{rng.choice(self._monos)} {rng.choice((11, 12, 13, 14, 15))}px"

    def shoot(self, plan: Plan, title: str) -> Shot:
        """Build, draw, photograph, under a header bar if there is a `title`; a text cut off raises ValueError."""
        rng = self._rng
        self._known = []
        self._pad = rng.randint(2, 10)
        window = Gtk.OffscreenWindow()
        outer = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        if title:
            outer.pack_start(self._header(title), False, False, 0)
        inside = self._box(outer)
        inside.set_border_width(rng.randint(4, 18))
        self._stack(inside, plan.parts)
        window.add(outer)
        window.show_all()
        try:
            settle()
            if _make_room(outer):
                settle(_FRAMES_S)
            image = photographed(window)
            self._texts: list[Line] = []
            self._collect(outer, window)
            texts = self._texts + [line for known in self._known for line in known()]
        finally:
            window.destroy()
        return Shot(image, texts, title)

    def _header(self, title: str) -> Any:
        """A header bar that is wide enough for its title."""
        size = int(self._settings.get_property("gtk-font-name").split()[-1].removesuffix("px"))
        bar = Gtk.HeaderBar(title=title, show_close_button=True)
        bar.set_size_request(round(len(title) * size * 0.75) + 190, -1)
        return bar

    # --- texts and where they are

    def _collect(self, widget: Any, window: Any) -> None:
        """The texts of all labels and fields inside a widget."""
        if not widget.get_mapped():
            return
        if isinstance(widget, Gtk.Label):
            left, top = widget.get_layout_offsets()
            at = widget.get_allocation()
            x, y = widget.translate_coordinates(window, 0, 0)
            if widget.get_layout().is_ellipsized():
                raise ValueError(f"{widget.get_text()} is cut off")
            self._texts += texts_of_layout(widget.get_layout(), x + left - at.x, y + top - at.y)
        elif isinstance(widget, Gtk.Entry):
            x, y = widget.translate_coordinates(window, *widget.get_layout_offsets())
            self._texts += texts_of_layout(widget.get_layout(), x, y)
        elif isinstance(widget, Gtk.TextView | Gtk.TreeView):
            lines = (
                texts_of_text_view(widget, window)
                if isinstance(widget, Gtk.TextView)
                else texts_of_tree(widget, window)
            )
            top = widget.translate_coordinates(window, 0, 0)[1]
            if any(line.bottom > top + widget.get_allocated_height() for line in lines):
                raise ValueError("some lines are cut off")
            self._texts += lines
        if isinstance(widget, Gtk.Container):
            children: list[Any] = []
            widget.forall(children.append)
            for child in children:
                self._collect(child, window)

    # --- parts

    def _box(self, parent: Any, *, across: bool = False) -> Any:
        orientation = Gtk.Orientation.HORIZONTAL if across else Gtk.Orientation.VERTICAL
        made = Gtk.Box(orientation=orientation, spacing=self._pad)
        parent.pack_start(made, False, False, 0)
        return made

    def _put(self, parent: Any, child: Any, *, grow: bool = False) -> None:
        parent.pack_start(child, grow, grow, 0)

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

    def _label(self, text: str, *, bold: bool = False) -> Any:
        label = Gtk.Label(label=text, xalign=0)
        label.set_yalign(0.5)
        if bold:
            attributes = Pango.AttrList()
            attributes.insert(Pango.attr_weight_new(Pango.Weight.BOLD))
            label.set_attributes(attributes)
        return label

    def _say(self, parent: Any, part: Say) -> None:
        self._put(parent, self._label("\n".join(wrapped(part.text, part.wrap)), bold=part.bold))

    def _icon(self, parent: Any, part: Icon) -> None:
        across = self._box(parent, across=True)
        size = self._rng.choice((Gtk.IconSize.DIALOG, Gtk.IconSize.DND))
        self._put(across, Gtk.Image.new_from_icon_name(_ICONS[part.mood], size))
        self._put(across, self._label("\n".join(wrapped(part.beside.text, part.beside.wrap))))

    def _press(self, parent: Any, part: Press) -> None:
        across = self._box(parent, across=True)
        across.set_homogeneous(part.side == "spread")
        ends = {"left": Gtk.Align.START, "middle": Gtk.Align.CENTER, "right": Gtk.Align.END}
        across.set_halign(ends.get(part.side, Gtk.Align.FILL))
        suggested = self._rng.randrange(len(part.labels)) if self._rng.random() < 0.3 else -1
        for number, label in enumerate(part.labels):
            button = Gtk.Button(label=label)
            if number == suggested:
                look = self._rng.choice(("suggested-action", "destructive-action"))
                button.get_style_context().add_class(look)
            self._put(across, button, grow=part.side == "spread")

    def _fields(self, parent: Any, part: Fields) -> None:
        grid = Gtk.Grid(column_spacing=self._pad + 4, row_spacing=self._pad)
        side = self._rng.choice((0, 1))
        for row, one in enumerate(part.fields):
            label = self._label(one.label)
            label.set_xalign(side)
            if one.label:
                grid.attach(label, 0, row, 1, 1)
            grid.attach(self._value(one), 1, row, 1, 1)
        self._put(parent, grid)

    def _value(self, one: Field) -> Any:
        if one.kind == "plain":
            return self._label(one.value)
        if one.kind == "choice":
            button = Gtk.ComboBoxText.new_with_entry()
            entry = button.get_child()
        elif one.kind == "number":
            button = entry = Gtk.SpinButton.new_with_range(0, 9999, 1)
            entry.set_value(float(one.value))
            return button
        else:
            button = entry = Gtk.Entry()
        entry.set_text(one.value)
        entry.set_width_chars(len(one.value) + self._rng.randint(5, 14))
        return button

    def _tick(self, parent: Any, part: Tick) -> None:
        box = Gtk.CheckButton(label=part.label)
        box.set_active(part.on)
        self._put(parent, box)

    def _pick(self, parent: Any, part: Pick) -> None:
        first = None
        for number, label in enumerate(part.labels):
            dot = Gtk.RadioButton.new_with_label_from_widget(first, label)
            first = first or dot
            dot.set_active(number == part.chosen)
            self._put(parent, dot)

    def _rows(self, parent: Any, part: Rows) -> None:
        made = Gtk.ListBox(can_focus=False)  # the focus would select the first row
        for line in part.lines:
            label = self._label(line)
            label.set_margin_start(6)
            label.set_margin_end(self._rng.randint(8, 30))
            made.add(label)
        made.set_selection_mode(Gtk.SelectionMode.SINGLE if part.chosen >= 0 else Gtk.SelectionMode.NONE)
        if part.chosen >= 0:
            made.select_row(made.get_row_at_index(part.chosen))
        frame = Gtk.Frame()
        frame.add(made)
        self._put(parent, frame)

    def _grid(self, parent: Any, part: Grid) -> None:
        store = Gtk.ListStore(*[str] * len(part.header))
        for row in part.rows:
            store.append(row)
        tree = Gtk.TreeView(model=store, can_focus=False)
        for number, head in enumerate(part.header):
            tree.append_column(Gtk.TreeViewColumn(head, Gtk.CellRendererText(), text=number))
        lines = self._rng.choice((Gtk.TreeViewGridLines.NONE, Gtk.TreeViewGridLines.BOTH))
        tree.set_grid_lines(lines)
        self._chosen(tree, part.chosen)
        self._framed(parent, tree)

    def _outline(self, parent: Any, part: Outline) -> None:
        store = Gtk.TreeStore(str)
        branch, paths = None, []
        for depth, text in part.items:
            made = store.append(branch if depth else None, [text])
            branch = branch if depth else made
            paths.append(store.get_path(made))
        tree = Gtk.TreeView(model=store, headers_visible=False, can_focus=False)
        tree.append_column(Gtk.TreeViewColumn("", Gtk.CellRendererText(), text=0))
        tree.expand_all()
        tree.get_selection().set_mode(Gtk.SelectionMode.SINGLE)
        tree.get_selection().unselect_all()
        if part.chosen >= 0:
            tree.get_selection().select_path(paths[part.chosen])
        self._framed(parent, tree)

    def _chosen(self, tree: Any, row: int) -> None:
        tree.get_selection().unselect_all()
        if row >= 0:
            tree.get_selection().select_path(Gtk.TreePath.new_from_indices([row]))

    def _framed(self, parent: Any, child: Any) -> None:
        frame = Gtk.Frame()
        frame.add(child)
        self._put(parent, frame)

    def _lines(self, parent: Any, part: Lines) -> None:
        across = self._box(parent, across=True)
        across.set_spacing(1)
        if part.first:
            numbers = "\n".join(str(part.first + place) for place in range(len(part.lines)))
            self._put(across, self._typed(numbers, mono=part.mono))
        self._put(across, self._typed("\n".join(part.lines), mono=part.mono), grow=True)

    def _typed(self, text: str, *, mono: bool) -> Any:
        view = Gtk.TextView(left_margin=4, right_margin=self._rng.randint(8, 60), top_margin=2, bottom_margin=2)
        view.set_cursor_visible(False)
        if mono:
            provider = Gtk.CssProvider()
            name, _, size = self._mono.rpartition(" ")
            provider.load_from_data(f'textview {{ font-family: "{name}"; font-size: {size}; }}'.encode())
            view.get_style_context().add_provider(provider, Gtk.STYLE_PROVIDER_PRIORITY_USER)
        view.get_buffer().set_text(text)
        return view

    def _tabs(self, parent: Any, part: Tabs) -> None:
        book = Gtk.Notebook()
        for number, name in enumerate(part.names):
            page = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=self._pad, border_width=self._pad + 2)
            if number == part.open_:
                self._stack(page, part.inside)
            page.show_all()
            book.append_page(page, Gtk.Label(label=name))
        book.set_current_page(part.open_)
        self._put(parent, book)

    def _group(self, parent: Any, part: Group) -> None:
        frame = Gtk.Frame(label=part.label)
        inside = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=self._pad, border_width=self._pad + 2)
        self._stack(inside, part.inside)
        frame.add(inside)
        self._put(parent, frame)

    def _bar(self, parent: Any, part: Bar) -> None:
        bar = Gtk.ProgressBar(fraction=part.done / 100)
        bar.set_size_request(self._rng.randint(160, 360), -1)
        self._put(parent, bar)
        if part.text:
            label = self._label(part.text)
            label.set_xalign(self._rng.choice((0, 0.5, 1)))
            self._put(parent, label)

    def _menus(self, parent: Any, part: Menus) -> None:
        bar = Gtk.MenuBar()
        for name in part.names:
            bar.append(Gtk.MenuItem(label=name))
        self._put(parent, bar)

    def _beside(self, parent: Any, part: Beside) -> None:
        across = self._box(parent, across=True)
        for inside in (part.left, part.right):
            self._stack(self._box(across), inside)


def settle(least_s: float = 0.0) -> None:
    """Let GTK lay out and draw what is due, for so long at least."""
    until = time.monotonic() + least_s
    for number in itertools.count():
        while Gtk.events_pending():
            Gtk.main_iteration()
        if number >= 2 and time.monotonic() >= until:
            return
        time.sleep(least_s / 10)


def _make_room(widget: Any) -> bool:
    """Give texts the height of all their lines, known only once these are laid out; whether any had too little."""
    if isinstance(widget, Gtk.TextView):
        box = widget.get_iter_location(widget.get_buffer().get_end_iter())
        needed = box.y + box.height + 2 * widget.get_top_margin() + 2
        widget.set_size_request(-1, needed)
        return bool(widget.get_allocated_height() < needed)
    children = widget.get_children() if isinstance(widget, Gtk.Container) else []
    return sum(map(_make_room, children)) > 0


def photographed(window: Any) -> Image.Image:
    """What an offscreen window shows, RGB."""
    shot = window.get_pixbuf()
    wide, high = shot.get_width(), shot.get_height()
    mode = "RGBA" if shot.get_has_alpha() else "RGB"
    image = Image.frombytes(mode, (wide, high), shot.get_pixels(), "raw", mode, shot.get_rowstride())
    if mode == "RGB":
        return image
    ground = Image.new("RGB", image.size, (255, 255, 255))
    ground.paste(image, mask=image.getchannel("A"))
    return ground
