"""Where the characters of GTK's widgets stand, wrapped and styled texts included."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gi  # type: ignore[import-not-found,unused-ignore]

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk, Pango  # type: ignore[import-not-found,unused-ignore]  # noqa: E402

from training.screens.records import Box  # noqa: E402
from training.screens.webpages import Line  # noqa: E402
from training.widgets.gtk_texts import DPI, texts_of_text_view  # noqa: E402
from training.widgets.parts import DOWN, UP  # noqa: E402

_TALLER = 1.12
"""Than the font's own lines: the text is set in a larger font."""


@dataclass(frozen=True)
class Text:
    """Lines of one widget; `whole`: none is cut short by an ellipsis."""

    lines: tuple[Line, ...]
    whole: bool = True


def font_px(context: Any) -> float:
    """The size of a context's font; themes give points."""
    font = context.get_font_description()
    size = font.get_size() / Pango.SCALE
    return float(size if font.get_size_is_absolute() else size * DPI / 72)


def line_px(context: Any) -> float:
    """The height of lines that a context's font asks for."""
    metrics = context.get_metrics(context.get_font_description(), None)
    return float((metrics.get_ascent() + metrics.get_descent()) / Pango.SCALE)


def lines_of_layout(layout: Any, x: float, y: float) -> Iterator[Line]:
    """The lines of a layout whose corner is there, as they are wrapped."""
    data = layout.get_text().encode()
    context = layout.get_context()
    usual = max(1.0, line_px(context) * Pango.SCALE)
    at = layout.get_iter()
    while True:
        line = at.get_line_readonly()
        size = font_px(context)
        high = at.get_line_extents()[1].height
        if high > usual * _TALLER or high * _TALLER < usual:
            size *= high / usual
        text = data[line.start_index : line.start_index + line.length].decode(errors="replace")
        kept = text.rstrip()
        if kept:
            edges, place = [], line.start_index
            for char in kept:
                box = layout.index_to_pos(place)
                edges.append(x + box.x / Pango.SCALE)
                place += len(char.encode())
                last = x + (box.x + box.width) / Pango.SCALE
            edges.append(last)
            baseline = y + at.get_baseline() / Pango.SCALE
            if all(right >= left for left, right in itertools.pairwise(edges)):
                yield Line(kept, tuple(edges), baseline - UP * size, baseline + DOWN * size)
        if not at.next_line():
            return


def text_of_label(label: Any, window: Any) -> Text:
    """Of a label that is drawn."""
    layout = label.get_layout()
    left, top = label.get_layout_offsets()
    at = label.get_allocation()
    x, y = label.translate_coordinates(window, 0, 0)
    lines = tuple(lines_of_layout(layout, x + left - at.x, y + top - at.y))
    straight = label.get_angle() == 0
    return Text(lines if straight else (), not layout.is_ellipsized() and straight)


def text_of_entry(entry: Any, window: Any) -> Text:
    """Of a field; not whole where it scrolls."""
    layout = entry.get_layout()
    x, y = entry.translate_coordinates(window, *entry.get_layout_offsets())
    lines = tuple(lines_of_layout(layout, x, y))
    area = entry.get_text_area()
    start = box_of(entry, window)[0] + area.x
    whole = layout.get_pixel_size()[0] <= area.width and (not lines or lines[0].edges[0] >= start - 1)
    return Text(lines, whole)


def text_of_scale(scale: Any, window: Any) -> Text:
    """The value that a slider shows."""
    layout = scale.get_layout()
    if layout is None:
        return Text(())
    left, top = scale.get_layout_offsets()
    at = scale.get_allocation()
    x, y = scale.translate_coordinates(window, 0, 0)
    return Text(tuple(lines_of_layout(layout, x + left - at.x, y + top - at.y)))


def text_of_cell_view(view: Any, window: Any) -> tuple[str, Text]:
    """What a combo box shows, and where; not whole where there is more than one text."""
    path, model = view.get_displayed_row(), view.get_model()
    texts = [cell for cell in view.get_cells() if isinstance(cell, Gtk.CellRendererText) and cell.get_visible()]
    others = [cell for cell in view.get_cells() if not isinstance(cell, Gtk.CellRendererText) and cell.get_visible()]
    if path is None or model is None or not texts:
        return "", Text(())
    area = view.get_area()
    area.apply_attributes(model, model.get_iter(path), False, False)
    said = texts[0].get_property("text") or ""
    if len(texts) > 1 or others:
        return said, Text((), False)
    layout = view.create_pango_layout(said)
    x, y = view.translate_coordinates(window, 0, 0)
    wide, high = layout.get_pixel_size()
    xpad = texts[0].get_property("xpad")
    whole = wide + 2 * xpad <= view.get_allocated_width() + 1
    return said, Text(tuple(lines_of_layout(layout, x + xpad, y + (view.get_allocated_height() - high) // 2)), whole)


def text_of_view(view: Any, window: Any) -> Text:
    """Of a text view: its lines, where none wraps."""
    buffer = view.get_buffer()
    for number in range(buffer.get_line_count()):
        start = buffer.get_iter_at_line(number)
        end = start.copy()
        if not end.ends_line():
            end.forward_to_line_end()
        if view.get_iter_location(start).y != view.get_iter_location(end).y:
            return Text((), False)
    return Text(tuple(texts_of_text_view(view, window)))


def box_of(widget: Any, window: Any) -> Box:
    """Of a widget, px in the image."""
    x, y = widget.translate_coordinates(window, 0, 0)
    return (x, y, x + widget.get_allocated_width(), y + widget.get_allocated_height())


def inside(box: Box, clip: Box, slack: float = 1.5) -> bool:
    """Whether a box is seen as a whole."""
    return (box[0] >= clip[0] - slack and box[1] >= clip[1] - slack and box[2] <= clip[2] + slack
            and box[3] <= clip[3] + slack)  # fmt: skip


def outside(box: Box, clip: Box) -> bool:
    """Whether nothing of a box is seen."""
    return box[2] <= clip[0] or box[0] >= clip[2] or box[3] <= clip[1] or box[1] >= clip[3]


def shared(box: Box, clip: Box) -> Box:
    """What of a box is seen through another."""
    return (max(box[0], clip[0]), max(box[1], clip[1]), min(box[2], clip[2]), min(box[3], clip[3]))


def box_of_lines(lines: tuple[Line, ...]) -> Box:
    """Around lines. Raises ValueError without any."""
    return (min(line.edges[0] for line in lines), min(line.top for line in lines),
            max(line.edges[-1] for line in lines), max(line.bottom for line in lines))  # fmt: skip
