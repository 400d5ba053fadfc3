"""The dialogs that ask for files and folders: the desktop's own where Qt has them, else Qt's, which fit the screen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from desktop_vlm.ui.widgets.on_screen import keep_on_screen


def ask_open(parent: QWidget | None, title: str, folder: str, pattern: str, *, several: bool = False) -> list[Path]:
    """Files that the person chooses; empty when they change their mind.

    Args:
        parent: the window that asks.
        title: of the dialog.
        folder: to begin in; "" for the last one.
        pattern: as Qt writes it: "Pictures (*.png *.jpg)".
        several: more than one may be chosen.
    """
    dialog = QFileDialog(parent, title, folder, pattern)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles if several else QFileDialog.FileMode.ExistingFile)
    return _files(dialog)


def ask_folder(parent: QWidget | None, title: str, folder: str) -> Path | None:
    """The folder that the person chooses, None when they change their mind."""
    dialog = QFileDialog(parent, title, folder)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return next(iter(_files(dialog)), None)


def ask_save(parent: QWidget | None, title: str, suggested: str, pattern: str) -> Path | None:
    """The file that the person names, None when they change their mind; they are asked before one is replaced."""
    dialog = QFileDialog(parent, title, str(Path(suggested).parent), pattern)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(Path(suggested).name)
    return next(iter(_files(dialog)), None)


def _files(dialog: QFileDialog) -> list[Path]:
    """What is chosen. The dialog may be hidden and shown again meanwhile, which `exec` would take for "Cancel"."""
    keep_on_screen(dialog)
    loop = QEventLoop()
    dialog.finished.connect(loop.quit)
    dialog.destroyed.connect(loop.quit)
    dialog.setModal(True)
    dialog.show()
    loop.exec(QEventLoop.ProcessEventsFlag.DialogExec)
    if not isValid(dialog):
        return []
    chosen = dialog.result() == QFileDialog.DialogCode.Accepted
    files = [Path(file) for file in dialog.selectedFiles()] if chosen else []
    dialog.deleteLater()
    return files
