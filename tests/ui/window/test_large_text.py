"""Text of the largest size: what is cut at the usual one gives way instead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListView,
    QPushButton,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_vlm.history.records import ConversationSummary
from desktop_vlm.images.annotations.document import Document
from desktop_vlm.ui.annotate.lettering import letter
from desktop_vlm.ui.annotate.session import EditSession
from desktop_vlm.ui.annotate.toolbar import ToolBar
from desktop_vlm.ui.pictures.find_bar import FindBar
from desktop_vlm.ui.pictures.thumbnails import PictureItem, ThumbnailStrip
from desktop_vlm.ui.pictures.viewer_bar import ViewerBar
from desktop_vlm.ui.theme import Theme, ThemeChoice
from desktop_vlm.ui.theme.theme import DEFAULT_TEXT_PX, TEXT_SIZES_PX
from desktop_vlm.ui.widgets.key_recorder import KeyRecorder
from desktop_vlm.ui.widgets.painting import pill_size
from desktop_vlm.ui.widgets.toggle import Toggle
from desktop_vlm.ui.window.conversation_row import FOUND_TITLE, STATE, SUMMARY, ConversationRow
from desktop_vlm.ui.window.main_window import MainWindow
from desktop_vlm.ui.window.row_state import RowState
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


@pytest.mark.parametrize("on_dark", [False, True])
def test_the_bar_that_finds_is_as_large_as_its_text(qtbot: QtBot, large: Theme, on_dark: bool) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    bar = FindBar(around, large, on_dark=on_dark)
    bar.say("3 of 12", can_step=True)
    around.resize(1024, 200)
    around.show()
    bar.show()

    def sizes(width: int, px: int) -> tuple[set[tuple[int, int]], int, int]:
        """Of its buttons with their icons, its field and what it says, px."""
        large.apply_now(ThemeChoice.LIGHT, px)
        bar.setGeometry(0, 0, width, bar.sizeHint().height())
        QApplication.processEvents()
        buttons = bar.findChildren(QToolButton)
        assert len(buttons) == 3
        assert all(one.geometry().right() < width for one in buttons)
        sides = {(one.width(), one.iconSize().width()) for one in buttons}
        return sides, bar.field.width(), bar._count.width()

    assert sizes(1000, DEFAULT_TEXT_PX) == ({(32, 18)}, 220, 96)
    assert sizes(1000, TEXT_SIZES_PX[-1]) == ({(55, 31)}, 377, 165)
    buttons, field, count = sizes(600, TEXT_SIZES_PX[-1])  # the field alone gives way
    assert (buttons, count) == ({(55, 31)}, 165)
    assert 200 < field < 377


def test_the_cross_that_clears_a_shortcut_is_as_large_as_its_text(qtbot: QtBot, large: Theme) -> None:
    recorder = KeyRecorder(large)
    qtbot.addWidget(recorder)
    recorder.resize(300, recorder.sizeHint().height())
    recorder.show()
    cross, line = recorder.clear_button, recorder.box.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    assert cross.isHidden()
    recorder.set_value("Ctrl+1")
    assert cross.isVisible()
    for px, side, margin in ((TEXT_SIZES_PX[-1], 27, 45), (DEFAULT_TEXT_PX, 16, 26)):
        large.apply_now(ThemeChoice.LIGHT, px)
        QApplication.processEvents()
        assert (cross.width(), cross.height(), line.textMargins().right()) == (side, side, margin)
        assert line.rect().contains(cross.geometry())
        assert cross.geometry().center().x() > line.width() - margin
    with qtbot.waitSignal(recorder.changed) as changed:
        qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert changed.args == [""]
    assert recorder.value() == ""
    assert cross.isHidden()


def drawn_at_the_end(theme: Theme, state: RowState | None, *, pinned: bool) -> list[QRect]:
    """What stands at the end of a conversation's row without a title, from right to left."""
    view, model = QListView(), QStandardItemModel()
    item = QStandardItem()
    item.setData(ConversationSummary(1, " ", pinned, 0.0, 0.0, "", None, 2), SUMMARY)
    item.setData(state, STATE)
    item.setData("", FOUND_TITLE)
    model.appendRow(item)
    option = QStyleOptionViewItem()
    image = QImage(300, 80, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    row = ConversationRow(theme, view)
    option.rect = QRect(0, 0, 300, row.sizeHint(option, model.index(0, 0)).height())
    with QPainter(image) as painter:
        row.paint(painter, option, model.index(0, 0))
    ground = image.pixel(0, 0)
    height = option.rect.height()
    inked = [[y for y in range(height) if image.pixel(x, y) != ground] for x in range(300)]
    found: list[QRect] = []
    for x in reversed(range(300)):
        if not inked[x]:
            continue
        if not found or found[-1].left() > x + 3:  # an icon's own strokes are not that far apart
            found.append(QRect(x, min(inked[x]), 1, 1))
        found[-1] |= QRect(QPoint(x, min(inked[x])), QPoint(x, max(inked[x])))
    return found


@pytest.mark.parametrize(
    ("px", "pin", "dot"), [(DEFAULT_TEXT_PX, (9, 14), (7, 10)), (TEXT_SIZES_PX[-1], (17, 24), (13, 16))]
)
def test_what_stands_at_the_end_of_a_row_is_as_large_as_its_text(
    large: Theme, px: int, pin: tuple[int, int], dot: tuple[int, int]
) -> None:
    large.apply_now(ThemeChoice.LIGHT, px)
    drawn = drawn_at_the_end(large, RowState.UNREAD, pinned=True)
    assert len(drawn) == 2
    for one, (least, most) in zip(drawn, (pin, dot), strict=True):
        assert least <= one.height() <= most
        assert abs(one.center().y() - round(px * 2.5) // 2) <= 1 + px // 14
    (icon,) = drawn_at_the_end(large, RowState.FAILED, pinned=False)
    assert pin[0] <= icon.width() <= pin[1]
    assert icon.right() <= 290
