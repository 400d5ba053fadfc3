"""What is done with pictures from the main window: choosing, viewing, copying and saving them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QWidget

from desktop_vlm.api.text_layer import Box
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.pictures.menu import PICTURE_ENTRIES
from desktop_vlm.ui.pictures.saving import PictureExport
from desktop_vlm.ui.pictures.viewer import PictureViewer, ViewedPicture
from desktop_vlm.ui.text_layer.copying import CopiedText, TextCopier, announcement, nothing_found
from desktop_vlm.ui.widgets.file_dialogs import ask_open
from desktop_vlm.ui.widgets.toast import Toast

_PICTURES = "*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.pdf"


class PictureActions(QObject):
    """Actions on the pictures of the open conversation.

    Signals:
        hiding_requested: the person wants to hide private text of a picture; its SHA-256.
        editing_requested: the person wants to draw on a picture, crop or turn it; its SHA-256.
        pointed: SHA-256 of a picture, and all that the question is to point at in it, a tuple of Pointers.
    """

    hiding_requested = Signal(str)
    editing_requested = Signal(str)
    pointed = Signal(str, object)

    def __init__(self, window: QWidget, services: Services, toast: Toast) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._toast = toast
        self._viewer: PictureViewer | None = None
        self._saver = PictureExport(self)
        self._saver.copied.connect(lambda: toast.say(self.tr("Picture copied")))
        self._saver.saved.connect(lambda path: toast.say(self.tr("Saved as {0}").format(path)))
        self._saver.failed.connect(toast.say)
        self._texts = TextCopier(services.text_layers, self)
        self._texts.copied.connect(self._text_copied)
        self._texts.failed.connect(toast.say)
        self._handlers: dict[str, Callable[[str], None]] = {
            "copy-text": self.copy_text,
            "copy": self.copy,
            "save": self.save,
            "point": self.point,
            "edit": self.editing_requested.emit,
            "hide": self.hiding_requested.emit,
        }
        assert self._handlers.keys() == {entry.id for entry in PICTURE_ENTRIES}

    def choose(self) -> list[Path]:
        """Files that the person chooses; empty when they change their mind."""
        return ask_open(
            self._window,
            self.tr("Add pictures"),
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation),
            self.tr("Pictures and PDF ({0})").format(_PICTURES),
            several=True,
        )

    def view(self, sha256: str, places: Sequence[Box] = ()) -> None:
        """Show a picture of the conversation in full size, the others one key away.

        Args:
            sha256: of the picture.
            places: of it, px, that are lit up.
        """
        library = self._services.library
        pictures = self._services.assistant.pictures.view.pictures
        shown = [
            ViewedPicture(
                *(p.name, library.data(p.sha256), p.sha256, tuple(places) if p.sha256 == sha256 else ()),
                pointers=p.pointers,
                was_asked=p.message_id is not None,
            )
            for p in pictures
        ]
        at = next((n for n, picture in enumerate(pictures) if picture.sha256 == sha256), 0)
        self._open(shown, at)

    def view_capture(self, sha256: str) -> None:
        """Show a recent capture in full size, the others one key away."""
        shown = [
            ViewedPicture(one.picture.name, one.picture.data, one.picture.sha256)
            for one in self._services.captures.captures
        ]
        self._open(shown, next((n for n, one in enumerate(shown) if one.sha256 == sha256), 0))

    def point(self, sha256: str) -> None:
        """Have the person point at places of a picture."""
        if self._viewer is None or not self._viewer.isVisible():
            self.view(sha256)
        if self._viewer is not None:
            self._viewer.point()

    def view_composite(self) -> None:
        """Show in full size what the model gets of several pictures."""
        composition = self._services.assistant.pictures.view.composition
        if composition:
            name = self.tr("What the model sees")
            self._open([ViewedPicture(name, composition.data, composition.sha256, is_kept=False)], 0)

    def _open(self, shown: list[ViewedPicture], at: int) -> None:
        if not shown:
            return
        if self._viewer is None:
            self._viewer = PictureViewer(self._services.theme, self._services.text_layers, self._window)
            self._viewer.failed.connect(self._toast.say)
            self._viewer.entry_chosen.connect(self.run)
            self._viewer.pointed.connect(self.pointed)
        self._viewer.open_pictures(shown, at)

    def run(self, sha256: str, entry: str) -> None:
        """Do what an entry of `PICTURE_ENTRIES` stands for."""
        self._handlers[entry](sha256)

    def copy_text(self, sha256: str) -> None:
        """Put all text of a picture on the clipboard, once it is read."""
        self._texts.copy(sha256, self._services.library.data(sha256))
        if self._texts.is_busy:
            self._toast.say(self.tr("Reading text\u2026"))

    def _text_copied(self, found: CopiedText) -> None:
        if not found.text:
            self._toast.say(nothing_found())
            return
        choices = [(one.label, partial(self._texts.put, one.text)) for one in found.offers]
        self._toast.say(announcement(self.tr("Text copied"), found.text), *(choices[0] if choices else ()))

    def close_viewer(self) -> None:
        """What it shows is another picture now."""
        if self._viewer is not None:
            self._viewer.close_viewer()

    def copy(self, sha256: str) -> None:
        """Put a picture on the clipboard."""
        self._saver.copy(self._services.library.data(sha256), self.name_of(sha256))

    def save(self, sha256: str) -> None:
        """Write a picture to a file that the person names."""
        self._saver.ask_and_save(self._window, self._services.library.data(sha256), self.name_of(sha256))

    @property
    def is_viewing(self) -> bool:
        """Whether a picture is shown in full size."""
        return self._viewer is not None and self._viewer.isVisible()

    def name_of(self, sha256: str) -> str:
        """As people call a picture of the conversation."""
        pictures = self._services.assistant.pictures.view.pictures
        capture = self._services.captures.get(sha256)
        other = capture.picture.name if capture else self.tr("Picture")
        return next((picture.name for picture in pictures if picture.sha256 == sha256), other)
