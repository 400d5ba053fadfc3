"""How far long work is, on a terminal: one live line where a person watches, a few lines elsewhere."""

from __future__ import annotations

import os
import time
from typing import TextIO

from desktop_vlm.conversion.progress import Progress
from desktop_vlm.hub.progress import DownloadProgress
from desktop_vlm.system import steps

_REDRAW_S = 0.1
_PLAIN_LINES = 4  # where nobody watches a bar, one line at every quarter of the work


class Meter:
    """Draws; several kinds of work that follow each other may share one."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_live = stream.isatty()
        self._is_drawn = False
        self._drawn_s = 0.0
        self._heading = ""
        self._total = 0
        self._quarter = 0

    def show(self, heading: str, done: int, total: int, figures: str) -> None:
        """Show that `done` of `total` is done; called often, draws now and then."""
        if self._is_live:
            self._draw(heading, done, total, figures)
            return
        if self._kind(heading) != self._kind(self._heading) or total != self._total:
            self._quarter, self._total = 0, total  # other work begins
        if heading != self._heading:
            self._heading = heading
            self._print(heading)
        quarter = _PLAIN_LINES * done // max(1, total)
        if quarter > self._quarter:
            self._quarter = quarter
            self._print(figures)

    def say(self, sentence: str) -> None:
        """A line that stays."""
        self.close()
        self._print(sentence)

    def close(self) -> None:
        """End the live line."""
        if self._is_drawn:
            self._is_drawn = False
            self._print("")

    def _draw(self, heading: str, done: int, total: int, figures: str) -> None:
        now_s = time.monotonic()
        if heading == self._heading and now_s - self._drawn_s < _REDRAW_S and done < total:
            return
        if self._kind(heading) != self._kind(self._heading):
            self.close()  # another kind of work gets a line of its own
        self._heading, self._drawn_s, self._is_drawn = heading, now_s, True
        columns, figures = _columns(self._stream), f" {figures}"
        bar_width = max(0, min(30, columns - len(figures) - 3))
        filled = bar_width * done // max(1, total)
        bar = f"[{'#' * filled}{'.' * (bar_width - filled)}]" if bar_width > 4 else ""
        with steps.aside():
            self._stream.write(f"\r{bar}{figures}"[:columns] + "\x1b[K")
            self._stream.flush()

    @staticmethod
    def _kind(heading: str) -> str:
        return heading.split(" ", maxsplit=1)[0]

    def _print(self, line: str) -> None:
        with steps.aside():
            print(line, file=self._stream, flush=True)


class ConversionMeter:
    """Shows a conversion; its rate is that of all of it.

    Attributes:
        was_used: something was shown.
    """

    def __init__(self, meter: Meter) -> None:
        self.was_used = False
        self._meter = meter
        self._download = DownloadMeter(meter)
        self._started_s = 0.0

    def show(self, progress: Progress) -> None:
        """Report `progress`; where a download goes on at the same time, its own."""
        if not self.was_used:
            self._started_s = time.monotonic()  # a download may have gone before
            self.was_used = True
        if progress.download is not None:
            self._download.show(progress.download, f", {size(progress.done_bytes)} written")
            return
        done, total = progress.done_bytes, progress.total_bytes
        self._meter.show(f"Writing {progress.file}", done, total, self._figures(done, total))

    def _figures(self, done: int, total: int) -> str:
        elapsed_s = time.monotonic() - self._started_s
        text = share(done, total)
        if elapsed_s < 1 or not done:
            return text
        rate = done / elapsed_s
        left_s = (total - done) / rate
        text += f", {rate / 1e6:.0f} MB/s"
        return f"{text}, {duration(left_s)} left" if left_s >= 1 else f"{text}, {duration(elapsed_s)} in all"


class DownloadMeter:
    """Shows a download, with a line for everything that a person should know."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._note = ""

    def show(self, progress: DownloadProgress, more: str = "") -> None:
        """Report `progress`; `more` stands behind its figures."""
        if progress.note and progress.note != self._note:
            self._meter.say(progress.note)
        self._note = progress.note
        if not progress.total_bytes:
            return
        figures = share(progress.done_bytes, progress.total_bytes) + more
        if progress.rate and progress.done_bytes < progress.total_bytes:
            figures += f", {progress.rate / 1e6:.1f} MB/s"
            if progress.seconds_left is not None:
                figures += f", {duration(progress.seconds_left)} left"
        if progress.stage == "verify":
            figures += ", verifying"
        self._meter.show("Downloading", progress.done_bytes, progress.total_bytes, figures)


def share(done: int, total: int) -> str:
    """Percents and sizes, as in `50% 3.5 MB of 7.0 MB`."""
    return f"{100 * done // max(1, total)}% {size(done)} of {size(total)}"


def size(n_bytes: float) -> str:
    """Bytes as a person says them."""
    if n_bytes < 1e5:
        return f"{n_bytes / 1e3:.0f} kB"
    return f"{n_bytes / 1e9:.2f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.1f} MB"


def duration(seconds: float) -> str:
    """Minutes and seconds, with hours where there are some."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


def _columns(stream: TextIO) -> int:
    """Characters that fit on a line without wrapping; a terminal that does not know says 0."""
    try:
        return (os.get_terminal_size(stream.fileno()).columns or 80) - 1
    except (OSError, ValueError):
        return 79
