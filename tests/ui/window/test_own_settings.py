"""Instructions, sampling and quick actions of one conversation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_vlm.export import export
from desktop_vlm.history.own_settings import NOTHING_OWN, OwnSettings
from desktop_vlm.settings import SAMPLING_PRESETS
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.window.main_window import MainWindow
from desktop_vlm.ui.window.own_settings_dialog import OwnSettingsDialog
from tests.ui.conftest import Parts

PRECISE = SAMPLING_PRESETS["precise"].values
OWN = OwnSettings("Answer in Welsh.", PRECISE, ("alt-text", "describe"))


@pytest.fixture
def window(qtbot: QtBot, parts: Parts) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def ask(qtbot: QtBot, window: MainWindow, parts: Parts, text: str) -> None:
    asked = len(parts.engine.asked)
    window.composer.text.setPlainText(text)
    window.draft.send()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == asked + 1)
    parts.engine.say("Da.")
    with qtbot.waitSignal(parts.assistant.answered):
        parts.engine.end()


def system(parts: Parts) -> list[str]:
    return [message.text for message in parts.engine.asked[-1].messages if message.role == "system"]


def dialog(window: MainWindow) -> OwnSettingsDialog:
    found = window._own_settings.dialog
    assert found is not None
    return found


def test_a_fresh_conversation_comes_with_them_and_others_without(
    qtbot: QtBot, window: MainWindow, parts: Parts
) -> None:
    parts.settings.update("answers", system_prompt="Be brief.")
    parts.assistant.set_own(OWN)
    name = "Instructions and sampling of this conversation"
    assert window.top_bar._own.accessibleName() == f"{name}: Own instructions · Precise · Own actions"
    ask(qtbot, window, parts, "One?")
    assert system(parts) == ["Answer in Welsh."]
    assert parts.engine.asked[-1].sampling == {**parts.settings.current.sampling_options, **PRECISE}
    one = parts.assistant.conversation_id
    assert one is not None
    assert parts.history.fetch(lambda history: history.conversation(one)).own == OWN
    window.new_conversation()
    assert window.top_bar._own.accessibleName() == name
    ask(qtbot, window, parts, "Two?")
    assert system(parts) == ["Be brief."]
    # WHEN the first is opened again THEN its own are there again, and can be reset
    parts.assistant.open(one)
    qtbot.waitUntil(lambda: parts.assistant.conversation_id == one)
    assert parts.assistant.own == OWN
    window._own_settings.edit()
    dialog(window).reset.click()
    dialog(window).save.click()
    assert parts.assistant.own == NOTHING_OWN
    assert parts.history.fetch(lambda history: history.conversation(one)).own == NOTHING_OWN
    ask(qtbot, window, parts, "Three?")
    assert system(parts) == ["Be brief."]


def test_none_at_all_is_something_else_than_those_of_the_settings(
    qtbot: QtBot, window: MainWindow, parts: Parts
) -> None:
    parts.settings.update("answers", system_prompt="Be brief.")
    window._own_settings.edit()
    assert dialog(window).instructions.placeholderText() == "As in the settings: Be brief."
    dialog(window).has_instructions.setChecked(True)
    dialog(window).save.click()
    assert parts.assistant.own == OwnSettings(instructions="")
    ask(qtbot, window, parts, "One?")
    assert system(parts) == []


def test_the_dialog_shows_and_takes_all_of_it(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: Callable[..., NewPicture]
) -> None:
    window.draft.add(picture())
    parts.assistant.set_own(OWN)
    assert [one.id for one in window.composer.chips._actions[:2]] == ["alt-text", "describe"]
    window._own_settings.edit()
    shown = dialog(window)
    assert shown.own() == OwnSettings("Answer in Welsh.", PRECISE, ("describe", "alt-text"))  # in the order of the list
    row = next(n for n in range(shown.first_actions.count()) if shown.first_actions.item(n).text() == "Summarise")
    shown.first_actions.item(row).setCheckState(Qt.CheckState.Checked)
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert parts.assistant.own == OWN  # nothing was saved
    window._own_settings.edit()
    dialog(window).first_actions.item(row).setCheckState(Qt.CheckState.Checked)
    dialog(window).has_instructions.setChecked(False)
    dialog(window).save.click()
    assert parts.assistant.own == OwnSettings(None, PRECISE, ("describe", "summarise", "alt-text"))
    # What is not shown first is still there.
    assert len(window.composer.chips._actions) == len(
        [one for one in window._services.offered_actions if one.needs_pictures < 2]
    )


def test_those_of_another_conversation_open_it(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    other = parts.history.fetch(lambda history: history.create_conversation("Other", own=OWN))
    window.sidebar.menus.own_requested.emit(other)
    qtbot.waitUntil(lambda: window._own_settings.dialog is not None)
    assert parts.assistant.conversation_id == other
    assert dialog(window).instructions.toPlainText() == "Answer in Welsh."
    dialog(window).reject()


def test_sampling_that_is_not_allowed_is_not_used(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    parts.assistant.set_own(OwnSettings(sampling={"temperature": 99.0, "wings": 2}))
    ask(qtbot, window, parts, "One?")
    assert parts.engine.asked[-1].sampling == parts.settings.current.sampling_options


def test_they_are_exported(qtbot: QtBot, window: MainWindow, parts: Parts, tmp_path: Path) -> None:
    parts.assistant.set_own(OWN)
    ask(qtbot, window, parts, "One?")
    one = parts.assistant.conversation_id
    assert one is not None
    markdown, document = tmp_path / "a.md", tmp_path / "a.json"
    parts.history.fetch(lambda history: export(history, one, "markdown", markdown))
    parts.history.fetch(lambda history: export(history, one, "json", document))
    assert "*Instructions of this conversation:*" in markdown.read_text()
    assert "Answer in Welsh." in markdown.read_text()
    assert json.loads(document.read_text())["own_settings"] == {
        "instructions": "Answer in Welsh.",
        "sampling": PRECISE,
        "actions": ["alt-text", "describe"],
    }
