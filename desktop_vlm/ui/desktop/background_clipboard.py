"""Copying while another program has the keyboard, as after a hotkey.

X11, Windows and macOS let every program copy at any time. A Wayland desktop listens only to the window that the person
is in: there `wl-copy` of the package wl-clipboard does it, which has a way around; without it the text is copied once a
window of this program is active. Not tried on a real Wayland desktop.
"""

from __future__ import annotations

import logging
import shutil

from PySide6.QtCore import QCoreApplication, QProcess, Qt
from PySide6.QtGui import QGuiApplication

from desktop_vlm.images.text_layer.selection import Copied
from desktop_vlm.ui.desktop.session import Session, current_session
from desktop_vlm.ui.text_layer.to_clipboard import put_text

_log = logging.getLogger(__name__)


def put_in_background(copied: Copied) -> None:
    """Copy a text, whichever program has the keyboard; it stays as long as this program runs."""
    put_text(copied)
    is_active = QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
    if current_session() is not Session.WAYLAND or is_active:
        return
    if program := shutil.which("wl-copy"):
        _hand_to(program, copied.text)
    else:
        _again_when_active(copied)


def _hand_to(program: str, text: str) -> None:
    """It reads everything, and goes on in the background for as long as the text is in the clipboard."""
    process = QProcess(QCoreApplication.instance())
    process.finished.connect(process.deleteLater)
    process.errorOccurred.connect(lambda error: _log.warning("wl-copy: %s", error))
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    process.start(program, ["--type", "text/plain;charset=utf-8"])
    process.write(text.encode())
    process.closeWriteChannel()


def _again_when_active(copied: Copied) -> None:
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)

    def copy(state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            app.applicationStateChanged.disconnect(copy)
            put_text(copied)

    app.applicationStateChanged.connect(copy)
