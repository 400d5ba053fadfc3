"""Captures: what leaves the screen for one, where it goes, and the quick window that asks about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.app import capture_flow, window_access
from desktop_vlm.ui.desktop.capture import CaptureMode
from desktop_vlm.ui.desktop.capture.mode import Purpose
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.desktop.hotkey import HotkeyAction
from desktop_vlm.ui.desktop.instance import Command
from desktop_vlm.ui.desktop.session import Session
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.text_layer.layers import LayerState
from desktop_vlm.ui.widgets.file_dialogs import ask_save
from tests.ui.app.outside import Outside

MakePicture = Callable[..., NewPicture]


def test_our_windows_are_away_before_the_screen_is_taken(qtbot: QtBot, outside: Outside) -> None:
    outside.window.show()

    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")

    assert not outside.window.isVisible()
    assert outside.capture.requested == []
    qtbot.waitUntil(lambda: outside.capture.requested == [(CaptureMode.REGION, 0.0)])
    outside.capture.cancelled.emit()
    assert outside.window.isVisible()


def test_on_wayland_our_windows_have_the_time_to_fade(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, outside: Outside
) -> None:
    assert capture_flow._FADED_AFTER_MS > 2 * 150  # what GNOME takes, and as much again for slow frames
    monkeypatch.setattr(capture_flow, "_FADED_AFTER_MS", 0)
    monkeypatch.setattr(capture_flow, "_HIDDEN_AFTER_MS", 600_000)
    monkeypatch.setattr(capture_flow, "current_session", lambda: Session.WAYLAND)
    outside.window.show()
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    qtbot.waitUntil(lambda: len(outside.capture.requested) == 1)


def test_dialogs_of_the_window_are_out_of_the_picture_and_come_back(qtbot: QtBot, outside: Outside) -> None:
    outside.window.show()
    outside.window.open_settings("desktop")
    (dialog,) = outside.window.findChildren(QDialog)
    qtbot.waitUntil(dialog.isVisible)
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    assert (outside.window.isVisible(), dialog.isVisible()) == (False, False)
    qtbot.waitUntil(lambda: len(outside.capture.requested) == 1)
    outside.capture.cancelled.emit()
    assert (outside.window.isVisible(), dialog.isVisible()) == (True, True)
    dialog.close()


def test_a_dialog_for_files_that_waits_for_its_answer_is_out_of_the_picture_and_goes_on_waiting(
    qtbot: QtBot, outside: Outside, tmp_path: Path
) -> None:
    outside.window.show()
    seen: list[tuple[bool, bool]] = []

    def dialog() -> QFileDialog:
        (found,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, QFileDialog)]
        return found

    def press() -> None:
        qtbot.waitUntil(lambda: dialog().isVisible())
        outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
        seen.append((outside.window.isVisible(), dialog().isVisible()))
        qtbot.waitUntil(lambda: len(outside.capture.requested) == 1)
        outside.capture.cancelled.emit()
        seen.append((outside.window.isVisible(), dialog().isVisible()))
        dialog().accept()

    QTimer.singleShot(0, press)
    assert ask_save(outside.window, "Save", str(tmp_path / "a.txt"), "Text (*.txt)") == tmp_path / "a.txt"
    assert seen == [(False, False), (True, True)]


def test_what_is_on_the_screen_without_the_window_is_out_of_the_picture_too(qtbot: QtBot, outside: Outside) -> None:
    outside.window.hide()
    dialog, notice = QDialog(), QLabel("copied", None, Qt.WindowType.ToolTip)
    for one in (dialog, notice):
        qtbot.addWidget(one)
        one.show()
        qtbot.waitUntil(one.isVisible)
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    assert (dialog.isVisible(), notice.isVisible()) == (False, False)
    qtbot.waitUntil(lambda: len(outside.capture.requested) == 1)
    outside.capture.cancelled.emit()
    assert (outside.window.isVisible(), dialog.isVisible(), notice.isVisible()) == (False, True, False)


def test_on_wayland_a_window_is_shown_again_to_be_in_front_without_a_token(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, outside: Outside
) -> None:
    monkeypatch.setattr(window_access, "current_session", lambda: Session.WAYLAND)
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    outside.window.show()
    qtbot.waitUntil(outside.window.isActiveWindow)
    other = QPushButton("another window")
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: other.isActiveWindow() and not outside.window.isActiveWindow())
    seen: list[bool] = []
    outside.window.windowHandle().visibleChanged.connect(seen.append)
    outside.integration.handle(Command("show", activation_token="of the desktop"))
    assert seen == []
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    other.activateWindow()
    qtbot.waitUntil(lambda: other.isActiveWindow() and not outside.window.isActiveWindow())
    outside.integration.handle(Command("show"))
    assert seen == [False, True]


def test_on_wayland_a_window_that_was_behind_comes_back_to_the_panel(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, outside: Outside
) -> None:
    monkeypatch.setattr(window_access, "current_session", lambda: Session.WAYLAND)
    monkeypatch.setattr(outside.window, "isActiveWindow", lambda: False)
    outside.window.show()
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    qtbot.waitUntil(lambda: len(outside.capture.requested) == 1)
    handle, asked = outside.window.windowHandle(), []
    handle.visibleChanged.connect(lambda _is_visible: asked.append(not handle.property("_q_showWithoutActivating")))
    outside.capture.cancelled.emit()
    assert outside.window.isMinimized()
    assert asked == [False]  # for the keyboard, at which a panel shows that the window demands attention
    assert handle.property("_q_showWithoutActivating") is False
    # From the panel it may have come back without a word of the desktop: it is put away all the same.
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    assert not outside.window.isVisible()
    qtbot.waitUntil(lambda: len(outside.capture.requested) == 2)
    outside.capture.cancelled.emit()
    assert outside.window.isMinimized()


def capture_away(qtbot: QtBot, outside: Outside) -> None:
    """Press the key while the window is in front, until the screen is taken."""
    outside.window.show()
    qtbot.waitUntil(outside.window.isActiveWindow)
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    qtbot.waitUntil(lambda: len(outside.capture.requested) == 1)


def test_the_window_covers_what_was_captured_only_once_the_quick_window_is_gone(
    qtbot: QtBot, outside: Outside, picture: MakePicture
) -> None:
    capture_away(qtbot, outside)
    outside.capture.captured.emit(picture())
    assert outside.quick.isVisible()
    qtbot.wait(30)
    assert not outside.window.isVisible()

    outside.quick.dismiss()
    qtbot.waitUntil(outside.window.isVisible)


def test_the_window_stays_away_from_a_second_capture_and_comes_back_after_it(
    qtbot: QtBot, outside: Outside, picture: MakePicture
) -> None:
    capture_away(qtbot, outside)
    outside.capture.captured.emit(picture())
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    qtbot.waitUntil(lambda: len(outside.capture.requested) == 2)
    assert not outside.window.isVisible()
    outside.capture.cancelled.emit()
    assert outside.window.isVisible()


def test_a_capture_can_be_copied_instead_and_the_window_comes_back(
    qtbot: QtBot, outside: Outside, picture: MakePicture
) -> None:
    QApplication.clipboard().clear()
    capture_away(qtbot, outside)
    outside.capture.taken.emit(picture(size=(33, 44)), Purpose.COPY)
    qtbot.waitUntil(lambda: not QApplication.clipboard().image().isNull())
    assert (QApplication.clipboard().image().width(), outside.quick.isVisible()) == (33, False)
    assert outside.window.isVisible()
    assert outside.window.composer.pictures == []


def test_tools_are_there_for_questions_and_wait_if_the_person_wants_that(qtbot: QtBot, outside: Outside) -> None:
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    qtbot.waitUntil(lambda: len(outside.capture.requested) == 1)
    outside.capture.cancelled.emit()
    outside.parts.settings.update("desktop", after_selecting="tools")
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    qtbot.waitUntil(lambda: len(outside.capture.requested) == 2)
    assert outside.capture.tools == [(True, False), (True, True)]


def test_a_minimized_window_stays_so(qtbot: QtBot, outside: Outside, picture: MakePicture) -> None:
    outside.window.showMinimized()
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    outside.capture.captured.emit(picture())
    outside.quick.dismiss()
    qtbot.wait(30)
    assert outside.window.isMinimized()
    assert outside.window.isVisible()  # it is in the panel, where it was


def test_a_capture_from_the_question_comes_into_it(qtbot: QtBot, outside: Outside, picture: MakePicture) -> None:
    outside.window.show()
    outside.parts.settings.update("desktop", capture_action="describe")
    outside.window.composer.capture_requested.emit()
    qtbot.waitUntil(lambda: len(outside.capture.requested) == 1)
    outside.capture.captured.emit(picture())
    assert [one.sha256 for one in outside.window.composer.pictures] == [picture().sha256]
    assert outside.window.isVisible()
    assert not outside.quick.isVisible()
    assert outside.parts.engine.asked == []
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")  # the next one is the key's again
    qtbot.waitUntil(lambda: len(outside.capture.requested) == 2)
    outside.parts.settings.update("desktop", capture_action="")
    outside.capture.captured.emit(picture("#111111"))
    assert outside.quick.isVisible()


def test_the_key_is_introduced_until_a_capture_succeeds_and_never_again(
    qtbot: QtBot, outside: Outside, picture: MakePicture
) -> None:
    introduction = outside.window.welcome.introduction
    assert not introduction.isHidden()
    introduction.attempt.click()
    qtbot.waitUntil(lambda: len(outside.capture.requested) == 1)
    outside.capture.captured.emit(picture())
    assert outside.quick.isVisible()
    assert introduction.isHidden()
    assert outside.parts.settings.reload().recent.knows_capture_key


def test_the_same_region_is_captured_again_from_the_tray_a_command_and_the_window(
    qtbot: QtBot, outside: Outside, picture: MakePicture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_vlm.ui.app.capture_flow.can_grab", lambda: True)
    outside.tray.capture_again_requested.emit()  # nothing was captured yet: the person chooses
    assert outside.capture.requested == [(CaptureMode.REGION, 0.0)]
    region = outside.capture.last_region = Region("HDMI-1", 1, 2, 30, 40)
    outside.capture.captured.emit(picture())
    assert [one.region for one in outside.integration._services.captures.captures] == [region]
    outside.integration.handle(Command("capture-again"))
    qtbot.waitUntil(lambda: outside.capture.grabbed == [region])  # the quick window has to go first
    outside.window.show()
    outside.window.capture_actions.again_requested.emit(None)
    qtbot.waitUntil(lambda: outside.capture.grabbed == [region, region])
    assert not outside.window.isVisible()
    outside.capture.captured.emit(picture("#111111"))
    assert [one.name for one in outside.window.composer.pictures] == ["#111111.png"]
    assert outside.window.isVisible()


def test_captures_whose_text_is_copied_are_kept_nowhere(outside: Outside, picture: MakePicture) -> None:
    outside.tray.copy_text_requested.emit()
    outside.capture.captured.emit(picture())
    assert outside.integration._services.captures.captures == ()


def test_without_a_window_of_our_own_the_screen_is_taken_at_once(outside: Outside) -> None:
    outside.integration.handle(Command("capture", delay_s=2.0))

    assert outside.capture.requested == [(CaptureMode.REGION, 2.0)]
    outside.capture.cancelled.emit()
    assert not outside.window.isVisible()


def test_a_capture_is_asked_about_in_the_quick_window(qtbot: QtBot, outside: Outside, picture: MakePicture) -> None:
    outside.capture.captured.emit(picture())
    assert outside.quick.isVisible()
    outside.quick.asked.emit("What colour?", None)
    outside.asked(qtbot)
    outside.say(qtbot, "Blue.")
    outside.quick.asked.emit("And now?", None)
    outside.asked(qtbot, 2)

    assert outside.parts.engine.asked[1].messages == [
        ChatMessage.of("user", "What colour?", picture().sha256),
        ChatMessage.of("assistant", "Blue."),
        ChatMessage.of("user", "And now?"),
    ]
    assert not outside.window.isVisible()


def test_a_capture_is_read_while_its_question_is_written(outside: Outside, picture: MakePicture, qtbot: QtBot) -> None:
    reader = outside.parts.reader
    first, second = picture("#111111"), picture("#222222")
    outside.capture.captured.emit(first)
    qtbot.waitUntil(lambda: reader.requested == [first.sha256])
    outside.quick.hide()  # nothing was asked
    assert reader.cancelled == [first.sha256]
    outside.capture.captured.emit(second)
    qtbot.waitUntil(lambda: reader.requested == [first.sha256, second.sha256])
    outside.quick.expand_requested.emit()
    assert outside.parts.text_layers.state(second.sha256) is LayerState.READING
    outside.quick.hide()
    assert reader.cancelled == [first.sha256]


def test_json_that_was_cut_off_is_closed_in_the_quick_window(
    qtbot: QtBot, outside: Outside, picture: MakePicture
) -> None:
    outside.capture.captured.emit(picture())
    action = QuickAction("json", name="JSON", prompt="As JSON.", json_schema='{"type": "object"}')
    outside.quick.asked.emit("", action)
    qtbot.waitUntil(lambda: len(outside.parts.engine.asked) == 1)
    outside.parts.engine.say('{"a": [1, 2, "thr')
    with qtbot.waitSignal(outside.parts.assistant.answered):
        outside.parts.engine.end("length")
    for name, text in (("Close it", '{"a": [1, 2]}'), ("Undo", '{"a": [1, 2, "thr')):
        (close,) = [one for one in outside.quick.answer.findChildren(QPushButton) if one.text() == name]
        assert close.isVisible()
        close.click()
        assert outside.quick.answer.markdown() == text


def test_the_quick_window_grows_into_the_window(outside: Outside, picture: MakePicture) -> None:
    outside.capture.captured.emit(picture())

    outside.quick.expand_requested.emit()

    assert outside.window.isVisible()
    assert [one.sha256 for one in outside.window.composer.pictures] == [picture().sha256]


def test_a_question_of_the_quick_window_waits_and_disturbs_nothing(
    qtbot: QtBot, outside: Outside, picture: MakePicture
) -> None:
    assistant = outside.parts.assistant
    assistant.send("Long", [])
    outside.asked(qtbot)
    here = assistant.conversation_id
    outside.window.composer.text.setPlainText("half a question")
    outside.capture.captured.emit(picture())
    with qtbot.waitSignal(assistant.asked):
        outside.quick.asked.emit("Now?", None)
    assert outside.quick.answer._progress.text().startswith("Next in the queue")
    assert assistant.conversation_id == here
    assert outside.window.composer.text.toPlainText() == "half a question"
    assert outside.window.composer.pictures == []
    qtbot.waitUntil(lambda: [title for _, title in outside.tray.conversations][:1] == ["Now? (in the queue)"])
    assert outside.tray.state[0].endswith(", 1 in the queue")

    outside.parts.engine.say("not yours")
    assert outside.quick.answer.markdown() == ""
    outside.parts.engine.end()
    outside.asked(qtbot, 2)
    assert outside.parts.engine.asked[1].messages == [ChatMessage.of("user", "Now?", picture().sha256)]
    outside.say(qtbot, "Yours.")
    assert outside.quick.answer.markdown() == "Yours."
    rows = outside.parts.history.fetch(lambda history: history.conversations())
    assert not any(row.is_unread for row in rows)  # it was seen in the quick window

    outside.quick.expand_requested.emit()
    qtbot.waitUntil(lambda: [one.text for one in assistant.messages] == ["Now?", "Yours."])


def test_stop_in_the_quick_window_takes_a_question_back_that_waits(
    qtbot: QtBot, outside: Outside, picture: MakePicture
) -> None:
    outside.parts.assistant.send("Long", [])
    outside.asked(qtbot)
    outside.capture.captured.emit(picture())
    for _ in range(2):
        with qtbot.waitSignal(outside.parts.assistant.asked):
            outside.quick.prompt.field.setPlainText("Now?")
            outside.quick.prompt.entered.emit()
        outside.quick.stop_requested.emit()
        qtbot.waitUntil(lambda: outside.quick.text == "Now?")
    assert outside.parts.engine.stops == 0
    outside.parts.engine.end()
    rows = outside.parts.history.fetch(lambda history: history.conversations())
    assert [row.title for row in rows] == ["Long"]


@pytest.mark.parametrize("where", ["new", "current"])
def test_a_capture_goes_where_the_settings_say(
    qtbot: QtBot, outside: Outside, picture: MakePicture, where: str
) -> None:
    outside.parts.settings.update("desktop", capture_into=where)
    outside.parts.assistant.send("Earlier", [])
    outside.asked(qtbot)
    outside.say(qtbot, "Yes.")
    before = outside.parts.assistant.conversation_id

    outside.capture.captured.emit(picture())

    assert outside.window.isVisible()
    assert len(outside.window.composer.pictures) == 1
    assert (outside.parts.assistant.conversation_id == before) == (where == "current")


def test_a_quick_action_can_follow_at_once(qtbot: QtBot, outside: Outside, picture: MakePicture) -> None:
    outside.parts.settings.update("desktop", capture_action="describe")

    outside.capture.captured.emit(picture())
    outside.asked(qtbot)

    assert outside.parts.assistant.messages[0].action == "Describe"


def test_a_failed_capture_is_a_sentence_in_the_window(outside: Outside) -> None:
    outside.capture.failed.emit("The screen could not be taken.")

    assert outside.window.toast.isVisible()


def test_the_sentence_of_a_failed_capture_does_not_come_back_after_the_next_one(qtbot: QtBot, outside: Outside) -> None:
    outside.window.show()
    outside.capture.failed.emit("The screen could not be taken.")
    assert outside.window.toast.isVisible()
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    qtbot.waitUntil(lambda: len(outside.capture.requested) == 1)
    outside.capture.cancelled.emit()
    assert (outside.window.isVisible(), outside.window.toast.isVisible()) == (True, False)
    outside.window.toast.say("Deleted", "Undo")
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    qtbot.waitUntil(lambda: len(outside.capture.requested) == 2)
    outside.capture.cancelled.emit()
    assert outside.window.toast.isVisible()  # of something else, and not seen for long enough


@pytest.mark.parametrize("was", ["in front", "hidden"])
def test_the_window_is_there_while_the_desktop_asks_and_then_as_it_was(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, outside: Outside, was: str
) -> None:
    is_in_front = [True]
    monkeypatch.setattr(outside.window, "isActiveWindow", lambda: is_in_front[0])
    if was == "in front":
        capture_away(qtbot, outside)
    else:
        outside.window.hide()
        outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    assert not outside.window.isVisible()

    is_in_front[0] = False
    outside.capture.question_due.emit()
    qtbot.wait(100)
    assert (outside.window.isVisible(), outside.capture.asked) == (True, 0)
    is_in_front[0] = True
    qtbot.waitUntil(lambda: outside.capture.asked == 1)
    assert outside.window.toast._text.text() == (
        "Your desktop asks once whether this app may take screenshots. Then you select what to capture."
    )
    outside.capture.question_over.emit()
    assert (outside.window.isVisible(), outside.capture.went_on) == (False, 0)
    qtbot.waitUntil(lambda: outside.capture.went_on == 1)

    outside.capture.cancelled.emit()
    assert outside.window.isVisible() == (was == "in front")


def test_a_question_that_is_cancelled_leaves_the_window_as_it_was(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, outside: Outside
) -> None:
    monkeypatch.setattr(outside.window, "isActiveWindow", lambda: True)
    outside.window.hide()
    outside.hotkeys.pressed.emit(HotkeyAction.CAPTURE, "")
    outside.capture.question_due.emit()
    qtbot.waitUntil(lambda: outside.capture.asked == 1)
    outside.capture.cancelled.emit()
    assert not outside.window.isVisible()
