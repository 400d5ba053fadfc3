"""Sheets to look at: images with the boxes of what was read on them, and a list of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from PIL import Image, ImageDraw

from training.interfaces.records import Control, Interface

_COLOURS = {"label": "#888888", "field": "#0060ff", "combo": "#0060ff", "button": "#e00000", "checkbox": "#00a000",
            "radio": "#00a000", "cell": "#c000c0", "entry": "#c000c0"}  # fmt: skip


def with_sheets(shots: Iterable[tuple[str, Image.Image, Interface]],
                folder: Path) -> Iterator[tuple[str, Image.Image, Interface]]:  # fmt: skip
    """Hand images on, with a sheet of each in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, image, interface) in enumerate(shots):
        draw_sheet(name, image, interface).save(folder / f"{number:04}.png")
        yield name, image, interface


def draw_sheet(name: str, image: Image.Image, interface: Interface) -> Image.Image:
    """The image, with boxes and characters' edges, above what was read."""
    listed = [_said(control) for control in interface.controls]
    rows = -(-len(listed) // 2)
    sheet = Image.new("RGB", (max(image.width, 1100), image.height + 14 * rows + 20), "white")
    sheet.paste(image, (0, 0))
    draw = ImageDraw.Draw(sheet)
    for control in interface.controls:
        draw.rectangle(control.box, outline=_COLOURS.get(control.role, "#ff8000"))
    for line in interface.lines:
        draw.line((line.edges[0], line.bottom, line.edges[-1], line.bottom), fill="#ff00ff")
        for edge in line.edges:
            draw.line((edge, line.bottom - 2, edge, line.bottom), fill="#ff00ff")
    head = f"{name} | {interface.noun} | {interface.title!r} framed={interface.framed} located={interface.located}"
    draw.text((2, image.height + 2), head.encode("ascii", "replace").decode(), fill="red")
    for place, text in enumerate(listed):
        at = (2 + (place // rows) * (sheet.width // 2), image.height + 16 + 14 * (place % rows))
        draw.text(at, text[:95].encode("ascii", "replace").decode(), fill="black")
    return sheet


def _said(control: Control) -> str:
    marks = [f"on={control.is_on}" if control.is_on is not None else "", "selected" if control.selected else "",
             "" if control.enabled else "disabled", f"label={control.label!r}" if control.label else "",
             f"in {control.container}" if control.container else "", f"of {control.called!r}" if control.called else "",
             f"{control.row},{control.column}" if control.column >= 0 else ""]  # fmt: skip
    return f"{control.role} {control.text!r} {' '.join(mark for mark in marks if mark)}"
