"""The captures that were made last, for as long as the settings say and no longer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop_vlm.history.capture_folder import CaptureFolder, KeptCapture
from desktop_vlm.settings import SettingsStore
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.redaction.private_texts import PrivateTexts
from desktop_vlm.ui.text_layer.layers import TextLayers

_Result = TypeVar("_Result")

_LOG = logging.getLogger(__name__)

MOST = 20
MOST_BYTES = 64 * 2**20
"""Of all together; the oldest give way."""

_HOUR_S = 3600.0
KEPT_S = {"hour": _HOUR_S, "day": 24 * _HOUR_S, "week": 7 * 24 * _HOUR_S, "month": 30 * 24 * _HOUR_S}
"""How long captures are kept beyond the session, by the value of the setting; with any other they are not."""

_LOOK_EVERY_MS = 60_000


@dataclass(frozen=True)
class Capture:
    """A capture that was made.

    Attributes:
        picture: what was captured.
        region: where; None where the desktop chose it.
        taken_at: seconds since 1970.
    """

    picture: NewPicture
    region: Region | None
    taken_at: float


class RecentCaptures(QObject):
    """The last captures, the latest first.

    They are in memory, and, where the settings say so, in a folder besides, which is written in a thread of its own.
    One whose time is over is deleted there at once, and nothing of it stays here.

    Attributes:
        captures: what there is.

    Signals:
        changed: captures came or went.
    """

    changed = Signal()
    _loaded = Signal(object)

    def __init__(
        self,
        folder: CaptureFolder,
        settings: SettingsStore,
        library: PictureLibrary,
        layers: TextLayers,
        private_texts: PrivateTexts,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self._folder = folder
        self._settings = settings
        self._library = library
        self._layers = layers
        self._private_texts = private_texts
        self._clock = clock
        self._is_cleared = self._is_closed = False
        self._written: set[str] = set()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="captures")
        self.captures: tuple[Capture, ...] = ()
        self._loaded.connect(self._take_kept, Qt.ConnectionType.QueuedConnection)
        library.lend(self._data)
        self._time = QTimer(self, interval=_LOOK_EVERY_MS)
        self._time.timeout.connect(self.apply_settings)
        self._time.start()
        loaded = self._loaded  # the thread holds the signal alone
        oldest = self._oldest()
        self._submit(lambda: _load(folder, oldest)).add_done_callback(loaded.emit)

    def add(self, picture: NewPicture, region: Region | None) -> None:
        """A capture was made; it is the latest one now."""
        if picture.edit is not None:  # how it was made is of no use here
            picture = replace(picture, edit=None)
        if self._settings.current.desktop.keep_captures != "off":
            others = [one for one in self.captures if one.picture.sha256 != picture.sha256]
            self._set([Capture(picture, region, self._clock()), *others])

    def get(self, sha256: str) -> Capture | None:
        """The capture of that picture."""
        return next((one for one in self.captures if one.picture.sha256 == sha256), None)

    @property
    def last_region(self) -> Region | None:
        """Where the latest capture was taken of which that is known."""
        return next((one.region for one in self.captures if one.region is not None), None)

    def remove(self, sha256: str) -> None:
        """Keep a capture no longer."""
        self._set([one for one in self.captures if one.picture.sha256 != sha256])

    def clear(self) -> None:
        """Keep none of them."""
        self._is_cleared = True
        self._set([])
        self._written = set()
        self._submit(self._folder.clear)

    def replaced(self, sha256: str, new: NewPicture) -> None:
        """Another picture is in the place of one, which is gone: private text is hidden in it."""
        if self.get(sha256) is not None:
            hidden = [replace(one, picture=new) if one.picture.sha256 == sha256 else one for one in self.captures]
            self._set(hidden)

    def apply_settings(self) -> None:
        """What is kept no longer, by the settings and by the clock, goes."""
        kept = self._settings.current.desktop.keep_captures
        oldest = self._oldest() if kept in KEPT_S else 0.0
        self._set([one for one in self.captures if kept != "off" and one.taken_at >= oldest], always_write=True)

    def _oldest(self) -> float:
        """What is older is not kept beyond the session."""
        return self._clock() - KEPT_S.get(self._settings.current.desktop.keep_captures, -1.0)

    def close(self) -> None:
        """Finish what is to be written."""
        self._is_closed = True
        self._time.stop()
        self._thread.shutdown(wait=True)

    def _data(self, sha256: str) -> bytes | None:
        capture = self.get(sha256)
        return capture.picture.data if capture else None

    def _set(self, captures: Sequence[Capture], *, always_write: bool = False) -> None:
        before = self.captures
        self.captures = _within_bounds(captures)
        if self.captures != before:
            stays = {one.picture.sha256 for one in self.captures}
            for gone in before:
                if gone.picture.sha256 not in stays:
                    self._forget(gone.picture.sha256)
            self.changed.emit()
        if self.captures != before or always_write:
            self._write()

    def _forget(self, sha256: str) -> None:
        """Nothing of a picture is left in memory for its own sake; who else shows it has it read again."""
        self._layers.leave(sha256)
        self._library.drop_thumbnails(sha256)

    def _write(self) -> None:
        keeps = self._settings.current.desktop.keep_captures in KEPT_S
        kept = [one for one in self.captures if keeps]
        entries = [_kept(one) for one in reversed(kept)]
        new = [(one.picture.sha256, one.picture.data) for one in kept if one.picture.sha256 not in self._written]
        names = {entry.sha256 for entry in entries}
        if (names != self._written or new) and not self._is_closed:
            self._written = names
            self._submit(lambda: self._folder.write(entries, new))

    def _take_kept(self, done: Future[list[Capture]]) -> None:
        """What is kept of earlier sessions; what was captured meanwhile is later."""
        if self._is_closed:
            return
        if error := done.exception():
            _LOG.warning("Captures that were kept could not be read: %s", error)
            return
        loaded = [] if self._is_cleared else done.result()
        self._written |= {one.picture.sha256 for one in loaded}
        known = {one.picture.sha256 for one in self.captures}
        older = [one for one in reversed(loaded) if one.picture.sha256 not in known]
        if older:
            self.captures = (*self.captures, *older)
            self.changed.emit()
        self.apply_settings()

    def _submit(self, work: Callable[[], _Result]) -> Future[_Result]:
        def logged() -> _Result:
            try:
                return work()
            except OSError as error:
                _LOG.warning("Captures could not be kept: %s", error.strerror)
                raise

        return self._thread.submit(logged)


def _within_bounds(captures: Sequence[Capture]) -> tuple[Capture, ...]:
    kept: list[Capture] = []
    size = 0
    for one in captures[:MOST]:
        size += len(one.picture.data)
        if kept and size > MOST_BYTES:
            break
        kept.append(one)
    return tuple(kept)


def _kept(one: Capture) -> KeptCapture:
    region = one.region
    place = (region.left, region.top, region.width, region.height) if region else ()
    picture = one.picture
    return KeptCapture(
        picture.sha256,
        picture.name,
        picture.width,
        picture.height,
        one.taken_at,
        region.screen if region else "",
        place,
    )


def _load(folder: CaptureFolder, oldest: float) -> list[Capture]:
    """What is there of earlier sessions; what is older is deleted at once, whatever else happens."""
    loaded = folder.load()
    kept = [(entry, data) for entry, data in loaded if entry.taken_at >= oldest]
    if len(kept) < len(loaded):
        folder.write([entry for entry, _ in kept])
    return [_capture(entry, data) for entry, data in kept]


def _capture(entry: KeptCapture, data: bytes) -> Capture:
    region = Region(entry.screen, *entry.region) if entry.region else None
    return Capture(NewPicture(data, entry.name, entry.width, entry.height), region, entry.taken_at)
