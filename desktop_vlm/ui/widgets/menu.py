"""Menus and other popups with round corners, also where no compositor could make their corners transparent."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

POPUP_RADIUS_PX = 8
"""As the style sheet draws their borders."""


class Menu(QMenu):
    """A menu whose window has the form of its border."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_corners(self)


def passing_menu(parent: QWidget) -> Menu:
    """A menu that is deleted once it is closed."""
    menu = Menu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def round_corners(window: QWidget, radius_px: int = POPUP_RADIUS_PX) -> None:
    """Cut the corners off a window as it is now; to be called whenever it has another size."""
    region, wide, high = QRegion(window.rect()), window.width(), window.height()
    for row in range(radius_px):  # as far out as the border that is drawn there touches a pixel
        inset = math.floor(radius_px - math.sqrt(radius_px**2 - (radius_px - row - 1) ** 2))
        for y in (row, high - 1 - row):
            region -= QRegion(0, y, inset, 1)
            region -= QRegion(wide - inset, y, inset, 1)
    window.setMask(region)
