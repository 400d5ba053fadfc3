"""Quick actions as a row of chips; those for which there is no room are in a menu."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.quick_actions.placeholders import PLACEHOLDERS
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.menu import Menu, passing_menu

_SPACING = 6


class ActionChips(QWidget):
    """As many chips as there is room for.

    Signals:
        chosen: a QuickAction.
        edit_requested: the id of an action that shall be edited, or "" for all of them.
        value_chosen: a `Placeholder`, and what it shall stand for.
    """

    chosen = Signal(object)
    edit_requested = Signal(str)
    value_chosen = Signal(object, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._actions: list[QuickAction] = []
        self._n_shown = 0
        self._chips: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_SPACING)
        self._row.addStretch(1)
        self._more = QPushButton(" " + self.tr("More"))
        self._more.setProperty("kind", "chip")
        self._more.setAccessibleName(self.tr("More quick actions"))
        self._menu = Menu(self._more)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._more.setMenu(self._menu)
        self._row.insertWidget(0, self._more)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)

    @property
    def has_actions(self) -> bool:
        """Whether any is offered."""
        return bool(self._actions)

    def set_actions(self, actions: Sequence[QuickAction]) -> None:
        """Offer these, in this order."""
        if list(actions) == self._actions:
            return
        before = list(zip(self._actions, self._chips, strict=True))
        kept = {action.id: chip for action, chip in before if action in actions}
        self._actions = list(actions)
        self._chips = [kept.get(action.id) or self._chip(action) for action in self._actions]
        for chip in (chip for _, chip in before if chip not in self._chips):
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        for number, chip in enumerate(self._chips):
            self._row.insertWidget(number, chip)
        for one, other in pairwise([*self._chips, self._more]):
            QWidget.setTabOrder(one, other)
        self._restyle()

    def _chip(self, action: QuickAction) -> QPushButton:
        chip = QPushButton(f" {action.name}")  # some air beside the icon
        chip.setAccessibleName(action.name)
        chip.setProperty("kind", "chip")
        name = f"{action.name} ({action.shortcut})" if action.shortcut else action.name
        chip.setToolTip("\n".join(part for part in (name, action.note) if part))
        chip.clicked.connect(lambda: self.chosen.emit(action))
        chip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        chip.customContextMenuRequested.connect(partial(self._open_menu, chip, action))
        return chip

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
        self._more.setText("")
        if sum(widths) + self._more.sizeHint().width() > self.width():
            self._more.setText(" " + self.tr("More"))
            room = self.width() - self._more.sizeHint().width()
            shown = next((n for n in range(len(widths)) if sum(widths[: n + 1]) > room), 0)
        for number, chip in enumerate(self._chips):
            chip.setVisible(number < shown)
        is_all = shown == len(self._chips)
        self._n_shown = shown
        self._more.setText("" if is_all else " " + self.tr("More"))
        self._more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _fill_menu(self) -> None:
        for old in self._menu.findChildren(QMenu):
            old.deleteLater()
        self._menu.clear()
        for action in self._actions[self._n_shown :]:
            entry = self._menu.addAction(self._theme.icon(action.icon), action.name)
            entry.setShortcutVisibleInContextMenu(True)
            entry.triggered.connect(lambda _=False, action=action: self.chosen.emit(action))
        self._menu.addSeparator()
        self._add_entries(self._menu, self._actions)

    def make_menu(self, action: QuickAction) -> QMenu:
        """What can be done about an action where it is; deleted once it is closed."""
        menu = passing_menu(self)
        words = self.tr("Edit {0}…").format(action.name)
        menu.addAction(self._theme.icon("pencil"), words, partial(self.edit_requested.emit, action.id))
        self._add_entries(menu, [action])
        return menu

    def _add_entries(self, menu: QMenu, actions: Sequence[QuickAction]) -> None:
        """What the placeholders of these actions stand for, and the way to all actions."""
        used = {name: value for action in actions for name, value in action.filled}
        for placeholder in (one for one in PLACEHOLDERS if one.name in used):
            label = QCoreApplication.translate("settings", placeholder.label)
            choices = Menu(f"{label}: {used[placeholder.name]}", menu)
            choices.setIcon(self._theme.icon(placeholder.icon))
            menu.addMenu(choices)
            for value in sorted({*placeholder.choices, used[placeholder.name]}):
                entry = choices.addAction(value, partial(self.value_chosen.emit, placeholder, value))
                entry.setCheckable(True)
                entry.setChecked(value == used[placeholder.name])
        menu.addAction(
            self._theme.icon("settings"), self.tr("Add or edit actions…"), partial(self.edit_requested.emit, "")
        )

    def _open_menu(self, chip: QPushButton, action: QuickAction, place: QPoint) -> None:
        self.make_menu(action).popup(chip.mapToGlobal(place))
