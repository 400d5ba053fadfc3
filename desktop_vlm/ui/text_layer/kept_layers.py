"""Layers in the history, beside their images. Everything here happens in the history's thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.history.store import History
from desktop_vlm.ui.history_thread import HistoryThread


class KeptLayers(Protocol):
    """Where layers outlive the program."""

    def load(self, sha256: str, then: Callable[[TextLayer | None], None]) -> None:
        """Have `then` called with what is kept of an image; None where that is nothing."""

    def keep(self, sha256: str, layer: TextLayer) -> None:
        """Keep a layer, if its image is kept."""

    def is_kept(self, sha256: str) -> bool:
        """Whether that was done already, as far as is known."""

    def forget(self) -> None:
        """All that was kept is deleted."""


class HistoryLayers:
    """Keeps to `KeptLayers`. What goes wrong is reported to nobody: the image is read again."""

    def __init__(self, history: HistoryThread) -> None:
        self._history = history
        self._kept: set[str] = set()

    def load(self, sha256: str, then: Callable[[TextLayer | None], None]) -> None:
        def work(history: History) -> TextLayer | None:
            return history.text_layers([sha256]).get(sha256)

        def loaded(layer: TextLayer | None) -> None:
            if layer is not None:
                self._kept.add(sha256)
            then(layer)

        self._history.call(work, loaded, lambda _: then(None), quiet=True)

    def keep(self, sha256: str, layer: TextLayer) -> None:
        def kept(is_kept: bool) -> None:
            if is_kept:
                self._kept.add(sha256)

        self._history.call(partial(_keep, sha256, layer), kept, quiet=True)

    def is_kept(self, sha256: str) -> bool:
        return sha256 in self._kept

    def forget(self) -> None:
        self._kept.clear()


def _keep(sha256: str, layer: TextLayer, history: History) -> bool:
    return history.keep_text_layer(sha256, layer)
