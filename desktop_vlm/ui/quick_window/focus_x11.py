"""Focus on X11, by the window manager's properties (Extended Window Manager Hints 1.5)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from Xlib import X
from Xlib.display import Display
from Xlib.error import DisplayError, XauthError, XNoAuthError
from Xlib.protocol.event import ClientMessage

_log = logging.getLogger(__name__)

_FROM_A_PAGER = 2
"""Source of a request to activate a window: the person's own request, which no focus-stealing prevention denies."""


class X11Focus:
    """A connection for each question: few are asked per use, one takes some milliseconds, and there is none to lose."""

    def __init__(self, display: str | None = None) -> None:
        self._name = display

    @property
    def is_composited(self) -> bool:
        with self._connected() as display:
            if display is None:
                return False
            manager = display.intern_atom(f"_NET_WM_CM_S{display.get_default_screen()}")
            return bool(display.get_selection_owner(manager))

    def active_window(self) -> int:
        with self._connected() as display:
            if display is None:
                return 0
            name = display.intern_atom("_NET_ACTIVE_WINDOW")
            found = display.screen().root.get_full_property(name, X.AnyPropertyType)
            return int(found.value[0]) if found and len(found.value) else 0

    def activate(self, window: int) -> None:
        with self._connected() as display:
            if display is None:
                return
            request = ClientMessage(
                window=window,
                client_type=display.intern_atom("_NET_ACTIVE_WINDOW"),
                data=(32, [_FROM_A_PAGER, X.CurrentTime, 0, 0, 0]),
            )
            display.screen().root.send_event(request, X.SubstructureRedirectMask | X.SubstructureNotifyMask)
            display.sync()

    @contextmanager
    def _connected(self) -> Iterator[Display | None]:
        try:
            display = Display(self._name)
        except (DisplayError, XauthError, XNoAuthError, OSError) as error:
            _log.warning("The window manager could not be asked about the keyboard: %s", error)
            yield None
            return
        try:
            yield display
        finally:
            display.close()
