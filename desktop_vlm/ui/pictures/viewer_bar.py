"""The bar at the top of the viewer: name, facts, zoom and buttons, dark in both themes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from desktop_vlm.ui.theme import DARK, Theme, set_kind
from desktop_vlm.ui.theme.icons import icon
from desktop_vlm.ui.widgets.bar_buttons import SIDE, icon_side, side_within
from desktop_vlm.ui.widgets.painting import elided

_GAPS_PX = 56
"""Margins, and what is left free between name and buttons."""
_SHORTEST_NAME_PX = 60
"""Where there is less room than for this beside the facts, the name stands alone."""


_FIRST_BUTTON = 4
"""In the row: before it are the name, the facts and gaps."""


class ViewerBar(QWidget):
    """What is shown, and what can be done with it.

    Attributes:
        zoom: the scale, or for a moment what was just done.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 8, 12, 8)
        self._row.setSpacing(2)
        self._name = on_dark_label("on-dark", self)
        self._facts = on_dark_label("on-dark-muted", self)
        self.zoom = on_dark_label("on-dark-muted", self)
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._row.addWidget(self._name)
        self._row.addSpacing(8)
        self._row.addWidget(self._facts)
        self._row.addStretch(1)

    def add_button(self, icon_name: str, text: str, do: Callable[[], object]) -> QToolButton:
        """Another button; `text` is its tool tip."""
        made = bar_button(icon_name, text, do, self)
        self._row.addWidget(made)
        return made

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
        self._row.addSpacing(8)

    def show_facts(self, name: str, facts: Sequence[str], theme: Theme) -> None:
        """Name and facts of what is shown, beside buttons that are as large as goes with the text."""
        self._fit(theme)
        written = "   ".join(facts)
        room = self.width() - self._buttons_px - _GAPS_PX
        beside = room - self._facts.fontMetrics().horizontalAdvance(written)
        is_narrow = beside < _SHORTEST_NAME_PX
        self._name.setText(elided(name, theme.font(), max(30, room if is_narrow else beside)))
        self._name.setToolTip(name)
        self._facts.setText("" if is_narrow else written)

    def _fit(self, theme: Theme) -> None:
        buttons = self.findChildren(QToolButton)
        self.zoom.setFixedWidth(theme.scaled(64))
        items = [self._row.itemAt(number) for number in range(_FIRST_BUTTON, self._row.count())]
        others = sum(one.sizeHint().width() for one in items if one is not None and one.widget() not in buttons)
        room = self.width() - _GAPS_PX - _SHORTEST_NAME_PX - others - self._row.spacing() * len(items)
        side = side_within(theme, room, SIDE * len(buttons))
        for one in buttons:
            one.setIconSize(QSize(1, 1) * (icon_side(side) + 2))
            one.setFixedSize(max(side, one.sizeHint().width()) if one.text() else side, side + 2)

    @property
    def _buttons_px(self) -> int:
        """What the buttons and the scale take with their gaps."""
        items = [self._row.itemAt(number) for number in range(_FIRST_BUTTON, self._row.count())]
        return sum(item.sizeHint().width() + self._row.spacing() for item in items if item is not None)


def bar_button(icon_name: str, text: str, do: Callable[[], object], parent: QWidget) -> QToolButton:
    """A button with an icon; `text` is its tool tip, and without its key the accessible name."""
    made = _button(text, do, parent)
    made.setIcon(icon(icon_name, DARK.text, DARK.control))
    return made


def fit_round_buttons(theme: Theme, *buttons: QToolButton) -> None:
    """As large as goes with the text."""
    side = min(theme.scaled(44), 66)
    for one in buttons:
        one.setFixedSize(side, side)
        one.setIconSize(QSize(1, 1) * round(side * 24 / 44))


def _button(text: str, do: Callable[[], object], parent: QWidget) -> QToolButton:
    made = QToolButton(parent)
    set_kind(made, "on-dark")
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
