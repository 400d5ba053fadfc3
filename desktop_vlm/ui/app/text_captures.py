"""The text of a captured part of the screen: read, copied, and announced where the person looks."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer

from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.app.window_access import WindowAccess
from desktop_vlm.ui.desktop.background_clipboard import put_in_background
from desktop_vlm.ui.desktop.tray import Tray
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.quick_window.text_notice import TextNotice
from desktop_vlm.ui.text_layer.copying import CopiedText, TextCopier, announcement, nothing_found

_SAY_READING_AFTER_MS = 500


class TextCaptures(QObject):
    """Copies the text of captures; the images are kept nowhere.

    It is announced in the window if the person is there, else by a small notice over everything; where programs cannot
    show that, by a notification; and without a tray in the window behind the others.
    """

    def __init__(
        self, services: Services, access: WindowAccess, tray: Tray, notice: TextNotice | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._access = access
        self._tray = tray
        self._notice = notice
        self._is_in_window = False
        self._copier = TextCopier(services.text_layers, self, put=put_in_background)
        self._copier.copied.connect(self._copied)
        self._copier.failed.connect(self.fail)
        self._soon = QTimer(self, interval=_SAY_READING_AFTER_MS, singleShot=True)
        self._soon.timeout.connect(self._say_reading)

    def prepare(self, *, is_in_window: bool) -> bool:
        """Before a capture: the reader starts while the person chooses. False, and a sentence, where none can.

        `is_in_window` says whether the person is in the main window.
        """
        self._is_in_window = is_in_window
        if refusal := self._services.text_layers.refusal:
            self.fail(refusal)
            return False
        self._services.text_layers.prepare()
        if self._notice is not None:
            self._notice.hide()
        return True

    def take(self, picture: NewPicture) -> None:
        """Copy the text of a capture."""
        self._soon.start()
        self._copier.copy(picture.sha256, picture.data, keep=False)

    def fail(self, sentence: str) -> None:
        """Say why nothing was copied."""
        self._say("triangle-alert", sentence)

    def _say_reading(self) -> None:
        """Only where it can be taken back: a notification would stay."""
        if self._copier.is_busy and self._is_in_window:
            self._access.window.toast.say(self.tr("Reading text\u2026"))
        elif self._copier.is_busy and self._notice is not None:
            self._notice.say("scan-text", self.tr("Reading text\u2026"), stays=True)

    def _copied(self, found: CopiedText) -> None:
        if not found.text:
            self._say("scan-text", nothing_found())
        else:
            self._say("clipboard-copy", self.tr("Text copied"), found)

    def _say(self, icon: str, title: str, found: CopiedText | None = None) -> None:
        self._soon.stop()
        text = found.text if found else ""
        choices = [(one.label, partial(self._copier.put, one.text)) for one in found.offers] if found else []
        if self._notice is not None and not self._is_in_window:
            self._notice.say(icon, title, text, choices)
        elif self._tray.available and not self._is_in_window:
            self._tray.notify(title, text)
        else:
            if not self._access.window.isVisible():
                self._access.show_behind()
            self._access.window.toast.say(announcement(title, text), *(choices[0] if choices else ()))
