"""The tools of the overlay: on the screen wherever the selection is, and meant or not meant by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_vlm.images.annotations.document import Document, render
from desktop_vlm.ui.desktop.capture.encoding import encode_marked
from desktop_vlm.ui.desktop.capture.frozen import FrozenScreen
from desktop_vlm.ui.desktop.capture.mode import Purpose
from desktop_vlm.ui.desktop.capture.overlay import Overlay
from desktop_vlm.ui.desktop.capture.overlay_tools import place_of
from desktop_vlm.ui.desktop.capture.picker import LastRegions, Picker, Taken
from desktop_vlm.ui.pictures.loading import to_pillow, to_qimage
from desktop_vlm.ui.theme import Theme
from tests.ui.redaction.conftest import pixels

_LEFT, _NONE, _SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier


def noise(width: int, height: int) -> QImage:
    values = np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8)
    return to_qimage(Image.fromarray(values))


@pytest.fixture
def picker(theme: Theme, qtbot: QtBot) -> Picker:
    """One screen of 800 x 600."""
    screen = QGuiApplication.primaryScreen()
    frozen = FrozenScreen(screen, screen.name(), QRect(0, 0, 800, 600), noise(800, 600), 1.0)
    made = Picker([frozen], LastRegions(), theme, screen, has_tools=True)
    qtbot.addWidget(made.overlays[0])
    made.overlays[0].resize(800, 600)
    made.show()
    return made


def drag(overlay: Overlay, start: tuple[int, int], end: tuple[int, int], modifier: Qt.KeyboardModifier = _NONE) -> None:
    QTest.mousePress(overlay, _LEFT, _NONE, QPoint(*start))
    QTest.mouseMove(overlay, QPoint((start[0] + end[0]) // 2, (start[1] + end[1]) // 2))
    QTest.mouseMove(overlay, QPoint(*end))
    QTest.mouseRelease(overlay, _LEFT, modifier, QPoint(*end))


def key(overlay: Overlay, key_: Qt.Key, modifier: Qt.KeyboardModifier = _NONE) -> None:
    QTest.keyClick(overlay, key_, modifier)


def taken(picker: Picker) -> list[Taken]:
    found: list[Taken] = []
    picker.taken.connect(found.append)
    return found


@pytest.mark.parametrize("area", [(3840, 2160), (1024, 700), (640, 480), (360, 640)])
def test_the_bar_is_on_the_screen_and_beside_the_selection_if_there_is_room(
    picker: Picker, area: tuple[int, int]
) -> None:
    overlay = picker.overlays[0]
    drag(overlay, (100, 100), (300, 200), _SHIFT)
    assert overlay.tools is not None
    card = overlay.tools.card
    assert card is not None
    width, height = area
    whole = QRect(0, 0, width, height)
    selections = [
        QRectF(10, 10, 30, 20),
        QRectF(0, 0, width, height),
        QRectF(width - 40, height - 30, 40, 30),
        QRectF(width / 3, height / 3, width / 3, height / 6),
        QRectF(width / 2, height - 60, 20, 60),
    ]
    for selection in selections:
        place = place_of(card, selection, QRectF(whole))
        assert whole.contains(place), (selection, place)
        beside = height - selection.height() > 2 * place.height() + 100
        assert beside <= (not QRectF(place).intersects(selection)), (selection, place)


def test_marks_are_where_they_were_drawn_and_what_is_taken_is_what_was_seen(picker: Picker, qtbot: QtBot) -> None:
    overlay, found = picker.overlays[0], taken(picker)
    drag(overlay, (100, 100), (299, 249), _SHIFT)
    key(overlay, Qt.Key.Key_B)
    drag(overlay, (150, 130), (250, 200))
    key(overlay, Qt.Key.Key_A)
    drag(overlay, (120, 220), (280, 150))
    assert overlay.selection == QRect(100, 100, 200, 150)
    assert overlay.tools is not None
    exact = overlay.tools._exact
    overlay.repaint()
    qtbot.waitUntil(lambda: exact.view is not None and len(exact.view.marks) == 2)
    assert exact.image is not None
    seen = np.asarray(to_pillow(exact.image))
    key(overlay, Qt.Key.Key_Return)
    (one,) = found
    assert (one.part, one.purpose, [mark.kind for mark in one.marks]) == (
        QRect(100, 100, 200, 150),
        Purpose.ASK,
        ["box", "arrow"],
    )
    picture = encode_marked(one.frozen.image, one.part, "Screenshot.png", one.marks)
    assert (pixels(picture.data) == seen).all()
    whole = render(to_pillow(one.frozen.image), Document((800, 600), marks=one.marks))
    assert (seen == np.asarray(whole.crop((100, 100, 300, 250)))).all()
    assert picture.edit is not None
    assert (pixels(picture.edit.original.data) == np.asarray(to_pillow(one.frozen.image))[100:250, 100:300]).all()


@pytest.mark.parametrize(
    ("do", "purpose"),
    [
        (lambda overlay: key(overlay, Qt.Key.Key_C, _CONTROL), Purpose.COPY),
        (lambda overlay: key(overlay, Qt.Key.Key_S, _CONTROL), Purpose.SAVE),
        (lambda overlay: overlay.tools.card.copy.click(), Purpose.COPY),
        (lambda overlay: overlay.tools.card.save.click(), Purpose.SAVE),
        (lambda overlay: overlay.tools.card.ask.click(), Purpose.ASK),
    ],
)
def test_it_is_copied_saved_or_asked_about(picker: Picker, do: Callable[[Overlay], None], purpose: Purpose) -> None:
    overlay, found = picker.overlays[0], taken(picker)
    drag(overlay, (100, 100), (299, 249), _SHIFT)
    do(overlay)
    assert [(one.part, one.purpose) for one in found] == [(QRect(100, 100, 200, 150), purpose)]


def test_without_a_selection_the_whole_screen_is_copied(picker: Picker) -> None:
    found = taken(picker)
    key(picker.overlays[0], Qt.Key.Key_C, _CONTROL)
    assert [(one.part, one.purpose) for one in found] == [(QRect(0, 0, 800, 600), Purpose.COPY)]


def test_edges_are_dragged_while_a_tool_is_in_use_and_the_inside_moves_without_one(picker: Picker) -> None:
    overlay = picker.overlays[0]
    drag(overlay, (100, 100), (299, 249), _SHIFT)
    key(overlay, Qt.Key.Key_P)
    drag(overlay, (299, 180), (349, 180))
    assert overlay.selection == QRect(100, 100, 250, 150)
    drag(overlay, (200, 150), (220, 170))
    assert (overlay.selection, len(overlay.marks)) == (QRect(100, 100, 250, 150), 1)
    key(overlay, Qt.Key.Key_V)
    drag(overlay, (150, 200), (160, 205))
    assert (overlay.selection, len(overlay.marks)) == (QRect(110, 105, 250, 150), 1)
    key(overlay, Qt.Key.Key_Z, _CONTROL)
    assert overlay.marks == ()


def test_letters_are_text_while_it_is_written_and_tools_otherwise(picker: Picker) -> None:
    overlay, found = picker.overlays[0], taken(picker)
    drag(overlay, (100, 100), (299, 249), _SHIFT)
    key(overlay, Qt.Key.Key_T)
    QTest.mouseClick(overlay, _LEFT, _NONE, QPoint(150, 150))
    QTest.keyClicks(overlay, "k w r")
    key(overlay, Qt.Key.Key_Return)
    assert [mark.text for mark in overlay.marks] == ["k w r"]
    assert found == []
    key(overlay, Qt.Key.Key_Return)
    assert len(found) == 1


def test_escape_gives_up_a_tool_before_the_capture(picker: Picker) -> None:
    overlay = picker.overlays[0]
    cancelled: list[bool] = []
    picker.cancelled.connect(lambda: cancelled.append(True))
    drag(overlay, (100, 100), (299, 249), _SHIFT)
    key(overlay, Qt.Key.Key_B)
    key(overlay, Qt.Key.Key_Escape)
    assert not cancelled
    key(overlay, Qt.Key.Key_Escape)
    assert cancelled


def test_where_tools_come_first_shift_goes_on_at_once(theme: Theme, qtbot: QtBot) -> None:
    screen = QGuiApplication.primaryScreen()
    frozen = FrozenScreen(screen, screen.name(), QRect(0, 0, 800, 600), noise(800, 600), 1.0)
    overlay = Overlay(frozen, theme, has_tools=True, shows_tools=True)
    qtbot.addWidget(overlay)
    overlay.resize(800, 600)
    overlay.show()
    chosen: list[QRect] = []
    overlay.chosen.connect(chosen.append)
    drag(overlay, (100, 100), (299, 249))
    assert (chosen, overlay.is_adjusting) == ([], True)
    drag(overlay, (400, 100), (499, 199), _SHIFT)
    assert chosen == [QRect(400, 100, 100, 100)]
