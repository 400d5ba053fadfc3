"""How far a download is, for whoever shows it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from desktop_vlm.system import steps

_WINDOW_S = 10.0
_QUIET_S = 0.5  # verifying beside other files that arrive is not worth a word


@dataclass(frozen=True)
class DownloadProgress:
    """A moment of a download.

    Attributes:
        file: what is fetched or verified now; several are at once, and this is one of them.
        stage: `list` (what there is), `download` or `verify`.
        done_bytes: of all files, those that were there before included.
        total_bytes: of all files.
        rate: bytes that arrive a second, lately; 0 while nothing comes.
        seconds_left: `None` where nobody can tell.
        note: a sentence on what happens now, such as a wait; "" if all is well.
    """

    file: str
    stage: str
    done_bytes: int
    total_bytes: int
    rate: float
    seconds_left: float | None
    note: str


Listener = Callable[[DownloadProgress], None]
"""Called several times a second, in the thread of whoever started the download; it may raise to stop it."""


def silent(_progress: DownloadProgress) -> None:
    """A listener that shows nothing."""


class Asking:
    """Tells a listener that the hub is being asked, before there are bytes to count."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._note = ""

    def check(self) -> None:
        """Called several times a second; whatever the listener raises ends the waiting."""
        self._listener(DownloadProgress("", "list", 0, 0, 0.0, None, self._note))

    def notice(self, note: str) -> None:
        self._note = note


class Meter:
    """Counts what arrives, from several threads, and tells a listener.

    Attributes:
        done_bytes: says how many bytes of all files there are.
    """

    def __init__(self, total_bytes: int, listener: Listener) -> None:
        self.done_bytes: Callable[[], int] = lambda: 0
        self._total_bytes = total_bytes
        self._listener = listener
        self._lock = threading.Lock()
        self._arrived: deque[tuple[float, int]] = deque()
        self._arrived_bytes = 0
        self._started_s = time.monotonic()
        self._file = ""
        self._verified = ""
        self._note = ""
        self._unheard: deque[str] = deque()

    def arrived(self, file: str, n_bytes: int) -> None:
        """Bytes came over the network."""
        with self._lock:
            self._file, self._verified, self._note = file, "", ""
            self._arrived.append((time.monotonic(), n_bytes))
            self._arrived_bytes += n_bytes
        steps.count()

    def verifies(self, file: str) -> None:
        """A file is compared with the hub's digest now."""
        with self._lock:
            self._verified, self._note = file, ""

    def say(self, note: str) -> None:
        """Something that the person should know; it is said once at least, and stays until something arrives."""
        with self._lock:
            self._verified, self._note = "", note
            self._unheard.append(note)

    def tick(self) -> None:
        """Tell the listener, which may raise."""
        with self._lock:
            notes = list(self._unheard) or [self._note]
            self._unheard.clear()
        for note in notes:
            self._listener(self._now(note))

    def _now(self, note: str) -> DownloadProgress:
        now_s, done_bytes = time.monotonic(), self.done_bytes()
        with self._lock:
            while self._arrived and self._arrived[0][0] < now_s - _WINDOW_S:
                self._arrived_bytes -= self._arrived.popleft()[1]
            rate = self._arrived_bytes / min(_WINDOW_S, max(now_s - self._started_s, 0.1))
            is_quiet = not self._arrived or self._arrived[-1][0] < now_s - _QUIET_S
            is_verifying = self._verified and (is_quiet or done_bytes >= self._total_bytes)
            file, stage = (self._verified, "verify") if is_verifying else (self._file, "download")
        left = self._total_bytes - done_bytes
        seconds_left = 0.0 if left <= 0 else left / rate if rate > 0 else None
        return DownloadProgress(file, stage, done_bytes, self._total_bytes, rate, seconds_left, note)
