"""One life of a child process, as seen from the window: start, frames, signs of life, and why it ended.

What the frames say is the business of whoever makes one: the engine's worker and long jobs are such processes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from desktop_vlm.service.child import child_environment, child_folder, why_it_ended, why_it_was_ending
from desktop_vlm.service.framing import Framed, FrameReader, ProtocolError, encode
from desktop_vlm.service.watchdog import Allowance, Patience, Watchdog
from desktop_vlm.system.effort import effort_of

_LOG_LINES = 100
_LOG_LINE_CHARS = 400
_KILLED_IN_VAIN_MS = 5000
_CLOSING_MS = 1000


class ChildProcess(QObject):
    """A running child. It is started once and ends once; nothing here waits for it.

    Signals:
        received(object): a message, as the reader makes it.
        ended(str): why it ended, in words; the last signal of this object.
    """

    received = Signal(object)
    ended = Signal(str)

    def __init__(
        self,
        command: Sequence[str],
        reader: FrameReader[Any],
        *,
        start_s: float,
        patience: Patience,
        uncounted: tuple[type[Framed], ...] = (),
        parent: QObject | None = None,
    ) -> None:
        """Prepare one.

        Args:
            command: program and arguments.
            reader: of the frames that it sends.
            start_s: how long it may take until its first frame.
            patience: how long it may go without getting on while it works.
            uncounted: messages of which whoever receives them knows how many may come.
            parent: of this object.
        """
        super().__init__(parent)
        self._uncounted = uncounted
        self._allowance = Allowance()
        self._watchdog = Watchdog(patience)
        self._starting = Watchdog(Patience(start_s))  # until somebody says that it works
        self._watched = self._starting
        self._reader = reader
        self._log: deque[str] = deque(maxlen=_LOG_LINES)
        self._partial_line = b""
        self._reason = ""  # why we ended it, which is truer than the signal we sent
        self._was_killed = False
        self._is_stuck = False  # ... since it did not get on
        self._over = False
        # Ticks are counted, not time: after the machine slept or the window was held up, one tick has passed.
        self._ticks = QTimer(self)
        self._ticks.setInterval(round(1000 * min(patience.tick_s, start_s / 4)))
        self._ticks.timeout.connect(self._tick)
        self._process = QProcess(self)
        self._process.setProgram(command[0])
        self._process.setArguments(list(command[1:]))
        self._process.setWorkingDirectory(child_folder())
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
    def was_killed(self) -> bool:
        """Whether it was ended from here, and was not ending by itself already."""
        return self._was_killed

    @property
    def pid(self) -> int:
        """Its process id; 0 when it does not run."""
        return int(self._process.processId())

    def start(self) -> None:
        self._process.start()
        self._ticks.start()

    def send(self, message: Framed) -> None:
        """Hand over a message; it is written in the background.

        Raises:
            ProtocolError: it is too large.
        """
        for piece in encode(message):
            if self._process.isOpen():  # else it has just ended, and `ended` is on its way
                self._process.write(piece)

    def watch(self, *, working: bool) -> None:
        """Say whether it has something to do; only then is it to get on."""
        self._watched = self._watchdog
        self._watched.begin()
        if working:
            self._ticks.start()
        else:
            self._ticks.stop()

    def kill(self, reason: str) -> None:
        """End it now; `ended(reason)` follows."""
        if self._reason or self._over:
            return
        self._reason, self._was_killed = reason, True
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
        try:
            for message in self._reader.feed(data):
                self._watched.hear(message)
                if not isinstance(message, self._uncounted) and not self._allowance.take():
                    self.kill("it sent more than anybody asked for")
                    return
                self.received.emit(message)
                if self._reason or self._over:  # whoever received it has had enough
                    return
        except ProtocolError as error:
            self._log.append(f"unreadable output: {error}")
            self.kill("it sent something unreadable")

    def _read_log(self) -> None:
        data = self._partial_line + bytes(self._process.readAllStandardError().data())
        *lines, self._partial_line = data.split(b"\n")
        self._partial_line = self._partial_line[-_LOG_LINE_CHARS:]
        self._log.extend(line[:_LOG_LINE_CHARS].decode("utf-8", "replace") for line in lines)

    def _tick(self) -> None:
        seconds = self._ticks.interval() / 1000
        if self._watched.is_silent:
            self._watched.look(effort_of(self.pid), seconds)
        if reason := self._watched.tick(seconds):
            self._is_stuck = not self._reason
            self.kill(reason)

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
            self._reason = why_it_ended(code, crashed=status == QProcess.ExitStatus.CrashExit, log=self.log)
        self._end()
        self.deleteLater()

    def _end(self) -> None:
        if self._over:
            return
        self._over = True
        self._ticks.stop()
        if self._is_stuck and (reason := why_it_was_ending(self.log)):
            self._reason, self._was_killed = reason, False
        self.ended.emit(self._reason)


def _environment() -> QProcessEnvironment:
    environment = QProcessEnvironment.systemEnvironment()
    for name, value in child_environment().items():
        environment.insert(name, value)
    return environment
