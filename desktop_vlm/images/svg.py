"""SVG, rendered by a process of its own: it ends with its deadline, and brings no Qt into this one."""

from __future__ import annotations

import io
import re
import subprocess
import sys

from PIL import Image

from desktop_vlm.api.errors import UserError

MAX_SVG_BYTES = 8 * 2**20
DEADLINE_S = 15.0

_RENDERER = "desktop_vlm.ui.pictures.svg_renderer"
_START = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:(?:<!--.*?-->|<!DOCTYPE\s+svg[^\[>]*(?:\[.*?\]\s*)?>)\s*)*<(?:\w+:)?svg[\s>]",
    re.DOTALL | re.IGNORECASE,
)


def is_svg(data: bytes) -> bool:
    """By its content: the first element is called svg."""
    return _START.match(data[:65536]) is not None


def render_svg(data: bytes, name: str) -> Image.Image:
    """The drawing as RGBA, in its own size where that is sensible.

    Raises:
        UserError: it is too large, no drawing, or takes too long.
    """
    with Image.open(io.BytesIO(drawn_as_png(data, name)), formats=("PNG",)) as image:
        return image.convert("RGBA")


def drawn_as_png(data: bytes, name: str) -> bytes:
    """The drawing as a PNG file.

    Raises:
        UserError: see `render_svg`.
    """
    if len(data) > MAX_SVG_BYTES:
        raise UserError(f"{name} is an SVG of more than {MAX_SVG_BYTES // 2**20} MiB; save it as PNG and use that.")
    try:
        done = subprocess.run(
            [sys.executable, "-m", _RENDERER], input=data, capture_output=True, timeout=DEADLINE_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise UserError(
            f"{name} takes more than {DEADLINE_S:.0f} seconds to draw; save it as PNG and use that."
        ) from None
    if done.returncode or not done.stdout:
        raise UserError(f"{name} is an SVG that cannot be drawn; save it as PNG and use that.")
    return done.stdout
