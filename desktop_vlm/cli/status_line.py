"""One line on a terminal that says what is going on."""

from __future__ import annotations

import time
from typing import TextIO

from desktop_vlm.system import steps

_REDRAW_S = 0.1
_QUIET_S = 0.4


class StatusLine:
    """Shows a stage and its fraction; draws nothing for short work or where no person looks."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._started = self._drawn = time.monotonic()
        self._width = 0

    def show(self, stage: str, fraction: float) -> None:
        """Draw `stage` at `fraction` (0 to 1)."""
        now = time.monotonic()
        if not self._stream.isatty() or now - self._started < _QUIET_S or now - self._drawn < _REDRAW_S:
            return
        self._drawn = now
        line = f"{stage} {fraction:4.0%}"
        with steps.aside():
            self._stream.write(f"\r{line:<{self._width}}")
            self._stream.flush()
        self._width = len(line)

    def clear(self) -> None:
        """Take the line away."""
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
            self._width = 0
