"""The window's real engine on a GPU that is lost: by a worker that fails on request, or by a driver of Vulkan.

`tests/vulkan/faulty_driver.c` has the driver's faults.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop_vlm.ui.engine.local import LocalEngine
from tests.ui.engine_recorder import FAULTY_WORKER, ClientRecorder
from tests.vulkan.driver import compile_driver, environment

LAVAPIPE_MS = 600_000
"""Until whatever is waited for has come: at the first start every shader is compiled."""


class FaultyGpu:
    """A client whose engine has a faulty driver, which counts what it does once it is armed."""

    def __init__(self, driver: Path, folder: Path, qtbot: QtBot, faults: dict[str, object]) -> None:
        self._armed, self._notes = folder / "armed", folder / "notes"
        settings = environment(driver, ARMED=self._armed, NOTES=self._notes, **faults)
        words = [f"{name}={value}" for name, value in settings.items()]
        command = ("/usr/bin/env", *words, sys.executable, "-m", "desktop_vlm.service.worker")
        self.client = LocalEngine(command=command)
        self.heard = ClientRecorder(self.client, lambda condition: qtbot.waitUntil(condition, timeout=LAVAPIPE_MS))

    def arm(self) -> None:
        self._armed.write_text("now", encoding="ascii")

    def disarm(self) -> None:
        self._armed.write_text("", encoding="ascii")

    @property
    def faults(self) -> list[str]:
        """Those that there were, of one process each."""
        return self._notes.read_text(encoding="ascii").splitlines()

    @property
    def complaints(self) -> list[str]:
        """All that was said of crashes and failures."""
        return [found[-1] for name in ("crashed", "failed") for found in self.heard.of(name)]


class TwiceLost:
    """A GPU that two processes lose, and no third.

    Attributes:
        client: the engine.
        heard: what it said.
    """

    client: LocalEngine
    heard: ClientRecorder

    def lose_before_each_answer(self) -> None:
        """Each time that a model is there."""
        raise NotImplementedError

    def lose_in_mid_answer(self) -> None:
        """And again while it is loaded again."""
        raise NotImplementedError


class LostByWorker(TwiceLost):
    """What ggml leaves behind, without a GPU."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self._order = folder / "order"
        self.client = LocalEngine(command=(sys.executable, str(FAULTY_WORKER), str(self._order)))
        self.heard = ClientRecorder(self.client, lambda condition: qtbot.waitUntil(condition, timeout=LAVAPIPE_MS))

    def lose_before_each_answer(self) -> None:
        self.client.loaded.connect(self._twice("lost encode"))

    def lose_in_mid_answer(self) -> None:
        self._order.write_text("lost decode", encoding="ascii")
        self.client.crashed.connect(self._twice("lost load", but=1))

    def _twice(self, order: str, but: int = 0) -> Callable[..., None]:
        """Gives an order the first two times, `but` some."""
        left = iter([order] * (2 - but))

        def give(*_: object) -> None:
            if one := next(left, ""):
                self._order.write_text(one, encoding="ascii")

        return give


class LostByVulkan(TwiceLost):
    """A real device of Vulkan's."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self._gpu = FaultyGpu(compile_driver(folder), folder, qtbot, {"LOST_AT": 1, "TIMES": 2})
        self.client, self.heard = self._gpu.client, self._gpu.heard

    def lose_before_each_answer(self) -> None:
        self.client.loaded.connect(lambda _: self._gpu.arm())
        self.client.crashed.connect(lambda _: self._gpu.disarm())

    def lose_in_mid_answer(self) -> None:
        self.client.text_arrived.connect(lambda *_: self._gpu.arm())
