from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop_vlm.quick_actions import BUILTIN_ACTIONS
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.window.shortcuts import SHORTCUTS, ShortcutSheet, key_names, shortcut, taken_keys


@pytest.fixture
def sheet(qtbot: QtBot, theme: Theme) -> ShortcutSheet:
    made = ShortcutSheet(theme, SHORTCUTS, BUILTIN_ACTIONS)
    qtbot.addWidget(made)
    made.show()
    return made


WITH_KEYS = [action for action in BUILTIN_ACTIONS if action.shortcut]


def visible_rows(sheet: ShortcutSheet) -> list[str]:
    return [row.accessibleName() for _searched, row in sheet.list.rows if row.isVisible()]


def test_no_key_does_two_things() -> None:
    keys = [QKeySequence(key).toString() for one in SHORTCUTS for key in one.keys]
    keys += [QKeySequence(action.shortcut).toString() for action in WITH_KEYS]
    assert sorted(key for key in keys if keys.count(key) > 1) == []
    assert "" not in keys


def test_ids_are_unique_and_found() -> None:
    assert len({one.id for one in SHORTCUTS}) == len(SHORTCUTS) == 29
    assert shortcut("window.shortcuts").keys == ("F1", "Ctrl+/")
    assert shortcut("conversation.new").sequences == [QKeySequence("Ctrl+N")]
    assert taken_keys()["Ctrl+,"] == "Settings"


@pytest.mark.parametrize(
    ("keys", "names"),
    [
        ("Ctrl+N", ["Ctrl", "N"]),
        ("Ctrl++", ["Ctrl", "+"]),
        ("Ctrl+-", ["Ctrl", "-"]),
        ("Ctrl+,", ["Ctrl", ","]),
        ("Ctrl+Shift+Tab", ["Ctrl", "Shift", "Tab"]),
        ("Alt+Left", ["Alt", "←"]),
        ("Return", ["Enter"]),
        ("F1", ["F1"]),
    ],
)
def test_names_of_keys(keys: str, names: list[str]) -> None:
    assert key_names(keys) == names


def test_the_sheet_shows_all_in_groups(sheet: ShortcutSheet) -> None:
    assert len(visible_rows(sheet)) == len(SHORTCUTS) + len(WITH_KEYS)
    headings = [label.text() for label in sheet.list.findChildren(QLabel) if label.property("kind") == "heading"]
    assert headings == ["Asking", "Answers", "Conversations", "Window", "Quick actions"]
    caps = [label.text() for label in sheet.list.findChildren(QLabel) if label.property("kind") == "keycap"]
    assert caps[:3] == ["Enter", "Ctrl", "Enter"]


def test_search_by_name_key_and_group(sheet: ShortcutSheet, qtbot: QtBot) -> None:
    qtbot.keyClicks(sheet.list.search, "sidebar".removesuffix("bar"))
    assert visible_rows(sheet) == []
    nothing = [label.text() for label in sheet.list.findChildren(QLabel) if label.isVisible()]
    assert nothing == ["No shortcut is called that."]
    for words, expected in (
        ("explain", ["Explain error: Ctrl 6", "Explain chart: Ctrl 7"]),
        ("ctrl+k", ["Search: Ctrl K"]),
        ("conv next tab", ["Next conversation: Ctrl Tab"]),
    ):
        sheet.list.search.setText(words)
        assert visible_rows(sheet) == expected
    sheet.list.search.clear()
    assert len(visible_rows(sheet)) == len(SHORTCUTS) + len(WITH_KEYS)


def test_escape_closes(sheet: ShortcutSheet, qtbot: QtBot) -> None:
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_an_action_without_a_key_is_not_listed(qtbot: QtBot, theme: Theme) -> None:
    silent = [action for action in BUILTIN_ACTIONS if action.id == "describe"]
    sheet = ShortcutSheet(theme, (), [*silent, BUILTIN_ACTIONS[1].__class__(id="x", name="No key", prompt="p")])
    qtbot.addWidget(sheet)
    sheet.show()
    assert visible_rows(sheet) == ["Describe: Ctrl 1"]
