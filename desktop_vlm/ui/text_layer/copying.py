"""All text of an image into the clipboard, as soon as it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.text_layer.forms import plain_text
from desktop_vlm.images.text_layer.selection import Copied
from desktop_vlm.ui.pictures.loading import PictureData
from desktop_vlm.ui.text_layer.layers import LayerState, TextLayers
from desktop_vlm.ui.text_layer.to_clipboard import put_text, text_to_copy

_MOST_SHOWN = 80


@dataclass(frozen=True)
class Offer:
    """Another text that can be had of the same image: what the button says, and the text."""

    label: str
    text: str


@dataclass(frozen=True)
class CopiedText:
    """What went to the clipboard, and what could be there instead; `text` is "" where an image has none."""

    text: str
    offers: tuple[Offer, ...] = ()


class TextCopier(QObject):
    """Copies the text of one image at a time: a later request takes the place of an earlier one.

    Signals:
        copied: a CopiedText.
        failed: a sentence.
    """

    copied = Signal(object)
    failed = Signal(str)

    def __init__(
        self, layers: TextLayers, parent: QObject | None = None, *, put: Callable[[Copied], None] = put_text
    ) -> None:
        """`put` brings a text into the clipboard."""
        super().__init__(parent)
        self._layers = layers
        self._put = put
        self._sha256 = ""
        self._forgets = False
        layers.changed.connect(self._changed)

    @property
    def is_busy(self) -> bool:
        return bool(self._sha256)

    def copy(self, sha256: str, data: PictureData, *, keep: bool = True) -> None:
        """Copy an image's text; unless `keep`, nothing of it stays here if it was not known before."""
        if self._forgets and self._sha256 not in {"", sha256}:
            self._layers.forget(self._sha256)  # nobody waits for it any more
        self._sha256 = sha256
        self._forgets = not keep and self._layers.state(sha256) in {LayerState.NONE, LayerState.FAILED}
        self._layers.request(sha256, data, urgent=True)

    def put(self, text: str) -> None:
        """Copy what an offer was about."""
        self._put(Copied(text))

    def _changed(self, sha256: str) -> None:
        if sha256 != self._sha256:
            return
        self._sha256 = ""
        layer, problem = self._layers.layer(sha256), self._layers.problem(sha256)
        if self._forgets:
            self._layers.forget(sha256)
        if layer is None:
            self.failed.emit(problem)
            return
        found = copied_text(layer)
        if found.text:
            self._put(Copied(found.text))
        self.copied.emit(found)


def copied_text(layer: TextLayer) -> CopiedText:
    """What is copied of an image, and what is offered besides."""
    text = text_to_copy(layer)
    offers = []
    joined = text_to_copy(layer, join_hyphens=True)
    if joined != text:
        offers.append(Offer(_tr("Join divided words"), joined))
    codes = "\n".join(code.text for code in layer.codes)
    if codes and plain_text(layer):
        offers.append(Offer(_tr("Copy the code instead"), codes))
    return CopiedText(text, tuple(offers))


def nothing_found() -> str:
    """What is said of an image without text."""
    return _tr("No text found")


def announcement(title: str, text: str) -> str:
    """One line that says what was copied, with its beginning."""
    line = " ".join(text.split())
    if len(line) > _MOST_SHOWN:
        line = line[: _MOST_SHOWN - 1].rstrip() + "\u2026"
    return f"{title}: {line}" if line else title


def _tr(text: str) -> str:
    return QCoreApplication.translate("TextLayer", text)
