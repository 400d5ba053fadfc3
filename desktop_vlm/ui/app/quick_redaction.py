"""Private text in the picture of the quick window: pointed out, and hidden before anything is asked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.quick_window import QuickWindow
from desktop_vlm.ui.redaction.dialog import RedactionDialog, Subject


class QuickRedaction(QObject):
    """Knows the picture that nothing was asked about yet.

    Attributes:
        dialog: the one that is open.
    """

    def __init__(
        self, services: Services, quick: QuickWindow, replace: Callable[[NewPicture], None], parent: QObject
    ) -> None:
        """`replace` is called with the picture that is asked about instead."""
        super().__init__(parent)
        self._services = services
        self._quick = quick
        self._replace = replace
        self._picture: NewPicture | None = None
        self.dialog: RedactionDialog | None = None
        services.private_texts.changed.connect(self._known)
        services.text_layers.changed.connect(self._known)
        quick.hiding_requested.connect(self._hide)

    def follow(self, picture: NewPicture | None) -> None:
        """The picture that is asked about; None once it was, or is gone."""
        self._picture = picture
        if picture is not None:
            self._known(picture.sha256)

    def _known(self, sha256: str) -> None:
        if self._picture is not None and self._picture.sha256 == sha256:
            self._quick.prompt.show_private(*self._services.private_texts.pointed_out(sha256))

    def _hide(self) -> None:
        picture = self._picture
        if picture is None or self.dialog is not None:
            return
        consequence = self.tr("The boxes become part of the picture: only the new one is sent, kept and exported.")
        subject = Subject(picture.sha256, picture.name, picture.data, consequence)
        services = self._services
        self.dialog = RedactionDialog(
            services.theme, subject, services.text_layers, services.private_texts, self._quick
        )
        self.dialog.applied.connect(self._apply)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _apply(self, new: NewPicture) -> None:
        old, self._picture = self._picture, new
        if old is not None:
            self._services.private_texts.forget(old.sha256)
            self._services.text_layers.image_gone(old.sha256)
            self._services.captures.replaced(old.sha256, new)
        self._replace(new)
        self._services.text_layers.read_ahead(new.sha256, new.data)
        if self.dialog is not None:
            self.dialog.accept()

    def _closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()
        QTimer.singleShot(0, self._quick, self._quick.prompt.field.setFocus)
