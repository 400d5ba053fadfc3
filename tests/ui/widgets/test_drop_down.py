"""A list that drops down has the form of a menu."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.drop_down import DropDown


def test_its_list_has_round_corners_and_the_themes_colours(qtbot: QtBot, theme: Theme) -> None:
    box = DropDown(theme)
    qtbot.addWidget(box)
    box.addItems(["one", "two", "three"])
    box.setCurrentIndex(1)
    box.show()
    box.showPopup()
    popup = box.view().window()
    qtbot.waitUntil(popup.isVisible)
    right, bottom = popup.width() - 1, popup.height() - 1
    corners = [QPoint(x, y) for x in (0, right) for y in (0, bottom)]
    assert [popup.mask().contains(one) for one in corners] == [False] * 4
    assert popup.mask().contains(QPoint(right // 2, bottom // 2))
    image = box.view().grab().toImage()
    row = box.view().visualRect(box.model().index(1, 0))
    assert image.pixelColor(row.right() - 3, row.center().y()) == QColor(theme.colors.accent_soft)
    assert image.pixelColor(image.width() // 2, 0) == QColor(theme.colors.edge)
    # AND it is chosen from as any list is
    qtbot.keyClick(box.view(), Qt.Key.Key_Down)
    qtbot.keyClick(box.view(), Qt.Key.Key_Return)
    assert box.currentText() == "three"
    assert not popup.isVisible()
