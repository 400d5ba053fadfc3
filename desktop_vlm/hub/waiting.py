"""Waiting that can be stopped, and trying again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from desktop_vlm.hub import refusals
from desktop_vlm.hub.access import Patience
from desktop_vlm.hub.refusals import About, Refusal
from desktop_vlm.system import steps

T = TypeVar("T")
Check = Callable[[], None]
"""Called several times a second, in the caller's thread; it may raise (`Cancelled`) to stop the work."""
Notice = Callable[[str], None]
"""Called with a sentence about what happens now: a wait, a new start."""

POLL_S = 0.1
_GAIN_BYTES = 64 * 1024
_MOST_READS = 6  # a request of the hub's client may be several, and knows no limit of its own


def never(*_: object) -> None:
    """A check that stops nothing, a notice that nobody reads."""


class Transient(Exception):  # noqa: N818 - it becomes an error when it stays
    """Something went wrong that may go well the next time.

    Attributes:
        refusal: what to say when it does not.
        reason: what happened, in a few words.
        wait_s: how long the server asked to wait.
        weight: how many failures it counts for; what hardly passes by itself counts twice.
        is_unreachable: there was no connection at all.
        status: of HTTP, where that was it.
    """

    def __init__(
        self,
        refusal: Refusal,
        reason: str,
        *,
        wait_s: float | None = None,
        weight: int = 1,
        is_unreachable: bool = False,
        status: int = 0,
    ) -> None:
        super().__init__(reason)
        self.refusal = refusal
        self.reason = reason
        self.wait_s = wait_s
        self.weight = weight
        self.is_unreachable = is_unreachable
        self.status = status


class Tries:
    """How often something failed since it last got anywhere."""

    def __init__(self, patience: Patience) -> None:
        self._waits_s = patience.waits_s
        self._failed = 0
        self._gained_bytes = 0

    def gained(self, n_bytes: int) -> None:
        """Bytes arrived: with enough of them, earlier failures are forgotten."""
        self._gained_bytes += n_bytes
        if self._gained_bytes >= _GAIN_BYTES:
            self._failed = self._gained_bytes = 0

    def wait_s(self, failure: Transient) -> float:
        """How long to wait after `failure`.

        Raises:
            Refusal: it is given up.
        """
        self._failed += failure.weight
        if self._failed > len(self._waits_s):
            raise failure.refusal from failure
        return self._waits_s[self._failed - 1] if failure.wait_s is None else failure.wait_s


def wait_notice(failure: Transient, wait_s: float) -> str:
    """What a person reads while a failure is waited out."""
    reason = failure.reason[:1].upper() + failure.reason[1:]
    return f"{reason}; trying again in {max(1, round(wait_s))} s."


def pause(wait_s: float, check: Check) -> None:
    """Wait, unless `check` raises."""
    until_s = time.monotonic() + wait_s
    check()
    while (left_s := until_s - time.monotonic()) > 0:
        steps.count()
        time.sleep(min(POLL_S, left_s))
        check()


def keep_trying(work: Callable[[], T], about: About, check: Check, notice: Notice) -> T:
    """The result of `work`, which is tried again after a `Transient`; without any connection it is given up at once.

    Raises:
        Refusal: of `work`, or because it failed too often, or took too long.
    """
    patience = about.access.patience
    tries = Tries(patience)
    while True:
        try:
            return in_thread(work, check, _MOST_READS * patience.read_s)
        except TimeoutError as error:
            raise refusals.of_network(error, about.access.host) from None
        except Transient as failure:
            if failure.is_unreachable:
                raise failure.refusal from failure
            wait_s = tries.wait_s(failure)
            notice(wait_notice(failure, wait_s))
            pause(wait_s, check)


def in_thread(work: Callable[[], T], check: Check, limit_s: float) -> T:
    """The result of `work`, which waits for servers in a thread that is left to itself when `check` raises.

    Raises:
        TimeoutError: there is none after `limit_s`.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True, name="hub request")
    thread.start()
    until_s = time.monotonic() + limit_s
    while thread.is_alive():
        check()
        steps.count()
        if time.monotonic() > until_s:
            raise TimeoutError
        thread.join(POLL_S)
    if errors:
        raise errors[0]
    return results[0]
