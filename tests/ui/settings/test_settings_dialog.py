from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.settings import Settings, SettingsStore
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.settings.dialog import SettingsDialog
from desktop_vlm.ui.settings.page_actions import ActionsPage
from desktop_vlm.ui.settings.page_answers import AnswersPage
from desktop_vlm.ui.settings.page_appearance import AppearancePage
from desktop_vlm.ui.settings.page_privacy import PrivacyPage
from desktop_vlm.ui.settings.page_shortcuts import ShortcutsPage
from desktop_vlm.ui.settings.page_text import TextPage
from desktop_vlm.ui.theme import Theme, ThemeChoice
from desktop_vlm.ui.widgets.choice_controls import Segments, SwitchControl
from desktop_vlm.ui.widgets.number_controls import Stepper
from desktop_vlm.ui.widgets.text_controls import TextArea


def test_the_pages_and_their_order(dialog: SettingsDialog, qtbot: QtBot) -> None:
    titles = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    before = ["Model", "Downloads", "Answers", "Text in pictures", "Appearance", "Quick actions", "Capture and keys"]
    assert titles == [*before, "Privacy and data", "Shortcuts", "About"]
    dialog.open_page("privacy")
    qtbot.waitUntil(lambda: dialog.stack.currentWidget() is dialog.pages.made.get("privacy", dialog))


def test_a_page_takes_a_turn_to_be_made_and_another_to_be_shown(dialog: SettingsDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: dialog.stack.currentWidget() is dialog.pages.made.get("model", dialog))
    before = dialog.stack.currentWidget()
    dialog.open_page("answers")
    assert "answers" not in dialog.pages.made
    shown: list[tuple[bool, bool]] = []
    dialog._make_soon.timeout.connect(
        lambda: shown.append(("text" in dialog.pages.made, dialog.stack.currentWidget() is before))
    )
    dialog.open_page("text")  # the one that was chosen last is made, and no other
    qtbot.waitUntil(lambda: dialog.stack.currentWidget() is dialog.pages.made.get("text", dialog))
    assert shown == [(True, True)]
    assert set(dialog.pages.made) == {"model", "text"}
    dialog.open_page("model")
    assert dialog.stack.currentWidget() is before  # one that is there is shown at once


def test_the_arrow_keys_go_through_the_pages(dialog: SettingsDialog, qtbot: QtBot) -> None:
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: dialog.stack.currentWidget() is dialog.pages.made.get("downloads", dialog))


def test_text_size_reaches_the_file_the_window_and_the_listener(
    dialog: SettingsDialog, qtbot: QtBot, store: SettingsStore, theme: Theme
) -> None:
    page = dialog.pages["appearance"]
    assert isinstance(page, AppearancePage)
    with qtbot.waitSignal(dialog.settings_changed) as reported:
        page.slider.slider.setValue(18)
    assert reported.args is not None
    assert reported.args[0].appearance.text_px == 18
    assert theme.text_px == 18
    assert SettingsStore(store.path).current.appearance.text_px == 18
    assert page.slider.number.text() == "18 px"


def test_theme(dialog: SettingsDialog, store: SettingsStore, theme: Theme) -> None:
    segments = dialog.pages["appearance"].controls["appearance", "theme"]
    assert isinstance(segments, Segments)
    segments.buttons[2].click()
    assert theme.choice is ThemeChoice.DARK
    assert theme.is_dark
    assert SettingsStore(store.path).current.appearance.theme == "dark"


def test_presets_and_custom_numbers(dialog: SettingsDialog, store: SettingsStore) -> None:
    page = dialog.pages["answers"]
    assert isinstance(page, AnswersPage)
    dialog.open_page("answers")
    temperature = page.controls["sampling", "temperature"]
    assert isinstance(temperature, Stepper)
    assert not temperature.isVisible()
    page.presets.cards["creative"].click()
    assert store.current.sampling_options["min_p"] == 0.1
    assert not temperature.isVisible()
    page.presets.cards["custom"].click()
    assert temperature.isVisible()
    assert temperature.value() == 1.5
    temperature.more.click()
    assert SettingsStore(store.path).current.sampling_options == {
        "temperature": 1.55,
        "top_k": 0,
        "top_p": 1.0,
        "min_p": 0.1,
        "repeat_penalty": 1.0,
    }
    page.presets.cards["precise"].click()
    page.presets.cards["custom"].click()
    assert store.current.sampling.temperature == 1.55


def test_what_is_typed_is_saved_after_a_pause_and_when_the_dialog_closes(
    dialog: SettingsDialog, qtbot: QtBot, store: SettingsStore
) -> None:
    dialog.open_page("answers")
    prompt = dialog.pages["answers"].controls["answers", "system_prompt"]
    assert isinstance(prompt, TextArea)
    with qtbot.waitSignal(dialog.settings_changed):
        qtbot.keyClicks(prompt.box, "Be brief.")
    assert store.current.system_prompt == "Be brief."
    qtbot.keyClicks(prompt.box, " Now")
    qtbot.keyClick(prompt.box, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert SettingsStore(store.path).current.system_prompt == "Be brief. Now"


def test_switches_and_numbers(dialog: SettingsDialog, qtbot: QtBot, store: SettingsStore) -> None:
    dialog.open_page("answers")
    drop = dialog.pages["answers"].controls["answers", "drop_oldest"]
    longest = dialog.pages["answers"].controls["answers", "max_tokens"]
    assert isinstance(drop, SwitchControl)
    assert isinstance(longest, Stepper)
    qtbot.keyClick(drop.button, Qt.Key.Key_Space)
    longest.box.selectAll()
    qtbot.keyClicks(longest.box, "2000")
    assert store.current.answers.max_tokens == 1024
    qtbot.keyClick(longest.box, Qt.Key.Key_Return)
    saved = SettingsStore(store.path).current.answers
    assert (saved.drop_oldest, saved.max_tokens) == (False, 2000)
    assert dialog.isVisible()


def test_text_in_pictures(open_dialog: Callable[..., SettingsDialog], store: SettingsStore) -> None:
    dialog = open_dialog(text_missing="Install the extra.")
    dialog.open_page("text")
    page = dialog.pages["text"]
    assert isinstance(page, TextPage)
    assert (page.missing.isVisibleTo(page), page.missing.text()) == (True, "Install the extra.")
    read, quote, check = (page.controls["text", one] for one in ("read_images", "quote_small_text", "check_answers"))
    assert [one.value() for one in (read, quote, check)] == [True, True, True]
    read.changed.emit(False)
    assert not store.current.text.read_images
    assert [one.isEnabled() for one in (read, quote, check)] == [True, False, False]
    assert store.current.text.quote_small_text  # it comes back with the reading


def test_where_text_can_be_read_nothing_is_said_about_installing(dialog: SettingsDialog) -> None:
    dialog.open_page("text")
    page = dialog.pages["text"]
    assert isinstance(page, TextPage)
    assert not page.missing.isVisibleTo(page)


def test_the_wheel_does_not_change_a_number_in_passing(dialog: SettingsDialog) -> None:
    dialog.open_page("answers")
    longest = dialog.pages["answers"].controls["answers", "max_tokens"]
    assert isinstance(longest, Stepper)
    nothing, turned = QPoint(), QPoint(0, 120)
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        nothing,
        turned,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(longest.box, event)
    assert longest.value() == 1024
    assert event.type() is QEvent.Type.Wheel


def test_a_failed_write_is_reported_and_the_change_is_active(
    dialog: SettingsDialog, monkeypatch: pytest.MonkeyPatch, store: SettingsStore
) -> None:
    def fail(*_args: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "replace", fail)
    reported: list[Settings] = []
    dialog.settings_changed.connect(reported.append)
    segments = dialog.pages["answers"].controls["composer", "send_with"]
    assert isinstance(segments, Segments)
    segments.buttons[1].click()
    expected = f"{store.path} could not be written (Read-only file system); your change is not saved."
    assert dialog.banner.text() == expected
    assert dialog.banner.isVisible()
    assert [settings.composer.send_with for settings in reported] == ["ctrl-enter"]


def test_what_could_not_be_read_is_reported(
    open_dialog: Callable[..., SettingsDialog], store: SettingsStore, paths: Paths
) -> None:
    paths.config.mkdir()
    paths.settings_file.write_text("[model]\nn_ctx = 1\n", encoding="utf-8")
    store.reload()
    paths.actions_file.write_text("[", encoding="utf-8")
    lines = open_dialog().banner.text().split("\n")
    assert lines[0].endswith("model.n_ctx is 1 but must be a whole number from 512 to 131072; 4096 is used.")
    assert lines[1].startswith(f"{paths.actions_file} cannot be read")


def test_paths_can_be_copied(dialog: SettingsDialog, paths: Paths) -> None:
    page = dialog.pages["privacy"]
    assert isinstance(page, PrivacyPage)
    page.places[0].copy.click()
    assert QGuiApplication.clipboard().text() == str(paths.history_file)


def test_deleting_everything_needs_a_typed_word(dialog: SettingsDialog, qtbot: QtBot) -> None:
    page = dialog.pages["privacy"]
    assert isinstance(page, PrivacyPage)
    asked: list[bool] = []
    dialog.delete_everything_requested.connect(lambda: asked.append(True))
    dialog.open_page("privacy")
    assert not page.delete.isVisible()
    page.start.click()
    assert page.delete.isVisible()
    qtbot.keyClicks(page.confirmation, "delete")
    assert not page.delete.isEnabled()
    page.cancel.click()
    page.start.click()
    assert page.confirmation.text() == ""
    qtbot.keyClicks(page.confirmation, "DELETE")
    page.delete.click()
    assert asked == [True]
    assert page.start.isVisible()


def test_return_in_a_field_presses_no_button(dialog: SettingsDialog, qtbot: QtBot) -> None:
    page = dialog.pages["privacy"]
    assert isinstance(page, PrivacyPage)
    dialog.open_page("privacy")
    page.start.click()
    with qtbot.assertNotEmitted(dialog.delete_everything_requested):
        qtbot.keyClicks(page.confirmation, "DELETE")
        qtbot.keyClick(page.confirmation, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_escape_closes(dialog: SettingsDialog, qtbot: QtBot) -> None:
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_quick_actions_edited_here_show_up_among_the_shortcuts(dialog: SettingsDialog) -> None:
    shortcuts, actions = dialog.pages["shortcuts"], dialog.pages["actions"]
    assert isinstance(shortcuts, ShortcutsPage)
    assert isinstance(actions, ActionsPage)
    changed: list[bool] = []
    dialog.actions_changed.connect(lambda: changed.append(True))
    actions.editor.hide_button.click()
    assert changed == [True]
    names = [name for name, _row in shortcuts.list.rows]
    assert not any("describe" in name for name in names)
    assert any("extract text" in name for name in names)
