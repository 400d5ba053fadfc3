"""Whether a child process that works gets on, judged by what it says.

Three ways not to get on have a limit each: it says nothing; it does nothing; it computes and never arrives anywhere.
Work gets on where one of its parts is done (`system.steps`), where a report says that it is farther than ever, and
where something comes from a disk, however slowly. A sign of life alone proves nothing.

Long work differs from work that hangs like this: an image that takes a minute reports each layer; a model that comes
from a slow disk causes reads; a process that gets no turn on a busy machine waits for one, which is not doing nothing,
and what it computed counts and not the time that passed (where it cannot even say so, it is seen from outside); and
time is counted in ticks of the one who watches, of which
there are none while the machine sleeps. GPUs compute, and their drivers compile, where nothing can be seen of it, so
there all takes longer.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from desktop_vlm.service.child import SILENT
from desktop_vlm.service.framing import Framed
from desktop_vlm.service.pulse import Pulse
from desktop_vlm.system.effort import Effort

IDLE_S = 90.0
COMPUTING_S = 180.0
IDLE_ON_GPU_S = 300.0
COMPUTING_ON_GPU_S = 1200.0

_WANTS_A_TURN = 0.2
"""Share of the time on a processor or in the queue for one: who has less does nothing."""
_MOST_STAGES = 32


@dataclass(frozen=True)
class Patience:
    """How long a process that works may go without getting on, in seconds.

    Attributes:
        silence_s: without a word.
        idle_s: without doing anything.
        computing_s: of a processor's time without any result.
        idle_on_gpu_s, computing_on_gpu_s: the same, where it may be waiting for a GPU.
    """

    silence_s: float
    idle_s: float = IDLE_S
    computing_s: float = COMPUTING_S
    idle_on_gpu_s: float = IDLE_ON_GPU_S
    computing_on_gpu_s: float = COMPUTING_ON_GPU_S

    @property
    def tick_s(self) -> float:
        """How often to look."""
        return min(1.0, self.silence_s / 4, self.idle_s / 4, self.computing_s / 4)


@runtime_checkable
class Report(Protocol):
    """A message that says how far the work is."""

    @property
    def extent(self) -> tuple[str, float]:
        """The stage, and a number that grows while it lasts."""


class Watchdog:
    """Watches one process: `hear` all that it says, `tick` while it works."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._last: Pulse | None = None
        self._judged: Pulse | None = None  # by which it was said what it does ...
        self._unjudged_s = 0.0  # ... so long ago
        self._silent_s = self._idle_s = self._computing_s = 0.0
        self._seen: Effort | None = None  # what it used, as seen from outside while it was silent
        self._is_seen_working = False
        self._computes = 0.0  # of each second
        self._is_idle = False
        self._farthest: dict[str, float] = {}

    def begin(self) -> None:
        """New work begins."""
        self._farthest.clear()
        self._silent_s = 0.0
        self._seen, self._is_seen_working = None, False
        self._got_on()

    def hear(self, message: Framed) -> None:
        """Note what it said."""
        self._silent_s = 0.0
        self._seen, self._is_seen_working = None, False
        if isinstance(message, Pulse):
            self._take(message)
        elif not isinstance(message, Report) or self._is_farther(*message.extent):
            self._got_on()

    @property
    def is_silent(self) -> bool:
        """Whether it is worth a look from outside: it may have no turn to say anything."""
        return self._silent_s >= self._patience.silence_s / 4

    def look(self, effort: Effort, seconds: float) -> None:
        """Note what it used of the machine until now, as seen from outside, `seconds` after the last look."""
        last, self._seen = self._seen, effort
        if last is None:
            return
        busy_s, waited_s = max(0.0, effort.busy_s - last.busy_s), max(0.0, effort.waited_s - last.waited_s)
        self._is_seen_working = busy_s + waited_s >= _WANTS_A_TURN * seconds or effort.reads > last.reads
        self._computing_s += min(seconds, busy_s)

    def tick(self, seconds: float) -> str:
        """So much time passed while it worked; returns why it is to be ended, or ""."""
        patience = self._patience
        self._judge(seconds)
        self._silent_s += 0.0 if self._is_seen_working else seconds
        if self._is_idle:
            self._idle_s += seconds
        self._computing_s += self._computes * seconds
        on_gpu = self._last is not None and self._last.on_gpu
        most_idle_s = patience.idle_on_gpu_s if on_gpu else patience.idle_s
        most_computing_s = patience.computing_on_gpu_s if on_gpu else patience.computing_s
        if self._silent_s >= patience.silence_s:
            return f"{SILENT} for {patience.silence_s:g} seconds"
        if self._idle_s >= most_idle_s:
            return f"it got no further for {most_idle_s:g} seconds"
        if self._computing_s >= most_computing_s:
            return f"it computed for {most_computing_s:g} seconds and got no further"
        return ""

    def _got_on(self) -> None:
        self._idle_s = self._computing_s = self._computes = 0.0
        self._is_idle = False

    def _is_farther(self, stage: str, extent: float) -> bool:
        if stage not in self._farthest and len(self._farthest) >= _MOST_STAGES:
            return False
        is_farther = extent > self._farthest.get(stage, float("-inf"))
        if is_farther:
            self._farthest[stage] = extent
        return is_farther

    def _take(self, pulse: Pulse) -> None:
        last, self._last = self._last, pulse
        if last is None:
            self._judged, self._unjudged_s = pulse, 0.0
        elif pulse.steps > last.steps or pulse.reads > last.reads:
            self._got_on()

    def _judge(self, seconds: float) -> None:
        """Say by its pulses since the last time whether it computes or does nothing."""
        self._unjudged_s += seconds
        last, now = self._judged, self._last
        if last is None or now is None or now is last:
            return
        busy = max(0.0, now.busy_s - last.busy_s) / self._unjudged_s
        waited = max(0.0, now.waited_s - last.waited_s) / self._unjudged_s
        self._judged, self._unjudged_s = now, 0.0
        self._is_idle = busy + waited < _WANTS_A_TURN
        self._computes = 0.0 if self._is_idle else min(1.0, busy)


class Allowance:
    """How many messages somebody may send: so many at once, and so many a second in the long run."""

    def __init__(self, at_once: int = 1000, per_s: float = 200.0) -> None:
        self._at_once = at_once
        self._per_s = per_s
        self._left = float(at_once)
        self._counted_s = time.monotonic()

    def take(self) -> bool:
        """Count one message; False where it is one too many."""
        now_s = time.monotonic()
        self._left = min(self._at_once, self._left + (now_s - self._counted_s) * self._per_s)
        self._counted_s = now_s
        self._left -= 1
        return self._left >= 0
