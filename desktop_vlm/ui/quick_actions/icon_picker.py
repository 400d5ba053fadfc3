"""Choosing an icon among a few that fit questions about pictures."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QToolButton

from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.control import Control
from desktop_vlm.ui.widgets.menu import round_corners
from desktop_vlm.ui.widgets.on_screen import moved_inside

ICONS = (
    *("scan-eye", "scan-text", "table", "receipt", "square-function", "bug", "chart-column", "image"),
    *("sparkles", "languages", "list-checks", "code", "file-text", "lightbulb", "pencil", "tag"),
    *("calculator", "clipboard-list", "mail", "map", "quote", "ruler", "user", "book-open"),
    *("calendar", "shopping-cart", "palette", "terminal", "globe", "star", "camera", "heart"),
    *("shield-check", "scale", "search", "clock", "key", "truck", "car", "leaf"),
    *("list-collapse", "columns-2", "captions", "file-code", "message-square", "hash", "link", "bell"),
)
"""Lucide names."""

_COLUMNS = 8


class _Popup(QFrame):
    """Closes with Escape; the arrow keys go from icon to icon."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -_COLUMNS,
            Qt.Key.Key_Down: _COLUMNS,
        }
        step = steps.get(Qt.Key(event.key()))
        buttons = self.findChildren(QToolButton)
        focused = next((index for index, button in enumerate(buttons) if button.hasFocus()), 0)
        if step is not None and 0 <= focused + step < len(buttons):
            buttons[focused + step].setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_corners(self)


class IconPicker(Control):
    """A button with the chosen icon; a click shows the others."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._icon = ICONS[0]
        self.button = QToolButton()
        self.button.clicked.connect(self.open)
        self.popup: QFrame | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.button)
        set_kind(self.button, "outlined")
        theme.changed.connect(self._show)
        self._show()

    def value(self) -> str:
        return self._icon

    def set_value(self, value: object) -> None:
        self._icon = str(value)
        self._show()

    def name(self, label: str, help_text: str) -> None:
        self.button.setAccessibleName(label)
        self.button.setAccessibleDescription(help_text)
        self.button.setToolTip(label)

    def open(self) -> None:
        """Show the icons to choose from."""
        popup = self.popup = _Popup(self, Qt.WindowType.Popup)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_kind(popup, "popup")
        grid = QGridLayout(popup)
        grid.setContentsMargins(8, 8, 8, 8)
        grid.setSpacing(2)
        for index, name in enumerate(ICONS):
            button = QToolButton()
            button.setIcon(self._theme.icon(name, "accent" if name == self._icon else "text"))
            button.setIconSize(self._size())
            button.setAccessibleName(name.replace("-", " "))
            button.setToolTip(button.accessibleName())
            button.clicked.connect(lambda _checked=False, name=name: self._choose(name))
            grid.addWidget(button, index // _COLUMNS, index % _COLUMNS)
            if name == self._icon:
                button.setFocus()
        below = self.button.mapToGlobal(QPoint(0, self.button.height() + 4))
        popup.move(moved_inside(QRect(below, popup.sizeHint()), self.screen().availableGeometry()).topLeft())
        popup.show()

    def _choose(self, name: str) -> None:
        if self.popup:
            self.popup.close()
        self.set_value(name)
        self.changed.emit(name)

    def _show(self) -> None:
        self.button.setIcon(self._theme.icon(self._icon, "accent"))
        self.button.setIconSize(self._size())

    def _size(self) -> QSize:
        side = round(self._theme.text_px * 1.4)
        return QSize(side, side)
