"""Screens of different scales: windows on each, a region of each captured."""

from __future__ import annotations

import time

from tools.desktops.desktop import Desktop
from tools.desktops.steps import STEP_S, ended, images_of_draft, seen, start_other, start_program, wait_for_overlay

_REGION = (200, 140)
"""Of each capture, in a window's pixels."""
_CORNER = (60, 80)


def on_screens(desktop: Desktop) -> list[str]:
    """Another program on the last screen, and a region of each screen captured and taken into the question."""
    program = start_program(desktop)
    time.sleep(3 * STEP_S)
    desktop.settle()
    left = sum(one.size[0] for one in desktop.screens[:-1])
    desktop.mouse("move", left + 300, 300, "click")
    start_other(desktop, "other")
    seen(desktop, "1-started")
    if not desktop.takes_images:
        desktop.program("--quit")
        return ended(desktop, program, "--quit")
    problems: list[str] = []
    expected: list[tuple[int, int]] = []
    left = 0
    for number, screen in enumerate(desktop.screens, 1):
        desktop.mouse("move", left + 300, 300)
        desktop.keys("capture")
        if number == 1:
            time.sleep(STEP_S)
            desktop.allow()
        wait_for_overlay(desktop)
        x, y = left + _CORNER[0], _CORNER[1]
        to = (x + _REGION[0], y + _REGION[1])
        desktop.mouse("move", x, y, "press", "move", x + 50, y + 50, "move", *to)
        seen(desktop, f"2-selecting-on-{number}")
        desktop.mouse("move", *to, "release")
        seen(desktop, f"3-quick-window-after-{number}")
        desktop.keys("into window")
        seen(desktop, f"4-in-the-question-{number}")
        expected.append((round(_REGION[0] * screen.scale), round(_REGION[1] * screen.scale)))
        left += screen.size[0]
    found = sorted(images_of_draft(desktop))
    expected.sort()
    print(f"{desktop.name}: captured {found}, expected {expected}", flush=True)
    is_same = len(found) == len(expected) and all(
        abs(a - b) <= 3 for one, other in zip(found, expected, strict=True) for a, b in zip(one, other, strict=True)
    )
    if not is_same:
        problems.append(f"captures of {found} pixels instead of {expected}")
    desktop.program("--quit")
    return problems + ended(desktop, program, "--quit")
