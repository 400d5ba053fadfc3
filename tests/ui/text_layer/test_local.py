"""The reader over a process that crashes, sleeps or obeys, as each file says."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.pictures.pdf import PdfPage
from desktop_vlm.ui.text_layer import local
from desktop_vlm.ui.text_layer.local import Limits, LocalReader
from desktop_vlm.ui.text_layer.protocol import Availability
from tests.ui.text_layer.test_readers import LONG_MS, Recorder
from tools.processes import is_running

Make = Callable[..., tuple[LocalReader, Recorder]]

SCRIPTED = (sys.executable, str(Path(__file__).parents[2] / "scripted_reader.py"))


@pytest.fixture
def make(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:  # noqa: ARG001 - Qt has to be there
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    made: list[LocalReader] = []

    def start(command: tuple[str, ...] = SCRIPTED, **limits: float) -> tuple[LocalReader, Recorder]:
        made.append(LocalReader(command=command, limits=Limits(**limits)))  # type: ignore[arg-type]
        return made[-1], Recorder(made[-1])

    yield start
    for reader in made:
        reader.close()


def test_an_image_that_ends_the_process_twice_is_given_up(make: Make, qtbot: QtBot) -> None:
    reader, seen = make()
    reader.request("bad", b"die")
    reader.request("good", b"hello")
    reader.request("worse", b"raise my secret")
    qtbot.waitUntil(lambda: len(seen.failed) == 2, timeout=LONG_MS)
    assert seen.read == [("good", "hello")]
    assert seen.failed[0] == ("bad", "The text of this picture cannot be read: it crashed (signal 11).")
    assert seen.failed[1][0] == "worse"
    assert "a bug in Desktop VLM" in seen.failed[1][1]
    assert reader._process
    assert "RuntimeError" in reader._process.log
    assert "secret" not in repr(reader._process.log)


def test_a_cancel_is_over_within_a_second_and_its_process_gives_way(
    make: Make, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    reader, seen = make()
    reader.request("first", b"hello")
    qtbot.waitUntil(lambda: bool(seen.read), timeout=LONG_MS)
    pid = reader.pid
    if sys.platform == "linux":
        assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)
    reader.request("slow", b"sleep")
    qtbot.waitUntil(lambda: bool(reader._process and "asleep" in reader._process.log), timeout=LONG_MS)
    reader.cancel("slow")
    reader.request("second", b"again")
    qtbot.waitUntil(lambda: reader.pid != pid, timeout=20_000)  # 0.8 s alone; the file would sleep for ten minutes
    qtbot.waitUntil(lambda: len(seen.read) == 2, timeout=LONG_MS)
    assert (seen.shas(), seen.failed) == (["first", "second"], [])
    assert caplog.records == []  # the second was not taken for what ended the process


def test_a_cancel_while_the_process_starts_does_not_end_it(make: Make, qtbot: QtBot) -> None:
    slow = f"import runpy, time; time.sleep(0.3); runpy.run_path({SCRIPTED[1]!r}, run_name='__main__')"
    reader, seen = make((sys.executable, "-c", slow), cancel_s=0.2, starts=1)
    reader.request("a", b"sleep")
    qtbot.waitUntil(lambda: bool(reader._busy_id), timeout=LONG_MS)
    pid = reader.pid
    reader.cancel("a")
    reader.request("a", b"hello")
    qtbot.waitUntil(lambda: reader._has_greeted, timeout=LONG_MS)
    assert reader.pid == pid
    qtbot.waitUntil(lambda: len(seen.read) == 1, timeout=LONG_MS)
    assert (seen.read, seen.failed) == ([("a", "hello")], [])


def test_an_urgent_image_interrupts_the_one_that_is_read_which_comes_after_it(make: Make, qtbot: QtBot) -> None:
    reader, seen = make(image_s=4.0)
    reader.request("slow", b"sleep")
    qtbot.waitUntil(lambda: bool(reader._busy_id), timeout=LONG_MS)
    reader.request("waiting", b"later")
    reader.request("urgent", b"now", urgent=True)
    qtbot.waitUntil(lambda: len(seen.read) == 2, timeout=LONG_MS)
    assert seen.shas() == ["urgent", "waiting"]
    assert seen.failed == [("slow", "The text of this picture takes too long to read.")]


def test_its_memory_is_given_back_when_nothing_is_to_be_read(make: Make, qtbot: QtBot) -> None:
    reader, seen = make(idle_s=0.1)
    reader.prepare()
    pid = reader.pid
    assert pid > 0
    reader.request("a", b"hello")
    qtbot.waitUntil(lambda: reader.pid == 0, timeout=LONG_MS)
    qtbot.waitUntil(lambda: not is_running(pid), timeout=LONG_MS)
    assert seen.read == [("a", "hello")]
    assert seen.failed == []


def test_a_reader_that_cannot_be_started_says_so_for_all_that_wait(make: Make, qtbot: QtBot) -> None:
    reader, seen = make((sys.executable, "-c", "raise SystemExit(7)"))
    reader.request("a", b"hello")
    reader.request("b", b"hello")
    qtbot.waitUntil(lambda: len(seen.failed) == 2, timeout=LONG_MS)
    assert {sentence for _, sentence in seen.failed} == {
        "The text reader cannot be started: it ended by itself (exit code 7)."
    }
    assert reader.pid == 0


def test_without_the_extra_nothing_is_started(make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "missing_packages", lambda: ("rapidocr",))
    reader, seen = make()
    reader.prepare()
    reader.request("a", b"hello")
    qtbot.waitUntil(lambda: bool(seen.failed))
    assert (reader.availability, reader.pid) == (Availability.MISSING, 0)
    assert "pip install 'desktop-vlm[text]'" in seen.failed[0][1]
    reader.request("page", PdfPage(b"carried", 1))  # which may carry its text
    qtbot.waitUntil(lambda: bool(seen.read), timeout=LONG_MS)
    assert seen.read == [("page", "carried")]
