"""Before a conversation is exported: whether private text can be read in its pictures, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.history.store import History
from desktop_vlm.history.views import Instead
from desktop_vlm.images.redaction import around, cover
from desktop_vlm.images.text_layer.sensitive import Finding, find
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.decoding import open_image
from desktop_vlm.ui.pictures.loading import PictureData, read_data
from desktop_vlm.ui.redaction.export_dialogs import ExportQuestion, ReadingProgress
from desktop_vlm.ui.text_layer.layers import LayerState
from desktop_vlm.ui.text_layer.protocol import Availability

_SHOW_MS = 400
"""Reading that ends sooner needs no dialog."""

Found = Mapping[str, tuple[Finding, ...]]
"""By the SHA-256 of a picture."""


@dataclass
class _Check:
    """One export being prepared.

    Attributes:
        then: gets what is to be hidden; not called where the person cancels.
        layers: what is known, by SHA-256.
        to_read: pictures whose text is not known yet.
    """

    then: Callable[[Found], None]
    layers: dict[str, TextLayer] = field(default_factory=dict)
    to_read: list[str] = field(default_factory=list)
    count: int = 0
    is_over: bool = False


class ExportCheck(QObject):
    """Asks about private text, unless the settings say that nothing is to be pointed out.

    Attributes:
        reading, question: the dialogs that are open.
    """

    def __init__(self, window: QWidget, services: Services) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._background = Background(self)
        self._check: _Check | None = None
        self.reading: ReadingProgress | None = None
        self.question: ExportQuestion | None = None
        services.text_layers.changed.connect(self._text_came)

    def start(self, *conversation_ids: int, all_versions: bool, then: Callable[[Found], None]) -> None:
        """Have `then` called with what is to be hidden in the export; nothing happens where the person cancels."""
        if not self._services.private_texts.are_pointed_out:
            then({})
            return
        check = self._check = _Check(then)
        self._services.history.call(
            partial(_pictures, conversation_ids, all_versions), lambda known: self._read(check, *known)
        )

    # Reading what is not read yet

    def _read(self, check: _Check, sha256s: list[str], kept: dict[str, TextLayer]) -> None:
        layers = self._services.text_layers
        for sha256 in sha256s:
            layer = kept.get(sha256) or layers.layer(sha256)
            if layer is not None:
                check.layers[sha256] = layer
            elif layers.availability in {Availability.READY, Availability.UNKNOWN}:
                check.to_read.append(sha256)
        check.count = len(check.to_read)
        if check.to_read:
            QTimer.singleShot(_SHOW_MS, self, partial(self._show_reading, check))
        self._go_on(check)

    def _go_on(self, check: _Check) -> None:
        """The next picture, or what comes after the last; one at a time, so that skipping leaves nothing behind."""
        if check.is_over or check is not self._check:
            return
        if check.to_read:
            sha256 = check.to_read[0]
            self._services.text_layers.request(sha256, self._services.library.data(sha256), urgent=True)
        else:
            check.is_over = True
            self._close_reading()
            words = self._services.private_texts.words
            self._background.run(partial(_find_all, dict(check.layers), words), partial(self._found, check))

    def _text_came(self, sha256: str) -> None:
        check = self._check
        layers = self._services.text_layers
        if check is None or check.is_over or check.to_read[:1] != [sha256]:
            return
        if layers.state(sha256) in {LayerState.NONE, LayerState.READING}:
            return
        layer = layers.layer(sha256)
        if layer is not None:
            check.layers[sha256] = layer
        del check.to_read[0]
        if self.reading is not None:
            self.reading.show_count(check.count - len(check.to_read))
        QTimer.singleShot(0, self, partial(self._go_on, check))

    def _show_reading(self, check: _Check) -> None:
        if check.is_over or check is not self._check or self.reading is not None:
            return
        self.reading = ReadingProgress(check.count, self._window)
        self.reading.show_count(check.count - len(check.to_read))
        self.reading.skipped.connect(partial(self._skip, check))
        self.reading.rejected.connect(partial(self._cancel, check))
        self.reading.open()

    def _close_reading(self) -> None:
        reading, self.reading = self.reading, None
        if reading is not None:
            reading.blockSignals(True)
            reading.close()
            reading.deleteLater()

    def _skip(self, check: _Check) -> None:
        """Go on with what is known."""
        self._leave(check)
        check.to_read.clear()
        self._go_on(check)

    def _cancel(self, check: _Check) -> None:
        self._leave(check)
        check.is_over, self._check = True, None
        self._close_reading()

    def _leave(self, check: _Check) -> None:
        if check.to_read:
            self._services.text_layers.cancel(check.to_read[0])

    # What was found

    def _found(self, check: _Check, found: Found) -> None:
        if check is not self._check:
            return
        if not found:
            self._check = None
            check.then({})
            return
        self.question = ExportQuestion(found, self._window)
        self.question.hide_chosen.connect(partial(self._decide, check, found))
        self.question.as_it_is_chosen.connect(partial(self._decide, check, {}))
        self.question.finished.connect(self._question_closed)
        self.question.open()

    def _decide(self, check: _Check, found: Found) -> None:
        self._check = None
        check.then(found)

    def _question_closed(self) -> None:
        question, self.question = self.question, None
        if question is not None:
            question.deleteLater()


def _pictures(
    conversation_ids: Sequence[int], all_versions: bool, history: History
) -> tuple[list[str], dict[str, TextLayer]]:
    """SHA-256s of the pictures that an export holds, and what was read in them before."""
    messages_of = history.all_messages if all_versions else history.thread
    messages = [message for one in conversation_ids for message in messages_of(one)]
    sha256s = list(dict.fromkeys(picture.sha256 for message in messages for picture in message.pictures))
    return sha256s, history.text_layers(sha256s)


def _find_all(layers: Mapping[str, TextLayer], words: tuple[str, ...]) -> Found:
    found = {sha256: find(layer, words) for sha256, layer in layers.items()}
    return {sha256: findings for sha256, findings in found.items() if findings}


def covered(found: Found, files: Mapping[str, PictureData]) -> dict[str, Instead]:
    """What goes out in the place of pictures with private text. Not for the window's thread."""
    return {
        sha256: Instead(
            cover(open_image(read_data(files[sha256])), [around(box) for one in findings for box in one.boxes]),
            tuple(one.text for one in findings),
        )
        for sha256, findings in found.items()
    }
