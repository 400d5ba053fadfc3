"""Text of the largest size: what is cut at the usual one gives way instead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.images.annotations.document import Document
from desktop_vlm.ui.annotate.lettering import letter
from desktop_vlm.ui.annotate.session import EditSession
from desktop_vlm.ui.annotate.toolbar import ToolBar
from desktop_vlm.ui.pictures.thumbnails import PictureItem, ThumbnailStrip
from desktop_vlm.ui.pictures.viewer_bar import ViewerBar
from desktop_vlm.ui.theme import Theme, ThemeChoice
from desktop_vlm.ui.theme.theme import DEFAULT_TEXT_PX, TEXT_SIZES_PX
from desktop_vlm.ui.widgets.painting import pill_size
from desktop_vlm.ui.widgets.toggle import Toggle
from desktop_vlm.ui.window.main_window import MainWindow
from desktop_vlm.ui.window.selection_bar import SelectionBar
from tests.ui.conftest import Parts
from tests.ui.window.conftest import ask


@pytest.fixture
def large(theme: Theme) -> Iterator[Theme]:
    theme.apply_now(ThemeChoice.LIGHT, TEXT_SIZES_PX[-1])
    yield theme
    theme.apply_now(ThemeChoice.LIGHT, DEFAULT_TEXT_PX)


@pytest.mark.parametrize(("width", "shown"), [(600, "3 selected"), (240, "3")])
def test_how_many_are_selected_is_said_in_words_or_as_a_number(
    qtbot: QtBot, large: Theme, width: int, shown: str
) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    column = QVBoxLayout(around)
    column.setContentsMargins(0, 0, 0, 0)
    bar = SelectionBar(large)
    column.addWidget(bar)
    around.resize(width, 60)
    around.show()
    bar.show_count(3, all_archived=False)
    qtbot.waitUntil(lambda: bar.count.text() == shown)
    assert around.width() == width
    assert bar.count.accessibleName() == "3 selected"
    assert bar.count.toolTip() == ("" if width == 600 else "3 selected")
    assert bar.count.width() >= bar.count.fontMetrics().horizontalAdvance(shown)


def test_a_narrow_page_has_room_for_its_number(qtbot: QtBot, theme: Theme) -> None:
    item = PictureItem("report.pdf, page 12", None, "5", 210, 1200)
    strip = ThumbnailStrip(theme, 64)
    qtbot.addWidget(strip)
    strip.set_pictures([item])
    (thumbnail,) = strip._thumbnails
    for px in (DEFAULT_TEXT_PX, TEXT_SIZES_PX[-1]):
        theme.apply_now(ThemeChoice.LIGHT, px)
        needed = pill_size("5 \u00b7 p. 12", theme.font(0.79, weight=QFont.Weight.DemiBold)).width()
        assert needed + 10 <= thumbnail.width() < needed + 24
    theme.apply_now(ThemeChoice.LIGHT, DEFAULT_TEXT_PX)


def test_tab_goes_past_an_empty_list_of_conversations(window: MainWindow, parts: Parts, qtbot: QtBot) -> None:
    conversations = window.sidebar.list
    assert conversations.model().rowCount() == 0
    assert not conversations.focusPolicy() & Qt.FocusPolicy.TabFocus
    ask(qtbot, window, parts, "What?", "It.")
    qtbot.waitUntil(lambda: conversations.model().rowCount() > 0)
    assert conversations.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert QApplication.focusWidget() is not None


@pytest.mark.parametrize(("width", "least", "most"), [(1600, 51, 51), (1024, 40, 50), (640, 34, 34)])
def test_tools_on_pictures_grow_as_far_as_one_line_has_room(
    qtbot: QtBot, large: Theme, width: int, least: int, most: int
) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    bar = ToolBar(EditSession(Document((800, 600)), letter), around)
    bar.fit(large, width)
    side = bar.undo.width()
    assert least <= side <= most
    assert bar.undo.height() == side
    assert bar.undo.iconSize().width() == round(side * 18 / 34)
    assert bar.heightForWidth(width) == (2 * side + 2 if width == 640 else side)
    large.apply_now(ThemeChoice.LIGHT, DEFAULT_TEXT_PX)
    bar.fit(large, width)
    assert (bar.undo.width(), bar.undo.iconSize().width()) == (34, 18)


def test_a_picture_s_name_has_room_beside_large_buttons(qtbot: QtBot, large: Theme) -> None:
    sides = []
    for width in (1600, 640):
        around = QWidget()
        qtbot.addWidget(around)
        bar = ViewerBar(around)
        buttons = [bar.add_button("x", f"Button {number}", bar.update) for number in range(10)]
        bar.add_zoom()
        bar.resize(width, 60)
        bar.show_facts("screenshot.png", ["640 x 230 px"], large)
        sides.append(buttons[0].width())
        assert sum(one.width() + 2 for one in buttons) + bar.zoom.width() <= width - 100
        assert bar.zoom.width() == large.scaled(64)
    assert sides[0] == 51
    assert 34 <= sides[1] < 51


def test_a_picture_s_name_stands_below_buttons_that_leave_no_room(qtbot: QtBot, large: Theme) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    bar = ViewerBar(around)
    buttons = [bar.add_button("x", f"Button {number}", bar.update) for number in range(11)]
    bar.add_zoom()
    around.show()

    def shown(width: int, px: int, name: str) -> tuple[str, str, bool]:
        """Name and facts, and whether they are below the buttons."""
        large.apply_now(ThemeChoice.LIGHT, px)
        around.resize(width, 300)
        bar.resize(width, 100)
        bar.show_facts(name, ["2 of 3", "640 x 230 px"], large)
        QApplication.processEvents()
        assert bar._facts.mapTo(bar, QPoint(bar._facts.width(), 0)).x() < width
        assert bar._name.width() >= bar._name.sizeHint().width()
        top = bar._name.mapTo(bar, QPoint(0, 0)).y()
        return bar._name.text(), bar._facts.text(), top >= buttons[0].geometry().bottom()

    facts, long = "2 of 3   640 x 230 px", "a screenshot of the whole screen, with a very long name.png"
    assert shown(640, TEXT_SIZES_PX[-1], "build.png") == ("build.png", facts, True)
    name, beside, is_below = shown(640, TEXT_SIZES_PX[-1], long)
    assert (name.startswith("a scr"), name.endswith(".png"), "\u2026" in name) == (True, True, True)
    assert (beside, is_below) == (facts, True)
    assert shown(1600, TEXT_SIZES_PX[-1], "build.png") == ("build.png", facts, False)
    assert shown(640, DEFAULT_TEXT_PX, "build.png") == ("build.png", "", False)


def test_switches_are_as_large_as_the_text(qtbot: QtBot, large: Theme) -> None:
    toggle = Toggle(large, "On")
    qtbot.addWidget(toggle)
    assert (toggle.sizeHint().width(), toggle.sizeHint().height()) == (58 + 8, 34 + 8)
    large.apply_now(ThemeChoice.LIGHT, DEFAULT_TEXT_PX)
    assert (toggle.sizeHint().width(), toggle.sizeHint().height()) == (34 + 8, 20 + 8)


def test_a_button_with_words_is_as_high_as_the_tools_beside_it(qtbot: QtBot, large: Theme) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    bar = ToolBar(EditSession(Document((800, 600)), letter), around)
    asked = QPushButton("Ask")
    bar.add(asked)
    around.show()
    for width in (1600, 1100):
        bar.fit(large, width)
        bar.setGeometry(0, 0, width, bar.heightForWidth(width))
        assert asked.height() == bar.undo.height() == bar.height()
