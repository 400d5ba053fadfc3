"""A JPEG whose decoder goes over all pixels again and again."""

from __future__ import annotations

import io

from PIL import Image


def jpeg_of_many_scans(side: int, n_scans: int) -> bytes:
    """A square grey image of `side` pixels, whose last but one scan is there `n_scans` times more."""
    buffer = io.BytesIO()
    Image.new("L", (side, side), 99).save(buffer, "JPEG", progressive=True)
    parts = buffer.getvalue().split(b"\xff\xda")
    return b"\xff\xda".join([*parts[:-1], *[parts[-2]] * n_scans, parts[-1]])
