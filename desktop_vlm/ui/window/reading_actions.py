"""When the text of pictures is read: ahead, as soon as they come, and never in the way of an answer."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.engine.protocol import EngineState
from desktop_vlm.ui.text_layer.protocol import Availability


class ReadingActions(QObject):
    """Follows the pictures of the question being written, and the conversations that are opened.

    Pictures of older conversations are read when somebody needs their text; what was read of them before is loaded.
    """

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._layers = services.text_layers
        self._library = services.library
        self._assistant = services.assistant
        self._coming: set[str] = set()
        self._shown: set[str] = set()
        self._assistant.pictures.changed.connect(lambda _view: self._follow_draft())
        self._assistant.thread_changed.connect(self._follow_thread)
        self._layers.availability_changed.connect(self._read_now)
        services.engine.state_changed.connect(lambda state: self._layers.hold(state is EngineState.ANSWERING))

    def _follow_draft(self) -> None:
        pictures = self._assistant.pictures.view.pictures
        coming = {picture.sha256 for picture in pictures if picture.message_id is None}
        before, self._coming = self._coming, coming
        for sha256 in before - {picture.sha256 for picture in pictures}:
            self._layers.left_draft(sha256)  # a picture that was sent is read all the same, so that it will be found
        for sha256 in coming - before:
            self._layers.read_ahead(sha256, self._library.data(sha256))

    def _follow_thread(self) -> None:
        messages = self._assistant.messages
        shown = [held.sha256 for message in reversed(messages) for held in message.pictures]
        if not self._shown.issuperset(shown):
            self._layers.images_kept(shown)
            self._layers.load_kept(dict.fromkeys(shown))
        self._shown = set(shown)

    def _read_now(self, availability: Availability) -> None:
        """Text can be read from now on, where it was switched off before."""
        if availability is Availability.READY:
            for sha256 in self._coming:
                self._layers.read_ahead(sha256, self._library.data(sha256))
