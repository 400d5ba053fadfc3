"""Samples of more than 8 bits as 8 bits. Files rarely say where white is, so it is found out."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.images.strips import strips

Values: TypeAlias = "NDArray[Any]"

_USED_BITS = (8, 10, 12, 14, 16)
"""What cameras and scanners put into 16 bits: white is the least of these that no sample exceeds."""

_BRIGHTEST = 99.5
"""Percentile that is white in an image of light (HDR): single lamps do not make the rest black."""


def scaled_colour(high: Image.Image, low: Image.Image) -> Image.Image:
    """Upper and lower bytes of samples of which fewer than 16 bits are used, as 8 bits; alpha is scaled likewise."""
    white = _white_of(max(_most(high, low, band) for band in range(len(high.getbands()))))
    bands = []
    for one, other in zip(high.split(), low.split(), strict=True):
        made = Image.new("L", high.size)
        for box in strips(high.size):
            wide = np.asarray(one.crop(box)).astype(np.uint32) * 256 + np.asarray(other.crop(box))
            made.paste(Image.fromarray(_to_bytes(wide.astype(np.float32), 0, white)), box[:2])
        bands.append(made)
    return Image.merge(high.mode, bands)


def uses_low_bits_only(high: Image.Image) -> bool:
    """Whether the upper 8 bits show that at most 14 of 16 are used."""
    most = max(int(extremes[1]) for extremes in _extremes(high))
    return most < 1 << 6


def grey_from_wide(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits or floats as 8 bits; Pillow's own conversion would clip it at 255.

    16 bits go up to what is used of them, floats up to 1 or 255. Floats beyond are light (HDR), which is compressed;
    what has negative values is stretched from its darkest to its brightest.
    """
    is_float = image.mode == "F"
    black, white = _range(image, is_float)
    curve = is_float and black >= 0.0 and white > 1.0
    if black >= 0.0 and not is_float and white <= 65535.0:
        stated = image.format == "PPM"  # says where white is
        black, white = 0.0, 65535.0 if stated else float(_white_of(int(white)))
    elif is_float and black >= 0.0 and white <= 255.0:
        black, white, curve = 0.0, 1.0 if white <= 1.0 else 255.0, False
    exposure = _exposure(image) if curve else 1.0
    made = Image.new("L", image.size)
    for box in strips(image.size):
        values = _finite(np.asarray(image.crop(box)))
        if curve:
            values = _tone(values * exposure)
            made.paste(Image.fromarray(_to_bytes(values, 0, 1)), box[:2])
        else:
            made.paste(Image.fromarray(_to_bytes(values, black, white)), box[:2])
    return made


def _range(image: Image.Image, is_float: bool) -> tuple[float, float]:
    if not is_float:
        low, high = _extremes(image)[0]
        return float(low), float(high)
    parts = [_finite(np.asarray(image.crop(box))) for box in strips(image.size)]
    return min(float(part.min()) for part in parts), max(float(part.max()) for part in parts)


def _exposure(image: Image.Image) -> float:
    small = _finite(np.asarray(image.resize((min(image.width, 512), min(image.height, 512)), Image.Resampling.NEAREST)))
    return 1.0 / (float(np.percentile(small, _BRIGHTEST)) or 1.0)


def _tone(light: Values) -> Values:
    """Reinhard's curve with white at 1, and the gamma of screens (2.2)."""
    return np.asarray(np.clip(4 * light * (1 + light / 4) / (1 + 4 * light), 0, 1) ** (1 / 2.2))


def _finite(values: Values) -> Values:
    return np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)


def _to_bytes(values: Values, black: float, white: float) -> NDArray[np.uint8]:
    scaled = (values - black) * (255.0 / ((white - black) or 1.0)) + 0.5
    return scaled.clip(0, 255).astype(np.uint8)


def _white_of(most: int) -> int:
    return next((1 << bits) - 1 for bits in _USED_BITS if most < 1 << bits)


def _most(high: Image.Image, low: Image.Image, band: int) -> int:
    upper, lower = high.getchannel(band), low.getchannel(band)
    top = int(_extremes(high)[band][1])
    most = 0
    for box in strips(high.size):
        most = max(most, int(np.asarray(lower.crop(box))[np.asarray(upper.crop(box)) == top].max(initial=0)))
    return top * 256 + most


def _extremes(image: Image.Image) -> list[tuple[float, float]]:
    found: Any = image.getextrema()
    return [found] if isinstance(found[0], (int, float)) else list(found)
