"""Prepares pictures for the model in the background; what was made lately is not made again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.composer import Composition, Key, NativeImage, Part, PictureSource, Prepared, parts_to_make

_KEPT = 24
"""Parts kept for the next time; each holds a preview of at most 6 MB."""

_Makers = list[tuple[Key, Callable[[], Part]]]


class Preparer(QObject):
    """Prepares what a model gets; only the latest request counts.

    Signals:
        built: a Prepared.
        failed: a sentence.
        busy_changed: whether something is being made.
    """

    built = Signal(object)
    failed = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._made: OrderedDict[Key, Part] = OrderedDict()
        self._next: _Makers | None = None
        self._running: _Makers | None = None
        self._stale = False  # the one running is not asked for any more

    def request(self, pictures: Sequence[PictureSource], capabilities: Capabilities) -> None:
        """Prepare these; an older request that is not finished gives no result."""
        self._next = parts_to_make(pictures, capabilities)
        self._stale = True
        if self._running is None:
            self._start()

    def cancel(self) -> None:
        """No result for whatever was requested."""
        asked_for = self._running is not None and (self._next is not None or not self._stale)
        self._next, self._stale = None, True
        if asked_for:
            self.busy_changed.emit(False)

    def forget(self, sha256: str) -> None:
        """A picture is gone: nothing that was made of it is kept."""
        self._made = OrderedDict((key, part) for key, part in self._made.items() if sha256 not in key)

    def _start(self) -> None:
        if self._next is None:
            return
        self._running, self._next, self._stale = self._next, None, False
        self.busy_changed.emit(True)
        there = {key: self._made[key] for key, _ in self._running if key in self._made}
        missing = [(key, make) for key, make in self._running if key not in there]
        self._background.run(partial(_make, missing), partial(self._done, there), self._failed)

    def _done(self, there: dict[Key, Part], made: dict[Key, Part]) -> None:
        self._made |= made
        keys = [key for key, _ in self._running or ()]
        parts = [made[key] if key in made else there[key] for key in keys]
        for key in keys:
            if key in self._made:  # else it was forgotten meanwhile
                self._made.move_to_end(key)
        while len(self._made) > max(_KEPT, len(keys)):
            self._made.popitem(last=False)
        if self._is_asked_for():
            composition = next((part for part in parts if isinstance(part, Composition)), None)
            self.built.emit(Prepared(composition, tuple(part for part in parts if isinstance(part, NativeImage))))

    def _failed(self, sentence: str) -> None:
        if self._is_asked_for():
            self.failed.emit(sentence)

    def _is_asked_for(self) -> bool:
        """Whether what just ended is still asked for; if something newer is, that begins."""
        self._running = None
        if self._stale:
            self._start()
            return False
        self.busy_changed.emit(False)
        return True


def _make(missing: _Makers) -> dict[Key, Part]:
    return {key: make() for key, make in missing}
