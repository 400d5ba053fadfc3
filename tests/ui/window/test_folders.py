"""Conversations in folders and in the archive, one or several at once, with mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from desktop_vlm.history import History, Scope
from desktop_vlm.ui.assistant.conversation_ref import ConversationRef
from desktop_vlm.ui.window import conversation_actions
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def fill(history: History) -> dict[str, int]:
    made = {}
    for name in ("Fig", "Elm", "Dill", "Chive", "Basil", "Apple"):
        made[name] = history.create_conversation(name)
        history.add_message(made[name], None, "user", f"What is {name}?")
    made["Work"] = history.folders.create("Work")
    return made


@pytest.fixture
def ids(parts: Parts) -> dict[str, int]:
    return parts.history.fetch(fill)


@pytest.fixture
def window(qtbot: QtBot, parts: Parts, ids: dict[str, int]) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    qtbot.waitExposed(made)
    made._list.refresh()
    qtbot.waitUntil(lambda: len(rows(made)) == len(ids))
    yield made
    made.close()


def rows(window: MainWindow) -> list[str]:
    """What is listed, without headings."""
    model = window.sidebar.list.model()
    found = [model.index(number, 0) for number in range(model.rowCount())]
    return [str(row.data()) for row in found if row.flags() & Qt.ItemFlag.ItemIsEnabled]


def is_listed(window: MainWindow, name: str) -> bool:
    return name in rows(window)


def place(window: MainWindow, name: str) -> QPoint:
    model = window.sidebar.list.model()
    index = next(model.index(n, 0) for n in range(model.rowCount()) if model.index(n, 0).data() == name)
    return window.sidebar.list.visualRect(index).center()


def click(qtbot: QtBot, window: MainWindow, name: str, keys: Qt.KeyboardModifier | None = None) -> None:
    viewport = window.sidebar.list.viewport()
    none = Qt.KeyboardModifier.NoModifier
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, keys or none, place(window, name))


def drag(window: MainWindow, onto: str) -> bool:
    """What Qt sends when the selected rows are dragged onto another; whether that took them."""
    view = window.sidebar.list
    mime = view.model().mimeData(view.selectedIndexes())
    at = QPointF(place(window, onto))
    common = (Qt.DropAction.MoveAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    move = QDragMoveEvent(at.toPoint(), *common)
    for event in (QDragEnterEvent(at.toPoint(), *common), move, QDropEvent(at, *common)):
        QApplication.sendEvent(view.viewport(), event)
    return move.isAccepted()


def entry(menu: QMenu, *names: str) -> None:
    """Choose an entry of a menu, or of a menu within it."""
    for name in names[:-1]:
        menu = next(one.menu() for one in menu.actions() if one.text() == name)  # type: ignore[assignment]
    next(one for one in menu.actions() if one.text() == names[-1]).trigger()


def menu_of(window: MainWindow, name: str) -> QMenu:
    model = window.sidebar.list.model()
    index = next(model.index(n, 0) for n in range(model.rowCount()) if model.index(n, 0).data() == name)
    return window.sidebar.make_menu(index.data(Qt.ItemDataRole.UserRole))


def undo(qtbot: QtBot, window: MainWindow, said: str) -> None:
    qtbot.waitUntil(lambda: window.toast.isVisible() and window.toast._text.text() == said)
    window.toast._button.click()


def test_conversations_are_dragged_into_a_folder_and_seen_there(qtbot: QtBot, window: MainWindow) -> None:
    assert rows(window) == ["Work", "Apple", "Basil", "Chive", "Dill", "Elm", "Fig"]
    click(qtbot, window, "Basil")
    click(qtbot, window, "Dill", CTRL)
    assert window.sidebar.selection.count.text() == "2 selected"
    assert not drag(window, "Elm")  # on another conversation it means nothing
    assert drag(window, "Work")
    qtbot.waitUntil(lambda: rows(window) == ["Work", "Apple", "Chive", "Elm", "Fig"])
    click(qtbot, window, "Work")
    qtbot.waitUntil(lambda: rows(window) == ["Work", "Basil", "Dill"])
    # AND dragged back onto the way back
    click(qtbot, window, "Dill")
    assert drag(window, "Work")
    qtbot.waitUntil(lambda: rows(window) == ["Work", "Basil"])
    qtbot.keyClick(window.sidebar.list, Key.Key_Backspace)
    qtbot.waitUntil(lambda: rows(window) == ["Work", "Apple", "Chive", "Dill", "Elm", "Fig"])


def test_the_keyboard_opens_a_folder_and_a_search_stays_in_it(
    qtbot: QtBot, window: MainWindow, parts: Parts, ids: dict[str, int]
) -> None:
    entry(menu_of(window, "Elm"), "Move to", "Work")
    qtbot.waitUntil(lambda: "Elm" not in rows(window))
    window.sidebar.list.setFocus()
    qtbot.keyClick(window.sidebar.list, Key.Key_Home)
    qtbot.keyClick(window.sidebar.list, Key.Key_Return)
    qtbot.waitUntil(lambda: rows(window) == ["Work", "Elm"])
    qtbot.keyClicks(window.sidebar.search, "what is")
    qtbot.waitUntil(lambda: window.sidebar._listed_for == "what is")
    assert rows(window) == ["Work", "Elm"]
    # WHEN the search is left open and the folder left THEN everything is searched, and says where it is
    window.sidebar.go_to(Scope.TOP)
    qtbot.waitUntil(lambda: len(rows(window)) == 6)
    model = window.sidebar.list.model()
    elm = next(model.index(n, 0) for n in range(6) if model.index(n, 0).data() == "Elm")
    assert elm.data(Qt.ItemDataRole.AccessibleTextRole) == "Elm, in the folder Work"
    window.sidebar.search.setText("elm")
    qtbot.keyClick(window.sidebar.search, Key.Key_Return)
    qtbot.waitUntil(lambda: parts.assistant.conversation_id == ids["Elm"])


def test_what_begins_while_a_folder_is_open_goes_into_it(
    qtbot: QtBot, window: MainWindow, parts: Parts, ids: dict[str, int]
) -> None:
    window.sidebar.go_to(ids["Work"])
    qtbot.waitUntil(lambda: rows(window) == ["Work"])
    window.new_conversation()
    assert parts.assistant.send("Sort these", [])
    qtbot.waitUntil(lambda: rows(window) == ["Work", "Sort these"])
    # AND a question of another window does not, nor one that is asked after it was left
    assert parts.assistant.send("From elsewhere", [], ref=ConversationRef())
    window.sidebar.go_to(Scope.TOP)
    qtbot.waitUntil(lambda: "From elsewhere" in rows(window))
    window.new_conversation()
    assert parts.assistant.send("Next", [])
    qtbot.waitUntil(lambda: "Next" in rows(window))


def test_a_new_folder_is_named_in_place(qtbot: QtBot, window: MainWindow) -> None:
    for name, plant in (("Plants", "Apple"), ("Trees", "Elm")):
        entry(menu_of(window, plant), "Move to", "New folder…")
        qtbot.waitUntil(lambda: bool(window.sidebar.list.findChildren(QLineEdit)))
        editor = window.sidebar.list.findChildren(QLineEdit)[0]
        assert editor.text() == "New folder"
        editor.setText(name)
        qtbot.keyClick(editor, Key.Key_Return)
        qtbot.waitUntil(partial(is_listed, window, name))
    assert rows(window)[:3] == ["Plants", "Trees", "Work"]
    assert not {"Apple", "Elm"} & set(rows(window))


def test_a_folders_name_is_taken_once(qtbot: QtBot, window: MainWindow, parts: Parts, ids: dict[str, int]) -> None:
    parts.history.fetch(lambda history: history.folders.create("Home"))
    window.sidebar.folder_renamed.emit(ids["Work"], "HOME")
    qtbot.waitUntil(window.toast.isVisible)
    assert window.toast._text.text() == "There is a folder HOME already; choose another name."
    qtbot.waitUntil(lambda: rows(window)[:2] == ["Home", "Work"])


def test_a_deleted_folder_leaves_its_conversations_and_comes_back(qtbot: QtBot, window: MainWindow) -> None:
    entry(menu_of(window, "Elm"), "Move to", "Work")
    qtbot.waitUntil(lambda: "Elm" not in rows(window))
    click(qtbot, window, "Work")
    qtbot.waitUntil(lambda: rows(window) == ["Work", "Elm"])
    window.sidebar.menus.folder_delete_requested.emit(window.sidebar.scope)
    qtbot.waitUntil(lambda: rows(window) == ["Apple", "Basil", "Chive", "Dill", "Elm", "Fig"])
    undo(qtbot, window, "Folder Work deleted")
    qtbot.waitUntil(lambda: rows(window) == ["Work", "Apple", "Basil", "Chive", "Dill", "Fig"])


def test_several_go_into_the_archive_and_come_back(
    qtbot: QtBot, window: MainWindow, parts: Parts, ids: dict[str, int]
) -> None:
    click(qtbot, window, "Basil")
    click(qtbot, window, "Dill", SHIFT)
    parts.assistant.rename(ids["Fig"], "A fig")  # the list changes meanwhile
    qtbot.waitUntil(lambda: "A fig" in rows(window))
    assert window.sidebar.selection.count.text() == "3 selected"
    window.sidebar.selection.archive.click()
    qtbot.waitUntil(lambda: rows(window) == ["Work", "Archive", "Apple", "Elm", "A fig"])
    assert not window.sidebar.selection.isVisible()
    click(qtbot, window, "Archive")
    qtbot.waitUntil(lambda: rows(window) == ["Archive", "Basil", "Chive", "Dill"])
    entry(menu_of(window, "Chive"), "Out of the archive")
    qtbot.waitUntil(lambda: rows(window) == ["Archive", "Basil", "Dill"])
    undo(qtbot, window, "Taken out of the archive")
    qtbot.waitUntil(lambda: rows(window) == ["Archive", "Basil", "Chive", "Dill"])


def test_escape_lets_several_go_and_nothing_else(qtbot: QtBot, window: MainWindow) -> None:
    click(qtbot, window, "Work")
    qtbot.waitUntil(lambda: rows(window) == ["Work"])
    window.sidebar.go_to(Scope.TOP)
    qtbot.waitUntil(lambda: len(rows(window)) == 7)
    window.sidebar.list.setFocus()
    click(qtbot, window, "Basil")
    click(qtbot, window, "Dill", SHIFT)
    assert window.sidebar.selection.isVisible()
    qtbot.keyClick(window.sidebar.list, Key.Key_Escape)
    assert not window.sidebar.selection.isVisible()
    assert window.sidebar.list.hasFocus()


def test_several_are_deleted_and_come_back(qtbot: QtBot, window: MainWindow, parts: Parts, ids: dict[str, int]) -> None:
    click(qtbot, window, "Apple")
    qtbot.waitUntil(lambda: parts.assistant.conversation_id == ids["Apple"])
    for _ in range(2):
        qtbot.keyClick(window.sidebar.list, Key.Key_Down, SHIFT)
    assert [row.title for row in window.sidebar.list.selected()] == ["Apple", "Basil", "Chive"]
    qtbot.keyClick(window.sidebar.list, Key.Key_Delete)
    qtbot.waitUntil(lambda: rows(window) == ["Work", "Dill", "Elm", "Fig"])
    assert parts.assistant.conversation_id is None
    undo(qtbot, window, "3 conversations deleted")
    qtbot.waitUntil(lambda: len(rows(window)) == 7)


def test_several_are_exported_into_a_folder(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "Basil.md").write_text("mine")

    def answer(*_: object) -> Path:
        return target

    monkeypatch.setattr(conversation_actions, "ask_folder", answer)
    click(qtbot, window, "Basil")
    click(qtbot, window, "Dill", CTRL)
    window.sidebar.selection.export.click()
    qtbot.waitUntil(window.toast.isVisible)
    assert window.toast._text.text() == f"2 conversations exported to {target}"
    assert sorted(file.name for file in target.iterdir()) == ["Basil 2.md", "Basil.md", "Dill.md"]
    assert "What is Dill?" in (target / "Dill.md").read_text()
    assert (target / "Basil.md").read_text() == "mine"


def test_buttons_of_the_bar_are_named(window: MainWindow) -> None:
    names = [one.accessibleName() for one in window.sidebar.selection.findChildren(QToolButton)]
    assert names == ["Move to a folder", "Archive", "Export", "Delete", "Select none"]


def test_conversations_dragged_over_the_window_are_no_pictures(window: MainWindow) -> None:
    mime = window.sidebar.list.model().mimeData([window.sidebar.list.model().index(2, 0)])
    event = QDragEnterEvent(
        QPoint(600, 300), Qt.DropAction.MoveAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, event)
    assert not event.isAccepted()
    assert not window._drop.isVisible()
