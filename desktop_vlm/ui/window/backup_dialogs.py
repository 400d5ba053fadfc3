"""What a person sees of a backup: what a file holds and what to do with it, and how far the work is."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QProgressBar, QVBoxLayout, QWidget

from desktop_vlm.backup import Contents
from desktop_vlm.ui.models.sentences import size_text
from desktop_vlm.ui.plural import plural
from desktop_vlm.ui.widgets.button_row import button_row, dialog_button
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.widgets.fitting import fix_width
from desktop_vlm.ui.widgets.on_screen import keep_on_screen

_WIDTH_PX = 480


class RestoreQuestion(QDialog):
    """What a backup holds, and whether it is added or takes the place of what is here.

    Signals:
        chosen: whether it takes the place.
    """

    chosen = Signal(bool)

    def __init__(self, contents: Contents, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Restore a backup"))
        self.setModal(True)
        column = _column(self)
        when = f"{datetime.fromtimestamp(contents.created_at):%Y-%m-%d %H:%M}"
        column.addWidget(text_label(self.tr("A backup of {0}").format(when), "heading"))
        holds = plural("RestoreQuestion", contents.conversations, "1 conversation", "{n} conversations")
        column.addWidget(text_label(f"{holds}, {size_text(contents.n_bytes)}", "muted"))
        column.addWidget(
            text_label(
                self.tr(
                    "Add: conversations and quick actions that are missing here are added, and your settings stay. "
                    "Replace: everything here becomes what the backup holds, settings included; what is here now is "
                    "kept for 30 days in files beside it."
                )
            )
        )
        self.cancel = dialog_button(self.tr("Cancel"), self.reject)
        self.replace = dialog_button(self.tr("Replace everything"), partial(self._choose, True), "danger")
        self.add = dialog_button(self.tr("Add to what is here"), partial(self._choose, False), "primary")
        column.addSpacing(6)
        column.addLayout(button_row(self.cancel, self.replace, self.add))
        self.add.setFocus()
        fix_width(self, _WIDTH_PX)
        keep_on_screen(self)

    def _choose(self, replace: bool) -> None:
        self.accept()
        self.chosen.emit(replace)


class WorkProgress(QDialog):
    """How far it is; `rejected` is to stop."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(words)
        self.setModal(True)
        column = _column(self)
        column.addWidget(text_label(words, "heading"))
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        column.addWidget(self._bar)
        column.addSpacing(6)
        stop = dialog_button(self.tr("Cancel"), self.reject)
        stop.setAutoDefault(False)  # Return that comes late must not stop it
        column.addLayout(button_row(stop))
        fix_width(self, _WIDTH_PX)
        keep_on_screen(self)

    def show_part(self, part: float) -> None:
        """From 0 to 1."""
        self._bar.setValue(round(part * 1000))


def _column(dialog: QDialog) -> QVBoxLayout:
    column = QVBoxLayout(dialog)
    column.setContentsMargins(22, 20, 22, 18)
    column.setSpacing(10)
    return column
