"""What an image shows of its controls: whether texts can be read, and which look greyed out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from PIL import Image

from training.interfaces.records import Control, Interface
from training.screens.records import Box

_LEAST = 40
"""Between ink and ground, of 255: texts with less can hardly be read."""
_GREY, _PLAIN = 0.72, 0.85
"""Of the usual contrast of texts: what is greyed out has at most so much, what is not at least so much."""


def contrast(image: Image.Image, box: Box) -> float:
    """Between the ground and what stands out from it most within a box, 0 to 255; frames at its edges do not count."""
    left, top, right, bottom = (round(edge) for edge in box)
    wide, high = right - left, bottom - top
    inner = (left + min(4, wide // 6), top + min(4, high // 5), right - min(4, wide // 6), bottom - min(4, high // 5))
    if inner[2] <= inner[0] or inner[3] <= inner[1]:
        return 0.0
    grey = np.asarray(image.crop(inner).convert("L"), np.float32)
    return float(np.abs(grey - np.median(grey)).max())


def seen_in(image: Image.Image, interface: Interface) -> tuple[Interface, dict[int, float]]:
    """The window without controls whose texts cannot be read, and the contrast of those that are left, by their id.

    Where one is left out, its container is cut.
    """
    found = {id(one): contrast(image, one.box) for one in interface.controls}
    kept = tuple(one for one in interface.controls if not one.text.strip() or found[id(one)] >= _LEAST)
    if len(kept) == len(interface.controls):
        return interface, found
    cut = interface.cut | {""} | {one.container for one in interface.controls if one not in kept}
    return replace(interface, controls=kept, cut=frozenset(cut)), found


def looks_enabled(control: Control, contrasts: Mapping[int, float], usual: float) -> bool:
    """Whether a control looks as it is: greyed out where it is disabled, as usual where it is not."""
    if id(control) not in contrasts:
        return True
    found = contrasts[id(control)]
    return found >= _PLAIN * usual if control.enabled else found <= _GREY * usual
