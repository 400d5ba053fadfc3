"""How large the buttons of the dark bars on pictures are: as the text asks for, as far as their bar has room."""

from __future__ import annotations

from desktop_vlm.ui.theme import Theme

SIDE = 34
"""Of a button with text of the usual size, px; never less."""
_LARGEST = 51


def side_within(theme: Theme, room: int, taken: int) -> int:
    """Side of a button, px.

    Args:
        theme: for the size of the text.
        room: pixels that a bar has for what grows in it.
        taken: what takes how much of them with buttons of `SIDE`.
    """
    return max(SIDE, min(theme.scaled(SIDE), _LARGEST, SIDE * room // max(1, taken)))


def icon_side(side: int) -> int:
    """Of the icon on a button, px."""
    return round(side * 18 / SIDE)
