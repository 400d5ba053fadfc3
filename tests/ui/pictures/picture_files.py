"""Pictures for tests, made here and known to the pixel."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageDraw


def picture(width: int, height: int, seed: int = 1) -> Image.Image:
    """Areas and lines whose every place differs from its neighbours'."""
    image = Image.new("RGB", (width, height), (40 * seed % 256, 90, 200 - 20 * seed % 200))
    draw = ImageDraw.Draw(image)
    for x in range(0, width, 7):
        draw.line((x, 0, width - x, height), fill=(x * 5 % 256, x * 3 % 256, 30 * seed % 256))
    return image


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png(width: int = 64, height: int = 48, seed: int = 1) -> bytes:
    return encoded(picture(width, height, seed))


def pdf(pages: int) -> bytes:
    """A5 pages at 72 dots per inch: 420 x 595 points."""
    sheets = [picture(420, 595, seed) for seed in range(pages)]
    return encoded(sheets[0], "PDF", save_all=True, append_images=sheets[1:], resolution=72)


def data_url(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
