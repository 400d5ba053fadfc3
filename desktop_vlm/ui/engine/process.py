"""One life of the engine's process, as seen from the window: start, frames, signs of life, and why it ended."""

from __future__ import annotations

import os
import re
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from desktop_vlm.service import frames
from desktop_vlm.ui.engine.crashes import NO_MEMORY

_LOG_LINES = 100
_LOG_LINE_CHARS = 400
_KILLED_IN_VAIN_MS = 5000
_CLOSING_MS = 1000

_SIGNALS = {
    4: "this processor lacks an instruction that it was built for (signal 4)",
    6: "it met a failed check and gave up (signal 6)",
    7: "its model file changed or went away under it (signal 7)",
    8: "it made an arithmetic error (signal 8)",
    9: "it was killed (signal 9)",
    10: "its model file changed or went away under it (signal 10)",
    11: "it crashed (signal 11)",
    15: "it was asked to end (signal 15)",
}
_NO_MEMORY = re.compile(
    r"out of memory|OutOfMemory|failed to allocate|unable to allocate|cudaMalloc failed|std::bad_alloc", re.IGNORECASE
)


def worker_command() -> tuple[str, ...]:
    """The program and arguments that run `desktop_vlm.service.worker`; nothing of a conversation is among them."""
    safe_path = ("-P",) if sys.version_info >= (3, 11) else ()  # modules never come from the current folder
    return sys.executable, *safe_path, "-m", "desktop_vlm.service.worker"


def worker_folder() -> str:
    """Where the worker runs: a folder into which nobody else can put a library for ggml to find."""
    return str(Path(sys.executable).parent) if os.name == "nt" else "/"


@dataclass(frozen=True)
class Limits:
    """How patient to be, in seconds.

    Attributes:
        start_s: until the process has said hello, which takes long from a cold disk.
        silence_s: without any sign of life while it works; it sends one each second.
        stop_s: until a stop has taken effect.
        crashes, crashes_s: so many crashes in so many seconds end the automatic restarts.
    """

    start_s: float = 60.0
    silence_s: float = 10.0
    stop_s: float = 2.0
    crashes: int = 3
    crashes_s: float = 60.0


class EngineProcess(QObject):
    """A running worker. It is started once and ends once; nothing here waits for it.

    Signals:
        received(object): a message of `frames`.
        ended(str): why it ended, in words; the last signal of this object.
    """

    received = Signal(object)
    ended = Signal(str)

    def __init__(self, command: Sequence[str], limits: Limits, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limits = limits
        self._reader = frames.FrameReader()
        self._log: deque[str] = deque(maxlen=_LOG_LINES)
        self._partial_line = b""
        self._reason = ""  # why we ended it, which is truer than the signal we sent
        self._over = False
        self._silent_ticks = 0
        self._patience_s = limits.start_s
        # Ticks are counted, not time: after the machine slept or the window was held up, one tick has passed.
        self._ticks = QTimer(self)
        self._ticks.setInterval(round(1000 * min(1.0, limits.silence_s / 4)))
        self._ticks.timeout.connect(self._tick)
        self._process = QProcess(self)
        self._process.setProgram(command[0])
        self._process.setArguments(list(command[1:]))
        self._process.setWorkingDirectory(worker_folder())
        self._process.setProcessEnvironment(_environment())
        self._process.readyReadStandardOutput.connect(self._read_frames)
        self._process.readyReadStandardError.connect(self._read_log)
        self._process.errorOccurred.connect(self._on_error)
        self._process.finished.connect(self._on_finished)

    @property
    def log(self) -> tuple[str, ...]:
        """The last lines that it wrote to stderr, for a log file and not for people."""
        return tuple(self._log)

    @property
    def pid(self) -> int:
        """Its process id; 0 when it does not run."""
        return int(self._process.processId())

    def start(self) -> None:
        self._process.start()
        self._ticks.start()

    def send(self, message: frames.Message) -> None:
        """Hand over a message; it is written in the background.

        Raises:
            ProtocolError: it is too large.
        """
        for piece in frames.encode(message):
            if self._process.isOpen():  # else it has just ended, and `ended` is on its way
                self._process.write(piece)

    def watch(self, *, working: bool) -> None:
        """Say whether it has something to do; only then is silence a sign of a crash."""
        self._patience_s = self._limits.silence_s
        self._silent_ticks = 0
        if working:
            self._ticks.start()
        else:
            self._ticks.stop()

    def kill(self, reason: str) -> None:
        """End it now; `ended(reason)` follows."""
        if self._reason or self._over:
            return
        self._reason = reason
        self._ticks.stop()
        self._process.kill()
        # A process stuck in a driver outlives its kill; nobody should wait for it.
        QTimer.singleShot(_KILLED_IN_VAIN_MS, self, self._end)

    def close(self) -> None:
        """End it without a signal, for good; waits a moment so that nothing is left behind."""
        self._over = True
        self._ticks.stop()
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.closeWriteChannel()
            self._process.kill()
            self._process.waitForFinished(_CLOSING_MS)

    # What comes from it

    def _read_frames(self) -> None:
        data = bytes(self._process.readAllStandardOutput().data())
        if self._reason or self._over:
            return
        self._silent_ticks = 0
        try:
            for message in self._reader.feed(data):
                self.received.emit(message)
                if self._reason or self._over:  # whoever received it has had enough
                    return
        except frames.ProtocolError as error:
            self._log.append(f"unreadable output: {error}")
            self.kill("it sent something unreadable")

    def _read_log(self) -> None:
        data = self._partial_line + bytes(self._process.readAllStandardError().data())
        *lines, self._partial_line = data.split(b"\n")
        self._partial_line = self._partial_line[-_LOG_LINE_CHARS:]
        self._log.extend(line[:_LOG_LINE_CHARS].decode("utf-8", "replace") for line in lines)

    def _tick(self) -> None:
        self._silent_ticks += 1
        if self._silent_ticks * self._ticks.interval() / 1000 >= self._patience_s:
            self.kill(f"it gave no sign of life for {self._patience_s:g} seconds")

    # Its end

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._reason = self._reason or f"it could not be started ({self._process.errorString()})"
            self._end()
            self.deleteLater()

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read_frames()  # what it said before its end counts
        self._read_log()
        if not self._reason:
            self._reason = _reason(code, crashed=status == QProcess.ExitStatus.CrashExit, log=self.log)
        self._end()
        self.deleteLater()

    def _end(self) -> None:
        if self._over:
            return
        self._over = True
        self._ticks.stop()
        self.ended.emit(self._reason)


def _reason(code: int, *, crashed: bool, log: tuple[str, ...]) -> str:
    """Why a process ended by itself. Where memory was short, its last lines say so, and no code does."""
    own_words = [line for line in log if not line.startswith("  File ")]  # without Python's stack, which may be long
    if crashed and any(_NO_MEMORY.search(line) for line in own_words[-30:]):
        return NO_MEMORY
    if crashed:
        return _SIGNALS.get(code, f"it crashed (code {code & 0xFFFFFFFF:#x})" if code > 64 else f"signal {code}")
    return f"it ended by itself (exit code {code})"


def _environment() -> QProcessEnvironment:
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("PYTHONUNBUFFERED", "1")  # what a process writes before it crashes should arrive
    environment.insert("PYTHONIOENCODING", "utf-8")
    return environment
