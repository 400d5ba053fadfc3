"""Small parts that the rows of the model page share."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.control import icon_size
from desktop_vlm.ui.widgets.dot import Dot


class Icons(QObject):
    """Keeps the icons of some buttons in the theme's colours."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._buttons: dict[QAbstractButton, tuple[str, str]] = {}
        theme.changed.connect(self._follow)

    def put(self, button: QAbstractButton, name: str, tone: str = "muted") -> None:
        """Give a button an icon, or another one."""
        self._buttons[button] = name, tone
        self._set(button)

    def _follow(self) -> None:
        for button in self._buttons:
            self._set(button)

    def _set(self, button: QAbstractButton) -> None:
        button.setIcon(self._theme.icon(*self._buttons[button]))
        button.setIconSize(icon_size(self._theme))


def push_button(text: str, name: str, do: Callable[[], object] | None = None, kind: str = "secondary") -> QPushButton:
    """A button; `name` is what people hear who do not see it."""
    button = QPushButton(text)
    button.setAccessibleName(name)
    button.setAutoDefault(False)
    button.setProperty("kind", kind)  # it is not polished yet, so that no style has to look again
    if do:
        button.clicked.connect(lambda _=False: do())
    return button


def tool_button(name: str, do: Callable[[], object] | None = None) -> QToolButton:
    """A button that is an icon only."""
    button = QToolButton()
    button.setAccessibleName(name)
    button.setToolTip(name)
    if do:
        button.clicked.connect(lambda _=False: do())
    return button


def set_shown(widget: QWidget, shown: bool) -> None:
    """Show or hide a widget; the focus of one that goes stays where it was, and does not jump to some other button."""
    parent = widget.parentWidget()
    if not shown and widget.hasFocus() and parent is not None:
        parent.setFocus()
    widget.setVisible(shown)


def line_of(*widgets: QWidget, spacing: int = 8) -> QWidget:
    """Widgets side by side, at the left."""
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    layout.addStretch(1)
    return line


class Mark(QWidget):
    """A lamp with a few words beside it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._dot = Dot(theme)
        self._label = QLabel()
        self._label.setProperty("kind", "caption")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(7)
        layout.addWidget(self._dot)
        layout.addWidget(self._label)
        layout.addStretch(1)

    @property
    def text(self) -> str:
        return self._label.text()

    def show_text(self, text: str, tone: str) -> None:
        """Say something in one of the theme's colours; whoever shows and hides it does so by itself."""
        self._dot.set_tone(tone)
        self._label.setText(text)
