"""Tables and lists of GTK 3 read back: their cells, and where the cells' characters are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import gi  # type: ignore[import-not-found,unused-ignore]

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # type: ignore[import-not-found,unused-ignore]  # noqa: E402

from training.interfaces.gtk.places import (  # noqa: E402
    box_of,
    box_of_lines,
    inside,
    lines_of_layout,
    outside,
    shared,
    text_of_label,
)
from training.interfaces.records import Control  # noqa: E402
from training.screens.records import Box  # noqa: E402
from training.screens.webpages import Line  # noqa: E402


@dataclass
class TreeTexts:
    """What is seen of a tree view.

    Attributes:
        name: an id for it.
        whole: the places of all its characters are known.
        is_cut: not all of its cells are seen.
        has_boxes: check boxes are among its cells that are not among `controls`.
    """

    name: str
    controls: list[Control] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    whole: bool = True
    is_cut: bool = False
    has_boxes: bool = False


def read_tree(tree: Any, window: Any, clip: Box, name: str, called: str) -> TreeTexts:
    """The cells of a tree view that are seen as a whole.

    Args:
        tree: the view.
        window: in which it is drawn.
        clip: through which it is seen.
        name: an id for it.
        called: what people call it, or "".
    """
    read = TreeTexts(name)
    model = tree.get_model()
    clip = shared(clip, box_of(tree, window))
    columns = [column for column in tree.get_columns() if column.get_visible()]
    written = [column for column in columns if _text_cell(column) is not None]
    if tree.get_headers_visible():
        clip = _headers(read, columns, written, window, clip, name, called)
    is_list = len(written) == 1 and len(columns) <= 2 and not tree.get_headers_visible()
    if model is None or not written:
        return read
    for row, item in enumerate(model):
        for place, column in enumerate(written):
            found = _cell(tree, column, item, window)
            if found is None:
                continue
            text, box, lines, fits = found
            seen = box_of_lines(lines)
            read.is_cut = read.is_cut or not inside(seen, clip, 0.5) or not fits
            if outside(seen, clip):
                continue
            if not fits or not inside(seen, clip, 0.5):
                read.whole = False
                continue
            read.lines += lines
            said = Control("entry" if is_list else "cell", text, box, lines[0].bottom - lines[0].top,
                           selected=tree.get_selection().path_is_selected(item.path), container=name, called=called,
                           enabled=tree.is_sensitive())  # fmt: skip
            read.controls.append(said if is_list else replace(said, row=row, column=place))
    ticks = [column for column in columns if _toggle(column) is not None]
    _boxes(read, tree, ticks, clip, window, called)
    if any(isinstance(cell, Gtk.CellRendererProgress) for column in columns for cell in column.get_cells()):
        read.whole = False
    return read


def _cell(tree: Any, column: Any, item: Any, window: Any) -> tuple[str, Box, tuple[Line, ...], bool] | None:
    """A cell's text, its box, its lines, and whether there is room for it; None where it says nothing."""
    area = tree.get_cell_area(item.path, column)
    column.cell_set_cell_data(tree.get_model(), item.iter, False, False)
    cell = _text_cell(column)
    text = (cell.get_property("text") or "") if cell is not None else ""
    place = column.cell_get_position(cell) if text.strip() else None
    if place is None:
        return None
    left, wide = place[-2:]
    layout = tree.create_pango_layout(text)
    x, y = tree.translate_coordinates(window, *tree.convert_bin_window_to_widget_coords(area.x, area.y))
    text_wide, high = layout.get_pixel_size()
    xpad = cell.get_property("xpad")
    room = min(wide, area.width) - 2 * xpad
    start = x + left + xpad + max(0, (room - text_wide) * cell.get_property("xalign"))
    lines = tuple(lines_of_layout(layout, start, y + (area.height - high) // 2))
    if not lines:
        return None
    return text, (x, y, x + area.width, y + area.height), lines, len(lines) == 1 and text_wide <= room + 1


def _boxes(read: TreeTexts, tree: Any, ticks: list[Any], clip: Box, window: Any, called: str) -> None:
    """The check boxes of rows, each with the first text of its row, where there is one in every row."""
    if not ticks:
        return
    names: dict[float, Control] = {}
    for one in read.controls:
        if one.role in ("cell", "entry"):
            names.setdefault(one.box[1], one)
    cell = _toggle(ticks[0])
    if len(ticks) > 1 or cell.get_radio() or not names:
        read.has_boxes = True
        return
    for item in tree.get_model():
        area = tree.get_cell_area(item.path, ticks[0])
        x, y = tree.translate_coordinates(window, *tree.convert_bin_window_to_widget_coords(area.x, area.y))
        box = (x, y, x + area.width, y + area.height)
        if y not in names or not inside(box, clip, 0.5):
            read.has_boxes = True
            continue
        ticks[0].cell_set_cell_data(tree.get_model(), item.iter, False, False)
        read.controls.append(Control("checkbox", "", box, label=names[y].text, is_on=cell.get_active(),
                                     container=read.name, called=called, enabled=tree.is_sensitive()))  # fmt: skip


def _toggle(column: Any) -> Any:
    return next((cell for cell in column.get_cells()
                 if isinstance(cell, Gtk.CellRendererToggle) and cell.get_visible()), None)  # fmt: skip


def _text_cell(column: Any) -> Any:
    return next((cell for cell in column.get_cells()
                 if isinstance(cell, Gtk.CellRendererText) and cell.get_visible()), None)  # fmt: skip


def _headers(read: TreeTexts, columns: list[Any], written: list[Any], window: Any, clip: Box, name: str,
             called: str) -> Box:  # fmt: skip
    """Read the headers. What is left below them."""
    below = clip[1]
    for column in columns:
        button = column.get_button()
        if not button.get_mapped():
            continue
        box = box_of(button, window)
        below = max(below, box[3])
        labels: list[Any] = []
        _labels(button, labels)
        for label in labels:
            if not label.get_text().strip():
                continue
            text = text_of_label(label, window)
            if not text.lines or outside(box_of_lines(text.lines), clip):
                read.is_cut = True
                continue
            if not text.whole or not inside(box_of_lines(text.lines), clip) or not inside(
                    box_of_lines(text.lines), (box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2)):  # fmt: skip
                read.whole, read.is_cut = False, True
                continue
            read.lines += text.lines
            if column not in written:
                read.is_cut = True
            else:
                line = text.lines[0]
                read.controls.append(Control("header", label.get_text().strip(), box, line.bottom - line.top,
                                             container=name, called=called, row=-1,
                                             column=written.index(column)))  # fmt: skip
    return (clip[0], below, clip[2], clip[3])


def _labels(widget: Any, found: list[Any]) -> None:
    if isinstance(widget, Gtk.Label) and widget.get_mapped():
        found.append(widget)
    elif isinstance(widget, Gtk.Container):
        widget.forall(_labels, found)
