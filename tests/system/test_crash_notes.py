"""What a crash leaves: where it happened, and not a word of what anybody wrote."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_vlm.system.crash_notes import CrashNotes, note_of, report, save

SECRET = "Zqxvanilla7731"
DYING = """
import os, signal, sys
from pathlib import Path
from desktop_vlm.system.crash_notes import CrashNotes
notes = CrashNotes(Path(sys.argv[1]))
notes.watch()
def answer(question):
    secret = question
    os.kill(os.getpid(), getattr(signal, sys.argv[2]))
answer("Zqxvanilla7731")
"""


@pytest.fixture(autouse=True)
def _hooks() -> Iterator[None]:
    before = sys.excepthook, threading.excepthook
    yield
    sys.excepthook, threading.excepthook = before


def failing(text: str) -> None:
    raise ValueError(f"no such question: {text}")


def caught(text: str = SECRET) -> ValueError:
    try:
        failing(text)
    except ValueError as error:
        return error
    raise AssertionError


def test_a_note_says_where_and_not_what() -> None:
    error = caught()
    assert note_of(ValueError, error.__traceback__).splitlines()[0] == "ValueError"
    assert note_of(ValueError, error.__traceback__).splitlines()[-1].endswith(" in failing")
    assert SECRET not in note_of(ValueError, error.__traceback__)
    assert str(Path(__file__).parent) not in note_of(ValueError, error.__traceback__)


def test_what_nobody_catches_is_noted_in_every_thread_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    monkeypatch.setattr("faulthandler.enable", lambda *_, **__: None)
    notes = CrashNotes(tmp_path)
    heard: list[int] = []
    notes.on_note = lambda: heard.append(len(notes.notes))
    notes.watch()
    error = caught()
    for _ in range(3):
        sys.excepthook(ValueError, error, error.__traceback__)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    thread = threading.Thread(target=failing, args=(SECRET,))
    thread.start()
    thread.join()
    assert heard == [1, 2]
    text = report(notes, "versions")
    assert text.count("ValueError") == 2
    assert SECRET not in text + caplog.text
    notes.end()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT"])
def test_a_fatal_signal_is_reported_by_the_next_run(tmp_path: Path, name: str) -> None:
    done = subprocess.run([sys.executable, "-c", DYING, str(tmp_path), name], capture_output=True, check=False)
    assert done.returncode == -getattr(signal, name)
    notes = CrashNotes(tmp_path)
    first, *frames = notes.of_last_run.splitlines()
    assert first.startswith("Fatal Python error: ")
    assert [frame.rpartition(" in ")[2] for frame in frames] == ["<module>", "answer"]
    assert SECRET not in report(notes, "")
    notes.end()
    assert CrashNotes(tmp_path).of_last_run == ""


@pytest.mark.parametrize("left", [b"", b"\n\n", b"\xff\xfe rubbish", b"\0" * 999_999])
def test_any_file_in_its_place_can_be_read(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "fatal.txt").write_bytes(left)
    assert len(CrashNotes(tmp_path).of_last_run) <= 200


def test_a_folder_that_cannot_be_written_keeps_nobody_from_starting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    notes = CrashNotes(tmp_path / "file" / "crashes")
    notes.watch()
    notes.end()
    assert notes.of_last_run == ""


def test_a_saved_report_is_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    save("é", path)
    assert path.read_text(encoding="utf-8") == "é"
    assert sys.platform == "win32" or stat.S_IMODE(path.stat().st_mode) == 0o600
