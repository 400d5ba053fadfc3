"""A small card at the lower edge of the screen that says what was copied, and goes by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QMargins, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QCursor,
    QEnterEvent,
    QGuiApplication,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QRegion,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_vlm.ui.desktop.session import Session, current_session
from desktop_vlm.ui.quick_window.focus import Focus, platform_focus
from desktop_vlm.ui.quick_window.shadow import MARGINS, draw_shadow
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.theme.safe_paint import safe_paint

_SHOWN_MS = 5000
_WIDTH_PX = 400
_RADIUS_PX = 12
_FROM_EDGE_PX = 40
_MOST_LINES = 3


class TextNotice(QWidget):
    """Never takes the keyboard, and is gone after some seconds unless the pointer is on it; a click sends it away."""

    def __init__(self, theme: Theme, *, focus: Focus | None = None, parent: QWidget | None = None) -> None:
        flags = Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(parent, flags | Qt.WindowType.WindowDoesNotAcceptFocus)
        self._theme = theme
        self._focus = focus or platform_focus()
        self._is_floating = True
        self._stays = False
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setWindowTitle(self.tr("Copy text"))
        card = QFrame()
        set_kind(card, "card")
        self._card = card
        around = QVBoxLayout(self)
        around.addWidget(card)
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(6)
        self._icon = QLabel()
        self._title = QLabel()
        self._title.setWordWrap(True)
        set_kind(self._title, "row-title")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        column.addLayout(head)
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        set_kind(self._text, "muted")
        column.addWidget(self._text)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        column.addLayout(self._buttons)
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self._leave)
        self._icon_name = ""
        theme.changed.connect(self._show_icon)
        theme.changed.connect(self.update)

    def _show_icon(self) -> None:
        if self._icon_name:
            size = QSize(1, 1) * self._theme.scaled(18)
            self._icon.setPixmap(self._theme.icon(self._icon_name, "accent").pixmap(size, self.devicePixelRatioF()))

    @property
    def said(self) -> tuple[str, str]:
        """Title and text as they are shown."""
        return self._title.text(), self._text.text()

    def say(
        self,
        icon: str,
        title: str,
        text: str = "",
        choices: Sequence[tuple[str, Callable[[], None]]] = (),
        *,
        stays: bool = False,
    ) -> None:
        """Show a title, the beginning of a text, and what else can be done; `stays` until something else is said."""
        self._icon_name = icon
        self._show_icon()
        self._title.setText(title)
        self._text.setText(self._beginning(text))
        self._text.setVisible(bool(text.strip()))
        while (item := self._buttons.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for label, do in choices:
            button = QPushButton(label)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(partial(self._choose, do))
            self._buttons.addWidget(button)
        if choices:
            self._buttons.addStretch(1)
        self._place()
        self.show()
        self.raise_()
        self._stays = stays
        self._timer.start()

    def _choose(self, do: Callable[[], None], _checked: bool = False) -> None:
        self.hide()
        do()

    def _beginning(self, text: str) -> str:
        """The first lines, each cut where the card ends."""
        metrics = self._text.fontMetrics()
        lines = [line for line in text.splitlines() if line.strip()]
        shown = [
            metrics.elidedText(
                line.replace("\t", "   "), Qt.TextElideMode.ElideRight, self._theme.scaled(_WIDTH_PX) - 34
            )
            for line in lines[:_MOST_LINES]
        ]
        if len(lines) > _MOST_LINES:
            shown.append("\u2026")
        return "\n".join(shown)

    def _place(self) -> None:
        """In the middle of the lower edge of the screen with the pointer."""
        self._is_floating = self._focus.is_composited
        margins = MARGINS if self._is_floating else QMargins()
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(margins)
        width = self._theme.scaled(_WIDTH_PX) + margins.left() + margins.right()
        layout.activate()
        self.resize(width, layout.totalSizeHint().height())
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        area = screen.availableGeometry()
        bottom = area.bottom() + 1 - _FROM_EDGE_PX + margins.bottom()
        self.move(area.center().x() - width // 2, bottom - self.height())
        if self._is_floating:
            self.clearMask()
            return
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), _RADIUS_PX, _RADIUS_PX)
        self.setMask(QRegion(path.toFillPolygon().toPolygon()))

    def _leave(self) -> None:
        if self.underMouse() or self._stays:
            self._timer.start()
        else:
            self.hide()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        if self.isVisible():
            self._timer.start()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.hide()

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            if self._is_floating:
                card = QRectF(self._card.geometry())
                draw_shadow(painter, card, _RADIUS_PX, dark=self._theme.is_dark, ratio=self.devicePixelRatioF())
            else:
                painter.fillRect(self.rect(), self._theme.color("border"))


def platform_notice(theme: Theme) -> TextNotice | None:
    """One where programs may put a window where they like; None on Wayland, and where nobody sees it."""
    return None if current_session() in {Session.WAYLAND, Session.NONE} else TextNotice(theme)
