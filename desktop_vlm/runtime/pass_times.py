"""What passes of a model take on its device, by their tokens: learnt while it answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque

ROWS = (1, 2, 4, 8, 16)
"""Tokens of a pass. Few sizes, as a GPU prepares each one once."""
_ASSUMED_COST = {1: 1.0, 2: 1.15, 4: 1.5, 8: 2.2, 16: 2.2}
"""Of a GPU's pass, relative to one of a single token, before it was measured (Llama 3.2 11B in Q4_K_M on an H200)."""
_SHORTEST_PREFILL = 32
"""Tokens of a prompt whose time says what some of them take."""
_KEPT_TIME = 0.7
"""Weight of the past in a processor's averages."""
_N_TIMES, _ENOUGH_TIMES = 8, 4
"""A GPU's passes of one size whose times are remembered, and how many it takes to believe them."""
_FORGOTTEN_AFTER = 400
"""Passes without one of a size, after which its times are forgotten: what was wrong is not believed for good."""
_MOST_CHARGED = 8
"""What is beyond so many times the expected is a stall, or is done once, and no draft's fault."""
N_SLOW = 2
"""Passes of a new size that take a GPU longer: one without a CUDA graph, and one in which it makes that graph."""
_CHANGE_COST = 2.0
"""What a draft of another size than the passes before and after it takes beyond that, in passes of a single token."""


class PassTimes(ABC):
    """What passes take, measured or expected.

    Attributes:
        row_s: seconds for a token of a prompt; infinite where none tells what a pass takes.
    """

    def __init__(self) -> None:
        self.row_s = float("inf")
        self._times_s: dict[int, float] = {}  # measured, by tokens of a pass
        self._estimates_s: dict[int, float] = {}  # of any number of tokens, until something new is known

    @property
    def are_known(self) -> bool:
        """Whether a pass of one token was measured."""
        return 1 in self._times_s

    @property
    def change_s(self) -> float:
        """Seconds that a change of size takes now, and the change back."""
        return 0.0

    def stays(self, rows: int) -> bool:
        """Whether a pass with so many tokens spares the device a change."""
        del rows
        return False

    @abstractmethod
    def note_prefill(self, n_tokens: int, seconds: float) -> None:
        """A prompt, or the rest of one, took so long."""

    @abstractmethod
    def note(self, rows: int, seconds: float) -> float:
        """A pass took so long; what one of this size takes, without what is not its own fault."""

    def of(self, rows: int) -> float:
        """Seconds of a pass with so many tokens: measured, or estimated from the nearest smaller one that was."""
        if rows not in self._estimates_s:
            size = min((one for one in ROWS if one >= rows), default=ROWS[-1])
            measured = max((one for one in self._times_s if one <= size), default=0)
            known = measured in (0, size)
            self._estimates_s[rows] = self._times_s.get(size, 0.0) if known else self._expected_s(size, measured)
        return self._estimates_s[rows]

    @abstractmethod
    def _expected_s(self, size: int, measured: int) -> float:
        """Seconds of a pass with `size` tokens, of which there was none yet; one of `measured` is known."""

    def _learn(self, rows: int, seconds: float | None) -> None:
        """Passes with so many tokens take so long, or nobody knows any more."""
        if seconds is None:
            self._times_s.pop(rows, None)
        else:
            self._times_s[rows] = seconds
        self._estimates_s.clear()


class ProcessorTimes(PassTimes):
    """A processor is often busy with computing alone, and then more tokens pay nothing: a prompt's time tells."""

    def __init__(self) -> None:
        super().__init__()
        self._met: set[int] = set()

    def note_prefill(self, n_tokens: int, seconds: float) -> None:
        """A prompt, or the rest of one, took so long."""
        if n_tokens >= _SHORTEST_PREFILL:
            self.row_s = seconds / n_tokens
            self._estimates_s.clear()

    def note(self, rows: int, seconds: float) -> float:
        """A pass took so long; the first one of a size also prepares things, once."""
        is_first = rows not in self._met
        self._met.add(rows)
        if rows in ROWS and (rows == 1 or not is_first):
            before = self._times_s.get(rows, seconds)
            least = min(seconds, 2 * before)  # a stall says little
            self._learn(rows, _KEPT_TIME * before + (1 - _KEPT_TIME) * least)
        return self.of(rows) if is_first else seconds

    def _expected_s(self, size: int, measured: int) -> float:
        return max(self._times_s[measured], size * self.row_s)


class GpuTimes(PassTimes):
    """A GPU reads all weights for one token, and a few more come nearly for nothing.

    It is slow in the first passes of a size, and again whenever that changes, which says little about the others. So
    of each size the lower quartile of the last few counts, and only once there are enough of them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._latest_s: dict[int, deque[float]] = {}  # by size
        self._n_without: dict[int, int] = {}  # passes since the last one of each size
        self._before = 0  # tokens of the last pass
        self._n_behind_prompt = N_SLOW

    @property
    def change_s(self) -> float:
        """Seconds that a change of size takes now, and the change back; there has just been one behind a prompt."""
        return _CHANGE_COST * self.of(1) if self._n_behind_prompt >= N_SLOW else 0.0

    def stays(self, rows: int) -> bool:
        """Whether a pass with so many tokens spares the device a change."""
        return rows == self._before

    def note_prefill(self, n_tokens: int, seconds: float) -> None:
        """A prompt, or the rest of one, was read."""
        del seconds
        if n_tokens > 1:
            self._n_behind_prompt = 0

    def note(self, rows: int, seconds: float) -> float:
        """A pass took so long; what one of this size takes, without what is not its own fault."""
        is_slow = self._n_behind_prompt < N_SLOW  # whatever its size
        self._n_behind_prompt += 1
        self._before = rows
        self._forget_old()
        if rows in ROWS and not (is_slow and self.are_known):
            self._n_without[rows] = 0
            latest = self._latest_s.setdefault(rows, deque(maxlen=_N_TIMES))
            latest.append(seconds)
            if rows == 1 or len(latest) >= _ENOUGH_TIMES:
                self._learn(rows, sorted(latest)[len(latest) // 4])
        expected_s = self.of(rows)
        if is_slow:
            seconds -= min(_CHANGE_COST * self.of(1), max(0.0, seconds - expected_s))
        return min(seconds, _MOST_CHARGED * expected_s)

    def _forget_old(self) -> None:
        for size in [*self._latest_s]:
            self._n_without[size] += 1
            if size > 1 and self._n_without[size] > _FORGOTTEN_AFTER:
                del self._latest_s[size]
                self._learn(size, None)

    def _expected_s(self, size: int, measured: int) -> float:
        return self._times_s[measured] * _ASSUMED_COST[size] / _ASSUMED_COST[measured]


def pass_times(*, on_gpu: bool) -> PassTimes:
    """Those of a model on a GPU, or on a processor; nothing is known yet."""
    return GpuTimes() if on_gpu else ProcessorTimes()
