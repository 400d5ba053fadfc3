"""What is private in the pictures that the window knows, found as soon as their text is read."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.text_layer.sensitive import Finding, find
from desktop_vlm.settings import SettingsStore
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.redaction.sentences import summary
from desktop_vlm.ui.text_layer.layers import TextLayers

_Key = tuple[str, tuple[str, ...]]
"""A picture's SHA-256, and the words that count as private."""

_MOST = 64
"""Pictures of which the findings are kept."""


class PrivateTexts(QObject):
    """Findings by SHA-256. Looking for them takes some 20 ms for a large screen, in a thread.

    Signals:
        changed(str): what is private in a picture is known now.
    """

    changed = Signal(str)

    def __init__(self, layers: TextLayers, settings: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._layers = layers
        self._settings = settings
        self._background = Background(self)
        self._found: dict[_Key, tuple[Finding, ...]] = {}
        self._asked: dict[_Key, TextLayer] = {}
        self._watched: set[str] = set()
        self._state = self.are_pointed_out, self.words
        layers.changed.connect(self._layer_changed)

    @property
    def are_pointed_out(self) -> bool:
        """Whether the person hears of them without asking."""
        return self._settings.current.text.point_out_private

    @property
    def words(self) -> tuple[str, ...]:
        """What the settings say is private, too."""
        lines = self._settings.current.text.private_words.splitlines()
        return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))

    def findings(self, sha256: str) -> tuple[Finding, ...] | None:
        """What is private in a picture; None while that is not known, and `changed` follows once it is."""
        key = sha256, self.words
        self._watched.add(sha256)
        found = self._found.get(key)
        layer = self._layers.layer(sha256)
        if found is None and layer is not None and key not in self._asked:
            self._asked[key] = layer
            self._background.run(partial(find, layer, key[1]), partial(self._came, key, layer))
        return found

    def pointed_out(self, sha256: str) -> tuple[int, str]:
        """What is said of a picture without asking: how many findings, and of which kinds."""
        found = self.findings(sha256) if self.are_pointed_out else None
        return (len(found), summary(found)) if found else (0, "")

    def settings_changed(self) -> None:
        """Other words may count as private now, or nothing be pointed out any more."""
        state = self.are_pointed_out, self.words
        if state != self._state:
            self._state = state
            for sha256 in tuple(self._watched):
                self.changed.emit(sha256)

    def forget(self, sha256: str) -> None:
        """The picture is gone."""
        self._watched.discard(sha256)
        self._drop(sha256)

    def _came(self, key: _Key, layer: TextLayer, found: tuple[Finding, ...]) -> None:
        if self._asked.get(key) is not layer:  # gone meanwhile, or read once more
            return
        del self._asked[key]
        self._found[key] = found
        while len(self._found) > _MOST:
            del self._found[next(iter(self._found))]
        self.changed.emit(key[0])

    def _layer_changed(self, sha256: str) -> None:
        """Its text came, or came again."""
        if sha256 in self._watched:
            self._drop(sha256)
            self.findings(sha256)

    def _drop(self, sha256: str) -> None:
        self._found = {key: found for key, found in self._found.items() if key[0] != sha256}
        self._asked = {key: layer for key, layer in self._asked.items() if key[0] != sha256}
