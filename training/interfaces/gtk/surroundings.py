"""What main windows have around a part that others laid out: a menu bar, a tool bar, a side bar, a status bar."""

from __future__ import annotations

import random
from typing import Any

import gi  # type: ignore[import-not-found,unused-ignore]

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # type: ignore[import-not-found,unused-ignore]  # noqa: E402

from training.interfaces.gtk.values import value_for  # noqa: E402
from training.interfaces.gtk.walking import walk  # noqa: E402
from training.screens.phrases import Writer  # noqa: E402

_MENUS = ("Edit", "View", "Insert", "Format", "Search", "Go", "Project", "Bookmarks", "Playlist", "Tools", "Options",
          "Data", "Account", "Message", "Image", "Layer", "Window")  # fmt: skip
"""Between "File" and "Help", in the order in which programs have them."""
_TOOLS = (
    ("New", "document-new"), ("Open", "document-open"), ("Save", "document-save"), ("Print", "document-print"),
    ("Undo", "edit-undo"), ("Redo", "edit-redo"), ("Cut", "edit-cut"), ("Copy", "edit-copy"), ("Paste", "edit-paste"),
    ("Find", "edit-find"), ("Add", "list-add"), ("Remove", "list-remove"), ("Delete", "edit-delete"),
    ("Refresh", "view-refresh"), ("Stop", "process-stop"), ("Back", "go-previous"), ("Forward", "go-next"),
    ("Home", "go-home"), ("Up", "go-up"), ("Start", "media-playback-start"), ("Pause", "media-playback-pause"),
    ("Record", "media-record"), ("Properties", "document-properties"), ("Settings", "preferences-system"),
    ("Import", "document-open"), ("Export", "document-send"), ("Connect", "network-server"), ("Help", "help-browser"),
)  # fmt: skip
_SIDES = ("Name", "Name", "Title", "Account", "Folder", "Device", "Person", "Place", "Language", "Month")
_LONGEST_SIDE = 26
"""Characters of a name in a side bar."""
_STATES = ("Ready", "Done", "No changes", "Saved", "Not connected", "Online", "Offline", "Loading finished", "Idle")


def surround(rng: random.Random, writer: Writer, content: Any) -> Any:
    """The part with some of these around it, and their widgets are shown."""
    outer = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
    kinds = _kinds_in(content)
    if not kinds & {"MenuBar", "HeaderBar"} and rng.random() < 0.75:
        outer.pack_start(_menu_bar(rng), False, False, 0)
    if "Toolbar" not in kinds and rng.random() < 0.45:
        outer.pack_start(_tool_bar(rng), False, False, 0)
    middle = content
    if not kinds & {"Paned", "StackSidebar", "Notebook"} and rng.random() < 0.4:
        middle = Gtk.Paned(orientation=Gtk.Orientation.HORIZONTAL)
        middle.pack1(_side_bar(rng, writer), False, False)
        middle.pack2(content, True, False)
    outer.pack_start(middle, True, True, 0)
    if "Statusbar" not in kinds and rng.random() < 0.5:
        outer.pack_end(Gtk.Statusbar(), False, False, 0)
    for child in outer.get_children():
        if child is middle and middle is not content:
            middle.show()
            middle.get_child1().show_all()
        elif child is not content:
            child.show_all()
    outer.show()
    return outer


def fill_status(rng: random.Random, writer: Writer, bar: Any) -> None:
    """Say something in a status bar that says nothing, and nothing about how many there are."""
    made = (rng.choice(_STATES), writer.path(), f"Last saved at {writer.time()}", f"Connected to {writer.host()}",
            writer.sentence(2, 6), f"Line {rng.randint(1, 400)}, column {rng.randint(1, 80)}",
            f"{writer.file()} loaded", f"Free space: {writer.size()}")  # fmt: skip
    bar.push(0, rng.choice(made))


def fill_menus(rng: random.Random, bar: Any) -> None:
    """Menus for a bar that its program fills."""
    between = sorted(rng.sample(range(len(_MENUS)), rng.randint(1, 6)))
    for name in ("File", *(_MENUS[place] for place in between), "Help"):
        bar.append(Gtk.MenuItem(label=name))
    bar.show_all()


def fill_tools(rng: random.Random, bar: Any) -> None:
    """Buttons for a tool bar that its program fills."""
    count = rng.randint(3, 10)
    start = rng.randrange(len(_TOOLS) - count)
    some = _TOOLS[start : start + count] if rng.random() < 0.5 else rng.sample(_TOOLS, count)
    for name, icon in some:
        button = Gtk.ToolButton(label=name, icon_name=icon)
        button.set_is_important(True)
        bar.insert(button, -1)
        if rng.random() < 0.15:
            bar.insert(Gtk.SeparatorToolItem(), -1)
    styles = Gtk.ToolbarStyle
    bar.set_style(rng.choice((styles.BOTH, styles.BOTH, styles.BOTH_HORIZ, styles.BOTH_HORIZ, styles.TEXT,
                              styles.ICONS)))  # fmt: skip
    bar.show_all()


def _kinds_in(content: Any) -> set[str]:
    return {type(one).__name__ for one in walk(content)}


def _menu_bar(rng: random.Random) -> Any:
    bar = Gtk.MenuBar()
    fill_menus(rng, bar)
    return bar


def _tool_bar(rng: random.Random) -> Any:
    bar = Gtk.Toolbar()
    fill_tools(rng, bar)
    return bar


def _side_bar(rng: random.Random, writer: Writer) -> Any:
    """A list of names, one of which is selected later, under a caption or not."""
    side = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
    if rng.random() < 0.35:
        side.pack_start(Gtk.Label(label=writer.words(1, 2).capitalize(), xalign=0, margin=6), False, False, 0)
    box, kind, margin = Gtk.ListBox(), rng.choice(_SIDES), rng.choice((4, 6, 6, 9))
    names = dict.fromkeys(value_for(writer, kind, "row") for _ in range(rng.randint(4, 18)))
    for name in [name for name in names if len(name) <= _LONGEST_SIDE] or [writer.word().capitalize()]:
        box.add(Gtk.Label(label=name, xalign=0, margin=margin))
    scrolled = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.NEVER)
    scrolled.add(box)
    side.pack_start(scrolled, True, True, 0)
    side.set_size_request(rng.randint(150, 260), -1)
    return side
