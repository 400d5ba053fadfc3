"""How far the work is, for whoever shows it."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.conversion.gguf_file import padded
from desktop_vlm.conversion.plan import FilePlan
from desktop_vlm.conversion.progress import Listener, Progress
from desktop_vlm.conversion.streaming.fetcher import Fetcher
from desktop_vlm.conversion.streaming.work import Work
from desktop_vlm.hub.progress import DownloadProgress, Meter


class Status:
    """Tells a listener of what was written and of what has arrived.

    Attributes:
        meter: counts what arrives.
        task: number of the task that is done now; -1 for none.
    """

    def __init__(self, files: Sequence[FilePlan], work: Work, listener: Listener | None) -> None:
        self._files = files
        self._work = work
        self._listener = listener
        self.meter = Meter(work.download_bytes, self._show)
        self.task = -1

    def follow(self, fetcher: Fetcher) -> None:
        """Take from `fetcher` what has arrived."""
        self.meter.done_bytes = lambda: self._work.download_bytes - fetcher.missing_bytes

    def say(self, note: str) -> None:
        """Something that the person should know."""
        self.meter.say(note)

    def tell(self) -> None:
        """Tell the listener, which may raise."""
        self.meter.tick()

    def _show(self, download: DownloadProgress) -> None:
        if self._listener is None:
            return
        total = sum(file.n_bytes for file in self._files if not file.is_finished)
        task = self._work.tasks[self.task] if self.task >= 0 else None
        name = task.placed.tensor.name if task else ""
        file = self._files[task.output if task else -1].path.name
        self._listener(Progress(total - self._bytes_left(), total, name, file, download))

    def _bytes_left(self) -> int:
        """Of the tensors that are not done, with their padding."""
        ledger, left = self._work.ledger, 0
        for index, task in enumerate(self._work.tasks):
            if not self._work.is_done(index):
                left += padded(task.placed.n_bytes) - ledger.rows_done(index) * task.placed.row_bytes
        return left
