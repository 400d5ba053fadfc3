"""Cards of rows: a label and its help beside a control, or something to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.control import icon_size


class Card(QFrame):
    """Rows with lines between them."""

    def __init__(self) -> None:
        super().__init__()
        set_kind(self, "card")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(18, 6, 18, 6)
        self._layout.setSpacing(0)

    def add(self, widget: QWidget) -> None:
        if self._layout.count():
            line = QFrame()
            set_kind(line, "line")
            self._layout.addWidget(line)
        self._layout.addWidget(widget)


class Row(QWidget):
    """A label with help on the left and its control on the right, or below where it is wide.

    Attributes:
        help: the label with the help, to change or hide it.
    """

    def __init__(self, label: str, help_text: str, control: QWidget | None = None, wide: bool = False) -> None:
        super().__init__()
        self.control = control
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addStretch(1)
        title = text_label(label)
        title.setBuddy(control) if control else None
        text.addWidget(title)
        self.help = text_label(help_text, "caption")
        if not help_text:  # one that is shown before it is in anything would be a window for a moment
            self.help.hide()
        text.addWidget(self.help)
        text.addStretch(1)
        layout: QVBoxLayout | QHBoxLayout = QVBoxLayout(self) if wide else QHBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 12)
        layout.setSpacing(8 if wide else 24)
        layout.addLayout(text, 1)
        if control:
            if wide:
                layout.addWidget(control)
            else:
                layout.addWidget(control, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class CopyRow(QWidget):
    """A path or a command to read, select and copy."""

    def __init__(self, theme: Theme, label: str, value: str) -> None:
        super().__init__()
        self._theme = theme
        self._value = value
        shown_value = QLabel(self._value.replace("/", "/\u200b"))  # a long path breaks after a slash
        shown_value.setWordWrap(True)
        shown_value.setTextFormat(Qt.TextFormat.PlainText)
        shown_value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        shown_value.setAccessibleName(f"{label}: {self._value}")
        set_kind(shown_value, "caption")
        self.copy = QToolButton()
        self.copy.setAccessibleName(self.tr("Copy: {0}").format(label))
        self.copy.setToolTip(self.tr("Copy"))
        self.copy.clicked.connect(self._copy)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(text_label(label))
        text.addWidget(shown_value)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 10)
        layout.setSpacing(16)
        layout.addLayout(text, 1)
        layout.addWidget(self.copy)
        theme.changed.connect(self._set_icon)
        self._set_icon()

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)  # type: ignore[arg-type]
        self._set_icon()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._value)
        self.copy.setIcon(self._theme.icon("check", "success"))

    def _set_icon(self) -> None:
        self.copy.setIcon(self._theme.icon("copy", "muted"))
        self.copy.setIconSize(icon_size(self._theme))


def text_label(text: str, kind: str = "") -> QLabel:
    """Text that wraps; the kinds are those of the style sheet."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("kind", kind)  # it is not polished yet, so that no style has to look again
    return label
