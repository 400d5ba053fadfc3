"""What is done in a thread beside the window's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event

import pytest

from desktop_vlm.markdown import beside
from desktop_vlm.markdown.beside import do_beside

PATIENCE_S = 20


@contextmanager
def thread_held_up() -> Iterator[None]:
    """The thread is at work on something, and goes on afterwards."""
    begun, go_on = Event(), Event()

    def wait() -> None:
        begun.set()
        go_on.wait(PATIENCE_S)

    do_beside([("wait", wait)])
    assert begun.wait(PATIENCE_S)
    try:
        yield
    finally:
        go_on.set()


def test_what_was_asked_for_last_comes_first_and_everything_once() -> None:
    done: list[str] = []
    finished = Event()
    with thread_held_up():
        do_beside([("last", finished.set)])
        do_beside((name, partial(done.append, name)) for name in ("a", "b"))
        do_beside([("c", partial(done.append, "c"))])
        do_beside([("b", partial(done.append, "b"))])
    assert finished.wait(PATIENCE_S)
    assert done == ["b", "c", "a"]


def test_what_fails_ends_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    finished = Event()

    def fail() -> None:
        raise ValueError("no such thing")

    do_beside([("fail", fail), ("after", finished.set)])
    assert finished.wait(PATIENCE_S)
    assert "no such thing" in caplog.text
    again = Event()
    do_beside([("again", again.set)])
    assert again.wait(PATIENCE_S)


def test_of_very_much_the_oldest_is_forgotten() -> None:
    done: list[int] = []
    finished = Event()
    with thread_held_up():
        do_beside([(-1, partial(done.append, -1))])
        do_beside([(0, finished.set)])
        do_beside((number, partial(done.append, number)) for number in range(1, beside._MOST))
    assert finished.wait(PATIENCE_S)
    assert done == list(range(1, beside._MOST))
