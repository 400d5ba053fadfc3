"""The field that something is searched for with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.theme import Theme, ThemeChoice
from desktop_vlm.ui.theme.theme import DEFAULT_TEXT_PX, TEXT_SIZES_PX
from desktop_vlm.ui.widgets.search_field import SearchField


@pytest.fixture
def field(theme: Theme, qtbot: QtBot) -> Iterator[SearchField]:
    made = SearchField(theme, "Search conversations")
    qtbot.addWidget(made)
    made.show()
    yield made
    theme.apply_now(ThemeChoice.LIGHT, DEFAULT_TEXT_PX)


def inked(field: SearchField, area: QRect) -> QRect:
    """What is drawn in a part of the field that is empty otherwise."""
    image = QImage(field.size(), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    field.render(image)
    ground = image.pixel(area.topLeft())
    places = [
        (x, y)
        for x in range(area.left(), area.right() + 1)
        for y in range(area.top(), area.bottom() + 1)
        if image.pixel(x, y) != ground
    ]
    across, down = zip(*places, strict=True)
    return QRect(min(across), min(down), max(across) - min(across) + 1, max(down) - min(down) + 1)


@pytest.mark.parametrize(("px", "drawn"), [(DEFAULT_TEXT_PX, (12, 15)), (TEXT_SIZES_PX[-1], (20, 26))])
def test_its_icons_are_as_large_as_its_text(field: SearchField, theme: Theme, px: int, drawn: tuple[int, int]) -> None:
    theme.apply_now(ThemeChoice.LIGHT, px)
    field.setText("bread")
    field.resize(300, field.sizeHint().height())
    begin = field.cursorRect().center().x() - field.fontMetrics().horizontalAdvance("bread")
    magnifier = inked(field, QRect(4, 6, begin - 8, field.height() - 12))
    assert drawn[0] <= magnifier.width() <= drawn[1]
    assert abs(magnifier.center().y() - field.rect().center().y()) <= 1
    middle = field.width() // 2
    cross = inked(field, QRect(middle, 6, middle - 4, field.height() - 12))
    assert drawn[0] * 0.6 <= cross.width() <= drawn[1] * 0.8
    assert field.clear_button.geometry().contains(cross)


def test_a_window_that_reads_from_right_to_left_has_it_mirrored(theme: Theme, qtbot: QtBot) -> None:
    field = SearchField(theme, "Search")
    qtbot.addWidget(field)
    field.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    field.resize(300, 40)
    field.show()
    field.setText("bread")
    assert (field.magnifier_rect().left(), field.clear_button.x()) == (277, 7)
    field.clear()
    assert (field.textMargins().left(), field.textMargins().right()) == (0, 26)


def test_there_is_a_button_to_clear_it_while_there_is_something_to_clear(field: SearchField, qtbot: QtBot) -> None:
    button = field.clear_button
    assert button.isHidden()
    qtbot.keyClicks(field, "br")
    assert not button.isHidden()
    assert field.textMargins().right() > 0
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert field.text() == ""
    assert button.isHidden()
    assert field.textMargins().right() == 0
    qtbot.keyClicks(field, "x")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
