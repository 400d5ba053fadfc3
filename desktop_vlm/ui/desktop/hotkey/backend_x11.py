"""X11: the keys are grabbed on the root window, so that no other program gets them.

A thread with a connection of its own waits for them: nothing that the window does can delay a press, and python-xlib
is used by one thread only. Qt hears by the listener's queued signals.
"""

from __future__ import annotations

import logging
import os
import select
import threading
from collections import deque
from contextlib import suppress
from queue import Empty, SimpleQueue

from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import (
    BadAccess,
    CatchError,
    ConnectionClosedError,
    DisplayError,
    XauthError,
    XError,
    XNoAuthError,
)
from Xlib.protocol.event import KeyPress, KeyRelease, MappingNotify
from Xlib.protocol.rq import Event

from desktop_vlm.ui.desktop.hotkey.backend import HotkeyListener, Keys
from desktop_vlm.ui.desktop.hotkey.keys import Combination, combination
from desktop_vlm.ui.desktop.hotkey.state import Binding, HotkeyAction, HotkeyStatus, Reason

_LOG = logging.getLogger(__name__)

_STOP_S = 2.0
_PLAIN, _SHIFTED = (0, 2), (1, 3)  # columns of the keyboard mapping: two levels of each of two groups
_UNICODE_KEYSYMS = 0x01000000

Grab = tuple[int, int]  # keycode, modifiers


class X11Hotkeys:
    """The backend for X11."""

    def __init__(self, listener: HotkeyListener, display: str | None = None) -> None:
        self._listener = listener
        self._display = display
        self._orders: SimpleQueue[tuple[HotkeyAction, str]] = SimpleQueue()
        self._wake_end, self._wake = os.pipe()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hotkey-x11", daemon=True)

    def start(self, keys: Keys) -> None:
        for action, requested in keys.items():
            self._orders.put((action, requested))
        self._thread.start()

    def set_keys(self, action: HotkeyAction, keys: str) -> None:
        self._orders.put((action, keys))
        if self._thread.is_alive():
            os.write(self._wake, b"k")
        else:
            self._tell_all_unavailable(Reason.CONNECTION_LOST)

    def configure(self) -> None:
        """X11 has no dialog of its own."""

    def stop(self) -> None:
        if self._stopping.is_set():
            return
        self._stopping.set()
        os.write(self._wake, b"s")
        self._thread.join(_STOP_S)
        if not self._thread.is_alive():  # else it hangs in a server that does not answer, and still needs them
            os.close(self._wake)
            os.close(self._wake_end)

    def _run(self) -> None:
        try:
            display = Display(self._display)
        except (DisplayError, XauthError, XNoAuthError, ConnectionClosedError, OSError) as error:
            _LOG.warning("no hotkeys: %s", error)
            self._tell_all_unavailable(Reason.NO_SCREEN)
            return
        try:
            self._serve(display)
        except (ConnectionClosedError, XError, OSError) as error:
            if not self._stopping.is_set():
                _LOG.warning("hotkeys ended: %s", error)
                self._tell_all_unavailable(Reason.CONNECTION_LOST)
        with suppress(ConnectionClosedError, XError, OSError):
            display.close()  # the server gives the grabs back with it

    def _serve(self, display: Display) -> None:
        grabs = KeyGrabs(display, self._listener)
        while not self._stopping.is_set():
            with suppress(Empty):
                while True:
                    grabs.set_keys(*self._orders.get_nowait())
            grabs.handle_events()
            # Nothing is left unread here: what python-xlib has read already would not wake this up.
            readable, _, _ = select.select([display.fileno(), self._wake_end], [], [])
            if self._wake_end in readable:
                os.read(self._wake_end, 1024)
        grabs.release()

    def _tell_all_unavailable(self, reason: Reason) -> None:
        for action in HotkeyAction:
            self._listener.bound(action, Binding(HotkeyStatus.UNAVAILABLE, reason))


class KeyGrabs:
    """The grabs of one connection, and the events they bring. Used by one thread."""

    def __init__(self, display: Display, listener: HotkeyListener) -> None:
        self._display = display
        self._listener = listener
        self._roots = [display.screen(number).root for number in range(display.screen_count())]
        self._requested: dict[HotkeyAction, str] = {}
        self._held: dict[HotkeyAction, list[Grab]] = {}
        self._events: deque[Event] = deque()
        self._modifiers = _Modifiers(display)
        display.set_error_handler(lambda error, _request: _LOG.warning("X11: %s", error))

    def set_keys(self, action: HotkeyAction, keys: str) -> None:
        """Give the action's old keys back and take the new ones."""
        self._requested[action] = keys
        self._ungrab(action)
        self._bind(action)

    def release(self) -> None:
        """Give everything back."""
        for action in HotkeyAction:
            self._ungrab(action)
        self._display.sync()

    def handle_events(self) -> None:
        """Handle everything that has come so far; nothing is left unread, whatever is asked of the server meanwhile."""
        while self._read():
            is_keyboard_new = False
            while self._events:
                event = self._events.popleft()
                if isinstance(event, MappingNotify):
                    is_keyboard_new |= event.request != X.MappingPointer
                    self._display.refresh_keyboard_mapping(event)
                elif isinstance(event, KeyPress):
                    self._press(event)
                elif isinstance(event, KeyRelease):
                    self._release_key(event)
            if is_keyboard_new:
                self._follow_keyboard()

    def _read(self) -> bool:
        """Take what has come; returns whether there is anything to handle."""
        while self._display.pending_events():
            self._events.append(self._display.next_event())
        return bool(self._events)

    def _press(self, event: KeyPress) -> None:
        pressed = (event.detail, event.state & self._modifiers.relevant)
        for action, grabs in self._held.items():
            if pressed in grabs:
                self._listener.pressed(action, "")

    def _release_key(self, event: KeyRelease) -> None:
        """While a key is held down the server repeats it as pairs of a release and a press at the same moment."""
        self._display.sync()  # the other half of a pair is certainly here after it
        self._read()
        following = self._events[0] if self._events else None
        if isinstance(following, KeyPress) and (following.detail, following.time) == (event.detail, event.time):
            self._events.popleft()

    def _follow_keyboard(self) -> None:
        """Keys may have moved: bind those whose place is another one now."""
        self._modifiers = _Modifiers(self._display)
        for action, keys in self._requested.items():
            if self._places(keys) != self._held.get(action, []):
                self.set_keys(action, keys)

    def _places(self, keys: str) -> list[Grab]:
        """What to grab for a combination; nothing if this keyboard does not have it.

        A grab is for exactly its modifiers, and the locks count as modifiers: so there is one for each state of them.
        """
        requested = combination(keys)
        found = self._modifiers.find(requested) if requested else None
        if found is None:
            return []
        keycode, modifiers = found
        return [(keycode, modifiers | locks) for locks in self._modifiers.locks]

    def _bind(self, action: HotkeyAction) -> None:
        keys = self._requested[action]
        requested = combination(keys)
        if requested is None:
            self._listener.bound(action, Binding(HotkeyStatus.UNSET))
            return
        if requested.switches_console:  # the server would let us grab them, and never tell
            self._listener.bound(action, Binding(HotkeyStatus.UNAVAILABLE, Reason.NOT_GLOBAL))
            return
        places = self._places(keys)
        if not places:
            self._listener.bound(action, Binding(HotkeyStatus.UNAVAILABLE, Reason.NO_SUCH_KEY))
            return
        refused = CatchError(BadAccess)
        for keycode, modifiers in places:
            for root in self._roots:
                root.grab_key(keycode, modifiers, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
        self._display.sync()
        self._held[action] = places
        if refused.get_error():
            self._ungrab(action)
            self._listener.bound(action, Binding(HotkeyStatus.TAKEN))
        else:
            self._listener.bound(action, Binding(HotkeyStatus.ACTIVE))

    def _ungrab(self, action: HotkeyAction) -> None:
        for keycode, modifiers in self._held.pop(action, []):
            for root in self._roots:
                root.ungrab_key(keycode, modifiers)
        self._display.sync()


class _Modifiers:
    """Which bits mean which modifier on this keyboard, and where its keys are."""

    def __init__(self, display: Display) -> None:
        self._display = display
        bit_of: dict[int, int] = {}
        for index, keycodes in enumerate(display.get_modifier_mapping()):
            bit_of.update(dict.fromkeys((code for code in keycodes if code), 1 << index))
        self._alt = self._bit(bit_of, "Alt_L", "Alt_R")
        self._meta = self._bit(bit_of, "Super_L", "Super_R")
        num_lock = self._bit(bit_of, "Num_Lock")
        self.locks = sorted({0, num_lock, X.LockMask, num_lock | X.LockMask})
        self.relevant = X.ShiftMask | X.ControlMask | self._alt | self._meta

    def _bit(self, bit_of: dict[int, int], *names: str) -> int:
        """The bit of the modifier that has one of these keys; 0 if none has."""
        for name in names:
            for keycode, _column in self._display.keysym_to_keycodes(XK.string_to_keysym(name)):
                if keycode in bit_of:
                    return bit_of[keycode]
        return 0

    def find(self, requested: Combination) -> Grab | None:
        """The keycode and the modifiers of a combination; None if this keyboard lacks one of them."""
        if (requested.alt and not self._alt) or (requested.meta and not self._meta):
            return None
        modifiers = (
            (X.ControlMask if requested.ctrl else 0)
            | (X.ShiftMask if requested.shift else 0)
            | (self._alt if requested.alt else 0)
            | (self._meta if requested.meta else 0)
        )
        places = list(self._display.keysym_to_keycodes(keysym_number(requested.keysym)))
        for columns, needed in ((_PLAIN, 0), (_SHIFTED, X.ShiftMask)):
            for keycode, column in places:
                if column in columns:
                    return keycode, modifiers | needed
        return None


def keysym_number(name: str) -> int:
    """The number of a keysym; 0 if there is none of that name."""
    if name.startswith("U") and len(name) > 1:
        code_point = int(name[1:], 16)
        return code_point if code_point <= 0xFF else _UNICODE_KEYSYMS + code_point
    return int(XK.string_to_keysym(name))
