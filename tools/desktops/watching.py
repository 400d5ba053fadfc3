"""Our program with a region watched from its start, its window in the panel; how that goes is said on the output."""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from desktop_vlm.ui.app import program
from desktop_vlm.ui.captures.watch import WatchPlan
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.desktop.instance import Command, instance_name

_LOOK_EVERY_MS = 100


class WatchingApp(program.App):
    """Watches a corner of the screen."""

    _said = ""

    def start_hidden(self) -> None:
        super().start_hidden()
        self.window.showMinimized()  # it would cover what is watched
        region = Region(QGuiApplication.primaryScreen().name(), 0, 100, 300, 200)
        self.window.watch_actions.watches.begin(WatchPlan(region, "What is there?", every_s=1))
        self._timer = QTimer(self.window, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._say)
        self._timer.start()

    def _say(self) -> None:
        (watch,) = self.window.watch_actions.watches.watches
        if watch.state.value != self._said:
            self._said = watch.state.value
            print(f"watch: {self._said}", flush=True)


def main() -> int:
    """Run it."""
    program.App = WatchingApp  # type: ignore[misc]
    return program.run(instance_name(), Command("show"))


if __name__ == "__main__":
    sys.exit(main())
