"""Searching with the keyboard: from the field through what was found, and into it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_vlm.history import History
from desktop_vlm.ui.window.conversation_row import FOUND_TITLE
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts

Key = Qt.Key


def fill(history: History) -> list[int]:
    """Thirty conversations about apples, the last one on top, and one about nothing of them."""
    made = []
    for number in range(30):
        made.append(history.create_conversation(f"Chat {number}"))
        question = history.add_message(made[-1], None, "user", "Which fruit?")
        history.add_message(made[-1], question.id, "assistant", f"Number {number} is an apple.")
    other = history.create_conversation("Other")
    history.add_message(other, None, "user", "pears")
    return [other, *reversed(made)]


@pytest.fixture
def ids(parts: Parts) -> list[int]:
    return parts.history.fetch(fill)


@pytest.fixture
def window(qtbot: QtBot, parts: Parts, ids: list[int]) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    qtbot.waitExposed(made)
    made._list.refresh()
    qtbot.waitUntil(lambda: len(titles(made)) == len(ids))
    yield made
    made.close()


def titles(window: MainWindow) -> list[str]:
    model = window.sidebar.list.model()
    rows = [model.index(number, 0) for number in range(model.rowCount())]
    return [str(row.data()) for row in rows if row.flags() & Qt.ItemFlag.ItemIsEnabled]


def current(window: MainWindow) -> str | None:
    found = window.sidebar.list.currentIndex().data()
    return None if found is None else str(found)


def press(qtbot: QtBot, window: MainWindow, *keys: Key) -> str | None:
    for key in keys:
        qtbot.keyClick(window.sidebar.search, key)
    return current(window)


def search(qtbot: QtBot, window: MainWindow, text: str) -> None:
    window._search()
    qtbot.keyClicks(window.sidebar.search, text)
    qtbot.waitUntil(lambda: window.sidebar._listed_for == text)


def test_keys_go_through_what_was_found_and_the_field_keeps_the_focus(qtbot: QtBot, window: MainWindow) -> None:
    search(qtbot, window, "apple")
    assert len(titles(window)) == 30
    assert current(window) is None
    assert press(qtbot, window, Key.Key_Down) == "Chat 29"
    assert press(qtbot, window, Key.Key_Down, Key.Key_Down) == "Chat 27"
    assert press(qtbot, window, Key.Key_Up) == "Chat 28"
    assert press(qtbot, window, Key.Key_End) == "Chat 0"
    assert press(qtbot, window, Key.Key_Home) == "Chat 29"
    paged = press(qtbot, window, Key.Key_PageDown)
    assert paged is not None
    assert int(paged.split()[1]) < 25
    assert press(qtbot, window, Key.Key_PageUp) == "Chat 29"
    assert window.sidebar.search.hasFocus()
    assert window.sidebar.search.text() == "apple"


def test_enter_opens_the_row_that_was_moved_to_with_its_words_lit_up(
    qtbot: QtBot, window: MainWindow, parts: Parts, ids: list[int]
) -> None:
    search(qtbot, window, "apple")
    press(qtbot, window, Key.Key_Down, Key.Key_Down, Key.Key_Return)
    qtbot.waitUntil(lambda: parts.assistant.conversation_id == ids[2])
    answer = parts.assistant.messages[1]
    widget = window.pane.widget((answer.id, 1))
    assert widget is not None
    assert [text.lit_texts() for text in widget._view._texts()] == [["apple"]]  # type: ignore[attr-defined]
    assert window.composer.text.hasFocus()


def test_enter_without_a_row_opens_the_first_even_before_it_is_found(
    qtbot: QtBot, window: MainWindow, parts: Parts, ids: list[int]
) -> None:
    parts.assistant.open(ids[5])
    qtbot.waitUntil(lambda: parts.assistant.conversation_id == ids[5])
    window._search()
    qtbot.keyClicks(window.sidebar.search, "apple")
    assert window.sidebar._listed_for == ""  # nothing was looked for yet
    press(qtbot, window, Key.Key_Return)
    qtbot.waitUntil(lambda: parts.assistant.conversation_id == ids[1])


def test_enter_where_nothing_was_found_opens_nothing(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    search(qtbot, window, "zebra")
    press(qtbot, window, Key.Key_Down, Key.Key_Return, Key.Key_End)
    assert parts.assistant.conversation_id is None
    assert not window.sidebar._opens_first


def test_the_row_that_was_moved_to_stays_when_the_list_changes(
    qtbot: QtBot, window: MainWindow, parts: Parts, ids: list[int]
) -> None:
    search(qtbot, window, "apple")
    assert press(qtbot, window, Key.Key_Down, Key.Key_Down) == "Chat 28"
    parts.assistant.rename(ids[3], "An apple a day")
    qtbot.waitUntil(lambda: "An apple a day" in titles(window))
    assert current(window) == "Chat 28"


def test_shift_still_selects_what_is_typed(qtbot: QtBot, window: MainWindow) -> None:
    search(qtbot, window, "apple")
    qtbot.keyClick(window.sidebar.search, Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    assert window.sidebar.search.selectedText() == "apple"
    assert current(window) is None


def test_a_title_that_was_found_shows_where(qtbot: QtBot, window: MainWindow, parts: Parts, ids: list[int]) -> None:
    parts.history.fetch(lambda history: history.rename(ids[0], "Crème brûlée, a recipe"))
    search(qtbot, window, "BRULEE rec")
    qtbot.waitUntil(lambda: titles(window) == ["Crème brûlée, a recipe"])
    index = window.sidebar.list.model().index(0, 0)
    assert index.data(FOUND_TITLE) == "Crème \x02brûlée\x03, a \x02rec\x03ipe"
    window.sidebar.search.clear()
    qtbot.waitUntil(lambda: window.sidebar._listed_for == "")
    assert window.sidebar.list.model().index(1, 0).data(FOUND_TITLE) == ""


def test_the_list_goes_on_where_it_is_scrolled_to_its_end(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_vlm.ui.window.conversation_list._LISTED_AT_ONCE", 20)
    window._list._search("")
    qtbot.waitUntil(lambda: len(titles(window)) == 20)
    bar = window.sidebar.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: len(titles(window)) == 31)
    assert titles(window)[-1] == "Chat 0"


def test_a_list_that_changes_stays_where_it_is_looked_at(
    qtbot: QtBot, window: MainWindow, parts: Parts, ids: list[int]
) -> None:
    parts.assistant.open(ids[0])
    qtbot.waitUntil(lambda: current(window) == "Other")
    bar = window.sidebar.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    parts.assistant.rename(ids[-1], "The oldest")
    qtbot.waitUntil(lambda: titles(window)[-1] == "The oldest")
    assert bar.value() == bar.maximum()
