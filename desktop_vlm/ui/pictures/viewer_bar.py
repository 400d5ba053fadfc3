"""The bar at the top of the viewer: name, facts, zoom and buttons, dark in both themes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from desktop_vlm.ui.theme import DARK, Theme, set_kind
from desktop_vlm.ui.theme.icons import icon
from desktop_vlm.ui.widgets.painting import elided

_BUTTONS_PX = 556
_FACTS_PX = 200
_NARROW_PX = 760
"""Bars narrower than this have room for the name only."""


class ViewerBar(QWidget):
    """What is shown, and what can be done with it.

    Attributes:
        zoom: the scale, or for a moment what was just done.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 8, 12, 8)
        self._row.setSpacing(4)
        self._name = on_dark_label("on-dark", self)
        self._facts = on_dark_label("on-dark-muted", self)
        self.zoom = on_dark_label("on-dark-muted", self)
        self.zoom.setFixedWidth(64)
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._row.addWidget(self._name)
        self._row.addSpacing(8)
        self._row.addWidget(self._facts)
        self._row.addStretch(1)

    def add_button(self, icon_name: str, text: str, do: Callable[[], object]) -> None:
        """Another button; `text` is its tool tip."""
        self._row.addWidget(bar_button(icon_name, text, do, self))

    def add_written(self, written: str, text: str, do: Callable[[], object]) -> None:
        """Another button, with this on it instead of an icon."""
        made = _button(text, do, self)
        made.setText(written)
        self._row.addWidget(made)

    def add_zoom(self) -> None:
        """The scale comes here."""
        self._row.addWidget(self.zoom)

    def add_gap(self) -> None:
        """What follows belongs to another group."""
        self._row.addSpacing(12)

    def show_facts(self, name: str, facts: Sequence[str], theme: Theme) -> None:
        """Name and facts of what is shown."""
        is_narrow = self.width() < _NARROW_PX
        room = self.width() - (_BUTTONS_PX if is_narrow else _BUTTONS_PX + _FACTS_PX)
        self._name.setText(elided(name, theme.font(), max(30, room)))
        self._name.setToolTip(name)
        self._facts.setText("" if is_narrow else "   ".join(facts))


def bar_button(icon_name: str, text: str, do: Callable[[], object], parent: QWidget) -> QToolButton:
    """A button with an icon; `text` is its tool tip, and without its key the accessible name."""
    made = _button(text, do, parent)
    made.setIcon(icon(icon_name, DARK.text, DARK.control))
    made.setIconSize(QSize(20, 20))
    return made


def _button(text: str, do: Callable[[], object], parent: QWidget) -> QToolButton:
    made = QToolButton(parent)
    set_kind(made, "on-dark")
    made.setFixedSize(36, 36)
    made.setToolTip(text)
    made.setAccessibleName(text.split(" (", maxsplit=1)[0])
    made.clicked.connect(lambda _checked=False: do())
    return made


def on_dark_label(kind: str, parent: QWidget) -> QLabel:
    """A label of one of the kinds "on-dark"."""
    made = QLabel(parent)
    made.setProperty("kind", kind)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, kind == "on-dark-message")
    return made
