"""What every test of the window starts with: a screen that nobody sees, and the theme."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from desktop_vlm.ui.theme import Theme, ThemeChoice
from desktop_vlm.ui.theme.theme import DEFAULT_TEXT_PX


@pytest.fixture(scope="session")
def _session_theme(qapp: QApplication) -> Theme:
    return Theme(qapp)


@pytest.fixture
def theme(_session_theme: Theme) -> Theme:
    """The light theme at the usual size, whatever an earlier test did."""
    _session_theme.apply(ThemeChoice.LIGHT, DEFAULT_TEXT_PX)
    return _session_theme
