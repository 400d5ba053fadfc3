"""Tables and texts filled to the room that they have, once a window has its size."""

from __future__ import annotations

import random
from typing import Any

import gi  # type: ignore[import-not-found,unused-ignore]

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # type: ignore[import-not-found,unused-ignore]  # noqa: E402

from training.interfaces.gtk.contents import text_of  # noqa: E402
from training.screens.phrases import Writer  # noqa: E402

LINES = "its-lines"
"""The name of a text view whose lines are lines of their own."""
_CUT = 0.25
"""Of tables and texts, those that have more than there is room for."""
_MOST_ROWS, _MOST_LINES = 40, 40
_SHORT_SHARE, _SHORT = 0.7, 480
"""Of texts, those that have so many characters at most, and can be copied in an answer."""
_KEPT = 0.25
"""Of texts that a file has, those that stay."""


def fill_room(rng: random.Random, writer: Writer, widgets: list[Any]) -> None:
    """Give the tables and texts among widgets, which are drawn, as much as they have room for, or less."""
    for widget in widgets:
        if not widget.get_mapped():
            continue
        if isinstance(widget, Gtk.TreeView):
            _fit_rows(rng, widget)
        elif isinstance(widget, Gtk.TextView):
            _fit_text(rng, writer, widget)


def _fit_rows(rng: random.Random, tree: Any) -> None:
    store = tree.get_model()
    if not isinstance(store, Gtk.ListStore) or not len(store):
        return
    high = tree.get_background_area(Gtk.TreePath.new_first(), None).height
    if isinstance(tree.get_parent(), Gtk.ScrolledWindow) and high > 0:
        fit = max(1, tree.get_visible_rect().height // high)
        least = 1 if fit < 4 or rng.random() < 0.1 else 3
        kept = rng.randint(least, max(least, min(fit, _MOST_ROWS)))
        if rng.random() < 0.3:
            kept = min(kept, 12)  # that many can be counted
        if rng.random() < _CUT:
            kept = fit + rng.randint(1, 8)
        while len(store) > max(1, kept):
            store.remove(store.get_iter(Gtk.TreePath.new_from_indices([len(store) - 1])))
    else:
        fit = len(store)
    choice = tree.get_selection()
    if choice.get_mode() != Gtk.SelectionMode.NONE:
        choice.unselect_all()
        if rng.random() < 0.7:
            row = rng.randrange(min(fit, len(store)))
            choice.select_path(Gtk.TreePath.new_from_indices([row]))


def _fit_text(rng: random.Random, writer: Writer, view: Any) -> None:
    buffer = view.get_buffer()
    if buffer is None or (buffer.get_char_count() and rng.random() < _KEPT):
        return
    if rng.random() < 0.4:
        view.set_monospace(True)
    area = view.get_visible_rect()
    layout = view.create_pango_layout("Ag")
    high = layout.get_pixel_size()[1] + view.get_pixels_above_lines() + view.get_pixels_below_lines()
    wide = area.width - view.get_left_margin() - view.get_right_margin() - 6
    fit = (area.height - 4) // max(1, high)
    if fit < 1 or wide < 60:
        return

    def fits(line: str) -> bool:
        layout.set_text(line, -1)
        return bool(layout.get_pixel_size()[0] <= wide)

    most = rng.randint(1 if fit < 3 else 3, max(3, min(fit, _MOST_LINES))) if fit > 1 else 1
    most = fit + rng.randint(1, 9) if fit > 4 and rng.random() < _CUT / 2 else min(most, fit)
    lines, own = text_of(rng, writer, fits=fits, most=most)
    if rng.random() < _SHORT_SHARE:
        while len(lines) > 1 and (sum(map(len, lines)) + len(lines) > _SHORT or not lines[-1].strip()):
            lines.pop()
    view.set_wrap_mode(Gtk.WrapMode.NONE)
    buffer.set_text("\n".join(lines))
    view.set_name(LINES if own else "")


def stretch(part: Any) -> None:
    """Let a part take the room that its window has to spare, and all that it is in."""
    while part is not None:
        parent = part.get_parent()
        if isinstance(part, Gtk.Widget):
            part.set_vexpand(True)
            part.set_hexpand(True)
            if part.get_valign() != Gtk.Align.FILL:
                part.set_valign(Gtk.Align.FILL)
            if part.get_halign() != Gtk.Align.FILL:
                part.set_halign(Gtk.Align.FILL)
        if isinstance(parent, Gtk.Box) and not isinstance(parent, Gtk.ButtonBox):
            parent.child_set_property(part, "expand", True)
            parent.child_set_property(part, "fill", True)
        part = parent
