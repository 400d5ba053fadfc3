"""The button under an answer about an image whose text is too small for the model."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QPushButton

from desktop_vlm.ui.theme import set_kind


class CropButton(QPushButton):
    """Has the image cropped."""

    def __init__(self) -> None:
        super().__init__(crop_words(is_marked=False))
        set_kind(self, "example")
        self.setToolTip(self.tr("Text in the picture is too small for this model at this size; the original is kept"))


def crop_words(*, is_marked: bool) -> str:
    """What stands on the button, also where places are marked in the image, to which it is cropped at once."""
    if is_marked:
        return QCoreApplication.translate("CropButton", "Crop to the marked part")
    return QCoreApplication.translate("CropButton", "Crop the picture\u2026")
