"""What the arrow keys scroll has a ring when a key brought the focus there, and none after a click."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.focus_ring import FocusRing


def test_the_ring_is_seen_for_keys_only_and_lies_at_the_edge(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    field, area = QLineEdit(), QScrollArea()
    column.addWidget(field)
    column.addWidget(area)
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    ring = FocusRing(theme, area)
    window.resize(300, 200)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert area.hasFocus()
    assert ring.isVisible()
    assert ring.geometry() == area.rect()
    grab = window.grab().toImage()
    edge = area.mapTo(window, QPoint(2, area.height() // 2))
    accent = theme.color("accent")
    assert [QColor(grab.pixel(edge.x() + dx, edge.y())) == accent for dx in (0, 8)] == [True, False]

    QTest.keyClick(area, Qt.Key.Key_Backtab)
    assert field.hasFocus()
    assert not ring.isVisible()
    QTest.mouseClick(area.viewport(), Qt.MouseButton.LeftButton)
    assert area.hasFocus()
    assert not ring.isVisible()
