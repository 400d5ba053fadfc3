"""What hotkey tests share: services that end with the test, and what they tell."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

import pytest
from PySide6.QtWidgets import QApplication

from desktop_vlm.ui.desktop.hotkey import HotkeyAction, HotkeyService, HotkeyStatus
from desktop_vlm.ui.desktop.hotkey.backend import BackendFactory, HotkeyListener, Keys
from desktop_vlm.ui.desktop.hotkey.state import Binding

CAPTURE, COPY_TEXT, TOGGLE = HotkeyAction.CAPTURE, HotkeyAction.COPY_TEXT, HotkeyAction.TOGGLE


class FakeBackend:
    """Remembers what it is asked for; tells what a test wants."""

    def __init__(self, listener: HotkeyListener) -> None:
        self.listener = listener
        self.calls: list[tuple[str, ...]] = []

    def start(self, keys: Keys) -> None:
        self.calls += [("start", *(f"{action}={requested}" for action, requested in keys.items()))]

    def set_keys(self, action: HotkeyAction, keys: str) -> None:
        self.calls.append(("set", action.value, keys))

    def configure(self) -> None:
        self.calls.append(("configure",))

    def stop(self) -> None:
        self.calls.append(("stop",))


class Listener:
    """What a backend reported: the last binding of each action, and every press."""

    def __init__(self) -> None:
        self.bindings: dict[HotkeyAction, Binding] = {}
        self.presses: list[tuple[HotkeyAction, str]] = []

    def pressed(self, action: HotkeyAction, token: str) -> None:
        self.presses.append((action, token))

    def bound(self, action: HotkeyAction, binding: Binding) -> None:
        self.bindings[action] = binding


class Heard:
    """A running service, and the presses that it reported of."""

    def __init__(self, service: HotkeyService, qapp: QApplication) -> None:
        self.service = service
        self.qapp = qapp
        self.presses: list[tuple[str, str]] = []
        service.pressed.connect(lambda action, token: self.presses.append((action, token)))

    def until(self, what: Callable[[], object], name: str, timeout_s: float = 60) -> None:
        """Let Qt work until that is true."""
        end = time.monotonic() + timeout_s
        while not what():
            assert time.monotonic() < end, f"{name}: {self.service.states}, {self.presses}"
            self.qapp.processEvents()
            time.sleep(0.002)

    def until_status(self, status: HotkeyStatus, action: HotkeyAction = CAPTURE) -> str:
        """Wait for a status; returns the sentence that goes with it."""
        self.until(lambda: self.service.states[action].status is status, f"{action} {status}")
        return self.service.states[action].sentence

    def until_sentence(self, part: str, action: HotkeyAction = CAPTURE) -> None:
        self.until(lambda: part in self.service.states[action].sentence, part)


@pytest.fixture
def serve(qapp: QApplication) -> Iterator[Callable[[Mapping[HotkeyAction, str], BackendFactory], Heard]]:
    """Starts a service with a backend."""
    made: list[HotkeyService] = []

    def start(keys: Mapping[HotkeyAction, str], make_backend: BackendFactory) -> Heard:
        service = HotkeyService(keys, make_backend=make_backend)
        made.append(service)
        heard = Heard(service, qapp)
        service.start()
        return heard

    yield start
    for service in made:
        service.stop()


@pytest.fixture
def with_fake(
    serve: Callable[[Mapping[HotkeyAction, str], BackendFactory], Heard],
) -> Callable[..., tuple[Heard, FakeBackend]]:
    """A service with a fake backend; the bindings given are reported at once."""

    def start(
        keys: Mapping[HotkeyAction, str], bindings: Mapping[HotkeyAction, Binding] | None = None
    ) -> tuple[Heard, FakeBackend]:
        made: list[FakeBackend] = []

        def make(listener: HotkeyListener) -> FakeBackend:
            made.append(FakeBackend(listener))
            return made[-1]

        heard = serve(keys, make)
        for action, binding in (bindings or {}).items():
            made[-1].listener.bound(action, binding)
        heard.qapp.processEvents()
        return heard, made[-1]

    return start
