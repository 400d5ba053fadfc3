"""Instructions, sampling and quick actions of one conversation, where they differ from the settings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_vlm.history.own_settings import NOTHING_OWN, OwnSettings
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.quick_actions.sampling_choice import SamplingChoice
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.button_row import button_row, dialog_button
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.widgets.on_screen import keep_on_screen
from desktop_vlm.ui.widgets.text_menu import use_text_menu
from desktop_vlm.ui.widgets.toggle import Toggle

_ID = Qt.ItemDataRole.UserRole


class OwnSettingsDialog(QDialog):
    """What is not set here is as in the settings.

    Signals:
        chosen: an `OwnSettings`.
    """

    chosen = Signal(object)

    def __init__(
        self, theme: Theme, own: OwnSettings, actions: Sequence[QuickAction], instructions: str, parent: QWidget
    ) -> None:
        """`instructions` are those of the settings."""
        super().__init__(parent)
        self._theme = theme
        self._everywhere = instructions
        self._actions = list(actions)
        self.setWindowTitle(self.tr("This conversation"))
        self.setModal(True)
        self._lay_out(self._content())
        self.has_instructions.toggled.connect(self._show_instructions)
        theme.changed.connect(self._follow_theme)
        self._follow_theme()
        self._show(own)
        keep_on_screen(self, QSize(theme.text_px * 40, theme.text_px * 46))

    def _content(self) -> QWidget:
        """What scrolls where the screen is low."""
        content = QWidget()
        set_kind(content, "clear")
        column = QVBoxLayout(content)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(8)
        column.addWidget(text_label(self.tr("This conversation"), "title"))
        about = self.tr("What you set here is for this conversation alone, and for its next questions.")
        column.addWidget(text_label(about, "muted"))
        self.has_instructions = Toggle(self._theme, self.tr("Instructions of its own"))
        column.addLayout(_line(self.tr("Instructions of its own"), self.has_instructions))
        self.instructions = QPlainTextEdit()
        use_text_menu(self.instructions)
        self.instructions.setAccessibleName(self.tr("Instructions"))
        self.instructions.setTabChangesFocus(True)
        column.addWidget(self.instructions)
        column.addSpacing(6)
        column.addWidget(text_label(self.tr("Sampling"), "heading"))
        self.sampling = SamplingChoice(self._theme)
        self.sampling.name(self.tr("Sampling"), "")
        column.addWidget(self.sampling)
        column.addSpacing(6)
        column.addWidget(text_label(self.tr("Quick actions shown first"), "heading"))
        column.addWidget(self._action_list())
        column.addStretch(1)
        return content

    def _action_list(self) -> QListWidget:
        """As high as what is in it: one thing scrolls, and that is all of the dialog."""
        self.first_actions = QListWidget()
        self.first_actions.setAccessibleName(self.tr("Quick actions shown first"))
        set_kind(self.first_actions, "checks")
        self.first_actions.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.first_actions.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for action in self._actions:
            item = QListWidgetItem(action.name)
            item.setData(_ID, action.id)
            self.first_actions.addItem(item)
        return self.first_actions

    def _lay_out(self, content: QWidget) -> None:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        line = QFrame()
        set_kind(line, "line")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(area, 1)
        column.addWidget(line)
        column.addLayout(self._buttons())

    def _follow_theme(self) -> None:
        px = self._theme.text_px
        self.instructions.setFixedHeight(px * 7)
        self.first_actions.setIconSize(QSize(round(px * 1.2), round(px * 1.2)))
        row_px = round(px * 2.2)
        for row, action in enumerate(self._actions):
            item = self.first_actions.item(row)
            item.setIcon(self._theme.icon(action.icon, "muted"))
            item.setSizeHint(QSize(0, row_px))
        self.first_actions.setFixedHeight(row_px * len(self._actions) + 4)

    def own(self) -> OwnSettings:
        """What is set now."""
        rows = [self.first_actions.item(row) for row in range(self.first_actions.count())]
        first = tuple(str(row.data(_ID)) for row in rows if row.checkState() == Qt.CheckState.Checked)
        values = {name: value for name, value in self.sampling.value().items() if isinstance(value, (int, float))}
        own = self.instructions.toPlainText() if self.has_instructions.isChecked() else None
        return OwnSettings(own, values, first or None)

    def _show(self, own: OwnSettings) -> None:
        has_own = own.instructions is not None
        self.has_instructions.setChecked(has_own)
        self.instructions.setPlainText(own.instructions or "")
        self._show_instructions(has_own)
        self.sampling.set_value(dict(own.sampling))
        for row in range(self.first_actions.count()):
            item = self.first_actions.item(row)
            is_first = item.data(_ID) in (own.actions or ())
            item.setCheckState(Qt.CheckState.Checked if is_first else Qt.CheckState.Unchecked)

    def _show_instructions(self, has_own: bool) -> None:
        self.instructions.setEnabled(has_own)
        none = self.tr("None: the model answers as it likes.")
        settings = self.tr("As in the settings: {0}").format(self._everywhere or self.tr("none"))
        self.instructions.setPlaceholderText(none if has_own else settings)

    def _buttons(self) -> QHBoxLayout:
        self.reset = dialog_button(self.tr("Reset to the settings"), lambda: self._show(NOTHING_OWN), "quiet")
        self.cancel = dialog_button(self.tr("Cancel"), self.reject)
        self.save = dialog_button(self.tr("Save"), self._save, "primary")
        row = button_row(self.cancel, self.save)
        row.insertWidget(0, self.reset)
        row.setContentsMargins(12, 12, 24, 14)
        return row

    def _save(self) -> None:
        self.accept()
        self.chosen.emit(self.own())


def _line(words: str, control: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setContentsMargins(0, 8, 0, 0)
    line.addWidget(text_label(words, "heading"), 1)
    line.addWidget(control)
    return line
