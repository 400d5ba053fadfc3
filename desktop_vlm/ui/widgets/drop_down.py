"""A box whose list drops down: the theme's arrow on it, and a list that looks as the menus do."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
)

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.menu import round_corners

_GAP_PX = 3
"""Between the box and its list."""


class DropDown(QComboBox):
    """The wheel scrolls the page, not the choice, unless it has the focus."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setItemDelegate(QStyledItemDelegate(self))  # the style's own knows nothing of the style sheet's rows

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        # Style sheets cannot leave out the style's own arrow, so it is not asked for.
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.subControls = QStyle.SubControl.SC_ComboBoxFrame | QStyle.SubControl.SC_ComboBoxEditField
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        side = self._theme.text_px
        icon = self._theme.icon("chevron-down", "muted")
        icon.paint(painter, self.width() - side - 8, (self.height() - side) // 2, side, side)

    def showPopup(self) -> None:
        super().showPopup()
        popup = self.view().window()
        if isinstance(popup, QFrame):  # its own frame would lie around the list's
            popup.setFrameShape(QFrame.Shape.NoFrame)
        if popup.y() >= self.mapToGlobal(QPoint(0, self.height())).y() - 1:
            popup.move(popup.x(), popup.y() + _GAP_PX)
        round_corners(popup)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
