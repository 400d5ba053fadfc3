"""The small button that copies something, and says that it did."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QPaintEvent
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionToolButton, QStylePainter, QToolButton, QWidget

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint

SAID_MS = 2_000
_AIR_PX = 4
"""Between icon and word, more than styles leave there."""


class CopyButton(QToolButton):
    """Puts what `source` returns on the clipboard and shows a tick for two seconds."""

    def __init__(
        self, theme: Theme, source: Callable[[], str | QMimeData], name: str, parent: QWidget, *, label: bool
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._source = source
        self._name = name
        self._label = label
        self._copied = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._forget)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(name)
        if label:
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.clicked.connect(self._copy)
        self.restyle()

    def restyle(self) -> None:
        """Take the theme again."""
        size = round(self._theme.text_px * 1.05)
        self.setIconSize(QSize(size, size))
        self.setFont(self._theme.font(0.86))
        self.setIcon(self._theme.icon("check", "success") if self._copied else self._theme.icon("copy"))
        said = self.tr("Copied") if self._copied else self.tr("Copy")
        self.setText(said if self._label else "")
        self.setAccessibleName(said if self._copied else self._name)

    def sizeHint(self) -> QSize:
        return super().sizeHint() + (QSize(_AIR_PX, 0) if self._label else QSize(0, 0))

    @safe_paint
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._label:
            super().paintEvent(event)
            return
        painter = QStylePainter(self)
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.icon, option.text = QIcon(), ""
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        icon, words = self.iconSize(), self.fontMetrics().horizontalAdvance(self.text())
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = (self.width() - icon.width() - 2 * _AIR_PX - words) // 2
        at_icon = QRect(left, (self.height() - icon.height()) // 2, icon.width(), icon.height())
        at_words = QRect(at_icon.right() + 1 + 2 * _AIR_PX, 0, words + 1, self.height())
        if is_mirrored:
            at_icon.moveRight(self.width() - 1 - at_icon.left())
            at_words.moveRight(self.width() - 1 - at_words.left())
        self.icon().paint(painter, at_icon)
        painter.setPen(self.palette().buttonText().color())
        painter.drawText(at_words, Qt.AlignmentFlag.AlignCenter, self.text())

    def _copy(self) -> None:
        copied = self._source()
        if isinstance(copied, str):
            QApplication.clipboard().setText(copied)
        else:
            QApplication.clipboard().setMimeData(copied)
        self._copied = True
        self._timer.start(SAID_MS)
        self.restyle()

    def _forget(self) -> None:
        self._copied = False
        self.restyle()
