"""Backing up and restoring from the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_vlm.backup import read_manifest
from desktop_vlm.history import History
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.settings.page_privacy import PrivacyPage
from desktop_vlm.ui.window import backup_actions
from desktop_vlm.ui.window.backup_actions import BackupActions
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts


def fill(history: History) -> int:
    one = history.create_conversation("One")
    shot = history.add_picture(b"shot", name="s.png", width=1, height=1)
    history.add_message(one, None, "user", "zebra", pictures=[shot])
    return one


@pytest.fixture
def window(qtbot: QtBot, parts: Parts) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the person names in both dialogs."""
    chosen = tmp_path / "elsewhere" / "b.zip"
    chosen.parent.mkdir()
    monkeypatch.setattr(backup_actions, "ask_save", lambda *_: chosen)
    monkeypatch.setattr(backup_actions, "ask_open", lambda *_: [chosen])
    return chosen


def actions(window: MainWindow) -> BackupActions:
    return window._settings_actions.backup


def titles(parts: Parts) -> list[str]:
    return [one.title for one in parts.history.fetch(lambda history: history.conversations())]


def back_up(qtbot: QtBot, window: MainWindow, file: Path) -> None:
    actions(window).back_up()
    qtbot.waitUntil(lambda: "quick actions are in" in window.toast._text.text())
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def restore(qtbot: QtBot, window: MainWindow, *, replace: bool) -> None:
    actions(window).restore()
    qtbot.waitUntil(lambda: actions(window).question is not None)
    question = actions(window).question
    assert question is not None
    (question.replace if replace else question.add).click()
    qtbot.waitUntil(lambda: actions(window)._work is None)
    actions(window).question = None


def test_what_was_deleted_comes_back_beside_what_is_new(
    qtbot: QtBot, window: MainWindow, parts: Parts, file: Path
) -> None:
    one = parts.history.fetch(fill)
    window._services.actions.add(QuickAction("", "Count", prompt="Count them."))
    back_up(qtbot, window, file)
    assert read_manifest(file).conversations == 1
    window._services.actions.delete("count")
    parts.assistant.delete(one)
    parts.history.fetch(lambda history: history.create_conversation("New"))
    restore(qtbot, window, replace=False)
    assert window.toast._text.text() == "Added: 1 conversation, 1 quick action."
    assert titles(parts) == ["New", "One"]
    assert "Count" in [action.name for action in window._services.offered_actions]
    qtbot.waitUntil(lambda: window.sidebar._model.ids() != [] and "One" in str(window._list._titles))


def test_everything_is_replaced_and_kept_beside_it(qtbot: QtBot, window: MainWindow, parts: Parts, file: Path) -> None:
    parts.history.fetch(fill)
    parts.settings.update("appearance", text_px=18)
    back_up(qtbot, window, file)
    parts.settings.update("appearance", text_px=14)
    new = parts.history.fetch(lambda history: history.create_conversation("New"))
    parts.assistant.open(new)
    qtbot.waitUntil(lambda: parts.assistant.conversation_id == new)
    restore(qtbot, window, replace=True)
    assert titles(parts) == ["One"]
    assert parts.assistant.conversation_id is None
    assert parts.settings.current.appearance.text_px == 18
    assert parts.theme.text_px == 18
    kept = [one.name for one in parts.paths.data.iterdir() if "before-restore" in one.name]
    assert len(kept) == 1
    # WHEN everything is deleted THEN nothing of it stays, the settings before neither
    assert any("before-restore" in one.name for one in parts.paths.config.iterdir())
    window._settings_actions.delete_everything()
    qtbot.waitUntil(lambda: titles(parts) == [])
    left = [*parts.paths.data.iterdir(), *parts.paths.config.iterdir()]
    assert [one.name for one in left if "before-restore" in one.name or ".toml" in one.name] == []


def test_a_file_that_is_no_backup_says_so(qtbot: QtBot, window: MainWindow, file: Path) -> None:
    file.write_bytes(b"nonsense")
    actions(window).restore()
    qtbot.waitUntil(window.toast.isVisible)
    assert window.toast._text.text() == f"{file} is no backup of Desktop VLM, or damaged; choose another file."
    assert actions(window).question is None


def test_a_backup_that_is_stopped_leaves_nothing(qtbot: QtBot, window: MainWindow, parts: Parts, file: Path) -> None:
    parts.history.fetch(fill)
    actions(window).back_up()
    progress = actions(window).progress
    assert progress is not None
    qtbot.keyClick(progress, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: actions(window)._work is None)
    assert list(file.parent.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_a_sentence(window: MainWindow, file: Path) -> None:
    file.parent.rmdir()
    file.parent.write_bytes(b"a file")
    actions(window).back_up()
    assert window.toast._text.text().startswith(f"{file.parent} cannot be written (")
    assert actions(window)._work is None


def test_the_settings_lead_to_it(qtbot: QtBot, parts: Parts) -> None:
    page = PrivacyPage(parts.theme, parts.paths)
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.backup_requested):
        page.back_up.click()
    with qtbot.waitSignal(page.restore_requested):
        page.restore.click()
