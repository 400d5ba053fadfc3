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

    def forget(self, sha256: str = "") -> None:
        """All that was kept is deleted, or only what was kept of an image."""


class HistoryLayers:
    """Keeps to `KeptLayers`. What goes wrong is reported to nobody: the image is read again."""

    def __init__(self, history: HistoryThread) -> None:
        self._history = history
        self._kept: set[str] = set()
        self._forgotten: dict[str, int] = {}  # how often, so that what was kept before is not taken for what is

    def load(self, sha256: str, then: Callable[[TextLayer | None], None]) -> None:
        def work(history: History) -> TextLayer | None:
            return history.text_layers([sha256]).get(sha256)

        def loaded(layer: TextLayer | None) -> None:
            note(layer is not None)
            then(layer)

        note = self._noting(sha256)

        self._history.call(work, loaded, lambda _: then(None), quiet=True)

    def keep(self, sha256: str, layer: TextLayer) -> None:
        self._history.call(partial(_keep, sha256, layer), self._noting(sha256), quiet=True)

    def is_kept(self, sha256: str) -> bool:
        return sha256 in self._kept

    def forget(self, sha256: str = "") -> None:
        if sha256:
            self._kept.discard(sha256)
            self._forgotten[sha256] = self._forgotten.get(sha256, 0) + 1
        else:
            self._kept.clear()

    def _noting(self, sha256: str) -> Callable[[bool], None]:
        """Notes whether a layer was kept, unless its image is forgotten until that is known."""
        before = self._forgotten.get(sha256, 0)

        def note(is_kept: bool) -> None:
            if is_kept and self._forgotten.get(sha256, 0) == before:
                self._kept.add(sha256)

        return note


def _keep(sha256: str, layer: TextLayer, history: History) -> bool:
    return history.keep_text_layer(sha256, layer)
