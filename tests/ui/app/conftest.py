"""The window with everything outside it that asks something of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.app.outside import Outside
from tests.ui.conftest import Parts


@pytest.fixture
def outside(qtbot: QtBot, parts: Parts) -> Iterator[Outside]:
    made = Outside(qtbot, parts)
    yield made
    made.window.keeps_running = lambda: False
    made.quick.hide()
