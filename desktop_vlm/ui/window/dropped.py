"""What a drop on the main window means: pictures for a question, a model to look into, or nothing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

from desktop_vlm.ui.models.drops import models_among
from desktop_vlm.ui.pictures.sources import can_read, local_files, refusal


def why_refused(mime: QMimeData) -> str:
    """Why there is no picture in it; "" where there is one."""
    return "" if can_read(mime) else refusal(mime)


def has_models(mime: QMimeData) -> bool:
    """Whether it is a model's file or folder."""
    return bool(models_in(mime))


def models_in(mime: QMimeData) -> list[Path]:
    """The models' files and folders in it."""
    return models_among(local_files(mime))
