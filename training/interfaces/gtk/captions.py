"""Which text says what a control of GTK 3 is: its mnemonic's label, or one that stands before or above it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gi  # type: ignore[import-not-found,unused-ignore]

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # type: ignore[import-not-found,unused-ignore]  # noqa: E402

_LONGEST = 60


def label_of(widget: Any) -> Any:
    """The label that says what a control is, or None."""
    if isinstance(widget, Gtk.Label):
        return _before_value(widget)
    for one in (widget, *_around(widget)):
        for label in one.list_mnemonic_labels():
            if isinstance(label, Gtk.Label) and _is_caption(label):
                return label
    return _near(widget)


def _near(child: Any, steps: int = 3) -> Any:
    """The label beside or above a control or what holds nothing else, or None."""
    parent = child.get_parent()
    if parent is None or steps == 0:
        return None
    found = _beside(parent, child)
    around = Gtk.Box | Gtk.ScrolledWindow | Gtk.Viewport | Gtk.Alignment | Gtk.ListBoxRow | Gtk.EventBox
    if found is not None or not isinstance(parent, around) or _controls(parent) != 1:
        return found
    return _near(parent, steps - 1)


def _before_value(label: Any) -> Any:
    """The label with a colon that stands left of one that has none."""
    parent = label.get_parent()
    if label.get_text().rstrip().endswith(":"):
        return None
    before = None
    if isinstance(parent, Gtk.Grid | Gtk.Table):
        before = _in_cells(parent, label)[0]
    elif isinstance(parent, Gtk.Box) and parent.get_orientation() == Gtk.Orientation.HORIZONTAL:
        children = [one for one in parent.get_children() if one.get_visible()]
        place = children.index(label) if label in children else 0
        before = children[place - 1] if place else None
    ends = before is not None and _is_caption(before) and before.get_text().rstrip().endswith(":")
    return before if ends else None


def caption_of(widget: Any) -> str:
    """The text of that label, without a colon; "" where there is none."""
    label = label_of(widget)
    return bare(label.get_text()) if label is not None else ""


def bare(text: str) -> str:
    """A caption without its colon."""
    return " ".join(text.split()).removesuffix(":").strip()


def _around(widget: Any) -> list[Any]:
    """The combo box of an entry, the entry of a combo box, the scrolled window around a view."""
    around = [widget.get_parent()] if isinstance(widget.get_parent(), Gtk.ComboBox | Gtk.ScrolledWindow) else []
    if isinstance(widget, Gtk.ComboBox) and isinstance(widget.get_child(), Gtk.Entry):
        around.append(widget.get_child())
    return around


def _is_caption(widget: Any) -> bool:
    if not isinstance(widget, Gtk.Label) or not widget.get_visible():
        return False
    return 0 < len(widget.get_text().strip()) <= _LONGEST


def _is_dim(label: Any) -> bool:
    """Whether a label is pale, as remarks below captions are."""
    return bool(label.get_style_context().has_class("dim-label"))


def _beside(parent: Any, child: Any) -> Any:
    """The label left of a container's child, or else above it."""
    if isinstance(parent, Gtk.Grid | Gtk.Table):
        before, above, left = _in_cells(parent, child)
        options = [before] if before is not None else [above] if left == 0 else []
        return next((one for one in options if _is_caption(one)), None)
    if isinstance(parent, Gtk.Box) and not isinstance(parent, Gtk.ButtonBox):
        children = [one for one in parent.get_children() if one.get_visible()]
        place = children.index(child) if child in children else 0
        before = children[place - 1] if place else None
        after = children[place + 1] if place + 1 < len(children) else None
        if isinstance(child, Gtk.Scale) and _is_caption(before) and isinstance(after, Gtk.Label):
            return None  # "Slow" and "Fast" at its ends
        if before is not None and _is_caption(before):
            across = parent.get_orientation() == Gtk.Orientation.HORIZONTAL
            if across or isinstance(child, Gtk.Entry | Gtk.ComboBox | Gtk.ScrolledWindow | Gtk.Scale):
                above = children[place - 2] if place > 1 and not across else None
                return above if _is_caption(above) and _is_dim(before) and not _is_dim(above) else before
        if place and across_row(parent) and isinstance(before, Gtk.Box):  # a title above a description, in one box
            return next((one for one in _labels(before.get_children()) if _is_caption(one)), None)
    return None


def _in_cells(parent: Any, child: Any) -> tuple[Any, Any, int]:
    """What stands left of and above a child of a grid, or None; and its column."""
    at: dict[tuple[int, int], Any] = {}
    mine = (0, 0)
    for one in parent.get_children():
        left, top = (parent.child_get_property(one, name) for name in ("left-attach", "top-attach"))
        if isinstance(parent, Gtk.Grid):
            wide, high = (parent.child_get_property(one, name) for name in ("width", "height"))
        else:
            wide = parent.child_get_property(one, "right-attach") - left
            high = parent.child_get_property(one, "bottom-attach") - top
        if one is child:
            mine = (left, top)
        if one.get_visible():
            at.update({(left + x, top + y): one for x in range(min(wide, 20)) for y in range(min(high, 20))})
    return at.get((mine[0] - 1, mine[1])), at.get((mine[0], mine[1] - 1)), mine[0]


def across_row(parent: Any) -> bool:
    """Whether a box is the content of a list's row."""
    up = parent
    for _ in range(2):
        up = up.get_parent() if up is not None else None
        if isinstance(up, Gtk.ListBoxRow):
            return bool(parent.get_orientation() == Gtk.Orientation.HORIZONTAL)
    return False


def _labels(children: Iterable[Any]) -> Iterable[Any]:
    for child in children:
        if isinstance(child, Gtk.Label):
            yield child
        elif isinstance(child, Gtk.Box):
            yield from _labels(child.get_children())


def _controls(parent: Any) -> int:
    """How many controls a container has that are not labels or images."""
    count = 0
    for child in parent.get_children():
        if not child.get_visible() or isinstance(child, Gtk.Label | Gtk.Image | Gtk.Separator):
            continue
        plain = isinstance(child, Gtk.Box | Gtk.Grid | Gtk.EventBox | Gtk.Alignment)
        count += _controls(child) if plain else 1
    return count
