"""Ctrl-C around calls into C."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from desktop_vlm.runtime.interrupts import deferred_interrupts, interrupted


def test_it_is_raised_when_the_call_has_returned() -> None:
    reached = []
    with pytest.raises(KeyboardInterrupt), deferred_interrupts():  # noqa: PT012
        os.kill(os.getpid(), signal.SIGINT)
        reached.append(interrupted())
    assert reached == [True]
    assert not interrupted()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_calls_inside_calls_wait_for_the_outermost() -> None:
    reached = []
    with pytest.raises(KeyboardInterrupt), deferred_interrupts():  # noqa: PT012
        with deferred_interrupts():
            os.kill(os.getpid(), signal.SIGINT)
        reached.append("after the inner call")
    assert reached == ["after the inner call"]


def test_a_handler_of_someone_else_is_called() -> None:
    seen = []
    before = signal.signal(signal.SIGINT, lambda number, _: seen.append(number))
    try:
        with deferred_interrupts():
            os.kill(os.getpid(), signal.SIGINT)
            assert seen == []
    finally:
        signal.signal(signal.SIGINT, before)
    assert seen == [signal.SIGINT]


def test_other_threads_are_left_alone() -> None:
    handlers = []

    def work() -> None:
        with deferred_interrupts():
            handlers.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert handlers == [signal.default_int_handler]
