"""Whether a region of the screen looks as it did before: by its pixels, cheaply and with some tolerance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops
from PySide6.QtGui import QImage

from desktop_vlm.ui.desktop.capture.encoding import encode
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.loading import to_pillow

_CELL_PX = 3
"""A digit that becomes another in text of 9 px changes the mean of such a cell by 9 of 255 at least, wherever it is;
of cells of 8 px a 9 in the place of a 0 may leave all means as they were."""
_MOST_CELLS = 960
"""Across and down: of a larger region the cells are larger, 4 px wide on a screen of 3840 px."""
TOLERANCE = 3
"""By which the mean of a cell may differ, of 255: what rounding does in a program that scales, and no more."""

Fingerprint = Image.Image
"""The means of the cells, in colour: a light that turns from green to red has the same brightness."""


@dataclass(frozen=True)
class Look:
    """What was seen.

    Attributes:
        fingerprint: of the pixels.
        same_as: index of the known fingerprint that it is the same as; None where it is none.
        picture: of the pixels, where they are not known.
    """

    fingerprint: Fingerprint
    same_as: int | None
    picture: NewPicture | None


def look(image: QImage, known: Sequence[Fingerprint], name: str) -> Look:
    """Compare pixels with those that are known. Slow: not for the window's thread.

    Raises:
        UserError: there was no memory for the picture.
    """
    fingerprint = fingerprint_of(to_pillow(image))
    same_as = next((at for at, one in enumerate(known) if is_same(fingerprint, one)), None)
    picture = encode(image, image.rect(), name) if same_as is None else None
    return Look(fingerprint, same_as, picture)


def fingerprint_of(image: Image.Image) -> Fingerprint:
    """The means of its cells."""
    across, down = (max(1, min(_MOST_CELLS, -(-side // _CELL_PX))) for side in image.size)
    return image.convert("RGB").resize((across, down), Image.Resampling.BOX)


def is_same(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether no cell differs by more than the tolerance."""
    if one.size != other.size:
        return False
    bands = ImageChops.difference(one, other).getextrema()
    return all(int(high) <= TOLERANCE for _, high in bands)  # type: ignore[misc]  # of three bands
