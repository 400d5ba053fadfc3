"""A settings dialog over files of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6

from desktop_vlm.quick_actions import QuickActionStore
from desktop_vlm.settings import SettingsStore
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.settings.context import SettingsContext
from desktop_vlm.ui.settings.dialog import SettingsDialog
from desktop_vlm.ui.theme import Theme


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.under(tmp_path)


@pytest.fixture
def store(paths: Paths) -> SettingsStore:
    return SettingsStore(paths.settings_file)


@pytest.fixture
def open_dialog(theme: Theme, paths: Paths, store: SettingsStore) -> Iterator[Callable[..., SettingsDialog]]:
    """Opens the dialog; keyword arguments go into its context."""
    made: list[SettingsDialog] = []

    def opened(**reported: object) -> SettingsDialog:
        context = SettingsContext(paths, QuickActionStore(paths.actions_file), **reported)  # type: ignore[arg-type]
        dialog = SettingsDialog(theme, store, context)
        made.append(dialog)
        dialog.show()
        return dialog

    yield opened
    for dialog in made:
        dialog.close()
        # Deleting it later would leave its 600 widgets to every change of theme in the tests that follow.
        shiboken6.delete(dialog)


@pytest.fixture
def dialog(open_dialog: Callable[..., SettingsDialog]) -> SettingsDialog:
    return open_dialog()
