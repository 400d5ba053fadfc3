"""Requests from outside reach the window: commands, keys, the tray; `test_captures` has those that capture."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_vlm.api.answer import Usage
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.desktop.hotkey import HotkeyAction
from desktop_vlm.ui.desktop.hotkey.state import Binding, HotkeyStatus, Reason, state_of
from desktop_vlm.ui.desktop.instance import Command
from desktop_vlm.ui.engine.protocol import EngineState
from desktop_vlm.ui.pictures.intake import NewPicture
from tests.ui.app.outside import Outside

MakePicture = Callable[..., NewPicture]


def test_a_question_with_files_is_asked_in_a_new_conversation(
    qtbot: QtBot, outside: Outside, tmp_path: Path, picture: MakePicture
) -> None:
    file = tmp_path / "shot.png"
    file.write_bytes(picture().data)

    outside.integration.handle(Command("ask", text="What is it?", files=(str(file),)))
    outside.asked(qtbot)

    request = outside.parts.engine.asked[0]
    assert request.messages == [ChatMessage.of("user", "What is it?", picture().sha256)]
    assert request.images == {picture().sha256: picture().data}
    assert outside.window.isVisible()


def test_opened_files_wait_for_a_question(qtbot: QtBot, outside: Outside, tmp_path: Path, picture: MakePicture) -> None:
    file = tmp_path / "shot.png"
    file.write_bytes(picture().data)

    outside.integration.handle(Command("open", files=(str(file),)))

    qtbot.waitUntil(lambda: len(outside.window.composer.pictures) == 1)
    assert outside.parts.engine.asked == []


def test_show_toggle_and_quit(qtbot: QtBot, outside: Outside) -> None:
    outside.integration.handle(Command("show"))
    qtbot.waitUntil(outside.window.isActiveWindow)
    outside.integration.handle(Command("toggle"))
    assert not outside.window.isVisible()
    outside.hotkeys.pressed.emit(HotkeyAction.TOGGLE, "")
    assert outside.window.isVisible()
    outside.integration.handle(Command("quit"))
    assert outside.ended == 1


def test_the_window_goes_to_the_tray_when_it_is_closed(outside: Outside) -> None:
    for _ in range(2):
        outside.window.show()
        outside.window.close()
        assert not outside.window.isVisible()
    assert outside.tray.notices == [("Desktop VLM keeps running", "Quit it from here.")]
    assert outside.integration.keeps_running()

    outside.parts.settings.update("desktop", keep_running=False)
    assert not outside.integration.keeps_running()


def test_a_panel_that_goes_away_brings_the_window_back(outside: Outside) -> None:
    looks = outside.integration._visible
    assert looks is not None
    outside.window.show()
    outside.window.close()
    looks.look()
    looks.look()
    assert not outside.window.isVisible()  # the icon is there

    outside.tray.available = False
    looks.look()
    assert not outside.window.isVisible()  # a panel may start again
    outside.tray.available = True
    looks.look()
    outside.tray.available = False
    looks.look()
    assert not outside.window.isVisible()
    looks.look()
    assert outside.window.isVisible()
    assert "the window is back" in outside.window.toast._text.text()
    assert outside.ended == 0


def test_a_window_hidden_by_key_is_left_to_the_key_where_no_panel_has_icons(qtbot: QtBot, outside: Outside) -> None:
    looks = outside.integration._visible
    assert looks is not None
    outside.tray.available = False
    outside.window.show()
    outside.window.activateWindow()
    qtbot.waitUntil(outside.window.isActiveWindow)
    outside.hotkeys.pressed.emit(HotkeyAction.TOGGLE, "")
    for _ in range(4):
        looks.look()
    assert not outside.window.isVisible()
    outside.hotkeys.pressed.emit(HotkeyAction.TOGGLE, "")
    assert outside.window.isVisible()
    outside.window.hide()  # by whatever else
    for _ in range(2):
        looks.look()
    assert outside.window.isVisible()


def test_a_window_hidden_by_key_comes_back_when_the_panel_with_the_icon_goes(qtbot: QtBot, outside: Outside) -> None:
    looks = outside.integration._visible
    assert looks is not None
    outside.window.show()
    outside.window.activateWindow()
    qtbot.waitUntil(outside.window.isActiveWindow)
    outside.hotkeys.pressed.emit(HotkeyAction.TOGGLE, "")
    looks.look()
    assert not outside.window.isVisible()
    outside.tray.available = False
    for _ in range(2):
        looks.look()
    assert outside.window.isVisible()


def test_the_tray_names_active_keys_and_says_once_what_the_desktop_has_to_do(outside: Outside) -> None:
    asked = Binding(HotkeyStatus.ASK_DESKTOP, Reason.NO_PORTAL)
    outside.hotkeys.states = {
        HotkeyAction.CAPTURE: state_of(HotkeyAction.CAPTURE, "Ctrl+Shift+Space", Binding(HotkeyStatus.ACTIVE)),
        HotkeyAction.COPY_TEXT: state_of(HotkeyAction.COPY_TEXT, "Meta+Shift+T", asked),
        HotkeyAction.TOGGLE: state_of(HotkeyAction.TOGGLE, "Ctrl+Alt+Space", asked),
    }
    outside.hotkeys.state_changed.emit()
    assert outside.tray.keys == {"capture": "Ctrl+Shift+Space", "copy_text": "", "toggle": ""}
    assert outside.tray.hotkeys == ["Your desktop sets the keys: see Settings"]

    taken = state_of(HotkeyAction.TOGGLE, "Ctrl+Alt+Space", Binding(HotkeyStatus.TAKEN))
    outside.hotkeys.states = {HotkeyAction.TOGGLE: taken}
    outside.hotkeys.state_changed.emit()
    assert outside.tray.hotkeys == ["Ctrl+Alt+Space: taken by another program; choose others"]


def test_without_a_panel_closing_the_window_is_the_programs_end(qtbot: QtBot, outside: Outside) -> None:
    outside.tray.available = False
    outside.window.show()
    with qtbot.waitSignal(outside.window.closed):
        outside.window.close()


def test_a_program_started_for_a_capture_ends_after_it_where_nobody_could_see_it(outside: Outside) -> None:
    looks = outside.integration._visible
    assert looks is not None
    outside.tray.available = False
    outside.window.hide()
    outside.window.destroy()  # it never was on the screen
    looks.look()
    assert outside.ended == 0
    looks.look()
    assert outside.ended == 1
    assert not outside.window.isVisible()


def test_a_program_started_for_a_capture_ends_after_it_although_it_asked_a_question(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, outside: Outside
) -> None:
    monkeypatch.setattr(outside.window, "isActiveWindow", lambda: True)
    looks = outside.integration._visible
    assert looks is not None
    outside.tray.available = False
    outside.window.destroy()  # it never was on the screen
    outside.integration.handle(Command("capture"))
    outside.capture.question_due.emit()
    qtbot.waitUntil(lambda: outside.capture.asked == 1)
    outside.capture.question_over.emit()
    outside.capture.cancelled.emit()
    for _look in range(2):
        looks.look()
    assert (outside.ended, outside.window.isVisible()) == (1, False)


def test_a_long_answer_is_reported_only_while_the_window_is_hidden(qtbot: QtBot, outside: Outside) -> None:
    outside.parts.assistant.send("Long question", [])
    outside.asked(qtbot)
    outside.say(qtbot, "a")  # took 4 seconds
    outside.parts.assistant.send("Longer", [])
    outside.asked(qtbot, 2)
    outside.parts.engine.end(usage=Usage(100, 20, 0, 0, encode_s=5.0, prefill_s=2.0, decode_s=9.0))
    qtbot.waitUntil(lambda: outside.tray.notices == [("The answer is ready", "Long question")])


def test_the_tray_knows_state_and_conversations(qtbot: QtBot, outside: Outside) -> None:
    assert outside.tray.state == ("Demo model: ready", "success")
    outside.parts.assistant.send("A question", [])
    outside.asked(qtbot)
    outside.parts.engine.state_changed.emit(EngineState.ANSWERING)
    assert outside.tray.state == ("Demo model: answering", "accent")
    outside.say(qtbot, "a")
    qtbot.waitUntil(lambda: [title for _, title in outside.tray.conversations] == ["A question"])
    outside.parts.assistant.new_conversation()
    outside.tray.conversation_requested.emit(outside.tray.conversations[0][0])
    qtbot.waitUntil(lambda: len(outside.parts.assistant.messages) == 2)


def test_actions_of_the_quick_window_bring_their_prompt(qtbot: QtBot, outside: Outside, picture: MakePicture) -> None:
    outside.capture.captured.emit(picture())

    outside.quick.asked.emit("in German", QuickAction("own", name="Own", prompt="Say it."))
    outside.asked(qtbot)

    assert outside.parts.assistant.messages[0].text == "Say it.\n\nin German"


def test_the_token_that_lets_a_window_come_to_the_front_is_passed_on(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    outside.hotkeys.pressed.emit(HotkeyAction.TOGGLE, "from the key")
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "from the key"
    outside.integration.handle(Command("show", activation_token="from a start"))
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "from a start"
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN")
