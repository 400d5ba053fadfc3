"""Captures that are copied or saved instead of asked about; what was done is said where the person looks."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.app.window_access import WindowAccess
from desktop_vlm.ui.desktop.capture.mode import Purpose
from desktop_vlm.ui.desktop.tray import Tray
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.saving import PictureExport
from desktop_vlm.ui.quick_window.text_notice import TextNotice


class CaptureExports(QObject):
    """Takes a capture out of the program; it is kept nowhere here.

    Signals:
        finished: it was copied or saved, or was not.
    """

    finished = Signal()

    def __init__(
        self, services: Services, access: WindowAccess, tray: Tray, notice: TextNotice | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._access = access
        self._tray = tray
        self._notice = notice
        self._export = PictureExport(self)
        self._export.copied.connect(lambda: self._say("clipboard-copy", self.tr("Picture copied")))
        self._export.saved.connect(lambda path: self._say("download", self.tr("Picture saved"), str(Path(path))))
        self._export.failed.connect(lambda sentence: self._say("triangle-alert", sentence))

    def take(self, picture: NewPicture, purpose: Purpose) -> None:
        """Copy or save a capture."""
        if purpose is Purpose.COPY:
            self._export.copy(picture.data, picture.name)
        else:
            self._export.ask_and_save(None, picture.data, picture.name)
        self.finished.emit()

    def _say(self, icon: str, title: str, text: str = "") -> None:
        window = self._access.window
        if window.isVisible() and window.isActiveWindow():
            window.toast.say(f"{title}: {text}" if text else title)
        elif self._notice is not None:
            self._notice.say(icon, title, text)
        elif self._tray.available:
            self._tray.notify(title, text)
