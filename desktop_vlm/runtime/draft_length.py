"""How many tokens to draft: as many as pay, by what passes take here and how often drafts were right."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

ROWS = (1, 2, 4, 8, 16)
"""Tokens of a pass. Few sizes, as a GPU prepares each one once."""

_MOST_LOST = 0.02
"""Of the time of the last passes, what wrong drafts may have taken beyond what right ones saved."""
_REMEMBERED = 0.995
"""Weight of what was before, with each pass: the last 200 or so count."""
_KEPT_TIME, _KEPT_RIGHT = 0.7, 0.9
"""Weight of the past in averages of times, and of how often drafts are right."""
_ASSUMED_COST = {1: 1.0, 2: 1.15, 4: 1.5, 8: 2.2, 16: 2.2}
"""Of a GPU's pass, relative to one of a single token, before it was measured (Llama 3.2 11B in Q4_K_M on an H200)."""
_N_TIMES, _ENOUGH_TIMES = 8, 4
"""On a GPU: passes of one size whose times are remembered, and how many it takes to believe them."""
_FORGOTTEN_AFTER = 400
"""Passes without one of a size, after which its times are forgotten: what was wrong is not believed for good."""
_MOST_CHARGED = 8
"""What is beyond so many times the expected is a stall, or is done once, and no draft's fault."""
_N_SLOW = 2
"""Passes of a new size that take a GPU longer: one without a CUDA graph, and one in which it makes that graph."""
_CHANGE_COST = 2.0
"""What a draft of another size than the passes before and after it takes beyond that, in passes of a single token."""
_STAYING = 1.1
"""How much more a draft is worth that keeps a GPU at the size of pass that it is at."""
_KEPT_OPINION = 0.998
"""Weight of how often drafts were right, with each pass that had none."""
_SHORTEST_PREFILL = 32
"""Tokens of a prompt whose time says what some of them take."""
_ASSUMED_RIGHT = {1: 0.4, 2: 0.5, 3: 0.6, 4: 0.75}
"""How often a drafted token is right, by the tokens that agreed before the draft, before it was measured."""
_LEAST_RIGHT, _MOST_RIGHT = 0.3, 0.98
"""Bounds of that figure. Below the lower one nothing would be tried again after a bad time."""


@dataclass(frozen=True)
class Making:
    """What making a draft takes, in seconds: before the first one, which serves all that follow, and for each token."""

    first_s: float = 0.0
    each_s: float = 0.0


_FOR_NOTHING = Making()


class PassTimes:
    """What passes of one model take on its device, by their tokens.

    A GPU reads all weights for one token, and a few more come nearly for nothing. A processor is often busy with
    computing alone, and then they pay nothing: how long a prompt took tells which of both it is.

    A GPU is slow in the first passes of a size, and again whenever that changes, which says little about the others. So
    of each size the lower quartile of the last few counts, and only once there are enough of them.

    Attributes:
        row_s: seconds for a token of a prompt; unknown yet, None on a GPU and infinite on a processor.
    """

    def __init__(self, *, on_gpu: bool) -> None:
        self.row_s: float | None = None if on_gpu else float("inf")
        self._on_gpu = on_gpu
        self._times_s: dict[int, float] = {}
        self._estimates_s: dict[int, float] = {}  # of any number of tokens, until something new is known
        self._met: set[int] = set()
        self._latest_s: dict[int, deque[float]] = {}  # on a GPU, by size
        self._n_without: dict[int, int] = {}  # passes since the last one of each size
        self._before = 0  # tokens of the last pass
        self._n_behind_prompt = _N_SLOW

    @property
    def are_known(self) -> bool:
        """Whether a pass of one token was measured."""
        return 1 in self._times_s

    @property
    def change_s(self) -> float:
        """Seconds that a change of size takes now, and the change back; a GPU has just had one behind a prompt."""
        return _CHANGE_COST * self.of(1) if self._on_gpu and self._n_behind_prompt >= _N_SLOW else 0.0

    def stays(self, rows: int) -> bool:
        """Whether a pass with so many tokens spares the device a change."""
        return self._on_gpu and rows == self._before

    def note_prefill(self, n_tokens: int, seconds: float) -> None:
        """A prompt, or the rest of one, took so long."""
        if n_tokens > 1:
            self._n_behind_prompt = 0
        if self.row_s is not None and n_tokens >= _SHORTEST_PREFILL:
            self.row_s = seconds / n_tokens
            self._estimates_s.clear()

    def note(self, rows: int, seconds: float) -> float:
        """A pass took so long; what one of this size takes, without what is not its own fault."""
        if self._on_gpu:
            return self._note_on_gpu(rows, seconds)
        is_first = rows not in self._met
        self._met.add(rows)
        if rows in ROWS and (rows == 1 or not is_first):  # the first one of a size also prepares things, once
            before = self._times_s.get(rows, seconds)
            self._times_s[rows] = _mix(before, min(seconds, 2 * before), _KEPT_TIME)  # a stall says little
            self._estimates_s.clear()
        return self.of(rows) if is_first else seconds

    def _note_on_gpu(self, rows: int, seconds: float) -> float:
        is_slow = self._n_behind_prompt < _N_SLOW  # whatever its size
        self._n_behind_prompt += 1
        self._before = rows
        self._forget_old()
        if rows in ROWS and not (is_slow and self.are_known):
            self._n_without[rows] = 0
            latest = self._latest_s.setdefault(rows, deque(maxlen=_N_TIMES))
            latest.append(seconds)
            if rows == 1 or len(latest) >= _ENOUGH_TIMES:
                self._times_s[rows] = sorted(latest)[len(latest) // 4]
                self._estimates_s.clear()
        expected_s = self.of(rows)
        if is_slow:
            seconds -= min(_CHANGE_COST * self.of(1), max(0.0, seconds - expected_s))
        return min(seconds, _MOST_CHARGED * expected_s)

    def _forget_old(self) -> None:
        for size in [*self._latest_s]:
            self._n_without[size] += 1
            if size > 1 and self._n_without[size] > _FORGOTTEN_AFTER:
                del self._latest_s[size]
                self._times_s.pop(size, None)
                self._estimates_s.clear()

    def of(self, rows: int) -> float:
        """Seconds of a pass with so many tokens: measured, or estimated from the nearest smaller one that was."""
        if rows not in self._estimates_s:
            self._estimates_s[rows] = self._estimate(rows)
        return self._estimates_s[rows]

    def _estimate(self, rows: int) -> float:
        size = min((one for one in ROWS if one >= rows), default=ROWS[-1])
        measured = max((one for one in self._times_s if one <= size), default=0)
        if measured in (0, size):
            return self._times_s.get(size, 0.0)
        if self.row_s is not None:
            return max(self._times_s[measured], size * self.row_s)
        return self._times_s[measured] * _ASSUMED_COST[size] / _ASSUMED_COST[measured]


class DraftLength:
    """Decides for one model and one kind of drafts how long they are; learns from every pass, from answer to answer.

    Attributes:
        times: of the model's passes; several kinds of drafts share them.
    """

    def __init__(
        self, *, on_gpu: bool = False, times: PassTimes | None = None, remembered: float = _REMEMBERED
    ) -> None:
        """Begin without experience.

        Args:
            on_gpu: whether the model is on a GPU; where `times` are given they know it.
            times: those of another one over the same model.
            remembered: weight of what was before, with each pass.
        """
        self.times = times or PassTimes(on_gpu=on_gpu)
        self._remembered = remembered
        self._right = dict(_ASSUMED_RIGHT)
        self._spent_s = self._balance_s = 0.0
        self._n_after = _N_SLOW  # passes since the last draft

    def choose(self, n_chosen: int, n_found: int, agreed: int, making: Making = _FOR_NOTHING) -> int:
        """How many tokens of a draft to compute along with those that are chosen already.

        Args:
            n_chosen: of these, at least 1.
            n_found: tokens of the draft, or how many could be made.
            agreed: tokens that agree before it.
            making: what it would take; then a draft that is wrong must not cost more than may be lost.
        """
        room_s = _MOST_LOST * self._spent_s + self._balance_s
        if not self.times.are_known or room_s < 0:
            return 0
        if making is not _FOR_NOTHING and making.first_s + making.each_s > room_s:
            return 0  # as at most passes with a draft model: a GPU waits until it is decided
        right, alone_s = self._right[_kind(agreed)], self.times.of(n_chosen)
        change_s = self.times.change_s if self._n_after else 0.0
        best, length = 1 / alone_s, 0
        for rows in ROWS:
            n_drafted = rows - n_chosen
            if 1 <= n_drafted <= n_found:
                gained = (1 - right ** (n_drafted + 1)) / (1 - right)
                takes_s = self.times.of(rows) + n_drafted * making.each_s
                lost_s = takes_s + making.first_s + change_s - alone_s
                worth = gained / takes_s * (_STAYING if self.times.stays(rows) else 1.0)
                if worth > best and (making is _FOR_NOTHING or lost_s <= room_s):
                    best, length = worth, n_drafted
        return length

    def note_prefill(self, n_tokens: int, seconds: float) -> None:
        """A prompt, or the rest of one, took so long."""
        self.times.note_prefill(n_tokens, seconds)
        self._n_after = _N_SLOW

    def spend(self, seconds: float, rows: int = 0) -> None:
        """Something took so long that had nothing to do with these drafts: a pass with so many tokens, or a prompt.

        What a GPU takes longer for a pass soon after a draft, which has another size, is that draft's fault.
        """
        self._spend(seconds)
        if rows and self._n_after < _N_SLOW:
            self._balance_s -= min(self.times.change_s, max(0.0, seconds - self.times.of(rows)))
        self._n_after = self._n_after + 1 if rows else _N_SLOW

    def _spend(self, seconds: float) -> None:
        self._spent_s = self._remembered * self._spent_s + seconds
        self._balance_s *= self._remembered

    def note(
        self, n_chosen: int, n_drafted: int, n_right: int, agreed: int, seconds: float, making_s: float = 0.0
    ) -> None:
        """A pass took so long, beside making its draft; of its drafted tokens the first `n_right` were right."""
        took_s = self.times.note(n_chosen + n_drafted, seconds) + making_s
        if not n_drafted and not making_s:
            self.spend(took_s, n_chosen)
            return
        self._spend(took_s)
        self._n_after = 0
        self._balance_s += self.times.of(n_chosen) + n_right * self.times.of(1) - took_s
        kind = _kind(agreed)
        for place in range(min(n_right + 1, n_drafted)):
            right = _mix(self._right[kind], float(place < n_right), _KEPT_RIGHT)
            self._right[kind] = min(_MOST_RIGHT, max(_LEAST_RIGHT, right))

    def forget_a_little(self) -> None:
        """How often drafts were right counts for less with time, so that they are tried again."""
        for kind, right in self._right.items():
            self._right[kind] = _mix(right, _ASSUMED_RIGHT[kind], _KEPT_OPINION)


def _kind(agreed: int) -> int:
    return max(1, min(4, agreed))


def _mix(before: float, now: float, kept: float) -> float:
    return kept * before + (1 - kept) * now
