"""Narrow windows: what lies at the sides comes over the conversation, and nothing is cut off."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.window.main_window import MainWindow

NARROW = ((640, 600), (480, 600))


def lies_inside(window: MainWindow, widget: QWidget) -> bool:
    corner = widget.mapTo(window, QPoint(0, 0))
    return corner.x() >= 0 and corner.x() + widget.width() <= window.width()


@pytest.mark.parametrize("size", NARROW)
def test_both_come_over_the_conversation_and_go_by_button_key_and_click(
    qtbot: QtBot, window: MainWindow, size: tuple[int, int]
) -> None:
    window.resize(*size)
    assert (window.width(), window.height()) == size
    for part, toggle in ((window.sidebar, window.toggle_sidebar), (window.panel, window.toggle_panel)):
        drawer = window._sides.drawers[part]
        assert part.isHidden()
        close = window.panel.close_button if part is window.panel else drawer.close_button
        shade = QPoint(2 if part is window.panel else window.width() - 3, 300)
        for way in ("click", "key", "button"):
            toggle()
            assert part.isVisible()
            assert drawer.geometry() == window.rect()
            assert lies_inside(window, part)
            assert close.isVisible()
            assert lies_inside(window, close)
            if way == "click":
                qtbot.mouseClick(drawer, Qt.MouseButton.LeftButton, pos=shade)
            elif way == "key":
                toggle()
            else:
                close.click()
            assert part.isHidden()
            assert drawer.isHidden()


def test_escape_closes_it_and_the_focus_goes_back(window: MainWindow) -> None:
    window.resize(640, 600)
    window.composer.text.setFocus()
    window._search()
    assert QApplication.focusWidget() is window.sidebar.search
    window._escape.press()
    window._escape.press()
    assert window.sidebar.isHidden()
    assert QApplication.focusWidget() is window.composer.text


def test_one_at_a_time(window: MainWindow) -> None:
    window.resize(640, 600)
    window.toggle_sidebar()
    window.toggle_panel()
    assert window.sidebar.isHidden()
    assert window.panel.isVisible()


def test_where_there_is_room_again_they_are_beside_it(window: MainWindow) -> None:
    window.resize(1000, 700)
    window.toggle_panel()
    window.resize(640, 600)
    assert window.panel.isVisible()  # over it now
    assert window._splitter.indexOf(window.panel) < 0
    window.resize(1100, 700)
    assert [window._splitter.widget(number) for number in range(3)] == [window.sidebar, window._views, window.panel]
    assert window.sidebar.isVisible()
    assert window.panel.isVisible()
    assert all(drawer.isHidden() for drawer in window._sides.drawers.values())
    window.toggle_panel()
    assert window.panel.isHidden()


@pytest.mark.parametrize("size", NARROW)
def test_nothing_of_the_window_is_cut_off(window: MainWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    window.resize(*size)
    qtbot.wait(1)
    for part in (window.top_bar, window.composer, window.status, *window.top_bar.children()):
        if isinstance(part, QWidget) and part.isVisible():
            assert lies_inside(window, part)
    assert window.top_bar._models.accessibleName() == "Models"


def test_in_a_window_of_middle_width_the_conversations_give_way_to_the_panel(window: MainWindow) -> None:
    window.resize(1024, 700)
    assert window.sidebar.isVisible()
    window.toggle_panel()
    assert (window.panel.isVisible(), window.sidebar.isHidden()) == (True, True)
    assert not window._sides._is_over(window.panel)
    window.toggle_sidebar()  # there is no room beside both
    assert window._sides.drawers[window.sidebar].isVisible()
    assert window.panel.isVisible()
    window.toggle_sidebar()
    window.toggle_panel()
    assert (window.panel.isHidden(), window.sidebar.isHidden()) == (True, True)  # as the person has it now
    window.toggle_sidebar()
    window.toggle_panel()
    window.resize(1300, 700)
    assert (window.panel.isVisible(), window.sidebar.isVisible()) == (True, True)
    window.resize(1024, 700)
    window.toggle_panel()
    assert (window.panel.isHidden(), window.sidebar.isVisible()) == (True, True)


def test_a_narrow_welcome_is_not_cut_off(qtbot: QtBot, window: MainWindow) -> None:
    for width in (480, 640, 800, 1024):
        window.resize(width, 700)
        qtbot.waitUntil(lambda: window.welcome.horizontalScrollBar().maximum() == 0)
