"""The column that makes only the widgets near the screen."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.conversation.view import GAP, MARGIN, ConversationView, Item
from desktop_vlm.ui.theme import Theme


class Box(QWidget):
    """As high as it says, whatever its width."""

    def __init__(self, height: int) -> None:
        super().__init__()
        self.requested = height

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, _width: int) -> int:
        return self.requested


def items(count: int, height: int = 100, guess: int = 100) -> list[Item]:
    return [(number, lambda _width: guess, partial(Box, height)) for number in range(count)]


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> ConversationView:
    made = ConversationView(theme)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def top_of(view: ConversationView, key: int) -> int:
    widget = view.widget(key)
    assert widget is not None
    return widget.y()


def made_widgets(view: ConversationView) -> list[int]:
    return [key for key in view.item_keys() if isinstance(key, int) and view.widget(key) is not None]


def test_a_long_conversation_opens_at_its_end_with_few_widgets(view: ConversationView) -> None:
    view.set_items(items(2000))

    bar = view.verticalScrollBar()
    assert bar.maximum() == MARGIN + 2000 * (100 + GAP) - view.viewport().height()
    assert bar.value() == bar.maximum()
    made = made_widgets(view)
    assert made[-1] == 1999
    assert len(made) < 20


def test_heights_are_guessed_once_for_a_width(view: ConversationView, qtbot: QtBot) -> None:
    guessed: list[int] = []

    def guess(width: int) -> int:
        guessed.append(width)
        return 100

    view.set_items([(number, guess, partial(Box, 130)) for number in range(200)])
    bar = view.verticalScrollBar()
    for value in range(0, bar.maximum(), bar.maximum() // 20):
        bar.setValue(value)
    assert len(guessed) <= 200
    assert set(guessed) == {view.column[1]}
    qtbot.waitUntil(lambda: view.widget(view.number_at_top()) is not None)
    assert top_of(view, view.number_at_top()) <= MARGIN
    view.resize(700, 600)
    assert len(guessed) > 200


def test_widgets_stand_below_each_other_in_the_middle(view: ConversationView) -> None:
    view.set_items(items(3, height=70))

    left, width = view.column
    assert [top_of(view, key) for key in range(3)] == [MARGIN + key * (70 + GAP) for key in range(3)]
    first = view.widget(0)
    assert first is not None
    assert (first.x(), first.width(), first.height()) == (left, width, 70)
    assert left * 2 + width == view.width()


def test_what_is_read_stays_in_place_when_guesses_were_wrong(view: ConversationView) -> None:
    view.set_items(items(300, height=260, guess=40))
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    reading = next(key for key in made_widgets(view) if top_of(view, key) > 0)
    before = top_of(view, reading)

    bar.setValue(bar.value() - 30)  # what comes in from above turns out to be six times as high

    assert top_of(view, reading) == before + 30


def test_it_follows_a_growing_answer_only_from_the_end(qtbot: QtBot, view: ConversationView) -> None:
    view.set_items(items(20))
    last = view.widget(19)
    assert isinstance(last, Box)
    bar = view.verticalScrollBar()

    last.requested = 500
    view.height_changed(19)
    qtbot.waitUntil(lambda: last.height() == 500)
    assert bar.value() == bar.maximum()

    bar.setValue(bar.maximum() - 400)
    place = bar.value()
    last.requested = 900
    view.height_changed(19)
    qtbot.waitUntil(lambda: last.height() == 900)
    assert bar.value() == place


def test_what_is_read_stays_in_place_when_more_goes_above_it_than_is_left_below(
    qtbot: QtBot, view: ConversationView
) -> None:
    view.set_items([(0, lambda _width: 3000, partial(Box, 100)), *items(3, height=1500, guess=1500)[1:]])
    bar = view.verticalScrollBar()
    bar.setValue(MARGIN + 3000 + GAP + 400)
    assert (view.widget(0), top_of(view, 1)) == (None, -400)
    qtbot.waitUntil(lambda: view.widget(0) is not None and view.number_at_top() == 1 and bar.value() < 3000)
    assert (top_of(view, 1), bar.value()) == (-400, MARGIN + 100 + GAP + 400)


def test_it_follows_an_answer_again_where_the_window_became_so_large_that_its_end_is_seen(
    qtbot: QtBot, view: ConversationView
) -> None:
    view.set_items(items(20))
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() - 400)
    view.resize(900, 1400)
    assert bar.value() == bar.maximum() > 0
    last = view.widget(19)
    assert isinstance(last, Box)
    last.requested = 500
    view.height_changed(19)
    qtbot.waitUntil(lambda: last.height() == 500)
    assert bar.value() == bar.maximum()


def test_a_button_leads_back_to_the_end(view: ConversationView) -> None:
    view.set_items(items(50))
    button = view.findChild(QToolButton, "to-end")
    assert isinstance(button, QToolButton)
    assert not button.isVisible()

    view.verticalScrollBar().setValue(0)
    assert button.isVisible()
    button.click()

    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    assert not button.isVisible()


def test_widgets_far_away_are_given_up_and_come_back(view: ConversationView) -> None:
    view.set_items(items(400))
    bar = view.verticalScrollBar()
    for value in range(bar.maximum(), 0, -500):
        bar.setValue(value)

    assert view.widget(399) is None
    assert len(made_widgets(view)) < 70
    QApplication.processEvents()  # another turn
    view.scroll_to_end()
    assert view.widget(399) is not None


def test_widgets_of_messages_that_stay_are_kept(view: ConversationView) -> None:
    view.set_items(items(5))
    kept = view.widget(2)

    view.set_items([*items(3), (7, lambda _: 50, partial(Box, 50))])

    assert view.widget(2) is kept
    assert view.item_keys() == [0, 1, 2, 7]


def test_keys_and_wheel_scroll(qtbot: QtBot, view: ConversationView) -> None:
    view.set_items(items(100))
    bar = view.verticalScrollBar()
    view.setFocus()

    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert bar.value() == 0
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert bar.value() == bar.pageStep() * 9 // 10
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    before = bar.value()
    wheel = QWheelEvent(
        QPointF(50, 50),
        QPointF(50, 50),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), wheel)
    assert before - bar.value() == 96


def test_a_narrower_window_measures_again(view: ConversationView) -> None:
    text = "many words " * 60

    def make() -> QLabel:
        label = QLabel(text)
        label.setWordWrap(True)
        return label

    view.set_items([("text", lambda _width: 40, make)])
    wide = view.widget("text")
    assert wide is not None
    height = wide.height()

    view.resize(420, 600)

    assert wide.height() > 1.5 * height
    assert wide.height() == wide.heightForWidth(view.column[1])


def test_any_item_can_be_shown_from_its_top_or_inside(view: ConversationView) -> None:
    view.set_items(items(200, height=260, guess=100))
    view.scroll_to(50)
    assert top_of(view, 50) == MARGIN
    view.scroll_to(120, 100)
    assert top_of(view, 120) == MARGIN - 100
    view.scroll_to(199)
    bar = view.verticalScrollBar()
    assert bar.value() == bar.maximum()
    view.scroll_to("nothing")
    assert bar.value() == bar.maximum()
    view.scroll_to(0)
    assert (bar.value(), top_of(view, 0)) == (0, MARGIN)


class Allowance:
    """So many messages may be made or measured until it is raised."""

    def __init__(self) -> None:
        self.left = 0

    def has_time(self) -> bool:
        self.left -= 1
        return self.left >= 0


@pytest.fixture
def allowance(monkeypatch: pytest.MonkeyPatch) -> Allowance:
    made = Allowance()
    monkeypatch.setattr("desktop_vlm.ui.conversation.view.Turn", made)
    return made


@pytest.mark.parametrize(("number", "guess"), [(80, 200), (80, 30), (196, 200), (196, 30)])
def test_what_is_gone_to_is_there_at_once_and_what_is_around_it_by_and_by(
    qtbot: QtBot, view: ConversationView, allowance: Allowance, number: int, guess: int
) -> None:
    """Guesses are wrong; where the second one is depends on what lies below it."""
    view.set_items(items(200, height=60, guess=guess))
    view.verticalScrollBar().setValue(0)
    assert made_widgets(view) == []

    allowance.left = 3
    view.scroll_to(number)

    assert made_widgets(view) == [number]
    assert 0 <= top_of(view, number) < view.viewport().height()
    on_screen = range(min(number, 193), min(number + 7, 200))
    turns = 1
    while not set(made_widgets(view)) >= set(on_screen):
        turns += 1
        allowance.left = 2
        before = len(made_widgets(view))
        qtbot.waitUntil(lambda: allowance.left < 0)
        assert len(made_widgets(view)) <= before + 2
        assert 0 <= top_of(view, number) < view.viewport().height()
    assert turns > 2
    bar = view.verticalScrollBar()
    allowance.left = 1_000
    qtbot.waitUntil(lambda: top_of(view, number) == (MARGIN if number == 80 else 600 - 4 * (60 + GAP)))
    assert (bar.value() == bar.maximum()) == (number == 196)


def test_what_is_being_gone_to_is_left_where_a_person_scrolls(
    qtbot: QtBot, view: ConversationView, allowance: Allowance
) -> None:
    view.set_items(items(200, height=60, guess=200))
    allowance.left = 2
    view.scroll_to(80)
    bar = view.verticalScrollBar()
    bar.setValue(0)
    allowance.left = 1_000
    qtbot.waitUntil(lambda: set(made_widgets(view)) >= set(range(6)))
    assert (bar.value(), top_of(view, 0)) == (0, MARGIN)


def test_a_place_that_is_gone_to_is_right_also_where_something_above_it_has_just_grown(view: ConversationView) -> None:
    """An item says while it is laid out that its content moved down; the next place in it counts that."""

    class Growing(Box):
        def resizeEvent(self, _event: QResizeEvent) -> None:
            view.item_shifted(50, 70)

    view.set_items([*items(50), (50, lambda _width: 3000, partial(Growing, 3000)), *items(60)[51:]])
    view.verticalScrollBar().setValue(0)
    view.scroll_to(50)
    view.scroll_to(50, 900)
    assert top_of(view, 50) == MARGIN - 900
