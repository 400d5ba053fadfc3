"""Ctrl+F in a conversation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.history import History
from desktop_vlm.ui.conversation.answer import AnswerWidget
from desktop_vlm.ui.conversation.finding import parts_of
from desktop_vlm.ui.conversation.pane import ConversationPane
from desktop_vlm.ui.conversation.view import MARGIN
from desktop_vlm.ui.markdown.formula_block import FormulaBlock
from desktop_vlm.ui.markdown.text_part import TextPart
from desktop_vlm.ui.widgets.turn import Turn
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts

LONG = "\n\n".join(f"Paragraph {number} of many." for number in range(80))
CODE = "\n".join(f"line_{number} = {number}" for number in range(3000))
ANSWERS = (
    f"A **zebra** crossing.\n\n{LONG}\n\nAnother ZÉBRA.",
    f"```python\n{CODE}\nzebra = 1{' ' * 300}# zebra\n```",
    "| animal | n |\n|---|---|\n| lion | 1 |\n| zebra | 2 |\n\n$$zebra^2$$",
)


def fill(history: History) -> int:
    conversation = history.create_conversation("Animals")
    before = None
    for text in ANSWERS:
        asked = history.add_message(conversation, before, "user", "Where is the zebra?")
        before = history.add_message(conversation, asked.id, "assistant", text).id
    return conversation


@pytest.fixture
def window(qtbot: QtBot, parts: Parts) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    qtbot.waitExposed(made)
    conversation = parts.history.fetch(fill)
    parts.assistant.open(conversation)
    qtbot.waitUntil(lambda: parts.assistant.conversation_id == conversation)
    yield made
    made.close()


def pointed_out(window: MainWindow) -> list[str]:
    """What is in the colour of the place that is shown, of all that is on the screen."""
    accent = window._theme.color("accent")
    texts = [text for widget in window.pane.widgets() for text in widget.findChildren(TextPart)]
    found = [one for text in texts for one in text.extraSelections() if one.format.background().color() == accent]
    return [one.cursor.selectedText() for one in found]


def same_number(answer: AnswerWidget, n_parts: int) -> bool:
    return len(answer._view.items) == n_parts


def made_again(window: MainWindow, message: int) -> AnswerWidget:
    """The widget of an answer after it was dropped; no more than the beginning of a long one is parsed."""
    window.pane.verticalScrollBar().setValue(0)
    window.pane._forget_unseen()
    assert window.pane.widget((message, 1)) is None
    window.pane._theme_changed()
    window.pane.scroll_to((message, 1))
    answer = window.pane.widget((message, 1))
    assert isinstance(answer, AnswerWidget)
    return answer


def in_the_middle_of_the_code(qtbot: QtBot, window: MainWindow, parts: Parts) -> AnswerWidget:
    """Have a place in the middle of the code gone to while parsing of that rests after its beginning."""
    answer = made_again(window, parts.assistant.messages[3].id)
    answer._view._parse_soon.stop()
    find(qtbot, window, "line_1500", "1 of 1")
    assert len(answer._view.items) == 1
    assert pointed_out(window) == []
    return answer


def find(qtbot: QtBot, window: MainWindow, text: str, said: str) -> None:
    window._find.open()
    window.find_bar.field.setText(text)
    qtbot.waitUntil(lambda: window.find_bar.said == said)


def test_every_place_is_counted_and_shown_in_turn(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    window.pane.verticalScrollBar().setValue(0)
    find(qtbot, window, "zebra", "1 of 9")  # three questions, two in prose, two in code, a cell and a formula
    ids = [message.id for message in parts.assistant.messages]
    shown = [0, 1, 1, 2, 3, 3, 4, 5, 5]
    assert [place.message for place in window._find._places] == [ids[at] for at in shown]
    for number in range(2, 10):
        qtbot.keyClick(window.find_bar.field, Qt.Key.Key_Return)
        assert window.find_bar.said == f"{number} of 9"
        place = window._find._places[number - 1]
        widget = window.pane.widget((place.message, 1))
        assert widget is not None
        assert not widget.isHidden()
        if isinstance(widget, AnswerWidget):
            qtbot.waitUntil(lambda: [one.casefold() for one in pointed_out(window)] in (["zebra"], ["zébra"]))
    qtbot.keyClick(window.find_bar.field, Qt.Key.Key_Return)
    assert window.find_bar.said == "1 of 9"  # once around
    qtbot.keyClick(window.find_bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert window.find_bar.said == "9 of 9"


def test_the_place_is_on_the_screen_also_far_down_and_far_right(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    find(qtbot, window, "# zebra", "1 of 1")
    answer = window.pane.widget((parts.assistant.messages[3].id, 1))
    assert isinstance(answer, AnswerWidget)
    qtbot.waitUntil(lambda: pointed_out(window) == ["# zebra"])

    qtbot.waitUntil(lambda: is_seen(window, answer))


def is_seen(window: MainWindow, answer: AnswerWidget) -> bool:
    """Whether the place that is pointed out in an answer is on the screen."""
    text = next((one for one in answer.findChildren(TextPart) if one.hit >= 0), None)
    if text is None or not text.isVisible():
        return False
    cursor = QTextCursor(text.document())
    cursor.setPosition(text._lit[text.hit][0])
    place = text.cursorRect(cursor)
    top = text.viewport().mapTo(window.pane.viewport(), place.topLeft()).y()
    return 0 <= top < window.pane.viewport().height() and 0 <= place.x() <= text.viewport().width()


def test_a_place_that_is_not_parsed_yet_is_gone_to_when_it_is(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    answer = in_the_middle_of_the_code(qtbot, window, parts)
    first = window.pane.verticalScrollBar().value()
    answer._view._parse_soon.start()
    qtbot.waitUntil(lambda: pointed_out(window) == ["line_1500"])
    qtbot.waitUntil(lambda: is_seen(window, answer))
    assert window.pane.verticalScrollBar().value() > first + 10_000
    assert answer._view.items[18].part is not None
    assert not answer.seeks_hit


def test_who_scrolls_meanwhile_is_not_taken_to_it(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    answer = in_the_middle_of_the_code(qtbot, window, parts)
    bar = window.pane.verticalScrollBar()
    bar.setValue(bar.value() - 1000)  # where nothing but the answer is seen
    kept = answer.y()
    answer._view._parse_soon.start()
    qtbot.waitUntil(lambda: pointed_out(window) == ["line_1500"])
    qtbot.waitUntil(lambda: not answer.seeks_hit and answer.is_settled)
    assert answer.y() == kept
    assert not is_seen(window, answer)


def test_a_place_whose_widget_went_is_pointed_out_when_it_comes_again(
    qtbot: QtBot, window: MainWindow, parts: Parts
) -> None:
    find(qtbot, window, "# zebra", "1 of 1")
    message = parts.assistant.messages[3].id
    qtbot.waitUntil(lambda: pointed_out(window) == ["# zebra"])
    first = window.pane.widget((message, 1))
    answer = made_again(window, message)
    assert answer is not first
    qtbot.waitUntil(lambda: pointed_out(window) == ["# zebra"])
    qtbot.waitUntil(lambda: not answer.seeks_hit and answer.is_settled and window.pane._sought is None)
    assert answer.y() == MARGIN  # and the view stays where it was scrolled to


def test_who_scrolled_on_is_not_taken_back_when_the_part_is_laid_out_again(
    qtbot: QtBot, window: MainWindow, parts: Parts
) -> None:
    find(qtbot, window, "line_1500", "1 of 1")
    qtbot.waitUntil(lambda: pointed_out(window) == ["line_1500"])
    answer = window.pane.widget((parts.assistant.messages[3].id, 1))
    assert isinstance(answer, AnswerWidget)
    qtbot.waitUntil(lambda: is_seen(window, answer) and answer.is_settled)
    bar = window.pane.verticalScrollBar()
    bar.setValue(bar.value() + 600)
    qtbot.waitUntil(lambda: answer.is_settled)
    kept = bar.value()
    view = answer._view
    part = next(
        one for one in view.items if one.part and any(text.hit >= 0 for text in one.part.findChildren(TextPart))
    )
    view._drop([part])
    view._bring_soon.start()
    qtbot.waitUntil(lambda: pointed_out(window) == ["line_1500"])
    qtbot.waitUntil(lambda: not view._place_hit_soon.isActive() and answer.is_settled)
    assert bar.value() == kept
    assert not is_seen(window, answer)


def test_a_formula_shows_its_source(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    find(qtbot, window, "zebra^", "1 of 1")
    answer = window.pane.widget((parts.assistant.messages[5].id, 1))
    assert isinstance(answer, AnswerWidget)
    qtbot.waitUntil(lambda: any(one.source_shown for one in answer.findChildren(FormulaBlock)))
    qtbot.waitUntil(lambda: pointed_out(window) == ["zebra^"])


def test_escape_ends_it_and_nothing_is_lit_up(qtbot: QtBot, window: MainWindow) -> None:
    window.pane.verticalScrollBar().setValue(0)
    window.composer.text.setFocus()
    find(qtbot, window, "zebra", "1 of 9")
    window.activateWindow()
    window.find_bar.field.setFocus()
    window._escape.press()
    assert not window.find_bar.isVisible()
    assert window.composer.text.hasFocus()
    assert pointed_out(window) == []

    def lit(*, hidden: bool) -> list[list[str]]:
        widgets = [one for one in window.pane.widgets() if one.isHidden() == hidden]
        return [one for widget in widgets for text in widget.findChildren(TextPart) if (one := text.lit_texts())]

    assert lit(hidden=False) == []
    qtbot.waitUntil(lambda: lit(hidden=True) == [])


def test_what_is_not_there_says_so_and_a_new_answer_is_searched(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    find(qtbot, window, "giraffe", "Nothing found")
    window.composer.text.setPlainText("And a giraffe?")
    window.draft.send()
    qtbot.waitUntil(lambda: window.find_bar.said == "1 of 1")
    parts.engine.say("A giraffe.")
    parts.engine.end()
    qtbot.waitUntil(lambda: window.find_bar.said == "1 of 2")


def test_parts_are_those_of_the_view(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    for at in (1, 3, 5):
        message = parts.assistant.messages[at]
        window.pane.scroll_to_message(message.id)
        answer = window.pane.widget((message.id, 1))
        assert isinstance(answer, AnswerWidget)
        qtbot.waitUntil(partial(same_number, answer, len(parts_of(message))))


def test_tab_goes_from_the_bar_above_through_it_to_the_question(window: MainWindow) -> None:
    order: list[QWidget] = [window]
    while (following := order[-1].nextInFocusChain()) not in {None, window}:
        order.append(following)
    bar = max(order.index(one) for one in window.top_bar.findChildren(QToolButton))
    list_, close = order.index(window.sidebar.list), order.index(window.find_bar.findChildren(QToolButton)[-1])
    assert list_ < bar < order.index(window.find_bar.field) < close < order.index(window.composer.text)


def test_what_is_not_on_the_screen_is_lit_up_as_there_is_time(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = window.pane
    for value in (0, pane.verticalScrollBar().maximum(), 0):  # some are made, and hidden again
        pane.verticalScrollBar().setValue(value)
        qtbot.wait(20)
    hidden = [one for one in pane.widgets() if one.isHidden()]
    assert hidden
    lit: list[QWidget] = []
    light_up = ConversationPane._light_up

    def spy(self: ConversationPane, widget: QWidget | None) -> None:
        assert widget is not None
        lit.append(widget)
        light_up(self, widget)

    monkeypatch.setattr(ConversationPane, "_light_up", spy)
    monkeypatch.setattr(Turn, "has_time", lambda: False)
    pane.show_found(["zebra"], {})
    qtbot.wait(20)
    assert set(lit) == {one for one in pane.widgets() if not one.isHidden()}
    times = iter([True, False] * 100)
    monkeypatch.setattr(Turn, "has_time", lambda: next(times))
    counts: list[int] = []
    pane._light_soon.timeout.connect(lambda: counts.append(len(lit)))
    qtbot.waitUntil(lambda: set(lit) >= set(hidden))
    assert max(after - before for before, after in pairwise([len(lit) - len(hidden), *counts])) <= 1
