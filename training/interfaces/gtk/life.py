"""Windows of GTK 3 filled as a user would see them: names in fields, rows in tables, some boxes checked."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import gi  # type: ignore[import-not-found,unused-ignore]

gi.require_version("Gtk", "3.0")
from gi.repository import GObject, Gtk  # type: ignore[import-not-found,unused-ignore]  # noqa: E402

from training.interfaces.gtk.captions import caption_of  # noqa: E402
from training.interfaces.gtk.contents import SCHEMAS, column_maker  # noqa: E402
from training.interfaces.gtk.room import fill_room  # noqa: E402
from training.interfaces.gtk.surroundings import fill_menus, fill_status, fill_tools, surround  # noqa: E402
from training.interfaces.gtk.values import value_for  # noqa: E402
from training.interfaces.gtk.walking import walk  # noqa: E402
from training.screens.phrases import Writer  # noqa: E402

_ICONS = ("folder", "text-x-generic", "image-x-generic", "audio-x-generic", "emblem-system", "applications-other",
          "package-x-generic", "computer", "user-home", "drive-harddisk", "network-server")  # fmt: skip
_DISABLED = 0.07
_MOST_ITEMS = 6
_MOST_ROWS, _FEW_ROWS = 48, (1, 2, 3, 4, 5, 6, 8)
"""Of a table that is scrolled, from which those without room are taken again; and of others."""


class Filler:
    """Fills one window after the other."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._writer = Writer(rng, "train")
        self._large = False

    def fill(self, root: Any, *, large: bool = False) -> None:
        """Give all controls in a container something to show; `large`: the window has much room."""
        self._writer, self._large = Writer(self._rng, "train"), large
        for widget in list(walk(root)):
            self._one(widget)

    def fill_room(self, root: Any) -> None:
        """Fill tables and texts to the room that they have in a window that is drawn."""
        fill_room(self._rng, self._writer, list(walk(root)))

    def surround(self, content: Any) -> Any:
        """A part with what main windows have around it."""
        return surround(self._rng, self._writer, content)

    def _one(self, widget: Any) -> None:
        fillers: tuple[tuple[type, Callable[[Any], None]], ...] = (
            (Gtk.SpinButton, self._spin), (Gtk.Entry, self._entry), (Gtk.RadioButton, self._radio),
            (Gtk.CheckButton, self._check), (Gtk.Switch, self._check), (Gtk.ComboBox, self._combo),
            (Gtk.TreeView, self._tree), (Gtk.TextView, self._text), (Gtk.ProgressBar, self._progress),
            (Gtk.LevelBar, self._level), (Gtk.Scale, self._scale), (Gtk.Notebook, self._notebook),
            (Gtk.Stack, self._stack), (Gtk.Revealer, self._reveal), (Gtk.Expander, self._expand),
            (Gtk.ListBox, self._list), (Gtk.Label, self._label), (Gtk.ScrolledWindow, self._scrolled),
            (Gtk.Spinner, self._hide), (Gtk.Statusbar, self._status), (Gtk.MenuBar, self._menus),
            (Gtk.Toolbar, self._tools),
        )  # fmt: skip
        for kind, fill in fillers:
            if isinstance(widget, kind):
                fill(widget)
                break
        usual = isinstance(widget, Gtk.Entry | Gtk.Button | Gtk.ComboBox | Gtk.Switch | Gtk.Scale)
        if usual and not isinstance(widget.get_parent(), Gtk.ComboBox):
            widget.set_sensitive(self._rng.random() >= _DISABLED)

    # --- controls

    def _entry(self, entry: Any) -> None:
        rng = self._rng
        if isinstance(entry.get_parent(), Gtk.ComboBox) or (entry.get_text() and rng.random() < 0.4):
            return
        if isinstance(entry, Gtk.SearchEntry) and rng.random() < 0.6:
            return
        if not entry.get_visibility():
            entry.set_text("x" * rng.choice((0, 6, 8, 9, 11)))
        elif rng.random() < 0.85:
            caption = caption_of(entry) or entry.get_placeholder_text() or ""
            entry.set_text(value_for(self._writer, caption, "entry"))
            if rng.random() < 0.8:
                entry.set_width_chars(max(entry.get_width_chars(), len(entry.get_text()) + 2))
                entry.set_max_width_chars(-1)
        entry.set_position(0)

    def _spin(self, spin: Any) -> None:
        rng, adjustment = self._rng, spin.get_adjustment()
        low, high = adjustment.get_lower(), adjustment.get_upper()
        if high <= low:
            low, high = 0.0, rng.choice((10.0, 60.0, 100.0, 255.0, 9999.0))
            adjustment.configure(0, low, high, 1, 10, 0)
        most = min(high, max(low, 0) + rng.choice((10, 60, 100, 500, 2000)))
        spin.set_value(rng.uniform(max(low, min(-10.0, high)), most))
        spin.set_width_chars(max(spin.get_width_chars(), len(spin.get_text()) + 2))

    def _check(self, button: Any) -> None:
        button.set_active(self._rng.random() < 0.5)
        if isinstance(button, Gtk.CheckButton):
            button.set_inconsistent(False)

    def _radio(self, button: Any) -> None:
        if self._rng.random() < 1 / max(1, len(button.get_group())):
            button.set_active(True)

    def _combo(self, combo: Any) -> None:
        rng = self._rng
        model = combo.get_model()
        caption = caption_of(combo)
        if model is None or len(model) == 0 or not (combo.get_cells() or combo.get_has_entry()):
            store = Gtk.ListStore(str)
            for _ in range(rng.randint(2, 5)):
                store.append([value_for(self._writer, caption, "choice")])
            combo.set_model(store)
            cells = combo.get_cells()
            texts = [cell for cell in cells if isinstance(cell, Gtk.CellRendererText)]
            for cell in cells:
                combo.clear_attributes(cell)
                cell.set_visible(cell in texts[:1])
            if combo.get_has_entry():
                combo.set_entry_text_column(0)
            elif texts:
                combo.add_attribute(texts[0], "text", 0)
            else:
                cell = Gtk.CellRendererText()
                combo.pack_start(cell, True)
                combo.add_attribute(cell, "text", 0)
        combo.set_active(rng.randrange(min(len(combo.get_model()), _MOST_ITEMS)))
        for cell in combo.get_cells():
            if isinstance(cell, Gtk.CellRendererText):
                cell.set_property("ellipsize", 0)
                cell.set_property("width-chars", -1)

    def _text(self, view: Any) -> None:
        rng = self._rng
        buffer = view.get_buffer()
        if buffer is None:
            return
        if not buffer.get_char_count() or rng.random() < 0.5:
            sentences = (self._writer.sentence(3, 9) for _ in range(rng.randint(1, 5)))
            buffer.set_text(rng.choice(("\n", " ", "\n")).join(sentences))
        view.set_cursor_visible(False)
        view.set_wrap_mode(Gtk.WrapMode.WORD)
        if hasattr(view, "set_show_line_numbers"):
            view.set_show_line_numbers(False)  # the gutter draws texts of its own
            view.set_highlight_current_line(False)

    def _progress(self, bar: Any) -> None:
        share = self._rng.randint(3, 98)
        bar.set_fraction(share / 100)
        if bar.get_show_text() or self._rng.random() < 0.4:
            bar.set_show_text(True)
            bar.set_text(self._rng.choice((f"{share}%", f"{share} %")))

    def _level(self, bar: Any) -> None:
        bar.set_value(self._rng.uniform(bar.get_min_value(), bar.get_max_value()))

    def _scale(self, scale: Any) -> None:
        adjustment = scale.get_adjustment()
        if adjustment.get_upper() <= adjustment.get_lower():
            adjustment.configure(0, 0, 100, 1, 10, 0)
        scale.set_value(self._rng.uniform(adjustment.get_lower(), adjustment.get_upper()))
        if scale.get_orientation() == Gtk.Orientation.HORIZONTAL:
            scale.set_size_request(max(120, scale.get_size_request().width), -1)

    # --- containers

    def _notebook(self, book: Any) -> None:
        pages = [number for number in range(book.get_n_pages()) if book.get_nth_page(number).get_visible()]
        if pages:
            book.set_current_page(self._rng.choice(pages))

    def _stack(self, stack: Any) -> None:
        stack.set_transition_type(Gtk.StackTransitionType.NONE)
        pages = [child for child in stack.get_children() if child.get_visible()]
        full = [child for child in pages if isinstance(child, Gtk.Container) and child.get_children()] or pages
        if full:
            stack.set_visible_child(self._rng.choice(full))

    def _reveal(self, revealer: Any) -> None:
        revealer.set_transition_type(Gtk.RevealerTransitionType.NONE)
        revealer.set_reveal_child(self._rng.random() < 0.8)

    def _expand(self, expander: Any) -> None:
        expander.set_expanded(self._rng.random() < 0.7)

    def _scrolled(self, scrolled: Any) -> None:
        rng, inside = self._rng, scrolled.get_child()
        if isinstance(inside, Gtk.TreeView | Gtk.TextView | Gtk.IconView):
            scrolled.set_size_request(-1, -1)
            wide = -1 if rng.random() < 0.5 else rng.randint(160, 380)
            high = rng.randint(80, 260) if not self._large or rng.random() < 0.3 else rng.randint(180, 420)
            scrolled.set_size_request(wide, high)
        else:
            scrolled.set_propagate_natural_height(rng.random() < 0.8)
        scrolled.set_propagate_natural_width(True)
        scrolled.set_overlay_scrolling(rng.random() < 0.6)

    def _list(self, box: Any) -> None:
        rng = self._rng
        if not box.get_children() and rng.random() < 0.9:
            what, margin = rng.choice(("Name", "Name", "Title", "File", "Account", "Device")), rng.choice((4, 6, 10))
            for _ in range(rng.randint(2, 7) if not self._large else rng.randint(3, 14)):
                box.add(Gtk.Label(label=value_for(self._writer, what, "row"), xalign=0, margin=margin))
            box.show_all()
        rows = [row for row in box.get_children() if row.get_visible()]
        if rows and box.get_selection_mode() != Gtk.SelectionMode.NONE:
            plain = rng.choice(rows)
            box.select_row(plain)

    def _hide(self, widget: Any) -> None:
        widget.hide()

    # --- bars

    def _status(self, bar: Any) -> None:
        fill_status(self._rng, self._writer, bar)

    def _menus(self, bar: Any) -> None:
        if not bar.get_children():
            fill_menus(self._rng, bar)

    def _tools(self, bar: Any) -> None:
        if not bar.get_children() and bar.get_orientation() == Gtk.Orientation.HORIZONTAL:
            fill_tools(self._rng, bar)

    def _label(self, label: Any) -> None:
        """Labels that the program would set: empty, or with a word that stands in for it."""
        label.set_selectable(False)  # the focus would select it all
        text = label.get_text().strip()
        if re.search(r"%[sdiu1-9]|%-?\d*\.?\d*l?[duf]\b|</?[bi]>|</?span", text):
            label.set_text(self._writer.words(1, 3).capitalize())
            return
        stands_in = not text or text.lower() in {"label", "text", "…", "...", "value", "0", "n/a", "foo", "title"}
        parent = label.get_parent()
        if not stands_in or isinstance(parent, Gtk.Button | Gtk.Expander | Gtk.MenuItem | Gtk.Notebook):
            return
        caption = caption_of(label)
        if caption:
            label.set_text(value_for(self._writer, caption, "value"))
        elif text and not label.get_name().startswith("Gtk.Accel"):
            said = self._writer.sentence(2, 6) if self._rng.random() < 0.4 else self._writer.words(1, 3).capitalize()
            label.set_text(said)

    # --- tables

    def _tree(self, tree: Any) -> None:
        rng = self._rng
        columns = tree.get_columns()
        if not columns:
            self._add_columns(tree)
            columns = tree.get_columns()
        if len(columns) > 1 and any(column.get_title() for column in columns) and rng.random() < 0.5:
            tree.set_headers_visible(True)
        makers: list[tuple[Any, Callable[[], Any]]] = []
        for place, column in enumerate(columns):
            self._fill_column(column, makers, headed=tree.get_headers_visible(), different=place == 0)
            column.set_sizing(Gtk.TreeViewColumnSizing.AUTOSIZE)
            column.set_visible(True)
        if not makers:
            return
        store = Gtk.ListStore(*(kind for kind, _ in makers))
        scrolled = isinstance(tree.get_parent(), Gtk.ScrolledWindow)
        for _ in range(_MOST_ROWS if scrolled else rng.choice(_FEW_ROWS)):
            store.append([make() for _, make in makers])
        tree.set_fixed_height_mode(False)
        tree.set_model(store)
        tree.set_can_focus(False)

    def _add_columns(self, tree: Any) -> None:
        """Columns for a table that its program fills: those of one schema, or one alone."""
        rng = self._rng
        schema = rng.choice(SCHEMAS)
        count = rng.choice((1, 2, 3, 3, 4)) if not self._large else rng.choice((1, 3, 4, 5, 5))
        places = sorted({0, *rng.sample(range(len(schema)), min(count, len(schema)) - (count > 1))})
        for place in places:
            column = Gtk.TreeViewColumn(schema[place], Gtk.CellRendererText())
            column.set_expand(self._large and rng.random() < 0.5)
            column.set_resizable(True)
            tree.append_column(column)
        tree.set_headers_visible(len(places) > 1 or rng.random() < 0.5)

    def _fill_column(self, column: Any, makers: list[tuple[Any, Callable[[], Any]]], *, headed: bool,
                     different: bool) -> None:  # fmt: skip
        """Let a column's cells show new columns of the model, one text at most; `makers` makes their values."""
        rng, written = self._rng, False
        title = (column.get_title() or "Name") if headed else "Name"
        for cell in column.get_cells():
            column.clear_attributes(cell)
            cell.set_property("visible", True)
            if isinstance(cell, Gtk.CellRendererText):
                _plain(cell)
                cell.set_property("visible", not written)
                written, what = True, "text"
                makers.append((GObject.TYPE_STRING, column_maker(self._writer, title, different=different)))
            elif isinstance(cell, Gtk.CellRendererToggle):
                what = "active"
                makers.append((GObject.TYPE_BOOLEAN, lambda: rng.random() < 0.5))
            elif isinstance(cell, Gtk.CellRendererPixbuf):
                what = "icon-name"
                makers.append((GObject.TYPE_STRING, lambda: rng.choice(_ICONS)))
            elif isinstance(cell, Gtk.CellRendererProgress):
                what = "value"
                makers.append((GObject.TYPE_INT, lambda: rng.randint(0, 100)))
            else:
                cell.set_property("visible", False)
                continue
            column.add_attribute(cell, what, len(makers) - 1)


def _plain(cell: Any) -> None:
    """Let a cell show its text as a whole, in the usual font."""
    for name in ("ellipsize-set", "weight-set", "scale-set", "style-set", "foreground-set"):
        cell.set_property(name, False)
    cell.set_property("ellipsize", 0)
    cell.set_property("width-chars", -1)
    cell.set_property("wrap-width", -1)
