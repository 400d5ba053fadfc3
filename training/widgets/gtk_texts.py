"""Where the texts of GTK's widgets stand."""

from __future__ import annotations

import itertools
from typing import Any

import gi  # type: ignore[import-not-found,unused-ignore]

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gtk, Pango  # type: ignore[import-not-found,unused-ignore]  # noqa: E402

from training.screens.webpages import Line  # noqa: E402
from training.widgets.parts import DOWN, UP  # noqa: E402

DPI = 96


def _font_px(context: Any) -> float:
    """The size of a context's font; themes give points."""
    font = context.get_font_description()
    size: float = font.get_size() / Pango.SCALE
    return size if font.get_size_is_absolute() else size * DPI / 72


def texts_of_layout(layout: Any, x: float, y: float) -> list[Line]:
    """The lines of a layout whose corner is there."""
    text, found = layout.get_text(), []
    size = _font_px(layout.get_context())
    start, at = 0, layout.get_iter()
    for line in text.split("\n"):
        boxes = [layout.index_to_pos(start + place) for place in range(len(line) + 1)]
        edges = [x + box.x / Pango.SCALE for box in boxes]
        baseline = y + at.get_baseline() / Pango.SCALE
        at.next_line()
        start += len(line) + 1
        if line and all(right >= left for left, right in itertools.pairwise(edges)):
            found.append(Line(line, tuple(edges), baseline - UP * size, baseline + DOWN * size))
    return found


def texts_of_text_view(view: Any, window: Any) -> list[Line]:
    """The lines of a text view, none of which may wrap."""
    buffer, found = view.get_buffer(), []
    size = _font_px(view.get_pango_context())
    for number in range(buffer.get_line_count()):
        start = buffer.get_iter_at_line(number)
        text = buffer.get_slice(start, _end_of(start), True)
        edges, top, high = [], 0, 0
        for place in range(len(text) + 1):
            box = view.get_iter_location(buffer.get_iter_at_line_offset(number, place))
            x, top = view.buffer_to_window_coords(Gtk.TextWindowType.WIDGET, box.x, box.y)
            edges.append(view.translate_coordinates(window, x, top)[0])
            high = max(high, box.height)
        if text:
            y = view.translate_coordinates(window, 0, top)[1]
            baseline = y + high * 0.79
            found.append(Line(text, tuple(map(float, edges)), baseline - UP * size, baseline + DOWN * size))
    return found


def _end_of(start: Any) -> Any:
    end = start.copy()
    if not end.ends_line():
        end.forward_to_line_end()
    return end


def texts_of_tree(tree: Any, window: Any) -> list[Line]:
    """The cells' texts, which stand at the left of their cells and in the middle of their height."""
    found, store = [], tree.get_model()

    def add(_: Any, path: Any, row: Any) -> None:
        for number, column in enumerate(tree.get_columns()):
            area = tree.get_cell_area(path, column)
            renderer = column.get_cells()[0]
            layout = tree.create_pango_layout(store.get_value(row, number))
            x, y = tree.convert_bin_window_to_widget_coords(area.x, area.y)
            x, y = tree.translate_coordinates(window, x, y)
            _, high = layout.get_pixel_size()
            found.extend(texts_of_layout(layout, x + renderer.get_property("xpad"), y + (area.height - high) // 2))

    store.foreach(add)
    return found
