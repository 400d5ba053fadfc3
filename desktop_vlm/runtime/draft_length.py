"""How many tokens to draft: as many as pay, by what passes take here and how often drafts were right."""

from __future__ import annotations

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
_SHORTEST_PREFILL = 32
"""Tokens of a prompt whose time says what some of them take."""
_ASSUMED_RIGHT = {1: 0.4, 2: 0.5, 3: 0.6, 4: 0.75}
"""How often a drafted token is right, by the tokens that agreed before the draft, before it was measured."""
_LEAST_RIGHT, _MOST_RIGHT = 0.3, 0.98
"""Bounds of that figure. Below the lower one nothing would be tried again after a bad time."""


class DraftLength:
    """Decides for one model on its device how long drafts are, and learns from every pass, from answer to answer.

    A GPU reads all weights for one token, and a few more come nearly for nothing. A processor is often busy with
    computing alone, and then they pay nothing: how long a prompt took tells which of both it is.
    """

    def __init__(self, *, on_gpu: bool) -> None:
        self._row_s: float | None = None if on_gpu else float("inf")
        self._times_s: dict[int, float] = {}
        self._met: set[int] = set()
        self._right = dict(_ASSUMED_RIGHT)
        self._spent_s = self._balance_s = 0.0

    def choose(self, n_chosen: int, n_found: int, agreed: int) -> int:
        """How many tokens of a draft to compute along with those that are chosen already.

        Args:
            n_chosen: of these, at least 1.
            n_found: tokens of the draft.
            agreed: tokens that agree before it.
        """
        if 1 not in self._times_s or -self._balance_s > _MOST_LOST * self._spent_s:
            return 0
        right = self._right[_kind(agreed)]
        best, length = 1 / self._time_s(n_chosen), 0
        for rows in ROWS:
            n_drafted = rows - n_chosen
            if 1 <= n_drafted <= n_found:
                gained = (1 - right ** (n_drafted + 1)) / (1 - right)
                rate = gained / self._time_s(rows)
                if rate > best:
                    best, length = rate, n_drafted
        return length

    def note_prefill(self, n_tokens: int, seconds: float) -> None:
        """A prompt, or the rest of one, took so long."""
        if self._row_s is not None and n_tokens >= _SHORTEST_PREFILL:
            self._row_s = seconds / n_tokens

    def note(self, n_chosen: int, n_drafted: int, n_right: int, agreed: int, seconds: float) -> None:
        """A pass took so long; of its drafted tokens the first `n_right` were right."""
        rows = n_chosen + n_drafted
        is_first = rows not in self._met
        self._met.add(rows)
        if rows in ROWS and (rows == 1 or not is_first):  # the first one of a size also prepares things, once
            before = self._times_s.get(rows, seconds)
            self._times_s[rows] = _mix(before, min(seconds, 2 * before), _KEPT_TIME)  # a stall says little
        took_s = self._time_s(rows) if is_first else seconds
        self._spent_s = _REMEMBERED * self._spent_s + took_s
        self._balance_s *= _REMEMBERED
        if n_drafted:
            self._balance_s += self._time_s(n_chosen) + n_right * self._time_s(1) - took_s
            kind = _kind(agreed)
            for place in range(min(n_right + 1, n_drafted)):
                right = _mix(self._right[kind], float(place < n_right), _KEPT_RIGHT)
                self._right[kind] = min(_MOST_RIGHT, max(_LEAST_RIGHT, right))

    def _time_s(self, rows: int) -> float:
        """Of a pass with so many tokens: measured, or estimated from the nearest smaller one that was."""
        size = min((one for one in ROWS if one >= rows), default=ROWS[-1])
        measured = max((one for one in self._times_s if one <= size), default=0)
        if measured in (0, size):
            return self._times_s.get(size, 0.0)
        if self._row_s is not None:
            return max(self._times_s[measured], size * self._row_s)
        return self._times_s[measured] * _ASSUMED_COST[size] / _ASSUMED_COST[measured]


def _kind(agreed: int) -> int:
    return max(1, min(4, agreed))


def _mix(before: float, now: float, kept: float) -> float:
    return kept * before + (1 - kept) * now
