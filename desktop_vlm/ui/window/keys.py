"""The keys of the main window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.window.shortcuts import SHORTCUTS

_OF_THE_COMPOSER = {"composer.send", "composer.paste"}
"""It handles them itself, as well as arrow up in an empty field."""


class WindowKeys:
    """Installs keys on a window: those of `SHORTCUTS`, and those of the quick actions that are offered now."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._of_actions: list[QAction] = []

    def install(self, handlers: Mapping[str, Callable[[], object]]) -> None:
        """Connect each of `SHORTCUTS` with its handler, by id."""
        for shortcut in SHORTCUTS:
            if shortcut.id not in _OF_THE_COMPOSER:
                keys = [key for key in shortcut.keys if key != "Up"]
                self._add(shortcut.label, keys, handlers[shortcut.id])

    def show_actions(self, actions: Sequence[QuickAction], run: Callable[[QuickAction], object]) -> None:
        """The keys of these actions, instead of those before."""
        for old in self._of_actions:
            self._window.removeAction(old)
            old.deleteLater()
        self._of_actions = [
            self._add(action.name, [action.shortcut], partial(run, action)) for action in actions if action.shortcut
        ]

    def _add(self, label: str, keys: Sequence[str], do: Callable[[], object]) -> QAction:
        action = QAction(label, self._window)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.triggered.connect(lambda _=False: do())
        self._window.addAction(action)
        return action
