"""Python's cycle collector, on the window's thread only.

By itself it runs in whichever thread happens to allocate, and would destroy Qt objects there that belong to the
window's thread: a timer destroyed by the history's thread still fires, and the program crashes.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_LOOK_EVERY_MS = 1000


class GarbageCollector(QObject):
    """Collects when Python itself would have, but between two events of the window's thread.

    Make it once everything is loaded: what exists by then is never looked at again, so that a collection takes
    a few milliseconds.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.collect()
        gc.freeze()
        gc.disable()
        timer = QTimer(self)
        timer.setInterval(_LOOK_EVERY_MS)
        timer.timeout.connect(self.collect)
        timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that is due, as Python's own thresholds say."""
        due = [
            generation
            for generation, (count, threshold) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
            if count > threshold
        ]
        if due:
            gc.collect(max(due))
