"""Questions that wait, as the window shows them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.conversation.editor import Editor
from desktop_vlm.ui.conversation.queue_card import QueueCard
from desktop_vlm.ui.window.conversation_row import STATE
from desktop_vlm.ui.window.main_window import MainWindow
from desktop_vlm.ui.window.row_state import RowState
from tests.ui.conftest import Parts
from tests.ui.window.conftest import ask, press


def send(qtbot: QtBot, window: MainWindow, parts: Parts, text: str) -> None:
    """Type and press Enter; the question is kept."""
    with qtbot.waitSignal(parts.assistant.asked):
        qtbot.keyClicks(window.composer.text, text)
        qtbot.keyClick(window.composer.text, Qt.Key.Key_Return)


def cards(window: MainWindow) -> list[QueueCard]:
    return sorted((one for one in window.pane.findChildren(QueueCard) if one.isVisible()), key=lambda one: one.y())


def said(window: MainWindow) -> list[str]:
    widgets = sorted((one for one in window.pane.widgets() if one.isVisible()), key=lambda one: one.y())
    found = [one.findChild(QueueCard) for one in widgets]
    return [one.findChildren(QLabel)[0].text() for one in found if one is not None and one.isVisible()]


def states(window: MainWindow) -> dict[str, tuple[RowState | None, str]]:
    """Title of each row -> what it says, and how it is read out."""
    model = window.sidebar.list.model()
    indexes = [model.index(row, 0, QModelIndex()) for row in range(model.rowCount())]
    shown = [one for one in indexes if one.flags() & Qt.ItemFlag.ItemIsDragEnabled]
    return {one.data(): (one.data(STATE), one.data(Qt.ItemDataRole.AccessibleTextRole)) for one in shown}


def button(window: MainWindow, name: str) -> QAbstractButton:
    found = [one for one in window.composer.findChildren(QAbstractButton) if one.accessibleName() == name]
    assert len(found) == 1
    return found[0]


def test_a_question_says_its_place_and_moves_up(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    ask(qtbot, window, parts, "one")
    send(qtbot, window, parts, "two")
    send(qtbot, window, parts, "three")
    qtbot.waitUntil(
        lambda: (
            said(window)
            == ["Next in the queue: asked as soon as the answer before it is complete.", "Number 2 in the queue."]
        )
    )
    parts.engine.say("1")
    parts.engine.end()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)
    assert said(window) == ["Next in the queue: asked as soon as the answer before it is complete."]


def test_the_button_takes_a_question_back(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    ask(qtbot, window, parts, "one")
    send(qtbot, window, parts, "two")
    qtbot.waitUntil(lambda: len(cards(window)) == 1)
    qtbot.mouseClick(cards(window)[0].take_back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.composer.text.toPlainText() == "two")
    assert cards(window) == []
    assert [one.text for one in parts.assistant.messages] == ["one", ""]


def test_a_question_that_waits_is_edited_in_its_place(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    ask(qtbot, window, parts, "one")
    send(qtbot, window, parts, "two")
    press(qtbot, window, Qt.Key.Key_Up)
    (editor,) = [one for one in window.findChildren(Editor) if one.isVisible()]
    assert any(label.text() == "This question is not asked yet." for label in editor.findChildren(QLabel))
    qtbot.keyClicks(editor.field, " and a half")
    press(qtbot, window, Qt.Key.Key_Return)
    assert [one.text for one in parts.assistant.messages] == ["one", "", "two and a half", ""]
    shown = [label.text() for one in window.pane.widgets() for label in one.findChildren(QLabel) if label.isVisible()]
    assert "two and a half" in shown
    parts.engine.end()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)
    assert parts.engine.asked[1].messages[-1].text == "two and a half"


def test_stop_and_send_are_both_there_while_something_is_written(
    qtbot: QtBot, window: MainWindow, parts: Parts
) -> None:
    stop, send_button = button(window, "Stop"), button(window, "Send")
    assert (stop.isVisible(), send_button.isVisible()) == (False, True)
    ask(qtbot, window, parts, "one")
    assert (stop.isVisible(), send_button.isVisible()) == (True, False)
    qtbot.keyClicks(window.composer.text, "two")
    assert (stop.isVisible(), send_button.isVisible()) == (True, True)
    window.new_conversation()
    assert (stop.isVisible(), send_button.isVisible()) == (False, True)  # the answer is not here


def test_rows_say_what_is_answered_what_waits_what_failed_and_what_was_not_seen(
    qtbot: QtBot, window: MainWindow, parts: Parts
) -> None:
    for text in ("one", "two", "three"):
        window.new_conversation()
        send(qtbot, window, parts, text)
    window.new_conversation()
    qtbot.waitUntil(
        lambda: (
            states(window)
            == {
                "one": (RowState.ANSWERING, "one, answering"),
                "two": (RowState.QUEUED, "two, in the queue"),
                "three": (RowState.QUEUED, "three, in the queue"),
            }
        )
    )
    parts.engine.say("1")
    parts.engine.end()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)
    parts.engine.fail("The engine stopped.")
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 3)
    qtbot.waitUntil(
        lambda: (
            states(window)
            == {
                "one": (RowState.UNREAD, "one, unread"),
                "two": (RowState.FAILED, "two, failed"),
                "three": (RowState.ANSWERING, "three, answering"),
            }
        )
    )
    window.sidebar.grab()  # painting does not fail

    row = next(one for one in parts.history.fetch(lambda history: history.conversations()) if one.title == "one")
    parts.assistant.open(row.id)
    qtbot.waitUntil(lambda: states(window)["one"] == (None, "one"))


def test_what_waited_when_the_program_ended_says_so(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    ask(qtbot, window, parts, "one")
    send(qtbot, window, parts, "two")
    parts.assistant.queue.clear()  # as after a start: the history knows of it, the queue does not
    parts.engine.end()
    conversation = parts.assistant.conversation_id
    assert conversation is not None
    qtbot.waitUntil(lambda: states(window) == {"one": (RowState.LEFT, "one, not asked yet")})
    assert said(window) == ["Not asked: Desktop VLM ended before it was this question's turn."]
    (card,) = cards(window)
    qtbot.mouseClick(card.ask, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)
    assert cards(window) == []
