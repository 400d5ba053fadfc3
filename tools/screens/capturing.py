"""Scenes of captures: the key that is introduced, and what comes of it."""

from __future__ import annotations

from desktop_vlm.ui.desktop.hotkey import HotkeyAction, HotkeyStatus
from tools.screens.scenes import scene
from tools.screens.stage import Stage, spin, spin_until


def _take_keys(stage: Stage) -> None:
    hotkeys = stage.app.services.hotkeys
    hotkeys.start()
    spin_until(lambda: hotkeys.states[HotkeyAction.CAPTURE].status is HotkeyStatus.ACTIVE)
    spin(100)


@scene("first-start")
def first_start(stage: Stage) -> None:
    """The key is introduced, and works."""
    _take_keys(stage)


@scene("first-start-taken")
def first_start_taken(stage: Stage) -> None:
    """The key is introduced, but belongs to another program."""
    stage.app.services.hotkeys.set_keys(HotkeyAction.CAPTURE, "Ctrl+Alt+F1")
    stage.app.services.hotkeys.start()
    spin(600)


@scene("known-key")
def known_key(stage: Stage) -> None:
    """Every start after the first."""
    _take_keys(stage)
    stage.window.capture_actions.end_introduction()
