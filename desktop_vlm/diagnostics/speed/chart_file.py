"""The chart as a file: SVG as text, PNG by Pillow at twice the size."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from desktop_vlm.api.errors import UserError
from desktop_vlm.diagnostics.speed.chart import GROUND, Box, Chart, Words, lay_out
from desktop_vlm.diagnostics.speed.figures import BenchResult
from desktop_vlm.system.complete_file import complete_file

_SCALE = 2
_FONTS = {
    False: ("DejaVuSans.ttf", "arial.ttf", "Arial.ttf", "Helvetica.ttc"),
    True: ("DejaVuSans-Bold.ttf", "arialbd.ttf", "Arial Bold.ttf", "Helvetica.ttc"),
}
"""By whether they are bold: of Linux, Windows and macOS; the first that is there, else Pillow's own."""
_FAMILIES = 'font-family="DejaVu Sans, Arial, Helvetica, sans-serif"'


def check_chart_path(path: Path) -> None:
    """Refuse a file that could not be written, before a long measurement.

    Raises:
        UserError: its name does not end with .svg or .png, or its folder is not there.
    """
    if path.suffix.lower() not in _WRITERS:
        raise UserError(f"{path.name} must end with .svg or .png; name the chart's file so.")
    if path.is_dir():
        raise UserError(f"{path} is a folder; name a file in it for the chart.")
    if not path.absolute().parent.is_dir():
        raise UserError(f"There is no folder {path.absolute().parent} for the chart; make it or name another file.")


def write_chart(result: BenchResult, path: Path) -> None:
    """Draw what was measured, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    with complete_file(path) as file:
        file.write(_WRITERS[path.suffix.lower()](lay_out(result, text_width)))


def text_width(text: str, size: int, bold: bool) -> float:
    """Pixels that a text takes."""
    return _font(size, bold).getlength(_drawable(text)) * 1.02  # in an SVG another font may be used


def _svg(chart: Chart) -> bytes:
    size = f'width="{chart.width}" height="{chart.height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {_FAMILIES} viewBox="0 0 {chart.width} {chart.height}">',
        f'<rect {size} fill="{GROUND}"/>',
        *(_svg_part(part) for part in chart.parts),
        "</svg>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _svg_part(part: Box | Words) -> str:
    if isinstance(part, Box):
        place = f'x="{part.x:.1f}" y="{part.y:.1f}" width="{part.width:.1f}" height="{part.height:.1f}"'
        return f'<rect {place} rx="2" fill="{part.color}"/>'
    weight = ' font-weight="bold"' if part.bold else ""
    style = f'font-size="{part.size}" fill="{part.color}" text-anchor="{part.anchor}"{weight}'
    return f'<text x="{part.x:.1f}" y="{part.y:.1f}" {style}>{escape(_drawable(part.text))}</text>'


def _png(chart: Chart) -> bytes:
    image = Image.new("RGB", (chart.width * _SCALE, chart.height * _SCALE), GROUND)
    draw = ImageDraw.Draw(image)
    for part in chart.parts:
        x, y = part.x * _SCALE, part.y * _SCALE
        if isinstance(part, Box):
            box = (x, y, x + part.width * _SCALE - 1, y + part.height * _SCALE - 1)
            draw.rounded_rectangle(box, 2 * _SCALE, fill=part.color)
        else:
            font = _font(part.size * _SCALE, part.bold)
            draw.text((x, y), _drawable(part.text), part.color, font, "rs" if part.anchor == "end" else "ls")
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


def _drawable(text: str) -> str:
    """Without control characters, which no file of XML may hold."""
    return "".join(char if char.isprintable() else " " for char in text)


@cache
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in _FONTS[bold]:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


_WRITERS: dict[str, Callable[[Chart], bytes]] = {".svg": _svg, ".png": _png}
