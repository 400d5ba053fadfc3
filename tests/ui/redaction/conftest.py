"""A window with a picture in which private text can be read."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.redaction.dialog import RedactionDialog
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.text_layer.fake_reader import layer_of

LINES = ["Write to bob@example.com", "or call 030 1234567", "The Falcon ships on Friday."]
"""Ten pixels a character, twenty a line."""


def noisy_picture(seed: int = 1) -> NewPicture:
    """Pixels of which every run tells where it comes from; few colours, so that they are compressed and not stored."""
    values = np.random.default_rng(seed).integers(1, 9, (80, 320, 3), np.uint8) * 28
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG")
    return NewPicture(buffer.getvalue(), "customer.png", 320, 80)


def pixels(file: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(file)) as image:
        return np.asarray(image.convert("RGB"))


@pytest.fixture
def window(parts: Parts, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    yield made
    if made._redaction_actions.dialog is not None:
        made._redaction_actions.dialog.reject()


@pytest.fixture
def private(parts: Parts) -> NewPicture:
    """A picture, and what will be read in it."""
    made = noisy_picture()
    parts.reader.layers[made.sha256] = layer_of(LINES, width=320, height=80)
    return made


def opened(window: MainWindow, qtbot: QtBot, sha256: str) -> RedactionDialog:
    """The dialog about a picture, as soon as it knows what is private there."""
    window._picture_actions.run(sha256, "hide")
    qtbot.waitUntil(lambda: window._redaction_actions.dialog is not None)
    dialog = window._redaction_actions.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.canvas.image is not None and len(dialog.proposal.marks) == 2)
    return dialog


def apply(window: MainWindow, qtbot: QtBot, dialog: RedactionDialog) -> None:
    dialog.apply.click()
    qtbot.waitUntil(lambda: window._redaction_actions.dialog is None)
