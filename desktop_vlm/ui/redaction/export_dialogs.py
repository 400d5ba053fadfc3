"""What a person sees while an export is checked for private text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop_vlm.images.text_layer.sensitive import Finding
from desktop_vlm.ui.plural import plural
from desktop_vlm.ui.redaction.sentences import summary
from desktop_vlm.ui.widgets.button_row import button_row, dialog_button
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.widgets.fitting import fix_width
from desktop_vlm.ui.widgets.on_screen import keep_on_screen

_WIDTH_PX = 460


class ReadingProgress(QDialog):
    """Pictures are read that nobody has read yet; that can be skipped.

    Signals:
        skipped: go on without the rest. (`rejected`: do not export at all.)
    """

    skipped = Signal()

    def __init__(self, count: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export"))
        self.setModal(True)
        column = _column(self)
        column.addWidget(text_label(self.tr("Looking for private text in the pictures"), "heading"))
        self._text = text_label("", "muted")
        column.addWidget(self._text)
        self._bar = QProgressBar()
        self._bar.setRange(0, count)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Pictures that are read"))
        column.addWidget(self._bar)
        column.addLayout(
            _buttons(
                (self.tr("Cancel"), self.reject, ""),
                (self.tr("Skip"), self.skipped.emit, ""),
            )
        )
        fix_width(self, _WIDTH_PX)
        keep_on_screen(self)

    def show_count(self, done: int) -> None:
        """So many are read."""
        self._bar.setValue(done)
        most = self._bar.maximum()
        self._text.setText(self.tr("{0} of {1}").format(min(done + 1, most), most))


class ExportQuestion(QDialog):
    """There is private text in pictures of an export.

    Signals:
        hide_chosen: cover it in what goes out.
        as_it_is_chosen: export it all the same.
    """

    hide_chosen = Signal()
    as_it_is_chosen = Signal()

    def __init__(self, found: Mapping[str, tuple[Finding, ...]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export"))
        self.setModal(True)
        column = _column(self)
        words = "Private text can be read in a picture", "Private text can be read in {n} pictures"
        column.addWidget(text_label(plural("ExportQuestion", len(found), *words), "heading"))
        column.addWidget(text_label(summary([one for findings in found.values() for one in findings])))
        column.addWidget(
            text_label(
                self.tr(
                    "Hidden in the export, it is covered in the pictures and blotted out in the messages that go out. "
                    "The conversation here stays as it is."
                ),
                "caption",
            )
        )
        column.addLayout(
            _buttons(
                (self.tr("Cancel"), self.reject, ""),
                (self.tr("Export as it is"), self._as_it_is, ""),
                (self.tr("Hide in the export"), self._hide, "primary"),
            )
        )
        fix_width(self, _WIDTH_PX)
        keep_on_screen(self)

    def _hide(self) -> None:
        self.accept()
        self.hide_chosen.emit()

    def _as_it_is(self) -> None:
        self.accept()
        self.as_it_is_chosen.emit()


def _column(dialog: QDialog) -> QVBoxLayout:
    column = QVBoxLayout(dialog)
    column.setContentsMargins(22, 20, 22, 18)
    column.setSpacing(10)
    return column


def _buttons(*buttons: tuple[str, Callable[[], object], str]) -> QHBoxLayout:
    row = button_row(*(dialog_button(*one) for one in buttons))
    row.setContentsMargins(0, 8, 0, 0)
    return row
