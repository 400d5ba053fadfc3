"""Keeping every scene as PNG files: light and dark, at 1x and 2x, on small and on large screens."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop_vlm.ui.theme import ThemeChoice
from tools.event_loop import spin
from tools.screen import screen
from tools.screens.scenes import Scene, all_scenes
from tools.screens.stage import Stage


@dataclass(frozen=True)
class Setup:
    """A screen.

    Attributes:
        width, height: in the units that windows are laid out in.
        scale: pixels in each.
    """

    width: int
    height: int
    scale: int

    @property
    def name(self) -> str:
        return f"{self.width}x{self.height}@{self.scale}x"


SETUPS = {
    one.name: one for one in (Setup(1024, 700, 1), Setup(1024, 700, 2), Setup(2560, 1440, 1), Setup(1280, 720, 2))
}
"""The last is a screen of 2560 x 1440 pixels, too."""


def take_states(folder: Path, names: Sequence[str], setups: Sequence[str]) -> int:
    """Each scene on each screen, in processes of their own; returns how many screens failed."""
    failures = 0
    for setup in (SETUPS[one] for one in setups):
        size = f"{setup.width * setup.scale}x{setup.height * setup.scale}x24"
        with screen(size) as display:
            arguments = ["-m", "tools.take_screenshots", "--states", str(folder), "--here", setup.name]
            for name in names:
                arguments += ["--only", name]
            process = display.start(arguments, QT_SCALE_FACTOR=str(setup.scale))
            try:
                failures += process.wait(3600) != 0
            except subprocess.TimeoutExpired:
                process.kill()
                failures += 1
    return failures


def take_here(folder: Path, names: Sequence[str], setup: Setup) -> int:
    """Each scene on the screen that this process has; returns how many failed."""
    qt = QApplication(["screenshots"])
    qt.setQuitOnLastWindowClosed(False)
    folder.mkdir(parents=True, exist_ok=True)
    failures = 0
    scenes = all_scenes()
    for one in [scenes[name] for name in names] or scenes.values():
        try:
            _take(qt, one, folder, setup)
        except Exception as error:  # noqa: BLE001 - the other scenes are worth having
            failures += 1
            print(f"{one.name}: {type(error).__name__}: {error}", flush=True)
    return failures


def _take(qt: QApplication, one: Scene, folder: Path, setup: Setup) -> None:
    with tempfile.TemporaryDirectory() as home:
        stage = Stage(qt, Path(home))
        try:
            stage.window.showMaximized()
            QCursor.setPos(QGuiApplication.primaryScreen().geometry().bottomRight())  # else something is lit below it
            stage.theme(ThemeChoice.LIGHT)
            stage.start(loads=one.loads)
            in_each_theme = one.set_up(stage)
            for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
                stage.theme(choice)
                if in_each_theme is not None:
                    in_each_theme()
                spin(400)
                file = folder / f"{one.name}-{choice.value}-{setup.name}.png"
                QGuiApplication.primaryScreen().grabWindow(0).save(str(file))
                print(file.name, flush=True)
                if in_each_theme is not None and (popup := QApplication.activePopupWidget()) is not None:
                    popup.close()
        finally:
            for window in QApplication.topLevelWidgets():
                window.hide()
            stage.close()
