"""A reader where no text can be read."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from desktop_vlm.ui.pictures.loading import PictureData
from desktop_vlm.ui.pictures.pdf import PdfPage
from desktop_vlm.ui.text_layer.protocol import Availability


class NoReader(QObject):
    """Refuses every image with a sentence that says what to install."""

    read = Signal(str, object)
    failed = Signal(str, str)
    availability_changed = Signal(object)

    @property
    def availability(self) -> Availability:
        return Availability.MISSING

    def request(self, sha256: str, data: PictureData | PdfPage, *, urgent: bool = False) -> None:  # noqa: ARG002 - the protocol's
        QTimer.singleShot(0, self, lambda: self.failed.emit(sha256, missing_sentence()))

    def cancel(self, sha256: str) -> None:
        pass

    def prepare(self) -> None:
        pass

    def close(self) -> None:
        pass


def missing_sentence() -> str:
    """What to install for text to be read."""
    return QCoreApplication.translate(
        "TextLayer", "Reading text in pictures needs the extra desktop-vlm[text]: pip install 'desktop-vlm[text]'."
    )
