"""One program per person: who wins, what is handed over, what is ignored, and how quickly."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.api.errors import UserError
from desktop_vlm.ui.desktop.instance import Command, SingleInstance, hand_over, instance_name
from desktop_vlm.ui.desktop.instance import server as server_module
from desktop_vlm.ui.desktop.instance.command import ACCEPTED, LENGTH, MAX_BYTES, decode, encode
from desktop_vlm.ui.desktop.instance.hand_over import _send_through_qt
from tests.quickest import quickest_s

COMMANDS = [
    Command("show"),
    Command("toggle", activation_token="kwin-7_TIME123"),
    Command("capture", delay_s=2.5),
    Command("copy-text", delay_s=0.5),
    Command("ask", text="Was heißt das?\nおねがい", files=("/tmp/a b.png", "/tmp/ü.pdf")),
    Command("open", files=("/tmp/x.png",)),
    Command("quit"),
]

RUN = """
import sys
from PySide6.QtCore import QCoreApplication
from desktop_vlm.ui.desktop.instance import SingleInstance
qt = QCoreApplication([])
instance = SingleInstance()
print("claimed" if instance.claim() else "taken", flush=True)
instance.received.connect(lambda command: print(command.kind, flush=True))
qt.exec()
"""

START = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from desktop_vlm.ui.desktop.instance import Command, SingleInstance, hand_over, instance_name
qt = QCoreApplication([])
print("ready", flush=True)
sys.stdin.readline()
instance = SingleInstance()
if instance.claim():
    seen = []
    instance.received.connect(lambda command: (seen.append(command.text), len(seen) == 7 and qt.quit()))
    QTimer.singleShot(60_000, qt.quit)
    qt.exec()
    print("first", *sorted(seen))
else:
    print("handed over" if hand_over(instance_name(), Command("ask", sys.argv[1]), 60, is_running=True) else "lost")
"""

HAND_OVER = """
import sys
from desktop_vlm.ui.desktop.instance import Command, hand_over, instance_name
taken = hand_over(instance_name(), Command("ask", "hello", ("/tmp/a.png",)), 60)
assert not [name for name in sys.modules if name.startswith("PySide6")]
sys.exit(0 if taken else 1)
"""


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A short one: the path of a socket has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="dvlm-") as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def _own_folders(qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert qapp  # sockets need its event loop
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("DESKTOP_VLM_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DESKTOP_STARTUP_ID", raising=False)
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)


@pytest.fixture
def first() -> Iterator[SingleInstance]:
    made = SingleInstance()
    assert made.claim()
    yield made
    made.close()


def run(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a Python program with this test's environment."""
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", code, *arguments], stdin=pipe, stdout=pipe, text=True)


def line(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    return program.stdout.readline().strip()


def end(program: subprocess.Popen[str]) -> None:
    """End it, unless it has ended, and let its pipes go."""
    program.kill()
    program.communicate(timeout=60)


def connection() -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    made.settimeout(60)
    made.connect(instance_name())
    return made


# Names


def test_the_name_is_private_and_without_a_version(tmp_path: Path) -> None:
    environment = {"XDG_RUNTIME_DIR": str(tmp_path / "run")}
    assert instance_name(environment) == str(tmp_path / "run" / "desktop-vlm.socket")


def test_another_home_is_another_program(tmp_path: Path) -> None:
    names = {instance_name({**os.environ, "DESKTOP_VLM_HOME": str(tmp_path / name)}) for name in ("a", "b", "b")}
    assert len(names) == 2
    assert all(Path(name).parent == tmp_path / "run" for name in names)


def test_a_runtime_folder_that_others_can_enter_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").chmod(0o755)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = Path(instance_name()).parent
    assert folder == tmp_path / f"desktop-vlm-{os.getuid()}"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_somebody_else_laid_out_for_us_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    trap = tmp_path / "trap"
    trap.mkdir(mode=0o700)
    (tmp_path / f"desktop-vlm-{os.getuid()}").symlink_to(trap)
    assert Path(instance_name()).parent == tmp_path / "home" / "state"


# What is handed over


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.kind)
def test_a_command_arrives_as_it_was_given(qtbot: QtBot, first: SingleInstance, command: Command) -> None:
    fields = json.dumps([command.kind, command.text, command.files, command.delay_s, command.activation_token])
    code = f"""
import json
from desktop_vlm.ui.desktop.instance import Command, hand_over, instance_name
kind, text, files, delay_s, token = json.loads({fields!r})
print(hand_over(instance_name(), Command(kind, text, tuple(files), delay_s, token), 60))
"""
    with qtbot.waitSignal(first.received) as blocker:
        second = run(code)
    assert blocker.args == [command]
    assert second.communicate(timeout=60)[0] == "True\n"


@pytest.mark.parametrize("variable", ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"])
def test_the_second_starts_token_travels_with_its_command(
    qtbot: QtBot, first: SingleInstance, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "token-9")
    with qtbot.waitSignal(first.received) as blocker:
        second = run(HAND_OVER)
    assert blocker.args == [Command("ask", "hello", ("/tmp/a.png",), activation_token="token-9")]
    assert second.wait(60) == 0
    end(second)


def test_without_a_running_program_nobody_waits() -> None:
    def alone() -> None:
        assert not hand_over(instance_name(), Command("show"))

    assert quickest_s(alone, 0.1) < 0.1


def test_a_program_that_hangs_is_not_waited_for_longer_than_asked(first: SingleInstance) -> None:
    assert first  # its event loop does not run in this test

    waited_s: list[float] = []

    def wait() -> None:
        begun_s = time.monotonic()
        assert not hand_over(instance_name(), Command("show"), timeout_s=0.3)
        waited_s.append(time.monotonic() - begun_s)

    assert quickest_s(wait, 1) < 1
    assert min(waited_s) > 0.25


def test_what_its_sender_gave_up_is_not_done_later(qtbot: QtBot, first: SingleInstance) -> None:
    heard: list[Command] = []
    first.received.connect(heard.append)
    assert not hand_over(instance_name(), Command("capture"), timeout_s=0.2)
    second = run(HAND_OVER)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [Command("ask", "hello", ("/tmp/a.png",))]
    assert second.wait(60) == 0
    end(second)


def test_commands_wait_until_somebody_listens(qtbot: QtBot, first: SingleInstance) -> None:
    second = run(HAND_OVER)
    qtbot.wait(500)
    assert second.poll() is None
    heard: list[Command] = []
    first.received.connect(heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [Command("ask", "hello", ("/tmp/a.png",))]
    assert second.wait(60) == 0
    end(second)


def test_a_program_that_is_about_to_listen_is_waited_for(qtbot: QtBot) -> None:
    second = run(
        "from desktop_vlm.ui.desktop.instance import Command, hand_over, instance_name\n"
        "print('go', flush=True)\n"
        "print(hand_over(instance_name(), Command('show'), 10, is_running=True))"
    )
    assert line(second) == "go"
    qtbot.wait(200)
    late = SingleInstance()
    assert late.claim()
    with qtbot.waitSignal(late.received) as blocker:
        pass
    assert blocker.args == [Command("show")]
    assert second.communicate(timeout=60)[0] == "True\n"
    late.close()


def test_the_way_of_windows_works_over_qts_own_sockets(first: SingleInstance) -> None:
    """The handler waits in Qt's way; here another process answers it."""
    first.close()
    program = run(RUN)
    assert line(program) == "claimed"
    assert _send_through_qt(instance_name(), encode(Command("toggle")), time.monotonic() + 60)
    assert line(program) == "toggle"
    end(program)
    with pytest.raises(ConnectionError):
        _send_through_qt(f"{instance_name()}-nobody", encode(Command("toggle")), time.monotonic() + 1)


def test_too_much_for_one_message_is_said_plainly() -> None:
    with pytest.raises(UserError, match="too much to hand to the running window at once"):
        hand_over(instance_name(), Command("ask", "x" * MAX_BYTES))


# Who is the first


def test_the_second_claim_fails_until_the_first_is_closed(first: SingleInstance) -> None:
    second = SingleInstance()
    assert not second.claim()
    first.close()
    assert second.claim()
    second.close()
    assert not Path(instance_name()).exists()


def test_the_socket_is_for_its_owner_only(first: SingleInstance) -> None:
    assert first
    found = Path(instance_name()).stat()
    assert stat.S_ISSOCK(found.st_mode)
    assert stat.S_IMODE(found.st_mode) & 0o077 == 0


def test_after_a_crash_the_next_start_is_the_first_again() -> None:
    program = run(RUN)
    assert line(program) == "claimed"
    os.kill(program.pid, signal.SIGKILL)
    end(program)
    assert Path(instance_name()).exists()  # what the crash left behind

    assert not hand_over(instance_name(), Command("show"))
    again = run(RUN)
    assert line(again) == "claimed"
    assert hand_over(instance_name(), Command("quit"), 60)
    assert line(again) == "quit"
    end(again)


def test_a_running_engine_does_not_hold_the_place_of_a_crashed_window() -> None:
    program = run(RUN.replace("qt.exec()", "import subprocess; subprocess.Popen(['sleep', '20'])\nqt.exec()"))
    assert line(program) == "claimed"
    time.sleep(0.3)
    os.kill(program.pid, signal.SIGKILL)
    program.wait(60)
    last = SingleInstance()
    assert last.claim()
    last.close()
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.close()
    program.stdout.close()


def test_of_eight_starts_at_once_one_wins_and_hears_the_seven_others() -> None:
    crashed = run(RUN)
    assert line(crashed) == "claimed"
    end(crashed)  # they also meet a socket that is left over
    programs = [run(START, str(number)) for number in range(8)]
    assert [line(program) for program in programs] == ["ready"] * 8
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    reported = [program.communicate(timeout=60)[0].split() for program in programs]
    winner = next(number for number, words in enumerate(reported) if words[0] == "first")
    assert reported[winner][1:] == [str(number) for number in range(8) if number != winner]
    assert [words for words in reported if words[0] != "first"] == [["handed", "over"]] * 7


def test_where_no_lock_can_be_made_the_program_runs_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    instance = SingleInstance("/proc/nowhere/desktop-vlm.socket")
    assert instance.claim()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "Later starts will open a window of their own" in caplog.text


# What is not let through


def framed(fields: object) -> bytes:
    body = json.dumps(fields).encode()
    return LENGTH.pack(len(body)) + body


GARBAGE = {
    "no JSON": (LENGTH.pack(4) + b"\xff\x00ab", "it is not JSON"),
    "nested": (LENGTH.pack(200_000) + b"[" * 200_000, "it is not JSON"),
    "no object": (framed(["show"]), "it is not an object"),
    "too long": (LENGTH.pack(MAX_BYTES + 1) + b"x", "it is too long"),
    "HTTP": (b"GET / HTTP/1.1\r\n\r\n", "it is too long"),
    "unknown kind": (framed({"kind": "format-disk"}), "its kind is not known"),
    "no kind": (framed({"text": "secret"}), "its kind is not known"),
    "text is a number": (framed({"kind": "ask", "text": 5}), "its text is not a text"),
    "relative file": (framed({"kind": "open", "files": ["a.png"]}), "its files are not absolute paths"),
    "file with a NUL": (framed({"kind": "open", "files": ["/a\0.png"]}), "its files are not absolute paths"),
    "files is a text": (framed({"kind": "open", "files": "/a.png"}), "its files are not absolute paths"),
    "delay below zero": (framed({"kind": "capture", "delay_s": -1}), "its delay_s is not a number"),
    "delay is NaN": (framed({"kind": "capture", "delay_s": float("nan")}), "its delay_s is not a number"),
    "delay is a switch": (framed({"kind": "capture", "delay_s": True}), "its delay_s is not a number"),
    "token too long": (framed({"kind": "show", "activation_token": "x" * 5000}), "its activation_token is not a text"),
}


@pytest.mark.parametrize(("sent", "reason"), GARBAGE.values(), ids=GARBAGE.keys())
def test_what_is_no_command_is_ignored_with_one_line(
    qtbot: QtBot, first: SingleInstance, caplog: pytest.LogCaptureFixture, sent: bytes, reason: str
) -> None:
    heard: list[Command] = []
    first.received.connect(heard.append)
    with connection() as visitor:
        visitor.sendall(sent)
        qtbot.waitUntil(lambda: bool(caplog.records))
        qtbot.wait(20)
        assert answer(visitor) == b""
    assert heard == []
    assert len(caplog.records) == 1
    assert f"A message of another process was ignored: {reason}" in caplog.text
    assert "secret" not in caplog.text

    with connection() as visitor:  # and it still listens
        visitor.sendall(framed({"kind": "show", "from_a_later_version": 1}))
        qtbot.waitUntil(lambda: bool(heard))
        assert answer(visitor) == ACCEPTED
    assert heard == [Command("show")]


def answer(visitor: socket.socket) -> bytes:
    try:
        return visitor.recv(10)
    except ConnectionResetError:
        return b""


def test_a_message_may_come_in_pieces(qtbot: QtBot, first: SingleInstance) -> None:
    heard: list[Command] = []
    first.received.connect(heard.append)
    message = encode(Command("ask", "piece by piece"))
    with connection() as visitor:
        for start in range(0, len(message), 7):
            visitor.sendall(message[start : start + 7])
            qtbot.wait(2)
        qtbot.waitUntil(lambda: bool(heard))
    assert heard == [Command("ask", "piece by piece")]


def test_a_visitor_that_says_nothing_is_sent_away(
    qtbot: QtBot, first: SingleInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    first.received.connect(lambda _: None)
    monkeypatch.setattr(server_module, "_PATIENCE_MS", 100)
    with connection() as visitor:
        qtbot.waitUntil(lambda: len(first._messages) == 1)
        qtbot.waitUntil(lambda: len(first._messages) == 0)
        assert answer(visitor) == b""


def test_another_user_is_sent_away(
    qtbot: QtBot, first: SingleInstance, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[Command] = []
    first.received.connect(heard.append)
    with connection() as visitor:
        visitor.sendall(framed({"kind": "quit"}))
        monkeypatch.setattr("os.getuid", lambda: 54321)
        qtbot.waitUntil(lambda: bool(caplog.records))
    assert heard == []
    assert caplog.messages == ["A message of another process was ignored: it came from another user."]


def test_what_is_encoded_is_decoded() -> None:
    for command in COMMANDS:
        message = encode(command)
        assert LENGTH.unpack_from(message)[0] == len(message) - LENGTH.size
        assert decode(message[LENGTH.size :]) == command


# How quickly


def test_a_second_start_is_heard_well_within_300_ms(qtbot: QtBot, first: SingleInstance) -> None:
    def start_again() -> None:
        with qtbot.waitSignal(first.received):
            started.append(run(HAND_OVER))

    started: list[subprocess.Popen[str]] = []
    heard_s = quickest_s(start_again, 0.3)
    for second in started:
        assert second.wait(60) == 0
        end(second)
    assert heard_s < 0.3
