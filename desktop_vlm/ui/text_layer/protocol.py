"""What reads the text of images, as the window knows it. `LocalReader` is one; the tests' fake is another."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from PySide6.QtCore import SignalInstance

from desktop_vlm.ui.pictures.loading import PictureData
from desktop_vlm.ui.pictures.pdf import PdfPage


class Availability(Enum):
    """Whether text can be read here.

    UNKNOWN: nobody has asked yet. MISSING: the extra `desktop-vlm[text]` is not installed. OFF: switched off in the
    settings.
    """

    UNKNOWN = "unknown"
    READY = "ready"
    MISSING = "missing"
    OFF = "off"


class TextReader(Protocol):
    """Reads images one after the other. Nothing here waits, except `close`; what comes of it arrives as signals.

    Each image gets `read` or `failed` once, unless it is cancelled.

    Signals:
        read(str, TextLayer): the SHA-256 of an image, and its text.
        failed(str, str): the SHA-256 of an image, and a plain sentence.
        availability_changed(Availability)
    """

    @property
    def read(self) -> SignalInstance: ...
    @property
    def failed(self) -> SignalInstance: ...
    @property
    def availability_changed(self) -> SignalInstance: ...

    @property
    def availability(self) -> Availability: ...

    def request(self, sha256: str, data: PictureData | PdfPage, *, urgent: bool = False) -> None:
        """Read an image's file, or the page of a PDF that it shows; one that is urgent comes before all that wait.

        Pages that carry their text are read without the extra, too.
        """

    def cancel(self, sha256: str) -> None:
        """Nobody needs this image's text any more."""

    def prepare(self) -> None:
        """Start the process: an image will come soon."""

    def close(self) -> None:
        """End the process; nothing is signalled after."""
