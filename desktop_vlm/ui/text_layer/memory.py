"""The layers that are at hand, as many as the memory shall hold."""

from __future__ import annotations

from collections import OrderedDict

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.text_layer.matching import forget_index

MOST_WORDS = 100_000
"""About 40 MB; a full page has 500 words, a large screen 2,000."""


class LayerMemory:
    """Layers by SHA-256; those that nobody asked for longest make room."""

    def __init__(self, most_words: int = MOST_WORDS) -> None:
        self._most_words = most_words
        self._layers: OrderedDict[str, TextLayer] = OrderedDict()
        self._words = 0

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._layers

    def get(self, sha256: str) -> TextLayer | None:
        layer = self._layers.get(sha256)
        if layer is not None:
            self._layers.move_to_end(sha256)
        return layer

    def put(self, sha256: str, layer: TextLayer) -> None:
        """Keep a layer; it stays, however large, until another comes."""
        self.drop(sha256)
        self._layers[sha256] = layer
        self._words += size_of(layer)
        while self._words > self._most_words and len(self._layers) > 1:
            self.drop(next(iter(self._layers)))

    def drop(self, sha256: str) -> None:
        layer = self._layers.pop(sha256, None)
        if layer is not None:
            self._words -= size_of(layer)
            forget_index(layer)

    def clear(self) -> None:
        for sha256 in tuple(self._layers):
            self.drop(sha256)


def size_of(layer: TextLayer) -> int:
    """Words and lines, which the memory that a layer takes goes with."""
    return 1 + sum(1 + len(line.words) for line in layer.lines)
