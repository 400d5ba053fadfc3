"""Menus have round corners without the help of a compositor."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.widgets.menu import Menu


def test_a_menus_window_has_no_corners(qtbot: QtBot) -> None:
    menu = Menu()
    qtbot.addWidget(menu)
    menu.addAction("Copy")
    menu.popup(QPoint(20, 20))
    right, bottom = menu.width() - 1, menu.height() - 1
    mask = menu.mask()
    corners = [QPoint(x, y) for x in (0, right) for y in (0, bottom)]
    edges = [QPoint(right // 2, 0), QPoint(right // 2, bottom), QPoint(0, bottom // 2), QPoint(right, bottom // 2)]
    assert [mask.contains(one) for one in corners] == [False] * 4
    assert [mask.contains(one) for one in edges] == [True] * 4
    # AND one that gets another entry has the form of its new size
    menu.addAction("An entry that is much longer than the first one")
    menu.adjustSize()
    assert mask != menu.mask()
    assert not menu.mask().contains(QPoint(menu.width() - 1, menu.height() - 1))
    assert menu.mask().contains(QPoint(menu.width() - 1, menu.height() // 2))
    menu.close()
