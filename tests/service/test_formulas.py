"""Formulas through a real process: the same drawings, an end to those that take too long, and nothing left behind."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_vlm.markdown.formula import lay_out_uncached
from desktop_vlm.service import formula_client
from desktop_vlm.service.formula_client import ClosedError, FormulaClient
from desktop_vlm.service.watchdog import Patience
from tools.processes import is_running

FAULTY = """
import os, signal, sys
from desktop_vlm.markdown.formula import FormulaDrawing
from desktop_vlm.service import formulas
is_first = len(sys.argv) > 1 and not os.path.exists(sys.argv[1])
if is_first:
    open(sys.argv[1], "w").close()
real = formulas.lay_out_uncached
def lay_out_uncached(latex, size_px, *, display):
    if latex == "crash" or (latex == "crash once" and is_first):
        os.kill(os.getpid(), signal.SIGSEGV)
    if latex == "compute":
        while True:
            pass
    if latex == "hang":
        signal.pause()
    if latex == "image":
        return FormulaDrawing('<svg><image href="file:///etc/passwd"/></svg>', 9.0, 9.0, 0.0)
    if latex == "wide":
        return FormulaDrawing('<svg></svg>', 1e9, 9.0, 0.0)
    return real(latex, size_px, display=display)
formulas.lay_out_uncached = lay_out_uncached
formulas.PROCESSOR_S = 0.5
formulas.main()
"""
SQUARE = r"\frac{a^2}{b}"


@pytest.fixture(scope="module")
def client() -> Iterator[FormulaClient]:
    made = FormulaClient((sys.executable, "-c", FAULTY))
    yield made
    made.close()


@pytest.mark.parametrize("latex", [SQUARE, "x", "", "x_{", r"\text{é}"])
def test_it_draws_what_is_drawn_here(client: FormulaClient, latex: str) -> None:
    for size_px, display in ((14.0, False), (18.2, True)):
        here = lay_out_uncached(latex, size_px, display=display)
        assert client.lay_out(latex, size_px, display=display) == here
    assert latex not in {SQUARE, "x"} or here is not None


@pytest.mark.parametrize("latex", ["compute", "crash", "image", "wide", "x" * 3_000_000], ids=lambda latex: latex[:8])
def test_what_takes_too_long_or_is_no_drawing_is_none_and_the_next_one_works(client: FormulaClient, latex: str) -> None:
    assert client.lay_out(latex, 14.0, display=True) is None
    assert client.lay_out(SQUARE, 14.0, display=True) == lay_out_uncached(SQUARE, 14.0, display=True)


def test_a_process_that_was_ended_by_something_else_gets_another_chance(tmp_path: Path) -> None:
    client = FormulaClient((sys.executable, "-c", FAULTY, str(tmp_path / "started")))
    assert client.lay_out("x", 14.0, display=False) is not None
    first = client.pid
    drawn = client.lay_out("crash once", 14.0, display=False)
    assert drawn == lay_out_uncached("crash once", 14.0, display=False)
    assert client.pid != first
    client.close()


def test_one_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    client = FormulaClient((sys.executable, "-c", FAULTY))
    assert client.lay_out("x", 14.0, display=False) is not None
    monkeypatch.setattr(client._child._watchdog, "_patience", Patience(1.0))  # type: ignore[union-attr]
    hanging = client.pid
    assert client.lay_out("hang", 14.0, display=False) is None
    assert not is_running(hanging)
    client.close()


def test_closing_ends_the_process_and_whoever_waits_for_a_formula() -> None:
    client = FormulaClient((sys.executable, "-c", FAULTY))
    assert client.lay_out("x", 14.0, display=False) is not None
    pid = client.pid
    ends: list[BaseException] = []

    def wait() -> None:
        try:
            client.lay_out("hang", 14.0, display=False)
        except ClosedError as error:
            ends.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    while not client._is_working:
        time.sleep(0.001)
    client.close()
    thread.join(20)
    assert len(ends) == 1
    assert not is_running(pid)
    with pytest.raises(ClosedError):
        client.lay_out("x", 14.0, display=False)
    assert client.pid == 0


def test_an_idle_process_ends_and_the_next_formula_starts_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formula_client, "IDLE_S", 0.2)
    client = FormulaClient()
    assert client.lay_out("x", 14.0, display=False) is not None
    end_s = time.monotonic() + 20
    while client.pid and time.monotonic() < end_s:
        time.sleep(0.01)
    assert client.pid == 0
    assert client.lay_out("y", 14.0, display=False) == lay_out_uncached("y", 14.0, display=False)
    client.close()


def test_where_no_process_can_be_started_they_are_laid_out_here() -> None:
    client = FormulaClient(("/nowhere/python",))
    assert client.lay_out(SQUARE, 14.0, display=True) == lay_out_uncached(SQUARE, 14.0, display=True)
    assert client.pid == 0
