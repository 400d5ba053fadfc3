"""QR codes and barcodes in an image."""

from __future__ import annotations

import importlib.util

from desktop_vlm.api.text_layer import Box, Code
from desktop_vlm.images.text_layer.engine import Pixels


def find_codes(grey: Pixels) -> tuple[Code, ...]:
    """The codes of an image [height, width] from top to bottom; none where zxing-cpp is not installed."""
    if importlib.util.find_spec("zxingcpp") is None:
        return ()
    import zxingcpp

    found = []
    for one in zxingcpp.read_barcodes(grey):
        corners = (
            one.position.top_left,
            one.position.top_right,
            one.position.bottom_right,
            one.position.bottom_left,
        )
        xs, ys = [float(corner.x) for corner in corners], [float(corner.y) for corner in corners]
        box = Box(min(xs), min(ys), max(xs) + 1, max(ys) + 1)
        found.append(Code(str(one.format), one.text, box))
    return tuple(sorted(found, key=lambda code: (code.box.top, code.box.left)))
