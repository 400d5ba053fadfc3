"""How many tokens to draft: as many as pay, by what passes take here and how often drafts were right."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_vlm.runtime.pass_times import N_SLOW, ROWS, PassTimes, pass_times

_MOST_LOST = 0.02
"""Of the time of the last passes, what wrong drafts may have taken beyond what right ones saved."""
_REMEMBERED = 0.995
"""Weight of what was before, with each pass: the last 200 or so count."""
_KEPT_RIGHT = 0.9
"""Weight of the past in the average of how often drafts are right."""
_STAYING = 1.1
"""How much more a draft is worth that keeps a GPU at the size of pass that it is at."""
_KEPT_OPINION = 0.998
"""Weight of how often drafts were right, with each pass that had none."""
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
        self.times = times or pass_times(on_gpu=on_gpu)
        self._remembered = remembered
        self._right = dict(_ASSUMED_RIGHT)
        self._spent_s = self._balance_s = 0.0
        self._n_after = N_SLOW  # passes since the last draft

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
        self._n_after = N_SLOW

    def spend(self, seconds: float, rows: int = 0) -> None:
        """Something took so long that had nothing to do with these drafts: a pass with so many tokens, or a prompt.

        What a GPU takes longer for a pass soon after a draft, which has another size, is that draft's fault.
        """
        self._spend(seconds)
        if rows and self._n_after < N_SLOW:
            self._balance_s -= min(self.times.change_s, max(0.0, seconds - self.times.of(rows)))
        self._n_after = self._n_after + 1 if rows else N_SLOW

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
