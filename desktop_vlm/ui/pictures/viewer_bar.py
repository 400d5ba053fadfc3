"""The bar at the top of the viewer: name, facts, zoom and buttons, dark in both themes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from desktop_vlm.ui.theme import DARK, Theme, set_kind
from desktop_vlm.ui.theme.icons import icon
from desktop_vlm.ui.widgets.bar_buttons import SIDE, icon_side, side_within
from desktop_vlm.ui.widgets.painting import elided

_MARGINS_PX = (16, 8, 12, 8)
_GROUPS_GAP_PX = 8
_FACTS_GAP_PX = 10
"""Between the name and the facts, with text of the usual size."""
_BESIDE_PX = 28
"""What is left free between the words and the buttons."""
_SHORTEST_NAME_PX = 60
"""Of a name, with text of the usual size. Where it had less room beside the facts, it stands alone; where it had less
beside the buttons, it stands below them."""


class ViewerBar(QWidget):
    """What is shown, and what can be done with it.

    Attributes:
        zoom: the scale, or for a moment what was just done.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._around_words = QWidget(self)
        self._name = on_dark_label("on-dark", self._around_words)
        self._facts = on_dark_label("on-dark-muted", self._around_words)
        self._words = QHBoxLayout(self._around_words)
        self._words.setContentsMargins(0, 0, 0, 0)
        self._words.addWidget(self._name)
        self._words.addWidget(self._facts)
        self._words.addStretch(1)
        self.zoom = on_dark_label("on-dark-muted", self)
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._row = QHBoxLayout()
        self._row.setSpacing(2)
        self._lines = QGridLayout(self)
        self._lines.setContentsMargins(*_MARGINS_PX)
        self._lines.setVerticalSpacing(0)
        self._lines.setColumnStretch(0, 1)
        self._lines.addWidget(self._around_words, 0, 0)
        self._lines.addLayout(self._row, 0, 1)

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
        self._row.addSpacing(_GROUPS_GAP_PX)

    def show_facts(self, name: str, facts: Sequence[str], theme: Theme) -> None:
        """Name and facts of what is shown, beside or below buttons that are as large as goes with the text."""
        buttons_px = self._fit(theme)
        gap = theme.scaled(_FACTS_GAP_PX)
        self._words.setSpacing(gap)
        left, _, right, _ = _MARGINS_PX
        font, written = theme.font(weight=QFont.Weight.DemiBold), "   ".join(facts)
        whole, shortest = QFontMetrics(font).horizontalAdvance(name) + 1, theme.scaled(_SHORTEST_NAME_PX)
        room = self.width() - left - right - _BESIDE_PX - buttons_px
        is_below = room < min(whole, shortest)
        self._lines.addWidget(self._around_words, int(is_below), 0, 1, 2 if is_below else 1)
        if is_below:
            room = self.width() - left - right
        beside = room - gap - self._facts.fontMetrics().horizontalAdvance(written)
        is_alone = beside < min(whole, shortest)
        self._name.setText(elided(name, font, room if is_alone else beside))
        self._name.setToolTip(name)
        self._facts.setText("" if is_alone else written)

    def _fit(self, theme: Theme) -> int:
        """Make the buttons as large as goes with the text; what they and the scale take with their gaps, px."""
        buttons = self.findChildren(QToolButton)
        self.zoom.setFixedWidth(theme.scaled(64))
        items = [self._row.itemAt(number) for number in range(self._row.count())]
        others = sum(one.sizeHint().width() for one in items if one is not None and one.widget() not in buttons)
        taken = others + self._row.spacing() * len(items)
        left, _, right, _ = _MARGINS_PX
        room = self.width() - left - right - taken - _BESIDE_PX - _SHORTEST_NAME_PX
        side = side_within(theme, room, SIDE * len(buttons))
        for one in buttons:
            one.setIconSize(QSize(1, 1) * (icon_side(side) + 2))
            one.setFixedSize(max(side, one.sizeHint().width()) if one.text() else side, side + 2)
            taken += 0 if one.isHidden() else one.width()
        return taken


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
