"""What every control of the settings has in common."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from desktop_vlm.ui.theme import Theme


def shown(text: str) -> str:
    """A text of the declarations in the person's language."""
    return QCoreApplication.translate("settings", text) if text else ""


class Control(QWidget):
    """Shows and changes one value.

    Attributes:
        wide: it wants the whole width, below its label.

    Signals:
        changed: the person chose another value.
    """

    changed = Signal(object)
    wide = False

    def value(self) -> object:
        raise NotImplementedError

    def set_value(self, value: object) -> None:
        """Show a value without telling anybody."""
        raise NotImplementedError

    def name(self, label: str, help_text: str) -> None:
        """Say what it is to people who do not see it."""
        raise NotImplementedError

    def flush(self) -> None:
        """Tell at once of a change that waits for a pause in typing."""


def icon_size(theme: Theme) -> QSize:
    """Size of an icon beside running text."""
    side = round(theme.text_px * 1.15)
    return QSize(side, side)


def fill(widget: QWidget, parts: Iterable[QWidget], margin: int = 0, spacing: int = 0) -> None:
    """Put parts side by side; only texts grow with the room."""
    layout = QHBoxLayout(widget)
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)
    for part in parts:
        layout.addWidget(part)
    if not any(isinstance(part, (QLineEdit, QPlainTextEdit)) for part in parts):
        widget.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)


def name_widget(widget: QWidget, label: str, help_text: str) -> None:
    """Say what a widget is to people who do not see it."""
    widget.setAccessibleName(label)
    widget.setAccessibleDescription(help_text)
