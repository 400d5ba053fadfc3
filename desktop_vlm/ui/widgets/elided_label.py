"""Lines of text that give way: there are dots in them where there is no room for all."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QStyle, QStyleOption, QStyleOptionButton, QStylePainter

from desktop_vlm.ui.theme.safe_paint import safe_paint


class ElidedLabel(QLabel):
    """Plain text on one line; all of it is in the tooltip where it is cut."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOption()
        option.initFrom(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        with QPainter(self) as painter:
            style: QStyle = self.style()
            place = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            style.drawItemText(
                painter, self.rect(), place, option.palette, self.isEnabled(), shown, self.foregroundRole()
            )


class ElidedButton(QPushButton):
    """A button whose words have dots in their middle: what comes last often says what it does."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def setText(self, text: str) -> None:
        """Take the words and the room for them at once: a progress bar has all that is new drawn before the layout."""
        super().setText(text)
        parent = self.parentWidget()
        layout = parent.layout() if parent is not None else None
        if layout is not None:
            layout.activate()

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, inside)
        option.text = shown
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)
