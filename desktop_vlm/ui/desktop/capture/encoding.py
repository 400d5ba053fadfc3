"""From pixels to a picture that the conversation takes. Slow: not for the window's thread."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QBuffer, QIODevice, QRect
from PySide6.QtGui import QImage

from desktop_vlm.api.errors import UserError
from desktop_vlm.images.annotations.document import Document
from desktop_vlm.images.annotations.marks import Mark
from desktop_vlm.ui.annotate.subject import Subject, edited
from desktop_vlm.ui.desktop.capture.sentences import tr
from desktop_vlm.ui.pictures.intake import NewPicture

_QUALITY = 75
"""Qt makes zlib's level 2 of it: screenshots get 1.3 times as large as with its default, in two thirds of the time."""


def encode(image: QImage, part: QRect, name: str) -> NewPicture:
    """A PNG of exactly these pixels.

    Raises:
        UserError: there was no memory for it.
    """
    # Without alpha: what a screen holds in the fourth byte means nothing.
    cut = image.copy(part).convertToFormat(QImage.Format.Format_RGB888)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if cut.isNull() or not cut.save(buffer, "PNG", _QUALITY):  # type: ignore[call-overload]
        raise UserError(tr("There was not enough memory for the screenshot; select a smaller region."))
    return NewPicture(bytes(buffer.data().data()), name, cut.width(), cut.height())


def encode_marked(image: QImage, part: QRect, name: str, marks: tuple[Mark, ...]) -> NewPicture:
    """The same with marks, px of the whole image; they can be changed later, but for what hides something.

    Raises:
        UserError: there was no memory for it.
    """
    plain = encode(image, part, name)
    if not marks:
        return plain
    moved = tuple(mark.moved(-part.x(), -part.y()) for mark in marks)
    return edited(Subject("", name, plain.data), Document((plain.width, plain.height), marks=moved))


def screenshot_name(when: datetime) -> str:
    """As "Screenshot 2026-11-22 14.03.png": without colons, which file systems refuse."""
    return tr("Screenshot {time}.png").format(time=when.strftime("%Y-%m-%d %H.%M"))
