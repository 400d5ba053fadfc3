"""The text of a captured part of the screen: in the clipboard, and announced where the person looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop_vlm.api.text_layer import Box, Code, TextLayer
from desktop_vlm.ui.app.desktop_integration import DesktopIntegration
from desktop_vlm.ui.desktop.capture import CaptureMode
from desktop_vlm.ui.desktop.hotkey import HotkeyAction
from desktop_vlm.ui.desktop.instance import Command
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.quick_window.text_notice import TextNotice
from desktop_vlm.ui.text_layer.layers import LayerState
from desktop_vlm.ui.text_layer.protocol import Availability
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.app.outside import Outside
from tests.ui.conftest import Parts
from tests.ui.text_layer.fake_reader import layer_of

MakePicture = Callable[..., NewPicture]
LINES = ["Dear reader, this is divid-", "ed over two lines."]


@pytest.fixture
def outside(qtbot: QtBot, parts: Parts) -> Iterator[Outside]:
    made = Outside(qtbot, parts)
    QGuiApplication.clipboard().clear()
    yield made
    made.window.keeps_running = lambda: False


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def copied_of(outside: Outside, qtbot: QtBot, picture: NewPicture, layer: TextLayer) -> None:
    """A capture for its text, up to its announcement."""
    outside.parts.reader.layers[picture.sha256] = layer
    outside.integration.handle(Command("copy-text"))
    qtbot.waitUntil(lambda: bool(outside.capture.requested))
    outside.capture.captured.emit(picture)
    qtbot.waitUntil(lambda: outside.parts.text_layers.state(picture.sha256) is not LayerState.READING)


@pytest.mark.parametrize("way", ["key", "tray", "command"])
def test_each_way_captures_for_the_text(qtbot: QtBot, outside: Outside, picture: MakePicture, way: str) -> None:
    shot = picture()
    outside.parts.reader.layers[shot.sha256] = layer_of(["Total 12.50"])
    ways: dict[str, Callable[[], None]] = {
        "key": lambda: outside.hotkeys.pressed.emit(HotkeyAction.COPY_TEXT, ""),
        "tray": outside.tray.copy_text_requested.emit,
        "command": lambda: outside.integration.handle(Command("copy-text", delay_s=1.5)),
    }
    ways[way]()
    assert outside.capture.requested == [(CaptureMode.REGION, 1.5 if way == "command" else 0.0)]
    assert outside.parts.reader.prepared == 1  # while the person chooses
    outside.capture.captured.emit(shot)
    qtbot.waitUntil(lambda: clipboard() == "Total 12.50")
    assert outside.tray.notices == [("Text copied", "Total 12.50")]
    assert not outside.window.isVisible()
    assert not outside.quick.isVisible()


def test_the_image_and_its_text_are_kept_nowhere(qtbot: QtBot, outside: Outside, picture: MakePicture) -> None:
    copied_of(outside, qtbot, picture(), layer_of(["Total 12.50"]))
    qtbot.waitUntil(lambda: clipboard() == "Total 12.50")
    assert outside.parts.text_layers.layer(picture().sha256) is None
    assert outside.window.composer.pictures == []
    assert outside.parts.assistant.messages == []
    assert outside.parts.history.fetch(lambda history: history.conversations()) == []


def test_what_is_known_of_a_picture_in_the_window_stays(qtbot: QtBot, outside: Outside, picture: MakePicture) -> None:
    outside.parts.reader.layers[picture().sha256] = layer_of(["Known"])
    outside.parts.text_layers.request(picture().sha256, picture().data)
    qtbot.waitUntil(lambda: outside.parts.text_layers.layer(picture().sha256) is not None)
    copied_of(outside, qtbot, picture(), layer_of(["Known"]))
    assert clipboard() == "Known"
    assert outside.parts.text_layers.layer(picture().sha256) is not None


def test_a_capture_to_ask_about_still_asks(qtbot: QtBot, outside: Outside, picture: MakePicture) -> None:
    copied_of(outside, qtbot, picture(), layer_of(["a"]))
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    outside.capture.captured.emit(picture("#ff0000"))
    assert outside.quick.isVisible()
    outside.quick.hide()


def test_a_region_without_text(qtbot: QtBot, outside: Outside, picture: MakePicture) -> None:
    QGuiApplication.clipboard().setText("before")
    copied_of(outside, qtbot, picture(), TextLayer(120, 80))
    qtbot.waitUntil(lambda: outside.tray.notices == [("No text found", "")])
    assert clipboard() == "before"


def test_a_code_alone_is_copied_and_beside_text_it_is_offered(
    qtbot: QtBot, outside: Outside, picture: MakePicture
) -> None:
    code = Code("QR Code", "https://example.org", Box(0, 0, 50, 50))
    copied_of(outside, qtbot, picture(), TextLayer(120, 80, codes=(code,)))
    qtbot.waitUntil(lambda: clipboard() == "https://example.org")
    beside = layer_of(["Scan me"])
    outside.window.show()
    outside.window.activateWindow()
    qtbot.waitUntil(outside.window.isActiveWindow)
    copied_of(outside, qtbot, picture("#123456"), TextLayer(120, 80, beside.lines, (0,), codes=(code,)))
    qtbot.waitUntil(lambda: clipboard() == "Scan me")
    assert toast(outside.window) == ("Text copied: Scan me", "Copy the code instead")
    outside.window.toast.findChildren(QPushButton)[0].click()
    assert clipboard() == "https://example.org"


def toast(window: MainWindow) -> tuple[str, str]:
    label, button = window.toast.findChildren(QLabel)[0], window.toast.findChildren(QPushButton)[0]
    return label.text(), button.text() if button.isVisibleTo(window.toast) else ""


def test_in_the_window_a_toast_shows_the_beginning_and_joins_words_on_request(
    qtbot: QtBot, outside: Outside, picture: MakePicture
) -> None:
    outside.window.show()
    outside.window.activateWindow()
    qtbot.waitUntil(outside.window.isActiveWindow)
    copied_of(outside, qtbot, picture(), layer_of(LINES))
    qtbot.waitUntil(lambda: clipboard() == "\n".join(LINES))
    assert outside.window.isVisible()
    assert outside.tray.notices == []
    assert toast(outside.window) == (
        "Text copied: Dear reader, this is divid- ed over two lines.",
        "Join divided words",
    )
    outside.window.toast.findChildren(QPushButton)[0].click()
    assert clipboard() == "Dear reader, this is divided\nover two lines."


def test_without_a_tray_the_window_behind_says_it(qtbot: QtBot, outside: Outside, picture: MakePicture) -> None:
    outside.tray.available = False
    copied_of(outside, qtbot, picture(), layer_of(["x" * 200]))
    qtbot.waitUntil(outside.window.isVisible)
    assert toast(outside.window)[0] == "Text copied: " + "x" * 79 + "\u2026"


def test_what_cannot_be_read_or_captured_is_a_sentence(qtbot: QtBot, outside: Outside, picture: MakePicture) -> None:
    outside.parts.reader.failures[picture().sha256] = "The reader crashed."
    outside.integration.handle(Command("copy-text"))
    outside.capture.captured.emit(picture())
    qtbot.waitUntil(lambda: outside.tray.notices == [("The reader crashed.", "")])
    outside.integration.handle(Command("copy-text"))
    outside.capture.failed.emit("The screen could not be taken.")
    assert outside.tray.notices[1:] == [("The screen could not be taken.", "")]
    assert not outside.window.isVisible()


@pytest.mark.parametrize("availability", [Availability.MISSING, Availability.OFF])
def test_where_nothing_can_be_read_that_is_said_before_anything_is_selected(
    outside: Outside, availability: Availability
) -> None:
    if availability is Availability.OFF:
        outside.parts.text_layers.set_on(False)
    else:
        outside.parts.reader.set_availability(Availability.MISSING)
    outside.hotkeys.pressed.emit(HotkeyAction.COPY_TEXT, "")
    assert outside.capture.requested == []
    ((sentence, _),) = outside.tray.notices
    assert ("pip install 'desktop-vlm[text]'" in sentence) == (availability is Availability.MISSING)
    assert ("switched off in the settings" in sentence) == (availability is Availability.OFF)


def test_a_second_key_while_our_window_is_being_hidden_is_ignored(outside: Outside, qtbot: QtBot) -> None:
    outside.window.show()
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    outside.hotkeys.pressed.emit(HotkeyAction.COPY_TEXT, "")
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    qtbot.waitUntil(lambda: bool(outside.capture.requested))
    assert outside.capture.requested == [(CaptureMode.REGION, 0.0)]
    outside.capture.cancelled.emit()
    assert outside.window.isVisible()


def test_windows_stay_where_they_are(outside: Outside, qtbot: QtBot) -> None:
    outside.window.show()
    outside.quick.show()
    outside.quick.activateWindow()
    qtbot.waitUntil(outside.quick.isActiveWindow)
    outside.integration.handle(Command("copy-text"))
    assert outside.capture.requested == [(CaptureMode.REGION, 0.0)]  # at once
    outside.capture.cancelled.emit()
    assert outside.window.isVisible()
    assert outside.quick.isActiveWindow()


@pytest.fixture
def notice(qtbot: QtBot, parts: Parts) -> TextNotice:
    made = TextNotice(parts.theme)
    qtbot.addWidget(made)
    return made


def test_the_notice_shows_the_first_lines_and_what_else_can_be_done(
    qtbot: QtBot, parts: Parts, notice: TextNotice, picture: MakePicture
) -> None:
    outside = Outside(qtbot, parts, notice)
    assert isinstance(outside.integration, DesktopIntegration)
    copied_of(outside, qtbot, picture(), layer_of([*LINES, "third\tline", "", "fourth"]))
    qtbot.waitUntil(notice.isVisible)
    assert notice.said == ("Text copied", "\n".join([*LINES, "third   line", "\u2026"]))
    assert not notice.isActiveWindow()
    assert outside.tray.notices == []
    (join,) = notice.findChildren(QPushButton)
    join.click()
    assert clipboard().startswith("Dear reader, this is divided\nover two lines.")
    assert not notice.isVisible()


def test_the_notice_says_that_it_is_being_read(
    qtbot: QtBot, parts: Parts, notice: TextNotice, picture: MakePicture
) -> None:
    outside = Outside(qtbot, parts, notice)
    outside.integration.handle(Command("copy-text"))
    outside.capture.captured.emit(picture())  # there is no answer yet
    qtbot.waitUntil(lambda: notice.said[0] == "Reading text\u2026")
    notice._leave()  # its time is over
    assert notice.isVisible()
    parts.reader.layers[picture().sha256] = TextLayer(120, 80)
    parts.reader.answer(picture().sha256)
    assert notice.said == ("No text found", "")
    notice._leave()
    assert not notice.isVisible()
