"""A portal that loses its file: wlroots' has grim take the screen, and asks nobody whether it did."""

from __future__ import annotations

from tools.desktops.desktop import Desktop, wait_for
from tools.desktops.looking import NOTICE, PAPER, find
from tools.desktops.steps import ended, seen, start_with_other, wait_for_overlay
from tools.desktops.sway import Sway

_MUCH = 10_000
"""Pixels of a sentence over our window; letters have the colour, too."""
_TOLERANCE = 2
"""The titles of sway's windows are nearly as dark."""


def lost(desktop: Desktop) -> list[str]:
    """The file that the portal names is not there: our window comes back and says so; the next capture is as ever."""
    assert isinstance(desktop, Sway)
    program = start_with_other(desktop)
    stand_in = desktop.stand_ins / "grim"
    stand_in.parent.mkdir()
    stand_in.write_text("#!/bin/sh\n", encoding="utf-8")
    stand_in.chmod(0o755)
    desktop.keys("capture")
    wait_for(lambda: _is_said(desktop), "the sentence that nothing was captured")
    stand_in.unlink()
    desktop.keys("capture")
    wait_for_overlay(desktop)
    seen(desktop, "2-overlay")
    desktop.keys("escape")
    seen(desktop, "3-cancelled")
    desktop.program("--quit")
    return ended(desktop, program, "--quit")


def _is_said(desktop: Desktop) -> bool:
    """Over our window, with nothing dimmed: the hints of our overlay have the colour, too."""
    image = desktop.image("1-said")
    return all(find(image, color, _MUCH, _TOLERANCE) is not None for color in (NOTICE, PAPER))
