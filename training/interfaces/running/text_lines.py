"""The lines of a text that are seen in a box of several lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

from training.interfaces.records import Control
from training.interfaces.running.drawn_text import Found
from training.interfaces.running.exploring import Node
from training.screens.records import Box

_LEAST_HIGH, _LONG = 7, 24
"""Px of a line; characters from which on it is also looked for in halves."""
_PAST = 3
"""Px by which a line may pass its box."""


class Looks(Protocol):
    """What finds texts in pixels."""

    def find(self, pixels: Any, text: str, box: Box) -> Found | None: ...


@dataclass(frozen=True)
class Lines:
    """The lines as controls, disabled where they were not found in the pixels; the text where all of it is seen."""

    controls: tuple[Control, ...]
    text: str


def lines_of(node: Node, box: Box, left: float, top: float, finder: Looks, pixels: Any, container: str) -> Lines:
    """The lines below a node that are seen.

    Args:
        node: with a node for each line below it, as `accessible.py` reads them.
        box: where it is in the image, px.
        left: of the image on the screen, px.
        top: of the image on the screen, px.
        finder: what looks for them.
        pixels: the image's brightness.
        container: the id that the lines get.
    """
    lines = [one for one in node.children if one.role == "line"]
    controls: list[Control] = []
    whole = bool(lines) and "first" in lines[0].states and "last" in lines[-1].states
    numbered = bool(lines) and "first" in lines[0].states
    text = ""
    for place, one in enumerate(lines):
        said = one.name.strip().replace("\u200b", "")
        text += one.name.rstrip() + (" " if "wrapped" in one.states else "\n")
        if not said:
            continue
        at = (one.box[0] - left, one.box[1] - top, one.box[2] - left, one.box[3] - top)
        if at[3] <= box[1] + 2 or at[1] >= box[3] - 2:
            continue
        inside = (
            at[0] >= box[0] - _PAST and at[2] <= box[2] + _PAST and at[1] >= box[1] - _PAST and at[3] <= box[3] + _PAST
        )
        found = _found(finder, pixels, said, at) if inside and at[3] - at[1] >= _LEAST_HIGH else None
        row = place if numbered else -1
        if found is None:
            whole = False
            part = (max(at[0], box[0]), max(at[1], box[1]), min(at[2], box[2]), min(at[3], box[3]))
            if part[2] > part[0] + 2 and part[3] > part[1] + 2:
                controls.append(Control("line", said, part, enabled=False, container=container, row=row))
            continue
        around = (found.box[0] - 2, found.box[1] - 2, found.box[2] + 2, found.box[3] + 2)
        controls.append(Control("line", said, around, found.letters, container=container, row=row))
    return Lines(tuple(controls), text.strip() if whole else "")


def _found(finder: Looks, pixels: Any, text: str, box: Box) -> Found | None:
    """A line, also in two pieces: in a long one, letters may be a pixel away from where they would be."""
    found = finder.find(pixels, text, box)
    middle = text.rfind(" ", 0, len(text) * 3 // 5)
    if found is not None or len(text) < _LONG or middle < _LONG // 4:
        return found
    left, right = (_found(finder, pixels, one.strip(), box) for one in (text[:middle], text[middle:]))
    if left is None or right is None or not 0 <= right.box[0] - left.box[2] < 3 * left.letters:
        return None
    around = (left.box[0], min(left.box[1], right.box[1]), right.box[2], max(left.box[3], right.box[3]))
    return replace(left, box=around)
