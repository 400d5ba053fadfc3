"""A view that has laid out what it was given."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.markdown import MarkdownView, preload
from desktop_vlm.ui.theme import Theme
from tests.ui.markdown.settled_view import SettledView


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> Iterator[MarkdownView]:
    preload()
    made = SettledView(theme)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    yield made
    made.set_markdown("")
