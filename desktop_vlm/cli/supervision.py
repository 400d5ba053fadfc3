"""A command in a child of its own, so that a crash in native code becomes a sentence and an exit code.

On Linux only: elsewhere processes cannot be doubled so cheaply, and the command runs where it is. The child is there
before anything large is loaded, so it costs a few milliseconds.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from desktop_vlm.api.errors import EngineError
from desktop_vlm.families.jinja_template.render import keep_renderer
from desktop_vlm.service.child import DEVICE_LOST, NO_MEMORY, why_it_ended
from desktop_vlm.service.pulse import Pulse
from desktop_vlm.service.watchdog import Patience, Watchdog
from desktop_vlm.system import steps
from desktop_vlm.system.border.streams import leave_stderr_to_libraries
from desktop_vlm.system.effort import effort_of
from desktop_vlm.system.sandbox import (
    Needs,
    confine,
    die_with_parent,
    end_children_with_this_process,
    forbid_core_files,
)

_HANDED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT) if sys.platform != "win32" else ()
_FROM_TERMINAL = 0x80
"""Code of a signal that the kernel sent: Ctrl-C, which the child gets as well."""
_MOST_REPORTED = 1 << 16
_MOST_WORDS = 1 << 15
"""Bytes of what libraries write to stderr."""
_TICK_S = 1.0
_ANY_S = float("inf")
PATIENCE = {
    steps.Work.COMPUTING: Patience(_ANY_S),
    steps.Work.FILES: Patience(_ANY_S, idle_s=300.0, computing_s=600.0),
}
"""How long work may go without getting on. It says nothing by itself, and is looked at."""

_report_fd = -1
"""In the child: where it can tell its parent something that it may not write to files any more."""


def supervised(command: Callable[[], int], take: Callable[[str], None]) -> int:
    """Run a command, which returns its exit code, where its crash does not take this process along.

    Args:
        command: what to run.
        take: gets what it reports, after its end.

    Raises:
        EngineError: it crashed.
    """
    forbid_core_files()
    end_children_with_this_process()
    if sys.platform != "linux":
        return command()
    reports_fd, report_fd = os.pipe()
    words_fd = os.memfd_create("stderr")  # the libraries': what they wrote last says why they crashed
    state = mmap.mmap(-1, mmap.PAGESIZE)  # in which the child says how far it is
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {*_HANDED_ON, signal.SIGCHLD})
    for stream in (sys.stdout, sys.stderr):  # or both would write what is still in the buffers
        stream.flush()
    child = os.fork()
    if child == 0:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(reports_fd)
        steps.share(state)
        _run(command, report_fd, words_fd)
    os.close(report_fd)
    try:
        code = _wait(child, state, words_fd)
    finally:
        os.close(words_fd)
    os.set_blocking(reports_fd, False)  # a process that the child left behind may hold the other end
    with contextlib.suppress(BlockingIOError):
        for line in os.read(reports_fd, _MOST_REPORTED).decode("utf-8", "replace").splitlines():
            take(line)
    return code


def report(line: str) -> bool:
    """Tell the process that waits for this one; False where there is none."""
    if _report_fd < 0:
        return False
    with contextlib.suppress(OSError):
        os.write(_report_fd, f"{line}\n".encode())
    return True


def give_up_all_but(*files: Path) -> None:
    """Where this process is a supervised child: from now on it can open these files and nothing else."""
    if _report_fd >= 0:
        keep_renderer()
        confine(Needs(files, gpus=True))


def _run(command: Callable[[], int], report_fd: int, words_fd: int) -> NoReturn:
    global _report_fd  # noqa: PLW0603 - of this process, which has one command
    _report_fd = report_fd
    with contextlib.suppress(OSError):
        die_with_parent()
    with contextlib.suppress(OSError):
        leave_stderr_to_libraries(words_fd)
    code = 1
    try:
        code = command()
    except SystemExit as error:  # of the arguments' parser
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:  # noqa: BLE001 - a bug, which this process must not carry into its parent's stack
        traceback.print_exc()
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _wait(child: int, state: mmap.mmap, words_fd: int) -> int:
    """Hand signals on until it ends, and end it where it does not get on; its exit code.

    What libraries wrote to stderr meanwhile is in `words_fd`, and shown then.

    Raises:
        EngineError: it crashed, or was ended.
    """
    watched, stuck = _Watched(child, state), ""
    while True:
        received = signal.sigtimedwait({*_HANDED_ON, signal.SIGCHLD}, _TICK_S)
        if received is None:
            stuck = stuck or watched.tick()
            continue
        if received.si_signo != signal.SIGCHLD:
            if received.si_code != _FROM_TERMINAL:
                os.kill(child, received.si_signo)
            continue
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid == 0:  # it was stopped or goes on
            continue
        code, log = os.waitstatus_to_exitcode(status), _pass_on(words_fd)
        if code >= 0:
            return code
        if -code in _HANDED_ON:
            _end_by(-code)
        raise EngineError(_sentence(stuck or why_it_ended(-code, crashed=True, log=log)))


def _pass_on(words_fd: int) -> list[str]:
    """Show what libraries wrote, which nobody has seen yet; its lines, the last ones where there are many."""
    n_bytes = os.fstat(words_fd).st_size
    words = os.pread(words_fd, _MOST_WORDS, max(0, n_bytes - _MOST_WORDS)).decode("utf-8", "replace")
    sys.stderr.write(words)
    sys.stderr.flush()
    return words.splitlines()


class _Watched:
    """The child, seen from outside: what it says of its work in shared memory, and what it uses of the machine."""

    def __init__(self, child: int, state: mmap.mmap) -> None:
        self._child = child
        self._state = state
        self._work = steps.Work.NONE
        self._watchdog = Watchdog(Patience(_ANY_S))

    def tick(self) -> str:
        """Look at it; where it does not get on, it is ended and this says why."""
        state = steps.State.read(self._state[: steps.N_BYTES])
        if state.work is not self._work:
            self._work = state.work
            self._watchdog = Watchdog(PATIENCE.get(state.work, Patience(_ANY_S)))
        if state.work is steps.Work.NONE:
            return ""
        effort = effort_of(self._child)
        self._watchdog.hear(Pulse(state.count, effort.busy_s, effort.waited_s, effort.reads, state.on_gpu))
        reason = self._watchdog.tick(_TICK_S)
        if reason:
            os.kill(self._child, signal.SIGKILL)
        return reason


def _end_by(number: int) -> NoReturn:
    """End as the child did, so that whoever sent the signal sees that it took effect."""
    signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
    os.kill(os.getpid(), number)
    os._exit(128 + number)


def _sentence(reason: str) -> str:
    if reason == NO_MEMORY:
        return (
            "The engine stopped because memory ran out; choose a shorter context, fewer layers on the GPU or a smaller "
            "quantisation, and try again."
        )
    if reason == DEVICE_LOST:
        return (
            "The engine stopped because the GPU's driver gave the GPU up; try again, and if it stays so, choose fewer "
            "layers on the GPU or update its driver."
        )
    return f"The engine stopped: {reason}; try again, or get the model's files again if it stays so."
