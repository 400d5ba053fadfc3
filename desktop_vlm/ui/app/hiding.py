"""What was hidden in a picture that the history keeps leaves it there, too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop_vlm.history.replacing import NewFile
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.pictures.intake import NewPicture


def hide_where_kept(
    services: Services, sha256: str, hidden: NewPicture, then: Callable[[], None], report: Callable[[str], None]
) -> None:
    """Put another picture in the place of a kept one, which is gone then; not while the model answers.

    Args:
        services: of the program.
        sha256: of the kept one.
        hidden: the one without what was hidden.
        then: called once it is there.
        report: called with a sentence where that is not possible.
    """
    if services.assistant.busy:
        report(
            QCoreApplication.translate(
                "hide_where_kept", "The model is still answering; stop it or wait for the end, and then press Done."
            )
        )
        return
    file = NewFile(hidden.data, hidden.width, hidden.height)

    def replaced(_beside: list[Path]) -> None:
        services.private_texts.forget(sha256)
        services.text_layers.image_gone(sha256)
        services.assistant.pictures.forget(sha256)
        services.text_layers.read_ahead(file.sha256, services.library.data(file.sha256))
        then()

    services.assistant.replace_picture(sha256, file, replaced, report)
