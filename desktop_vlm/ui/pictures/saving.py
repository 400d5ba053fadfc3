"""A picture to the clipboard, or to a file of the person's choice."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QStandardPaths, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.complete_file import complete_file
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.decoding import open_image
from desktop_vlm.ui.pictures.loading import PictureData, read_data, to_qimage
from desktop_vlm.ui.pictures.wording import tr
from desktop_vlm.ui.widgets.on_screen import keep_on_screen

_SUFFIXES = ((b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"RIFF", ".webp"), (b"GIF8", ".gif"))


class PictureExport(QObject):
    """Copies and saves in the background.

    Signals:
        copied: the picture is in the clipboard.
        saved: the path it was written to.
        failed: a sentence.
    """

    copied = Signal()
    saved = Signal(str)
    failed = Signal(str)

    _last_folder = ""
    """Where a picture was saved last, from wherever in the program: the next is proposed to go there, too."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._dialog: QFileDialog | None = None

    def copy(self, data: PictureData, name: str) -> None:
        """Put the picture into the clipboard."""
        self._background.run(partial(_as_png, data, name), self._put, self.failed.emit)

    def ask_and_save(self, window: QWidget | None, data: PictureData, name: str) -> None:
        """Ask for a path, then write the picture's own bytes there. Returns at once.

        `window` is whose dialog it is; None where nothing of the program is on the screen.
        """
        self._background.run(partial(read_data, data), partial(self._ask, window, name), self.failed.emit)

    def _save_as(self, data: PictureData, path: str) -> None:
        PictureExport._last_folder = str(Path(path).parent)
        self.save(data, Path(path))

    def save(self, data: PictureData, path: Path) -> None:
        """Write the picture's own bytes."""
        self._background.run(partial(_write, data, path), self.saved.emit, self.failed.emit)

    def _put(self, result: tuple[bytes, QImage]) -> None:
        png, image = result
        mime = QMimeData()
        mime.setData("image/png", png)  # ready made: Qt would encode it on the window's thread when it is pasted
        mime.setImageData(image)
        QGuiApplication.clipboard().setMimeData(mime)
        self.copied.emit()

    def _ask(self, window: QWidget | None, name: str, data: bytes) -> None:
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        dialog = QFileDialog(window, self.tr("Save picture"), PictureExport._last_folder or pictures)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        proposed = suggested_name(name, data)
        dialog.setDefaultSuffix(Path(proposed).suffix.removeprefix("."))
        dialog.selectFile(proposed)
        dialog.fileSelected.connect(partial(self._save_as, data))
        dialog.finished.connect(dialog.deleteLater)
        keep_on_screen(dialog)
        if window is not None:
            dialog.open()
            return
        self._dialog = dialog  # nobody else holds it
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()


def suggested_name(name: str, data: bytes) -> str:
    """A file name that fits what the bytes are: no path, no character that some system forbids."""
    stem = "".join("-" if char in '\\/:*?"<>|' or not char.isprintable() else char for char in name).strip(" .")
    suffix = next((suffix for start, suffix in _SUFFIXES if data.startswith(start)), ".png")
    known = Path(stem).suffix.lower()
    if known == suffix or (known, suffix) == (".jpeg", ".jpg"):
        return stem
    if known in {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".ppm"}:
        stem = stem[: -len(known)]
    return (stem or tr("picture")) + suffix


def _as_png(data: PictureData, name: str) -> tuple[bytes, QImage]:
    content = read_data(data)
    image = open_image(content, name=name)
    if not content.startswith(b"\x89PNG"):
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        content = buffer.getvalue()
    return content, to_qimage(image)


def _write(data: PictureData, path: Path) -> str:
    content = read_data(data)
    try:
        with complete_file(path) as file:
            file.write(content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(
            tr("{name} cannot be written ({reason}); choose another folder.").format(name=path.name, reason=reason)
        ) from error
    return str(path)
