"""Editing the quick actions: the list on the left, the chosen one on the right."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.errors import UserError
from desktop_vlm.quick_actions import QuickAction, QuickActionStore
from desktop_vlm.ui.quick_actions.form import ActionForm
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.control import icon_size

_ROWS_ABOVE = 5
"""Of the list where it is above: the chosen action begins on the same screen."""
_ID = Qt.ItemDataRole.UserRole


class QuickActionEditor(QWidget):
    """Every change is saved at once.

    Signals:
        actions_changed: after a change was saved.
        failed: a change could not be saved; the sentence.
    """

    actions_changed = Signal()
    failed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        store: QuickActionStore,
        taken: Mapping[str, str],
        capabilities: Capabilities | None = None,
    ) -> None:
        """Make the editor.

        Args:
            theme: of the window.
            store: what is edited.
            taken: keys of the window, as Qt writes them -> what they do.
            capabilities: of the loaded model; what needs another model is not listed.
        """
        super().__init__()
        self._capabilities = capabilities
        self._theme = theme
        self._store = store
        self._window_keys = taken
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Quick actions"))
        self.list.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        set_kind(self.list, "nav")
        self.form = ActionForm(theme, self._taken)
        self._tools: list[tuple[QToolButton, str]] = []
        self._make_buttons()
        self._lay_out()
        self.list.currentItemChanged.connect(lambda _new, _old: self._show_current())
        self.list.model().rowsMoved.connect(lambda *_where: self._dragged())
        self.form.changed.connect(lambda action: self._do(lambda: self._store.change(action)))
        theme.changed.connect(self._refresh)
        self._refresh()
        self.list.setCurrentRow(0)

    def flush(self) -> None:
        """Save what was typed last."""
        self.form.flush()

    def select(self, id_: str) -> None:
        """Show one action."""
        for row in range(self.list.count()):
            if self.list.item(row).data(_ID) == id_:
                self.list.setCurrentRow(row)

    def _make_buttons(self) -> None:
        self.add = self._tool("plus", self.tr("Add an action"), self._add)
        self.duplicate = self._tool("copy", self.tr("Duplicate"), self._duplicate)
        self.up = self._tool("arrow-up", self.tr("Move up"), lambda: self._move(-1))
        self.down = self._tool("arrow-down", self.tr("Move down"), lambda: self._move(1))
        self.reset = self._button(self.tr("Reset to built-in"), "quiet", self._reset)
        self.hide_button = self._button(self.tr("Hide"), "secondary", self._hide)
        self.delete = self._button(self.tr("Delete"), "danger", self._delete)

    def _tool(self, icon: str, label: str, action: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(label)
        button.setToolTip(label)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(action)
        self._tools.append((button, icon))
        return button

    def _button(self, label: str, kind: str, action: Callable[[], None]) -> QPushButton:
        button = QPushButton(label)
        set_kind(button, kind)
        button.setAutoDefault(False)
        button.setAccessibleName(label)
        button.clicked.connect(action)
        return button

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(8, 0, 8, 6)
        for button, _icon in self._tools:
            tools.addWidget(button)
        tools.addStretch(1)
        left = self._left = QFrame()
        set_kind(left, "card")
        inside = QVBoxLayout(left)
        inside.setContentsMargins(6, 6, 6, 0)
        inside.addWidget(self.list, 1)
        inside.addLayout(tools)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(0, 14, 0, 0)
        bottom.addWidget(self.reset)
        bottom.addStretch(1)
        bottom.addWidget(self.hide_button)
        bottom.addWidget(self.delete)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.form)
        right.addLayout(bottom)
        right.addStretch(1)
        self._right = right
        self._columns = QHBoxLayout(self)
        self._columns.setContentsMargins(0, 6, 0, 0)
        self._columns.setSpacing(24)
        self._columns.addWidget(left, 0, Qt.AlignmentFlag.AlignTop)
        self._columns.addLayout(right, 1)

    @property
    def is_stacked(self) -> bool:
        """Whether the list is above the chosen action: there is no room beside it."""
        return self._columns.direction() is QBoxLayout.Direction.TopToBottom

    def minimumSizeHint(self) -> QSize:
        return QSize(self._right.minimumSize().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Put the list beside the action or above it."""
        theme, beside = self._theme, self._list_width()
        stacked = self.width() < beside + self._columns.spacing() + self._right.minimumSize().width()
        directions = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(directions[0] if stacked else directions[1])
        row, count = round(theme.text_px * 2.5), min(max(self.list.count(), 7), 14)
        self.list.setFixedHeight(row * (_ROWS_ABOVE if stacked else count) + 8)
        self._left.setFixedWidth(self.width() if stacked else beside)

    def _list_width(self) -> int:
        return min(round(self._theme.text_px * 15.5), 80 + round(self._theme.text_px * 9.5))

    def _refresh(self) -> None:
        """Show the store as it is now, and the same action as before."""
        chosen = self._current_id()
        theme = self._theme
        self.list.blockSignals(True)
        self.list.clear()
        listed = self._listed()
        for action in listed:
            self.list.addItem(self._item(action))
        self.list.blockSignals(False)
        self.list.setIconSize(QSize(round(theme.text_px * 1.25), round(theme.text_px * 1.25)))
        self._fit()
        for button, icon in self._tools:
            button.setIcon(theme.icon(icon, "text"))
            button.setIconSize(icon_size(theme))
        ids = [action.id for action in listed]
        self.list.setCurrentRow(ids.index(chosen) if chosen in ids else 0)
        self._show_current()

    def _listed(self) -> list[QuickAction]:
        return [one for one in self._store.all if not one.needs or one.suits(self._capabilities)]

    def _item(self, action: QuickAction) -> QListWidgetItem:
        hidden = action.id in self._store.hidden
        item = QListWidgetItem(self._theme.icon(action.icon, "faint" if hidden else "accent"), action.name)
        item.setData(_ID, action.id)
        item.setSizeHint(QSize(0, round(self._theme.text_px * 2.5)))
        if hidden:
            item.setForeground(self._theme.color("faint"))
            item.setText(self.tr("{0} (hidden)").format(action.name))
        elif self._store.is_changed(action.id):
            item.setText(self.tr("{0} (edited)").format(action.name))
        item.setToolTip(item.text())
        return item

    def _show_current(self) -> None:
        id_ = self._current_id()
        if id_ is None:
            self.setEnabled(False)
            return
        builtin = self._store.is_builtin(id_)
        action = self._store.get(id_)
        if action != self.form.action or id_ != self.form.action.id:
            self.form.flush()
            self.form.show_action(action)
        self.reset.setVisible(self._store.is_changed(id_))
        self.delete.setVisible(not builtin)
        self.hide_button.setText(self.tr("Show again") if id_ in self._store.hidden else self.tr("Hide"))
        self.hide_button.setAccessibleName(self.hide_button.text())
        row = self.list.currentRow()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(row < self.list.count() - 1)

    def _current_id(self) -> str | None:
        item = self.list.currentItem()
        return str(item.data(_ID)) if item else None

    def _taken(self, id_: str) -> dict[str, str]:
        others = [one for one in self._store.all if one.id != id_ and one.shortcut]
        return {**self._window_keys, **{QKeySequence(one.shortcut).toString(): one.name for one in others}}

    def _do(self, change: Callable[[], object]) -> None:
        try:
            change()
        except UserError as error:
            self.failed.emit(str(error))
        self._refresh()
        self.actions_changed.emit()

    def _add(self) -> None:
        new = QuickAction(id="", name=self.tr("New action"), prompt=self.tr("Describe this picture."))
        self._insert(new, None)

    def _duplicate(self) -> None:
        id_ = self._current_id()
        if id_ is not None:
            old = self._store.get(id_)
            # A key can only do one thing, so the copy has none.
            self._insert(dataclasses.replace(old, name=self.tr("{0} copy").format(old.name), shortcut=""), id_)

    def _insert(self, action: QuickAction, after: str | None) -> None:
        self.form.flush()
        before = {one.id for one in self._store.all}
        self._do(lambda: self._store.add(action, after))
        for one in self._store.all:
            if one.id not in before:
                self.select(one.id)
        self.form.controls["name"].findChildren(QWidget)[0].setFocus()

    def _move(self, step: int) -> None:
        id_, row = self._current_id(), self.list.currentRow()
        if id_ is not None and 0 <= row + step < self.list.count():
            place = self._store.all.index(self._listed()[row + step])
            self._do(lambda: self._store.move(id_, place))

    def _dragged(self) -> None:
        places = [self._store.all.index(action) for action in self._listed()]
        for row, place in enumerate(places):
            id_ = str(self.list.item(row).data(_ID))
            if self._store.all[place].id != id_:
                self._store.move(id_, place)
        self.actions_changed.emit()

    def _reset(self) -> None:
        id_ = self._current_id()
        if id_ is not None:
            self._do(lambda: self._store.reset(id_))

    def _hide(self) -> None:
        id_ = self._current_id()
        if id_ is not None:
            self._do(lambda: self._store.hide(id_, id_ not in self._store.hidden))

    def _delete(self) -> None:
        id_ = self._current_id()
        if id_ is not None and not self._store.is_builtin(id_):
            self._do(lambda: self._store.delete(id_))
