from __future__ import annotations

import json
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QScrollArea, QToolButton
from pytestqt.qtbot import QtBot

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.quick_actions import BUILTIN_ACTIONS, QuickActionStore
from desktop_vlm.settings import SAMPLING_PRESETS
from desktop_vlm.ui.quick_actions.editor import QuickActionEditor
from desktop_vlm.ui.quick_actions.icon_picker import ICONS, IconPicker
from desktop_vlm.ui.quick_actions.sampling_choice import SamplingChoice
from desktop_vlm.ui.theme import Theme, ThemeChoice
from desktop_vlm.ui.theme.theme import DEFAULT_TEXT_PX, TEXT_SIZES_PX
from desktop_vlm.ui.widgets.choice_controls import SwitchControl
from desktop_vlm.ui.widgets.key_recorder import KeyRecorder, types_text
from desktop_vlm.ui.widgets.text_controls import TextArea, TextLine

LISTED = [action.name for action in BUILTIN_ACTIONS if action.id != "check-safety"]
"""What is there for models that chat."""


@pytest.fixture
def store(tmp_path: Path) -> QuickActionStore:
    return QuickActionStore(tmp_path / "quick-actions.toml")


@pytest.fixture
def editor(theme: Theme, store: QuickActionStore) -> Iterator[QuickActionEditor]:
    made = QuickActionEditor(theme, store, {"Ctrl+N": "New conversation"})
    around = QScrollArea()
    around.setWidgetResizable(True)
    around.setWidget(made)
    around.resize(800, 700)
    around.show()
    yield made
    shiboken6.delete(around)


def saved(store: QuickActionStore) -> QuickActionStore:
    """What the next start will read."""
    return QuickActionStore(store.path)


def names(editor: QuickActionEditor) -> list[str]:
    return [editor.list.item(row).text() for row in range(editor.list.count())]


def area(editor: QuickActionEditor, field: str) -> QPlainTextEdit:
    control = editor.form.controls[field]
    assert isinstance(control, TextArea)
    return control.box


def type_again(editor: QuickActionEditor, field: str, text: str) -> None:
    area(editor, field).setPlainText(text)
    editor.flush()


def test_the_first_action_is_shown(editor: QuickActionEditor) -> None:
    assert names(editor) == LISTED
    assert {field: control.value() for field, control in editor.form.controls.items()} == {
        "icon": "scan-eye",
        "name": "Describe",
        "prompt": BUILTIN_ACTIONS[0].prompt,
        "reads": "",
        "shortcut": "Ctrl+1",
        "sampling": {},
        "json": False,
        "json_schema": "",
        "latex_only": False,
        "needs_pictures": 1,
        "note": BUILTIN_ACTIONS[0].note,
    }
    assert not editor.reset.isVisible()
    assert not editor.delete.isVisible()


def test_editing_saves_and_can_be_reset(editor: QuickActionEditor, qtbot: QtBot, store: QuickActionStore) -> None:
    name = editor.form.controls["name"]
    assert isinstance(name, TextLine)
    with qtbot.waitSignal(editor.actions_changed):
        name.box.end(False)
        qtbot.keyClicks(name.box, " it")
    assert saved(store).get("describe").name == "Describe it"
    assert names(editor)[0] == "Describe it (edited)"
    editor.reset.click()
    assert saved(store).get("describe") == BUILTIN_ACTIONS[0]
    assert name.box.text() == "Describe"


def test_the_cursor_stays_while_typing_is_saved(editor: QuickActionEditor, store: QuickActionStore) -> None:
    box = area(editor, "prompt")
    cursor = box.textCursor()
    cursor.setPosition(8)
    cursor.insertText(" at once")
    box.setTextCursor(cursor)
    editor.flush()
    assert saved(store).get("describe").prompt.startswith("Describe at once this picture.")
    assert box.textCursor().position() == 16


def test_what_is_typed_goes_to_its_own_action(editor: QuickActionEditor, store: QuickActionStore) -> None:
    area(editor, "prompt").setPlainText("What is it?")
    editor.select("explain-error")
    assert saved(store).get("describe").prompt == "What is it?"
    assert saved(store).get("explain-error") == BUILTIN_ACTIONS[5]
    assert area(editor, "prompt").toPlainText() == BUILTIN_ACTIONS[5].prompt


@pytest.mark.parametrize(("field", "sentence"), [("name", "It needs a name."), ("prompt", "It needs a prompt.")])
def test_an_empty_field_is_explained_and_not_saved(
    editor: QuickActionEditor, store: QuickActionStore, field: str, sentence: str
) -> None:
    editor.form.controls[field].changed.emit("  ")
    assert editor.form.messages[field].text() == sentence
    assert editor.form.messages[field].isVisible()
    assert store.get("describe") == BUILTIN_ACTIONS[0]
    editor.form.controls[field].changed.emit("Better")
    assert not editor.form.messages[field].isVisible()


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ("Ctrl+N", "Ctrl+N is taken by “New conversation”. The shortcut stays Ctrl+1."),
        ("Ctrl+2", "Ctrl+2 is taken by “Extract text”. The shortcut stays Ctrl+1."),
        ("A", "A alone is needed for typing; add Ctrl or Alt. The shortcut stays Ctrl+1."),
    ],
)
def test_a_key_that_is_taken(editor: QuickActionEditor, store: QuickActionStore, keys: str, sentence: str) -> None:
    recorder = editor.form.controls["shortcut"]
    assert isinstance(recorder, KeyRecorder)
    recorder.box.setKeySequence(keys)
    assert editor.form.messages["shortcut"].text() == sentence
    assert editor.form.messages["shortcut"].isVisible()
    assert store.get("describe").shortcut == "Ctrl+1"


def test_recording_and_clearing_a_key(editor: QuickActionEditor, qtbot: QtBot, store: QuickActionStore) -> None:
    recorder = editor.form.controls["shortcut"]
    assert isinstance(recorder, KeyRecorder)
    qtbot.keyClick(recorder.box, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert saved(store).get("describe").shortcut == "Ctrl+Shift+D"
    qtbot.keyClick(recorder.box, Qt.Key.Key_Backspace)
    assert saved(store).get("describe").shortcut == ""


@pytest.mark.parametrize(
    ("keys", "expected"),
    [("", False), ("A", True), ("Shift+A", True), ("Ctrl+A", False), ("F5", False), ("Alt+1", False)],
)
def test_which_keys_write(keys: str, expected: bool) -> None:
    assert types_text(keys) is expected


def test_the_schema_is_judged_while_it_is_typed(editor: QuickActionEditor, store: QuickActionStore) -> None:
    editor.select("receipt-to-json")
    message = editor.form.messages["json_schema"]
    assert (message.text(), message.property("kind")) == ("Valid: the answer will follow it.", "success")
    area(editor, "json_schema").setPlainText('{"type": "objekt"}')
    expected = (
        'In the schema, "objekt" is not a type; the types are object, array, string, number, integer, boolean, null.'
    )
    assert (message.text(), message.property("kind")) == (expected, "error")
    editor.flush()
    assert store.get("receipt-to-json") == BUILTIN_ACTIONS[3]
    type_again(editor, "json_schema", '{"type": "object"}')
    assert saved(store).get("receipt-to-json").json_schema == '{"type": "object"}'
    assert message.property("kind") == "success"


def test_the_schema_is_set_in_a_font_of_fixed_width(editor: QuickActionEditor) -> None:
    assert area(editor, "json_schema").property("kind") == "code"


def test_switching_json_on_gives_a_schema_to_start_from(editor: QuickActionEditor, store: QuickActionStore) -> None:
    switch = editor.form.controls["json"]
    assert isinstance(switch, SwitchControl)
    assert not area(editor, "json_schema").isVisible()
    switch.button.click()
    assert area(editor, "json_schema").isVisible()
    schema = saved(store).get("describe").json_schema
    assert schema is not None
    assert json.loads(schema)["properties"] == {"answer": {"type": "string"}}
    switch.button.click()
    assert saved(store).get("describe").json_schema is None


def test_an_action_can_be_held_to_latex_and_let_go(editor: QuickActionEditor, store: QuickActionStore) -> None:
    editor.select("formula-to-latex")
    switch, json_switch = editor.form.controls["latex_only"], editor.form.controls["json"]
    assert isinstance(switch, SwitchControl)
    assert isinstance(json_switch, SwitchControl)
    assert switch.value() is True
    switch.button.click()
    assert saved(store).get("formula-to-latex").grammar is None
    switch.button.click()
    assert saved(store).get("formula-to-latex").grammar == "latex"
    json_switch.button.click()
    assert not switch.isVisible()
    assert saved(store).get("formula-to-latex").grammar is None
    json_switch.button.click()
    assert switch.isVisible()
    assert saved(store).get("formula-to-latex").grammar == "latex"


def test_sampling(editor: QuickActionEditor, store: QuickActionStore) -> None:
    choice = editor.form.controls["sampling"]
    assert isinstance(choice, SamplingChoice)
    choice.select.set_value("creative")
    choice._selected("creative")
    assert saved(store).get("describe").sampling == SAMPLING_PRESETS["creative"].values
    choice.select.set_value("custom")
    choice._selected("custom")
    choice.numbers["temperature"].set_value(0.25)
    choice.numbers["temperature"].changed.emit(0.25)
    expected = {"temperature": 0.25, "top_k": 40, "top_p": 0.9, "min_p": 0.0, "repeat_penalty": 1.0}
    assert saved(store).get("describe").sampling == expected
    choice.select.set_value("")
    choice._selected("")
    assert saved(store).get("describe").sampling == {}


def test_add_duplicate_move_hide_and_delete(editor: QuickActionEditor, store: QuickActionStore) -> None:
    editor.duplicate.click()
    assert names(editor)[:3] == ["Describe", "Describe copy", "Extract text"]
    assert store.get("describe-copy").shortcut == ""
    assert editor.list.currentRow() == 1
    editor.up.click()
    assert names(editor)[:2] == ["Describe copy", "Describe"]
    assert not editor.up.isEnabled()
    editor.delete.click()
    assert names(editor) == LISTED
    editor.add.click()
    assert names(editor)[-1] == "New action"
    assert editor.delete.isVisible()
    editor.select("describe")
    editor.hide_button.click()
    assert names(editor)[0] == "Describe (hidden)"
    assert editor.hide_button.text() == "Show again"
    again = saved(store)
    assert [action.id for action in again.actions] == [*(action.id for action in BUILTIN_ACTIONS[1:]), "new-action"]
    editor.hide_button.click()
    assert saved(store).hidden == set()


def test_dragging_reorders(editor: QuickActionEditor, store: QuickActionStore) -> None:
    item = editor.list.takeItem(2)
    editor.list.insertItem(0, item)
    editor._dragged()
    assert [action.id for action in saved(store).actions][:3] == ["table-to-json", "describe", "extract-text"]


def test_order_keeps_what_is_not_listed_in_its_place(editor: QuickActionEditor, store: QuickActionStore) -> None:
    store.move("check-safety", 2)
    editor._refresh()
    editor.select("extract-text")
    editor.down.click()
    ids = [action.id for action in saved(store).all]
    assert ids[:4] == ["describe", "check-safety", "table-to-json", "extract-text"]
    editor.list.insertItem(0, editor.list.takeItem(3))
    editor._dragged()
    dragged = [action.id for action in saved(store).all]
    assert dragged[:4] == ["receipt-to-json", "check-safety", "describe", "table-to-json"]
    assert sorted(dragged) == sorted(ids)


def test_what_needs_another_model_is_listed_beside_that_model(theme: Theme, store: QuickActionStore) -> None:
    made = QuickActionEditor(theme, store, {}, Capabilities("any", judges_safety=True))
    assert names(made) == [action.name for action in BUILTIN_ACTIONS]
    shiboken6.delete(made)


def test_a_failed_write_is_reported(editor: QuickActionEditor, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with qtbot.waitSignal(editor.failed) as reported:
        editor.hide_button.click()
    assert reported.args is not None
    assert reported.args[0].endswith("could not be written (No space left on device); your change is not saved.")


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_choosing_an_icon(editor: QuickActionEditor, store: QuickActionStore) -> None:
    picker = editor.form.controls["icon"]
    assert isinstance(picker, IconPicker)
    picker.open()
    assert picker.popup is not None
    buttons = picker.popup.findChildren(QToolButton)
    assert [button.accessibleName() for button in buttons] == [name.replace("-", " ") for name in ICONS]
    buttons[ICONS.index("languages")].click()
    assert saved(store).get("describe").icon == "languages"


def test_every_icon_exists() -> None:
    lucide_icon = import_module("lucide.core").lucide_icon
    assert [name for name in ICONS if "not found" in lucide_icon(name)] == []
    assert [action.icon for action in BUILTIN_ACTIONS if action.icon not in ICONS] == []


def test_the_list_is_above_the_action_where_there_is_no_room_beside_it(editor: QuickActionEditor, theme: Theme) -> None:
    (around,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, QScrollArea) and one.isVisible()]
    assert not editor.is_stacked
    assert editor.list.geometry().right() < editor.form.geometry().left()
    theme.apply_now(ThemeChoice.LIGHT, TEXT_SIZES_PX[-1])
    around.resize(600, 700)
    QApplication.processEvents()
    assert editor.is_stacked
    assert editor.form.geometry().top() > editor._left.geometry().bottom()
    assert around.horizontalScrollBar().maximum() == 0
    assert editor.list.height() < 400
    theme.apply_now(ThemeChoice.LIGHT, DEFAULT_TEXT_PX)
    around.resize(900, 700)
    QApplication.processEvents()
    assert not editor.is_stacked
