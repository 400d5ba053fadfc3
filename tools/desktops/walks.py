"""The walks: what a person does on each desktop. Each gives what went wrong; the rest is for the eye."""

from __future__ import annotations

import time

from tools.desktops.desktop import Desktop
from tools.desktops.steps import STEP_S, ended, seen, start_other, start_program, wait_for_overlay


def use(desktop: Desktop) -> list[str]:
    """Start, capture, ask, cancel, hide, raise, quit."""
    problems: list[str] = []
    program = start_program(desktop)
    time.sleep(3 * STEP_S)
    desktop.settle()
    other = start_other(desktop, "other")
    time.sleep(STEP_S)
    seen(desktop, "1-started")
    if desktop.takes_images:
        _captured(desktop)
    desktop.keys("toggle")
    seen(desktop, "8-toggled")
    desktop.keys("toggle")
    seen(desktop, "9-toggled-again")
    problems += _from_behind(desktop)
    problems += [f"left behind: {one.name}" for one in (desktop.folder / "home").rglob("Screenshot*.png")]
    problems += [f"left in Pictures: {one.name}" for one in (desktop.folder / "home/Pictures/").iterdir()]
    desktop.program("--quit")
    problems += ended(desktop, program, "--quit")
    problems += _again(desktop)
    if other.poll() is not None:
        problems.append("the other program ended")
    return problems


def _again(desktop: Desktop) -> list[str]:
    """A second start: the keys are there, and nobody is asked any more."""
    program = start_program(desktop)
    time.sleep(4 * STEP_S)
    seen(desktop, "14-started-again")
    desktop.keys("toggle")
    seen(desktop, "15-hidden-by-key")
    desktop.program("--quit")
    return ended(desktop, program, "--quit, hidden,")


def _captured(desktop: Desktop) -> None:
    """A region into the quick window, which is dismissed, and a capture that is cancelled."""
    desktop.keys("capture")
    seen(desktop, "2-overlay")
    desktop.allow()
    wait_for_overlay(desktop)
    seen(desktop, "3-overlay-allowed")
    desktop.mouse("move", 20, 100, "press", "move", 200, 200, "move", 380, 300, "release")
    seen(desktop, "4-quick-window")
    desktop.keys("a")
    seen(desktop, "5-typed")
    desktop.keys("escape")
    seen(desktop, "6-dismissed")
    _cancelled(desktop, "7-cancelled")


def _cancelled(desktop: Desktop, name: str) -> None:
    desktop.keys("capture")
    wait_for_overlay(desktop)
    desktop.keys("escape")
    seen(desktop, name)


def _from_behind(desktop: Desktop) -> list[str]:
    """With another program in front: it keeps the keyboard after a capture that was cancelled, and we get it by key."""
    start_other(desktop, "in-front")
    seen(desktop, "10-behind")
    if desktop.takes_images:
        _cancelled(desktop, "11-cancelled-from-behind")
    desktop.keys("a")
    seen(desktop, "12-typed-into-the-other")
    typed = (desktop.folder / "in-front.log").read_text(encoding="utf-8").splitlines()
    desktop.keys("toggle")
    seen(desktop, "13-raised")
    return [] if "a" in typed or not desktop.minimises else ["what was typed did not reach the program in front"]
