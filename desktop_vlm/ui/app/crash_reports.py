"""After a crash of the window's own: a notice, the report as it would be saved, and a place to save it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_vlm import __version__
from desktop_vlm.system.crash_notes import CrashNotes, report, save, suggested_name
from desktop_vlm.ui.widgets.button_row import button_row, dialog_button
from desktop_vlm.ui.widgets.file_dialogs import ask_save
from desktop_vlm.ui.widgets.on_screen import keep_on_screen
from desktop_vlm.ui.widgets.text_menu import use_text_menu
from desktop_vlm.ui.widgets.toast import Toast

_WIDTH_PX, _HEIGHT_PX = 640, 440


class CrashReports(QObject):
    """Offers a report of what nobody caught, once, and of how the run before ended.

    Attributes:
        dialog: the one that is open.
    """

    _noted = Signal()  # from any thread

    def __init__(self, window: QWidget, toast: Toast, notes: CrashNotes) -> None:
        super().__init__(window)
        self._window = window
        self._toast = toast
        self._notes = notes
        self._was_offered = False
        self.dialog: CrashReportDialog | None = None
        self._noted.connect(self._offer_for_error, Qt.ConnectionType.QueuedConnection)
        notes.on_note = self._noted.emit
        if notes.of_last_run:
            QTimer.singleShot(0, self, self._offer_for_last_run)

    def show(self) -> None:
        """Show the report."""
        self.dialog = CrashReportDialog(report(self._notes, versions()), self._toast, self._window)
        self.dialog.open()

    def _offer_for_error(self) -> None:
        if not self._was_offered:  # what follows from a first error is in the report as well
            self._was_offered = True
            self._toast.say(self.tr("Something went wrong: this is a bug in Desktop VLM."), *self._way())

    def _offer_for_last_run(self) -> None:
        self._toast.say(self.tr("Desktop VLM crashed the last time. Your conversations are here."), *self._way())

    def _way(self) -> tuple[str, Callable[[], None]]:
        return self.tr("Show report"), self.show


class CrashReportDialog(QDialog):
    """A report, as it is saved; nothing else is."""

    def __init__(self, text: str, toast: Toast, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._toast = toast
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Report of a crash"))
        keep_on_screen(self, QSize(_WIDTH_PX, _HEIGHT_PX))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(14)
        says = QLabel(
            self.tr("This is all that the report holds. It is sent nowhere; save it to attach it to a bug report.")
        )
        says.setWordWrap(True)
        column.addWidget(says)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setProperty("kind", "code")
        use_text_menu(self.text)
        self.text.setAccessibleName(self.tr("Report"))
        column.addWidget(self.text, 1)
        self.close_button = dialog_button(self.tr("Close"), self.close)
        self.save_button = dialog_button(self.tr("Save…"), self._save, "primary")
        column.addLayout(button_row(self.close_button, self.save_button))

    def _save(self) -> None:
        pattern = self.tr("Text (*.txt)")
        path = ask_save(self, self.tr("Save the report"), str(Path.home() / suggested_name()), pattern)
        if path is None:
            return
        try:
            save(self.text.toPlainText(), path)
        except OSError as error:
            self._toast.say(self.tr("The report cannot be saved ({reason}).").format(reason=error.strerror))
            return
        self._toast.say(self.tr("The report was saved as {name}.").format(name=path.name))
        self.close()


def versions() -> str:
    """What ran: of the program, Python, Qt and the system; no name of a person or computer."""
    shown = QGuiApplication.platformName()
    return (
        f"Desktop VLM {__version__}, Python {platform.python_version()}, Qt {qVersion()} ({shown}),"
        f" {platform.system()} {platform.release()} {platform.machine()}, {sys.platform}"
    )
