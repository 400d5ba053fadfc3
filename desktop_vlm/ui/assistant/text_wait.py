"""Waiting for the text of pictures, for a while."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.text_layer.layers import LayerState, TextLayers
from desktop_vlm.ui.text_layer.protocol import Availability

_CANNOT_READ = {Availability.MISSING, Availability.OFF}


class TextWait(QObject):
    """Calls back once, when pictures are read or cannot be, the time is over, or nobody wants to wait any more."""

    def __init__(self, layers: TextLayers, library: PictureLibrary, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._layers = layers
        self._library = library
        self._sha256s: Sequence[str] = ()
        self._then: Callable[[], None] | None = None
        self._limit = QTimer(self, singleShot=True)
        self._limit.timeout.connect(self.end)
        layers.changed.connect(self._layer_changed)
        layers.availability_changed.connect(self._layer_changed)

    @property
    def is_waiting(self) -> bool:
        return self._then is not None

    def is_settled(self, sha256s: Sequence[str]) -> bool:
        """Whether nothing more will be known of these pictures' text."""
        return not any(self._is_open(sha256) for sha256 in sha256s)

    def start(self, sha256s: Sequence[str], limit_ms: int, then: Callable[[], None]) -> None:
        """Have pictures read before all others; `then` is called at once where nothing is to be waited for."""
        self._sha256s, self._then = tuple(sha256s), then
        for sha256 in self._sha256s:
            if self._is_open(sha256):
                self._layers.request(sha256, self._library.data(sha256), urgent=True)
        self._limit.start(limit_ms)
        self._layer_changed()

    def end(self) -> bool:
        """Go on with what there is; whether anybody waited."""
        then, self._then = self._then, None
        self._limit.stop()
        if then:
            then()
        return then is not None

    def cancel(self) -> None:
        """Nobody needs it any more."""
        self._then = None
        self._limit.stop()

    def _layer_changed(self, _what: object = None) -> None:
        if self._then and self.is_settled(self._sha256s):
            self.end()

    def _is_open(self, sha256: str) -> bool:
        if self._layers.state(sha256) in {LayerState.READ, LayerState.FAILED}:
            return False
        return self._layers.availability not in _CANNOT_READ
