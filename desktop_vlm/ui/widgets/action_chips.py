"""Quick actions as a row of chips; those for which there is no room are in a menu."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.theme import Theme

_SPACING = 6


class ActionChips(QWidget):
    """As many chips as there is room for.

    Signals:
        chosen: a QuickAction.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._actions: list[QuickAction] = []
        self._chips: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_SPACING)
        self._row.addStretch(1)
        self._more = QPushButton(" " + self.tr("More"))
        self._more.setProperty("kind", "chip")
        self._more.setAccessibleName(self.tr("More quick actions"))
        self._menu = QMenu(self._more)
        self._more.setMenu(self._menu)
        self._row.insertWidget(0, self._more)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)

    def set_actions(self, actions: Sequence[QuickAction]) -> None:
        """Offer these, in this order."""
        self._actions = list(actions)
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = []
        for number, action in enumerate(self._actions):
            chip = QPushButton(f" {action.name}")  # some air beside the icon
            chip.setAccessibleName(action.name)
            chip.setProperty("kind", "chip")
            name = f"{action.name} ({action.shortcut})" if action.shortcut else action.name
            chip.setToolTip("\n".join(part for part in (name, action.note) if part))
            chip.clicked.connect(lambda _=False, action=action: self.chosen.emit(action))
            self._row.insertWidget(number, chip)
            self._chips.append(chip)
        for before, after in pairwise([*self._chips, self._more]):
            QWidget.setTabOrder(before, after)
        self._restyle()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._more.sizeHint().width(), self._more.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _restyle(self) -> None:
        for chip, action in zip(self._chips, self._actions, strict=True):
            chip.setIcon(self._theme.icon(action.icon, "faint"))
        self._more.setIcon(self._theme.icon("ellipsis", "faint"))
        self._fit()

    def _fit(self) -> None:
        widths = [chip.sizeHint().width() + _SPACING for chip in self._chips]
        shown = len(widths)
        if sum(widths) > self.width():
            room = self.width() - self._more.sizeHint().width()
            shown = next((n for n in range(len(widths)) if sum(widths[: n + 1]) > room), 0)
        for number, chip in enumerate(self._chips):
            chip.setVisible(number < shown)
        self._more.setVisible(shown < len(self._chips))
        self._menu.clear()
        for action in self._actions[shown:]:
            entry = self._menu.addAction(self._theme.icon(action.icon), action.name)
            entry.setShortcutVisibleInContextMenu(True)
            entry.triggered.connect(lambda _=False, action=action: self.chosen.emit(action))
        self._more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
