"""A command whose process crashes, is stopped or ends, as whoever started it sees it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from desktop_vlm.cli import status_line
from desktop_vlm.system import steps

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux")

PROGRAM = """
import os, signal, sys
from desktop_vlm.cli import main, supervision
from desktop_vlm.service.watchdog import Patience
from desktop_vlm.system import steps

impatient = Patience(float("inf"), idle_s={idle_s}, computing_s=0.6)
supervision.PATIENCE = dict.fromkeys(steps.Work, impatient)
supervision._TICK_S = 0.1

def command():
    signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
    print("before", flush=True)
    {work}
    return 7

reports = []
try:
    code = supervision.supervised(command, reports.append)
except main.EngineError as error:
    code = main._fail(error, 3)
print(reports, flush=True)
sys.exit(code)
"""


def run(work: str, number: int = 0, idle_s: float = 0.6) -> tuple[int, str, str]:
    """Exit code, stdout after the first line, stderr; the program gets a signal once its command runs."""
    command = [sys.executable, "-c", PROGRAM.format(work=work, idle_s=idle_s)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout
        assert program.stderr
        assert program.stdout.readline() == "before\n"
        if number:
            program.send_signal(number)
        out, err = program.stdout.read(), program.stderr.read()  # each is small
        return program.wait(60), out, err


def test_the_exit_code_and_what_it_reports_are_passed_on() -> None:
    assert run('supervision.report("one"); supervision.report("two")') == (7, "['one', 'two']\n", "")
    assert run("sys.exit(2)") == (2, "[]\n", "")
    assert run("sys.exit()") == (0, "[]\n", "")


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (signal.SIGSEGV, "it crashed (signal 11)"),
        (signal.SIGABRT, "it met a failed check and gave up (signal 6)"),
        (signal.SIGKILL, "it was killed (signal 9)"),
        (signal.SIGILL, "this processor lacks an instruction that it was built for (signal 4)"),
    ],
)
def test_a_crash_is_a_sentence_and_exit_code_3(number: signal.Signals, why: str) -> None:
    code, out, err = run(f"os.kill(os.getpid(), {int(number)})")
    assert (code, out) == (3, "[]\n")
    assert err == (
        f"desktop-vlm: The engine stopped: {why}; try again, or get the model's files again if it stays so.\n"
    )


LOST = """terminate called after throwing an instance of 'vk::DeviceLostError'
  what():  vk::Queue::submit: ErrorDeviceLost
"""
NO_MEMORY = "terminate called after throwing an instance of 'std::bad_alloc'\n"


@pytest.mark.parametrize(
    ("words", "why", "way_out"),
    [
        (LOST, "the GPU's driver gave the GPU up", "fewer layers on the GPU or update its driver"),
        (NO_MEMORY, "memory ran out", "fewer layers on the GPU or a smaller quantisation"),
    ],
)
def test_what_a_library_writes_before_it_crashes_says_why(words: str, why: str, way_out: str) -> None:
    """GIVEN native code that writes to stderr's descriptor, as the runtime of C++ does THEN that is shown as well."""
    code, out, err = run(f"os.write(2, {words.encode()!r}); os.abort()")
    assert (code, out) == (3, "[]\n")
    assert err.startswith(f"{words}desktop-vlm: The engine stopped because {why}; ")
    assert way_out in err


def test_what_a_library_writes_is_shown_where_nothing_crashes() -> None:
    code, _, err = run('os.write(2, b"a warning\\n"); print("ours", file=sys.stderr)')
    assert (code, sorted(err.splitlines())) == (7, ["a warning", "ours"])


def test_of_very_much_the_last_words_count() -> None:
    code, _, err = run(
        "[os.write(2, b'x' * 1023 + b'\\n') for _ in range(300)]; os.write(2, b'ErrorDeviceLost\\n'); os.abort()"
    )
    assert (code, len(err) < 40_000) == (3, True)
    assert "gave the GPU up" in err.splitlines()[-1]


def test_stderr_stays_the_terminal_that_it_is() -> None:
    """So that a command can go on drawing how far it is."""
    main, end = os.openpty()
    command = [sys.executable, "-c", PROGRAM.format(work="sys.exit(sys.stderr.isatty())", idle_s=0.6)]
    try:
        assert subprocess.run(command, stdout=subprocess.PIPE, stderr=end, check=False).returncode == 1
    finally:
        os.close(main)
        os.close(end)


def test_a_bug_leaves_a_traceback_and_exit_code_1() -> None:
    code, _, err = run("raise KeyError('nothing')")
    assert code == 1
    assert err.splitlines()[-1] == "KeyError: 'nothing'"


def test_a_signal_is_handed_on_and_ends_both() -> None:
    assert run("signal.pause()", signal.SIGTERM)[0] == -signal.SIGTERM
    code, out, _ = run("signal.pause()", signal.SIGINT)
    assert (code, out) == (130, "[]\n")


def test_nothing_is_left_when_the_one_that_waits_is_killed() -> None:
    # The output ends when nobody holds the other end of stdout any more.
    assert run("signal.pause()", signal.SIGKILL) == (-signal.SIGKILL, "", "")


def test_it_leaves_no_core_file() -> None:
    work = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    code, out, _ = run(work)
    assert code == 7
    assert out.splitlines()[0] in {"0", "1"}


STUCK = "The engine stopped: {}; try again, or get the model's files again if it stays so."


@pytest.mark.parametrize(
    ("work", "why"),
    [
        ("signal.pause()", "it got no further for 0.6 seconds"),
        ("os.kill(os.getpid(), signal.SIGSTOP)", "it got no further for 0.6 seconds"),
        ("any(iter(int, 1))", "it computed for 0.6 seconds and got no further"),
    ],
    ids=["waits", "is stopped", "computes"],
)
def test_work_that_does_not_get_on_is_a_sentence_and_exit_code_3(work: str, why: str) -> None:
    code, out, err = run(f"held = steps.at_work(steps.Work.COMPUTING); held.__enter__(); {work}")
    assert (code, out) == (3, "[]\n")
    assert err == f"desktop-vlm: {STUCK.format(why)}\n"


def test_work_that_gets_on_and_what_is_no_work_take_their_time() -> None:
    work = """
    import time
    with steps.at_work(steps.Work.FILES):
        for _ in range(11):
            steps.count()
            time.sleep(0.2)
        with steps.aside():
            time.sleep(2.5)  # for a terminal that stands still
    """
    assert run(work.strip(), idle_s=2.0) == (7, "[]\n", "")


def test_the_state_is_shared_and_nests() -> None:
    memory = bytearray(64)
    steps.share(memory)
    try:
        before = steps.State.read(bytes(memory))
        assert before.work is steps.Work.NONE
        with steps.at_work(steps.Work.FILES):
            steps.count()
            assert steps.State.read(bytes(memory)) == steps.State(before.count + 1, steps.Work.FILES)
            steps.note_gpu(is_used=True)
            with steps.aside():
                assert steps.State.read(bytes(memory)) == steps.State(before.count + 1, steps.Work.NONE, on_gpu=True)
            assert steps.State.read(bytes(memory)).work is steps.Work.FILES
        assert steps.State.read(bytes(memory)).work is steps.Work.NONE
        assert [steps.State.read(bytes(memory)).work for _ in steps.each(steps.Work.FILES, "ab")] == [0, 0]
    finally:
        steps.note_gpu(is_used=False)
        steps.share(bytearray(64))


def test_a_terminal_that_stands_still_is_no_work() -> None:
    memory, seen = bytearray(64), []

    class Terminal:
        def isatty(self) -> bool:
            return True

        def write(self, _text: str) -> None:
            seen.append(steps.State.read(bytes(memory)).work)

        def flush(self) -> None:
            seen.append(steps.State.read(bytes(memory)).work)

    steps.share(memory)
    line = status_line.StatusLine(Terminal())  # type: ignore[arg-type]
    line._started = line._drawn = -10.0
    with steps.at_work(steps.Work.COMPUTING):
        line.show("Loading", 0.5)
    steps.share(bytearray(64))
    assert seen == [steps.Work.NONE, steps.Work.NONE]
