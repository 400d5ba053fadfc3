"""SVG, rendered by a process of its own: it ends with its deadline, and brings no Qt into this one."""

from __future__ import annotations

import io
import re
import signal
import subprocess

from PIL import Image

from desktop_vlm.api.errors import UserError
from desktop_vlm.images.time_limits import DEADLINE_S, PROCESSOR_S
from desktop_vlm.system.own_modules import child_command, child_folder

MAX_SVG_BYTES = 8 * 2**20

_RENDERER = "desktop_vlm.ui.pictures.svg_renderer"
_TOO_SLOW = getattr(signal, "SIGPROF", -1)
"""What ends it, see `sandbox.limit_processor_time`."""
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
            child_command(_RENDERER),
            input=data,
            capture_output=True,
            timeout=DEADLINE_S,
            check=False,
            cwd=child_folder(),
        )
    except subprocess.TimeoutExpired:
        raise UserError(_too_slow(name, DEADLINE_S)) from None
    if done.returncode == -_TOO_SLOW:
        raise UserError(_too_slow(name, PROCESSOR_S))
    if done.returncode or not done.stdout:
        raise UserError(f"{name} is an SVG that cannot be drawn; save it as PNG and use that.")
    return done.stdout


def _too_slow(name: str, limit_s: float) -> str:
    return f"{name} takes more than {limit_s:.0f} seconds to draw; save it as PNG and use that."
