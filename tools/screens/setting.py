"""Scenes of settings: each page, one action being changed, the keys, and what a conversation has of its own."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QDialog

from desktop_vlm.history.own_settings import OwnSettings
from desktop_vlm.ui.settings.dialog import SettingsDialog
from tools.event_loop import spin
from tools.screens.materials import MARKDOWN
from tools.screens.scenes import scene
from tools.screens.stage import Stage

PAGES = (
    "model",
    "downloads",
    "answers",
    "text",
    "appearance",
    "actions",
    "desktop",
    "privacy",
    "shortcuts",
    "about",
)


def open_page(name: str, stage: Stage) -> None:
    """A page of the settings."""
    stage.window.open_settings(name)
    spin(600)


for _name in PAGES:
    scene(f"settings-{_name}", loads=False)(partial(open_page, _name))


@scene("settings-below", loads=False)
def settings_below(stage: Stage) -> None:
    """The lower end of a long page."""
    open_page("model", stage)
    (dialog,) = stage.window.findChildren(SettingsDialog)
    area = dialog.pages["model"].area
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    spin(300)


@scene("shortcuts", loads=False)
def shortcuts(stage: Stage) -> None:
    """Every key."""
    stage.window._settings_actions.open_shortcut_sheet()  # noqa: SLF001
    spin(400)
    assert any(dialog.isVisible() for dialog in stage.window.findChildren(QDialog))


def _conversation(stage: Stage) -> None:
    stage.prepared("Why does the build fail?", "Why does the build fail?", MARKDOWN)
    spin(300)


@scene("own-settings", loads=False)
def own_settings(stage: Stage) -> None:
    """Nothing of this conversation is its own yet."""
    _conversation(stage)
    stage.window._own_settings.edit()  # noqa: SLF001
    spin(400)


@scene("own-settings-set", loads=False)
def own_settings_set(stage: Stage) -> None:
    """Instructions, sampling and quick actions of its own; the bar above says so."""
    _conversation(stage)
    first = tuple(one.id for one in stage.app.services.offered_actions[1:3])
    stage.assistant.set_own(OwnSettings("Answer in one sentence.", {"temperature": 0.2}, first))
    spin(300)
    stage.window._own_settings.edit()  # noqa: SLF001
    spin(400)


@scene("own-settings-shown", loads=False)
def own_settings_shown(stage: Stage) -> None:
    """What the bar above the conversation says of them."""
    own_settings_set(stage)
    dialog = stage.window._own_settings.dialog  # noqa: SLF001
    assert dialog is not None
    dialog.reject()
    spin(300)
