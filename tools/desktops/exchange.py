"""What comes from other programs, pasted and dropped, and the icon in the panel with its menu and its Quit."""

from __future__ import annotations

import subprocess
import time

from tools.desktops.desktop import Desktop, DesktopError, wait_for
from tools.desktops.looking import DROPPED, FILE_PATCH, IMAGE_PATCH, PAPER, READY, Spot, changed, find
from tools.desktops.steps import STEP_S, ended, images_of_draft, seen, start_other, start_with_other

_BESIDE = 90
"""So far to the left of the other program lies our window, which is larger, or tiled there."""
_LAST_ENTRY = 12
"""So far above the end of a menu."""
_THUMBNAIL = 400
"""Pixels that one has at least of its own colour."""
_HIDDEN_S = 14.0
"""Longer than it takes the program to bring back a window that nobody could reach."""


def exchange(desktop: Desktop) -> list[str]:
    """Paste, drop, and the icon in the panel."""
    program = start_with_other(desktop)
    problems = _pasted(desktop)
    problems += _dropped(desktop, FILE_PATCH, "3-file-dropped", 2)
    problems += _dropped(desktop, IMAGE_PATCH, "4-image-dropped", 3)
    return problems + (_by_icon(desktop, program) if desktop.has_tray else _without_icon(desktop, program))


def _where(desktop: Desktop, color: tuple[int, int, int]) -> Spot:
    found = find(desktop.image("looking"), color)
    if found is None:
        raise DesktopError(f"nothing on the screen has the colour {color}")
    return found


def _ours(desktop: Desktop) -> tuple[int, int]:
    """A place in our window, beside the other one."""
    other = _where(desktop, PAPER)
    return other.left - _BESIDE, other.middle[1]


def _pasted(desktop: Desktop) -> list[str]:
    seen(desktop, "1-started")
    desktop.keys("copy")
    time.sleep(1)
    place = _ours(desktop)
    desktop.mouse("move", *place, "click")
    time.sleep(1)
    desktop.keys("paste")
    seen(desktop, "2-pasted")
    return _missing(desktop, "paste", 1)


def _dropped(desktop: Desktop, color: tuple[int, int, int], name: str, count: int) -> list[str]:
    if find(desktop.image("looking"), color) is None:
        start_other(desktop, f"other-{count}")  # a click has brought our window over it
        wait_for(lambda: find(desktop.image("looking"), color) is not None, "the other program")
        time.sleep(STEP_S)
    (x, y), (to_x, to_y) = _where(desktop, color).middle, _ours(desktop)
    drag = ("move", x, y, "press", "move", x - 15, y + 5, "sleep", 0.5, "move", x - 40, y + 10, "sleep", 0.5)
    drop = ("move", to_x, to_y, "sleep", 0.5, "move", to_x + 3, to_y + 3, "sleep", 1, "release")
    desktop.mouse(*drag, *drop)
    seen(desktop, name)
    return _missing(desktop, name, count)


def _missing(desktop: Desktop, what: str, count: int) -> list[str]:
    found = images_of_draft(desktop)
    return [] if len(found) == count else [f"{what}: {len(found)} images in the question instead of {count}"]


def _by_icon(desktop: Desktop, program: subprocess.Popen[bytes]) -> list[str]:
    """Hide the window, show it by the icon, end the program by the icon's menu."""
    wait_for(lambda: find(desktop.image("looking"), READY) is not None, "the icon of a model that is ready")
    wait_for(lambda: _is_hidden(desktop), "our window to hide")
    icon = _where(desktop, READY).middle
    desktop.mouse("move", *icon, "click")
    wait_for(lambda: find(desktop.image("looking"), DROPPED, _THUMBNAIL) is not None, "our window, by its icon")
    shown = seen(desktop, "5-shown-by-icon")
    desktop.mouse("move", *icon, "menu")
    menu = changed(shown, seen(desktop, "6-menu-of-icon"))
    if menu is None:
        return ["the icon has no menu"]
    if desktop.menus_take_keys:
        desktop.keys("up")
    else:
        desktop.mouse("move", menu.middle[0], menu.bottom - _LAST_ENTRY)
    seen(desktop, "7-quit-chosen")
    if desktop.menus_take_keys:
        desktop.keys("return")
    else:
        desktop.mouse("click")
    return ended(desktop, program, "Quit of the icon's menu")


def _is_hidden(desktop: Desktop) -> bool:
    """After the key, which brings a window to the front before it hides it."""
    desktop.keys("toggle")
    time.sleep(STEP_S)
    return find(desktop.image("looking"), DROPPED, _THUMBNAIL) is None


def _without_icon(desktop: Desktop, program: subprocess.Popen[bytes]) -> list[str]:
    """A window that was hidden by key stays hidden until the key is pressed again."""
    desktop.keys("toggle")
    time.sleep(STEP_S)
    desktop.keys("toggle")
    time.sleep(_HIDDEN_S)
    seen(desktop, "5-hidden-by-key")
    desktop.keys("toggle")
    seen(desktop, "6-shown-by-key")
    desktop.program("--quit")
    return ended(desktop, program, "--quit")
