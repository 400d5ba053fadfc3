"""Images of text, drawn with the font that Pillow brings along."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont


def drawn(lines: Sequence[str], *, px: int = 24, width: int = 320) -> Image.Image:
    """Black on white, one line below the other, each twice as high as its letters."""
    image = Image.new("RGB", (width, 2 * px * len(lines) + px), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((20, px // 2 + 2 * px * number), line, "black", ImageFont.load_default(px))
    return image


def png(image: Image.Image) -> bytes:
    """An image's file."""
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
