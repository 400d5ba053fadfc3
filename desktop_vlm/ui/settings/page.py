"""What pages of the settings are made of: a title, headings, and cards of rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from desktop_vlm.settings import Settings
from desktop_vlm.settings.fields import Setting
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.control import Control, icon_size, shown
from desktop_vlm.ui.widgets.controls import control_for


class ChangeSetting(Protocol):
    """Applies settings of one section and writes them to the file."""

    def __call__(self, section: str, **changes: Any) -> None: ...


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
        self.help.setVisible(bool(help_text))
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


class Page(QWidget):
    """One page of the dialog.

    Attributes:
        title: its heading.
        controls: (section, key) -> control, of all settings that it shows.
    """

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self.theme = theme
        self.title = title
        self.controls: dict[tuple[str, str], Control] = {}
        content = QWidget()
        set_kind(content, "clear")
        self._outer = QVBoxLayout(content)
        self._outer.setContentsMargins(32, 28, 32, 28)
        self._outer.setSpacing(10)
        heading = text_label(title, "title")
        heading.setContentsMargins(0, 0, 0, 8)
        self._outer.addWidget(heading)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.area, 1)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        self._outer.addWidget(widget, stretch)

    def add_heading(self, text: str) -> QLabel:
        heading = text_label(text, "heading")
        heading.setContentsMargins(0, 12, 0, 0)
        self._outer.addWidget(heading)
        return heading

    def add_footer(self, footer: QWidget) -> None:
        """Something that stays in sight below what scrolls."""
        layout = self.layout()
        assert layout is not None
        line = QFrame()
        set_kind(line, "line")
        layout.addWidget(line)
        layout.addWidget(footer)

    def add_stretch(self) -> None:
        self._outer.addStretch(1)

    def add_settings(self, section: str, settings: Iterable[Setting], change: ChangeSetting) -> list[Card]:
        """A card for each group of settings, under its heading."""
        cards: dict[str, Card] = {}
        for one in settings:
            if one.group not in cards:
                if one.group:
                    self.add_heading(shown(one.group))
                cards[one.group] = Card()
                self.add(cards[one.group])
            cards[one.group].add(self.row(section, one, change))
        return list(cards.values())

    def row(self, section: str, one: Setting, change: ChangeSetting) -> Row:
        """The row of one setting."""
        control = control_for(self.theme, one.rule)
        control.name(shown(one.label), shown(one.help))
        control.changed.connect(lambda value, name=one.name: change(section, **{name: value}))
        self.controls[section, one.name] = control
        return Row(shown(one.label), shown(one.help), control, control.wide)

    def show_settings(self, settings: Settings) -> None:
        """Show the active values."""
        for (section, name), control in self.controls.items():
            control.set_value(getattr(getattr(settings, section), name))

    def flush(self) -> None:
        """Save what was typed last."""
        for control in self.controls.values():
            control.flush()


def text_label(text: str, kind: str = "") -> QLabel:
    """Text that wraps; the kinds are those of the style sheet."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if kind:
        set_kind(label, kind)
    return label
