"""What pages of the settings are made of: a title, headings, and a card of rows for each group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_vlm.api.fields import Setting
from desktop_vlm.settings import Settings
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.cards import Card, Row, text_label
from desktop_vlm.ui.widgets.control import Control, shown
from desktop_vlm.ui.widgets.controls import control_for


class ChangeSetting(Protocol):
    """Applies settings of one section and writes them to the file."""

    def __call__(self, section: str, **changes: Any) -> None: ...


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
