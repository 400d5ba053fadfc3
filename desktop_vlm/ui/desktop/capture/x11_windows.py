"""Where the windows of an X11 desktop are, by the conventions of window managers (EWMH).

A window's rectangle includes what the window manager draws around it, its title bar, and excludes the shadow that
programs with a title bar of their own (GTK) draw inside their window. What lies above a window is in the picture.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QRect
from Xlib import X, error
from Xlib.display import Display
from Xlib.xobject.drawable import Window

_log = logging.getLogger(__name__)

_EVERY_DESKTOP = 0xFFFFFFFF


def top_windows() -> list[QRect]:
    """What a person sees as windows, topmost first, in real pixels of the whole desktop. For any thread.

    Empty where no window manager keeps such a list.
    """
    try:
        display = Display()
    except (error.DisplayError, OSError) as problem:
        _log.warning("The windows on the screen are not known: %s", problem)
        return []
    try:
        return _Reader(display).read()
    except error.ConnectionClosedError:
        return []
    finally:
        display.close()


class _Reader:
    def __init__(self, display: Display) -> None:
        self._display = display
        self._root = display.screen().root

    def read(self) -> list[QRect]:
        identifiers = self._numbers(self._root, "_NET_CLIENT_LIST_STACKING")
        desktops = self._numbers(self._root, "_NET_CURRENT_DESKTOP")
        found = []
        for identifier in reversed(identifiers):  # the list is from bottom to top
            window = self._display.create_resource_object("window", identifier)
            try:
                rect = self._rect(window, desktops)
            except error.XError:  # it was closed in between
                continue
            if rect is not None:
                found.append(rect)
        return found

    def _rect(self, window: Window, desktops: list[int]) -> QRect | None:
        """None when it cannot be seen, or is the desktop itself."""
        if window.get_attributes().map_state != X.IsViewable:
            return None
        if self._has(window, "_NET_WM_STATE", "_NET_WM_STATE_HIDDEN"):
            return None
        if self._has(window, "_NET_WM_WINDOW_TYPE", "_NET_WM_WINDOW_TYPE_DESKTOP"):
            return None
        desktop = self._numbers(window, "_NET_WM_DESKTOP")
        if desktops and desktop and desktop[0] not in {desktops[0], _EVERY_DESKTOP}:
            return None
        size = window.get_geometry()
        corner = self._root.translate_coords(window, 0, 0)
        rect = QRect(corner.x, corner.y, size.width, size.height)
        left, right, top, bottom = self._extents(window, "_NET_FRAME_EXTENTS")
        rect.adjust(-left, -top, right, bottom)
        left, right, top, bottom = self._extents(window, "_GTK_FRAME_EXTENTS")
        rect.adjust(left, top, -right, -bottom)
        return rect if rect.isValid() else None

    def _extents(self, window: Window, name: str) -> tuple[int, int, int, int]:
        """Left, right, top and bottom margin in pixels."""
        values = self._numbers(window, name)
        return (values[0], values[1], values[2], values[3]) if len(values) == 4 else (0, 0, 0, 0)

    def _has(self, window: Window, name: str, value: str) -> bool:
        return self._display.get_atom(value) in self._numbers(window, name)

    def _numbers(self, window: Window, name: str) -> list[int]:
        found = window.get_full_property(self._display.get_atom(name), X.AnyPropertyType)
        return [int(value) for value in found.value] if found is not None and found.format == 32 else []
