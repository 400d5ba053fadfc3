"""Global hotkeys for the rest of the program: which keys, whether they work, and the moment they are pressed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, Signal

from desktop_vlm.ui.desktop.hotkey.backend import BackendFactory, HotkeyBackend
from desktop_vlm.ui.desktop.hotkey.backends import preferred_backend
from desktop_vlm.ui.desktop.hotkey.keys import combination
from desktop_vlm.ui.desktop.hotkey.state import Binding, HotkeyAction, HotkeyState, HotkeyStatus, Reason, state_of


class HotkeyService(QObject):
    """The hotkeys of the program.

    Attributes:
        divert: while somebody chooses keys, a press of a hotkey goes here, as its keys, and does nothing else:
            otherwise the active keys could not be pressed in the settings.

    Signals:
        pressed: a hotkey was pressed: its action, and the token for `QWindow` activation on Wayland ("" elsewhere).
        state_changed: `states` says something new.
    """

    pressed = Signal(str, str)
    state_changed = Signal()
    _heard = Signal(str, str)
    _reported = Signal(str, object)

    def __init__(
        self,
        keys: Mapping[HotkeyAction, str],
        parent: QObject | None = None,
        *,
        make_backend: BackendFactory = preferred_backend,
    ) -> None:
        super().__init__(parent)
        self._make_backend = make_backend
        self._backend: HotkeyBackend | None = None
        self._listener: _Listener | None = None
        self._keys = {action: keys.get(action, "") for action in HotkeyAction}
        self._bindings = dict.fromkeys(HotkeyAction, _STARTING)
        self._given: dict[HotkeyAction, str] = {}
        self.divert: Callable[[str], None] | None = None
        # Queued: backends report from threads of their own, and everybody else expects the window's thread.
        self._heard.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._reported.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def states(self) -> dict[HotkeyAction, HotkeyState]:
        """Every hotkey, to be shown."""
        return {action: self._state(action) for action in HotkeyAction}

    @property
    def keys(self) -> dict[HotkeyAction, str]:
        """The keys that were asked for, in Qt's portable text."""
        return dict(self._keys)

    def start(self) -> None:
        """Bind the keys; returns at once."""
        if self._backend is not None:
            return
        self._listener = _Listener(self)
        self.destroyed.connect(self._listener.close)
        self._backend = self._make_backend(self._listener)
        self._bindings = dict.fromkeys(HotkeyAction, _STARTING)
        self._given = self._to_give()
        self._backend.start(self._given)

    def stop(self) -> None:
        """Give the keys back."""
        if self._backend is None or self._listener is None:
            return
        self._listener.close()
        self._backend.stop()
        self._backend = self._listener = None

    def set_keys(self, action: HotkeyAction, keys: str) -> None:
        """Bind other keys; "" for none. The same ones are tried again if they did not work."""
        is_active = self._bindings[action].status is HotkeyStatus.ACTIVE
        if keys == self._keys[action] and (is_active or not keys):
            return
        self._keys[action] = keys
        if self._backend is not None:
            before, self._given = self._given, self._to_give()
            changed = [one for one in HotkeyAction if one is action or self._given[one] != before[one]]
            # Keys are given back before they are taken: they may only change hands.
            for one in sorted(changed, key=lambda one: bool(self._given[one])):
                self._bindings[one] = _STARTING
                self._backend.set_keys(one, self._given[one])
        self.state_changed.emit()

    def configure(self) -> None:
        """Show the desktop's dialog for shortcuts, where a state says that it has one."""
        if self._backend is not None:
            self._backend.configure()

    def _to_give(self) -> dict[HotkeyAction, str]:
        """What the backend gets: no keys twice, and none that cannot be global."""
        given: dict[HotkeyAction, str] = {}
        for action, keys in self._keys.items():
            given[action] = "" if keys in given.values() or combination(keys) is None else keys
        return given

    def _state(self, action: HotkeyAction) -> HotkeyState:
        keys = self._keys[action]
        if not keys:
            binding = Binding(HotkeyStatus.UNSET)
        elif combination(keys) is None:
            binding = Binding(HotkeyStatus.UNAVAILABLE, Reason.NOT_GLOBAL)
        elif self._given and not self._given[action]:
            binding = Binding(HotkeyStatus.TAKEN, Reason.OTHER_ACTION)
        else:
            binding = self._bindings[action]
        return state_of(action, keys, binding)

    def _hear(self, action: str, token: str) -> None:
        if self._backend is None:  # pressed just before the end
            return
        if self.divert is not None:
            self.divert(self._keys[HotkeyAction(action)])
        else:
            self.pressed.emit(action, token)

    def _take(self, action: str, binding: Binding) -> None:
        if self._backend is not None and self._bindings[HotkeyAction(action)] != binding:
            self._bindings[HotkeyAction(action)] = binding
            self.state_changed.emit()


class _Listener:
    """What backends report to, from whichever thread.

    It holds the service while backends run, so that a thread of theirs is never the last one to let go of it: a Qt
    object must not be destroyed there.
    """

    def __init__(self, service: HotkeyService) -> None:
        self._service: HotkeyService | None = service
        self._lock = threading.Lock()

    def pressed(self, action: HotkeyAction, token: str) -> None:
        with self._lock:
            if self._service is not None:
                self._service._heard.emit(action.value, token)  # noqa: SLF001  # the service's own other half

    def bound(self, action: HotkeyAction, binding: Binding) -> None:
        with self._lock:
            if self._service is not None:
                self._service._reported.emit(action.value, binding)  # noqa: SLF001

    def close(self) -> None:
        """Nobody listens any more."""
        with self._lock:
            self._service = None


_STARTING = Binding(HotkeyStatus.UNAVAILABLE, Reason.STARTING)
