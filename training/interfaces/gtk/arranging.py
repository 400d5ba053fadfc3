"""Several forms of one program in one window: beside each other, in frames, on tabs; and what they are called."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any


def arranged(rng: random.Random, panes: Sequence[tuple[str, Any]]) -> Any:
    """A container with panes, each of which has a title."""
    from gi.repository import Gtk  # type: ignore[import-not-found,unused-ignore]

    several = ("tabs", "beside", "columns", "columns", "columns", "columns")
    way = rng.choice(several if len(panes) > 2 else ("beside", "columns"))
    if way == "tabs":
        made = _tabs(rng, panes)
    elif way == "beside":
        made = Gtk.Paned(orientation=rng.choice((Gtk.Orientation.HORIZONTAL, Gtk.Orientation.HORIZONTAL,
                                                 Gtk.Orientation.VERTICAL)))  # fmt: skip
        made.pack1(_framed(rng, *panes[0]), True, False)
        rest = panes[1:]
        made.pack2(_framed(rng, *rest[0]) if len(rest) == 1 else _tabs(rng, rest), True, False)
    else:
        made = Gtk.Box(orientation=Gtk.Orientation.HORIZONTAL, spacing=rng.choice((6, 9, 12)), homogeneous=False)
        count = 3 if len(panes) > 4 else 2
        for start in range(count):
            column = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=rng.choice((4, 8, 12)))
            for title, pane in panes[start::count]:
                column.pack_start(_framed(rng, title, pane), rng.random() < 0.5, True, 0)
            column.show()
            made.pack_start(column, True, True, 0)
        made.set_border_width(8)
    made.show()
    return made


def _tabs(rng: random.Random, panes: Sequence[tuple[str, Any]]) -> Any:
    from gi.repository import Gtk

    book = Gtk.Notebook()
    names = [title for title, _ in panes]
    for title, pane in panes:
        label = title if names.count(title) == 1 else f"{title} {len(book.get_children()) + 1}"
        book.append_page(pane, Gtk.Label(label=label))
    if rng.random() < 0.15:
        book.set_tab_pos(rng.choice((Gtk.PositionType.LEFT, Gtk.PositionType.BOTTOM)))
    book.show()
    return book


def _framed(rng: random.Random, title: str, pane: Any) -> Any:
    """The pane with a caption around it, or as it is."""
    from gi.repository import Gtk

    if rng.random() < 0.4:
        return pane
    frame = Gtk.Frame(label=title, border_width=rng.choice((3, 6, 6, 10)))
    frame.add(pane)
    frame.show()
    frame.get_label_widget().show()
    return frame


def title_of(name: str) -> str:
    """A title for a window without one, from its file's name or its id."""
    stem, _, root = name.partition(":")
    best = (
        root
        if re.search(r"[a-z]{4}", root) and not re.match(r"(in\d|object-|box|grid|vbox|window|dialog|main)", root)
        else stem
    )
    best = re.sub(r"^(.*\+)", "", best)
    words = re.sub(r"([a-z])([A-Z])", r"\1 \2", re.sub(r"[-_.]+", " ", best)).split()
    kept = [word for word in words if word.lower() not in _UNSAID and not re.fullmatch(r"\d+", word)] or ["Window"]
    return " ".join([kept[0].capitalize(), *(word.lower() for word in kept[1:4])])


_UNSAID = {
    "alignment", "ap", "base", "bcc", "box", "cc", "container", "content", "contents", "dialog", "e", "frame",
    "gimp", "glade", "gnome", "grid", "gtk", "hb", "hbox", "hdy", "main", "mate", "nm", "notebook", "page",
    "panel", "pd", "root", "screen", "table", "template", "toplevel", "ui", "unix", "vb", "vbox", "view",
    "widget", "window", "xap", "xfce", "scrolledwindow", "stationproperties", "vbox1", "popover", "layout", "w",
    "loading", "event", "main_window",
}  # fmt: skip
"""Words of files' names that no title says."""
