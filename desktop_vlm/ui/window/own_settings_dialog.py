"""Instructions, sampling and quick actions of one conversation, where they differ from the settings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_vlm.history.own_settings import NOTHING_OWN, OwnSettings
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.quick_actions.sampling_choice import SamplingChoice
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.widgets.on_screen import keep_on_screen
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
        self._everywhere = instructions
        self.setWindowTitle(self.tr("This conversation"))
        self.setModal(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(8)
        column.addWidget(text_label(self.tr("This conversation"), "title"))
        about = self.tr("What you set here is for this conversation alone, and for its next questions.")
        column.addWidget(text_label(about, "muted"))
        self.has_instructions = Toggle(theme, self.tr("Instructions of its own"))
        column.addLayout(_line(self.tr("Instructions of its own"), self.has_instructions))
        self.instructions = QPlainTextEdit()
        self.instructions.setAccessibleName(self.tr("Instructions"))
        self.instructions.setTabChangesFocus(True)
        self.instructions.setFixedHeight(theme.text_px * 7)
        column.addWidget(self.instructions)
        column.addWidget(text_label(self.tr("Sampling"), "heading"))
        self.sampling = SamplingChoice(theme)
        self.sampling.name(self.tr("Sampling"), "")
        column.addWidget(self.sampling)
        column.addWidget(text_label(self.tr("Quick actions shown first"), "heading"))
        self.first_actions = QListWidget()
        self.first_actions.setAccessibleName(self.tr("Quick actions shown first"))
        self.first_actions.setFixedHeight(theme.text_px * 11)
        control, accent = theme.color("control").name(), theme.color("accent").name()
        self.first_actions.setStyleSheet(
            f"QListView::indicator {{ width: 14px; height: 14px; border: 1px solid {control}; border-radius: 4px; }}"
            f" QListView::indicator:checked {{ background: {accent}; border-color: {accent}; }}"
        )
        for action in actions:
            item = QListWidgetItem(theme.icon(action.icon, "muted"), action.name)
            item.setData(_ID, action.id)
            item.setSizeHint(QSize(0, round(theme.text_px * 2.2)))
            self.first_actions.addItem(item)
        column.addWidget(self.first_actions)
        column.addLayout(self._buttons())
        self.has_instructions.toggled.connect(self._show_instructions)
        self._show(own)
        self.setMinimumWidth(theme.text_px * 36)
        keep_on_screen(self)

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
        row = QHBoxLayout()
        row.setContentsMargins(0, 10, 0, 0)
        row.setSpacing(8)
        self.reset = QPushButton(self.tr("Reset to the settings"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.save = QPushButton(self.tr("Save"))
        set_kind(self.reset, "quiet")
        set_kind(self.save, "primary")
        self.save.setDefault(True)
        self.reset.clicked.connect(lambda: self._show(NOTHING_OWN))
        self.cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._save)
        row.addWidget(self.reset)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.save)
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
