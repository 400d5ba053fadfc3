"""Python's cycle collector, on the window's thread only, and never for long.

By itself it runs in whichever thread happens to allocate, and would destroy Qt objects there that belong to the
window's thread: a timer destroyed by the history's thread still fires, and the program crashes.

A collection looks at every object that it knows, and a long answer has a hundred thousand of them. So those that are
many and stayed are put aside, as what was loaded at the start is: they still go when nobody holds them. What among them
goes in a circle is found when nothing has happened for a while.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_LOOK_EVERY_MS = 250
_LOOK_SOON_MS = 50
"""While much is made: what came in a whole second while an answer streams would take 30 ms and more."""
_MUCH = 3_000
"""Objects that come between two looks."""

_MOST_YOUNG = 6_000
_MOST_OLD = 15_000
"""Objects that are looked at in one go, a few milliseconds."""

_QUIET_LOOKS = 120
"""In a row without work: half a minute."""

_LITTLE = 200
"""Objects that come between two looks while nothing happens."""


class GarbageCollector(QObject):
    """Collects about when Python itself would have, but between two events of the window's thread.

    Make it once everything is loaded: what exists by then is looked at only when nothing happens.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._has_aside = False
        self._quiet = 0
        self._count = 0
        gc.collect()
        gc.freeze()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect what is due; all of it where nothing happens."""
        count = gc.get_count()[0]
        interval = _LOOK_SOON_MS if count > _MUCH else _LOOK_EVERY_MS
        if interval != self._timer.interval():
            self._timer.setInterval(interval)
        self._quiet = self._quiet + 1 if abs(count - self._count) < _LITTLE else 0
        if self._quiet >= _QUIET_LOOKS and self._has_aside:
            self.collect_all()
        else:
            self.collect()
        self._count = gc.get_count()[0]

    def collect(self) -> None:
        """Collect the oldest generation that is due, by Python's own thresholds or since it has become large."""
        due = [count > threshold for count, threshold in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        is_large = len(gc.get_objects(generation=2)) > _MOST_OLD
        if due[2] or is_large:
            gc.collect()
            if is_large:
                gc.freeze()
                self._has_aside = True
        elif due[1] or len(gc.get_objects(generation=1)) > _MOST_YOUNG:
            gc.collect(1)
        elif due[0]:
            gc.collect(0)

    def collect_all(self) -> None:
        """Look at everything, what was put aside included; takes up to a tenth of a second."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._has_aside = False
